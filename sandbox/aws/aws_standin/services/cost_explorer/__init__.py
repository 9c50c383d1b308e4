"""AWS Cost Explorer over the simulated bill, in the one place where AWS has it, us-east-1.

`asking` is what all operations share: the caller's accounts, periods, lines. `filters` and
`grouping` are the request's grammar, `costs` GetCostAndUsage with and without resources, `forecast`
and `dimensions` the other two, `pages` tokens, `spoiling` what is wrong on purpose.
"""

from aws_standin.services.call import Operation
from aws_standin.services.cost_explorer import costs, dimensions, forecast

OPERATIONS: dict[str, Operation] = {
    "GetCostAndUsage": costs.get_cost_and_usage,
    "GetCostAndUsageWithResources": costs.get_cost_and_usage_with_resources,
    "GetCostForecast": forecast.get_cost_forecast,
    "GetDimensionValues": dimensions.get_dimension_values,
}
"""What is served, by the operation's name."""
