//! Requests to Cost Explorer, page by page.

use aws_sdk_costexplorer::{
    operation::{
        get_cost_and_usage::GetCostAndUsageOutput,
        get_cost_and_usage_with_resources::GetCostAndUsageWithResourcesOutput,
        get_cost_forecast::GetCostForecastOutput, get_dimension_values::GetDimensionValuesOutput,
    },
    types::{
        DateInterval, Dimension, DimensionValues, Expression, Granularity, GroupDefinition, GroupDefinitionType, Metric,
    },
};
use fleet::cost::reading::Window;

use super::paid;
use crate::{
    aws::{caller::Caller, error::CallError, operation::Operation},
    collector::work::Work,
};

/// The costs that are asked for; all three come with one request.
pub(super) const UNBLENDED: &str = "UnblendedCost";
pub(super) const NET_UNBLENDED: &str = "NetUnblendedCost";
pub(super) const QUANTITY: &str = "UsageQuantity";

/// A question to `GetCostAndUsage`, without the page.
#[derive(Clone, Debug)]
pub(super) struct Costs {
    pub(super) window: Window,
    pub(super) granularity: Granularity,
    pub(super) filter: Expression,
    pub(super) groups: [Dimension; 2],
}

/// One page of costs.
pub(super) async fn costs(
    work: &Work<'_>,
    question: &Costs,
    token: Option<&str>,
) -> Result<GetCostAndUsageOutput, CallError> {
    let request = work
        .clients
        .cost_explorer
        .get_cost_and_usage()
        .time_period(interval(question.window))
        .granularity(question.granularity.clone())
        .filter(question.filter.clone())
        .set_group_by(Some(groups(&question.groups)))
        .set_metrics(Some(metrics()))
        .set_next_page_token(token.map(str::to_owned));
    let call = |size| request.clone().customize().interceptor(size).send();
    work.caller.call_for(Operation::GetCostAndUsage, paid(), call).await
}

/// One page of costs by resource.
pub(super) async fn costs_of_resources(
    work: &Work<'_>,
    question: &Costs,
    token: Option<&str>,
) -> Result<GetCostAndUsageWithResourcesOutput, CallError> {
    let request = work
        .clients
        .cost_explorer
        .get_cost_and_usage_with_resources()
        .time_period(interval(question.window))
        .granularity(question.granularity.clone())
        .filter(question.filter.clone())
        .set_group_by(Some(groups(&question.groups)))
        .set_metrics(Some(metrics()))
        .set_next_page_token(token.map(str::to_owned));
    let call = |size| request.clone().customize().interceptor(size).send();
    work.caller.call_for(Operation::GetCostAndUsageWithResources, paid(), call).await
}

/// One page of the names of services that were charged in `window`.
pub(super) async fn services(
    work: &Work<'_>,
    window: Window,
    token: Option<&str>,
) -> Result<GetDimensionValuesOutput, CallError> {
    let request = work
        .clients
        .cost_explorer
        .get_dimension_values()
        .dimension(Dimension::Service)
        .time_period(interval(window))
        .set_next_page_token(token.map(str::to_owned));
    let call = |size| request.clone().customize().interceptor(size).send();
    work.caller.call_for(Operation::GetDimensionValues, paid(), call).await
}

/// The forecast of each day of `window`, with the interval that holds in `level` percent.
pub(super) async fn forecast(
    work: &Work<'_>,
    window: Window,
    filter: Expression,
    level: i16,
) -> Result<GetCostForecastOutput, CallError> {
    let request = work
        .clients
        .cost_explorer
        .get_cost_forecast()
        .time_period(interval(window))
        .granularity(Granularity::Daily)
        .metric(Metric::UnblendedCost)
        .filter(filter)
        .prediction_interval_level(level.into());
    let call = |size| request.clone().customize().interceptor(size).send();
    work.caller.call_for(Operation::GetCostForecast, paid(), call).await
}

/// Asks for a day that ends before it begins: AWS looks at the permission first, and then
/// refuses to answer, so that nothing is charged for. `BadRequest` is the good answer.
pub(crate) async fn prove_permission(
    client: &aws_sdk_costexplorer::Client,
    caller: &Caller,
    operation: Operation,
) -> Result<(), CallError> {
    let day = jiff::civil::date(2026, 1, 1);
    let never = interval(Window { start: day, end: day });
    let one = dimension(Dimension::Service, vec!["Amazon WorkSpaces".to_owned()]);
    let resource = vec![group(&Dimension::ResourceId)];
    let costs = client.get_cost_and_usage().time_period(never.clone()).granularity(Granularity::Daily);
    let costs = costs.metrics(UNBLENDED);
    let resources =
        client.get_cost_and_usage_with_resources().time_period(never.clone()).granularity(Granularity::Daily);
    let resources = resources.metrics(UNBLENDED).filter(one).set_group_by(Some(resource));
    let forecast = client.get_cost_forecast().time_period(never.clone()).granularity(Granularity::Daily);
    let forecast = forecast.metric(Metric::UnblendedCost);
    let services = client.get_dimension_values().dimension(Dimension::Service).time_period(never);
    match operation {
        Operation::GetCostAndUsageWithResources => {
            caller.call(operation, |size| resources.clone().customize().interceptor(size).send()).await.map(drop)
        }
        Operation::GetCostForecast => {
            caller.call(operation, |size| forecast.clone().customize().interceptor(size).send()).await.map(drop)
        }
        Operation::GetDimensionValues => {
            caller.call(operation, |size| services.clone().customize().interceptor(size).send()).await.map(drop)
        }
        _ => caller.call(operation, |size| costs.clone().customize().interceptor(size).send()).await.map(drop),
    }
}

/// A filter on the values of one dimension.
pub(super) fn dimension(key: Dimension, values: Vec<String>) -> Expression {
    Expression::builder().dimensions(DimensionValues::builder().key(key).set_values(Some(values)).build()).build()
}

/// A filter that all of `parts` have to fit; AWS takes no `And` of one.
pub(super) fn all_of(mut parts: Vec<Expression>) -> Expression {
    match (parts.len(), parts.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            parts.extend(last);
            Expression::builder().set_and(Some(parts)).build()
        }
    }
}

fn interval(window: Window) -> DateInterval {
    let interval = DateInterval::builder().start(window.start.to_string()).end(window.end.to_string());
    interval.build().expect("both ends are there")
}

fn groups(keys: &[Dimension]) -> Vec<GroupDefinition> {
    keys.iter().map(group).collect()
}

fn group(key: &Dimension) -> GroupDefinition {
    GroupDefinition::builder().r#type(GroupDefinitionType::Dimension).key(key.as_str()).build()
}

fn metrics() -> Vec<String> {
    [UNBLENDED, NET_UNBLENDED, QUANTITY].map(str::to_owned).into()
}
