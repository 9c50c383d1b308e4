//! What a caller wants of a list, checked whole: all wrong parameters are named at once.

use jiff::{Timestamp, Unit};
use store::{
    filter::{Condition, Expression, bind, parse},
    list::{Direction, ListQuery, Order, Position},
};
use tabular::Format;

use super::{
    cursor::{Cursor, CursorError},
    definition::ListDefinition,
    parameters::{Parameters, pointer},
};
use crate::{
    identity::SessionKeys,
    problem::{ApiError, Fields},
};

/// Rows of a page without a wish, and the most that can be wished for.
const DEFAULT_LIMIT: u32 = 50;
const MAX_LIMIT: u32 = 500;

/// A checked wish.
#[derive(Debug, Clone)]
pub struct ListRequest {
    list: &'static str,
    /// Canonical, for cursors and the access log.
    pub filter_text: String,
    /// As written, parsed.
    expression: Option<Expression>,
    /// For the store.
    pub query: ListQuery,
    /// When the list is read, to the microsecond, as Postgres counts.
    pub as_of: Timestamp,
    /// Only these fields of each item; `None` is all.
    pub fields: Option<Vec<&'static str>>,
    /// As a file of all rows, instead of a page.
    pub format: Option<Format>,
}

impl ListRequest {
    /// Reads `limit`, `cursor`, `filter`, `sort`, `fields` and `format` from a query string.
    pub fn parse(
        query: Option<&str>,
        definition: &ListDefinition,
        keys: &SessionKeys,
        now: Timestamp,
    ) -> Result<Self, ApiError> {
        let mut fields = Fields::default();
        let mut parameters = Parameters::parse(query, &mut fields);
        let page_size = parameters.take("limit", &mut fields);
        let limit = limit(page_size.as_deref(), &mut fields);
        let cursor = parameters.take("cursor", &mut fields);
        let (expression, filter) = filter(parameters.take("filter", &mut fields), definition, now, &mut fields);
        let order = order(parameters.take("sort", &mut fields), definition, &mut fields);
        let chosen = chosen_fields(parameters.take("fields", &mut fields), definition, &mut fields);
        let format = format(parameters.take("format", &mut fields), &mut fields);
        refuse_page_of_a_file(format, [("limit", &page_size), ("cursor", &cursor)], &mut fields);
        parameters.refuse_rest(&mut fields);
        let filter_text = expression.as_ref().map(ToString::to_string).unwrap_or_default();
        if !fields.are_fine() {
            return Err(ApiError::Validation(fields.into_errors()));
        }
        let after = match cursor.filter(|text| !text.is_empty()) {
            Some(text) => Some(
                Cursor::decode(&text, keys, definition.name, &order.name(), &filter_text).map_err(refused_cursor)?,
            ),
            None => None,
        };
        let query = ListQuery { filter, order, after, limit };
        let as_of = now.round(Unit::Microsecond).unwrap_or(now);
        Ok(Self { list: definition.name, filter_text, expression, query, as_of, fields: chosen, format })
    }

    /// True if the filter speaks of a property.
    pub fn filters_by(&self, property: &str) -> bool {
        let comparisons = self.expression.iter().flat_map(Expression::comparisons);
        comparisons.into_iter().any(|comparison| comparison.property == property)
    }

    /// The cursor of the page behind `next`.
    pub fn next_cursor(&self, next: Option<Position>, keys: &SessionKeys) -> Option<String> {
        let cursor = Cursor {
            list: self.list.to_owned(),
            order: self.query.order.name(),
            filter: self.filter_text.clone(),
            position: next?,
        };
        Some(cursor.encode(keys))
    }
}

fn refused_cursor(error: CursorError) -> ApiError {
    ApiError::field(&pointer("cursor"), error.to_string(), "leave it out to start from the first page")
}

fn format(text: Option<String>, fields: &mut Fields) -> Option<Format> {
    let text = text?;
    let format = text.parse();
    if format.is_err() {
        let names = Format::ALL.map(Format::name).join(", ");
        let remedy = format!("send one of these, or leave it out for a page of JSON: {names}");
        fields.wrong(&pointer("format"), format!("`{text}` is no format"), remedy);
    }
    format.ok()
}

/// A file has no pages.
fn refuse_page_of_a_file(format: Option<Format>, given: [(&str, &Option<String>); 2], fields: &mut Fields) {
    for (name, _) in given.into_iter().filter(|(_, value)| format.is_some() && value.is_some()) {
        let remedy = "leave it out: a file holds every row that the filter finds";
        fields.wrong(&pointer(name), "it does not go with `format`", remedy);
    }
}

fn limit(text: Option<&str>, fields: &mut Fields) -> u32 {
    let Some(text) = text else {
        return DEFAULT_LIMIT;
    };
    if let Ok(limit @ 1..=MAX_LIMIT) = text.parse() {
        return limit;
    }
    let remedy = format!("send a whole number from 1 to {MAX_LIMIT}");
    fields.wrong(&pointer("limit"), format!("`{text}` is no page size"), remedy);
    DEFAULT_LIMIT
}

fn filter(
    text: Option<String>,
    definition: &ListDefinition,
    now: Timestamp,
    fields: &mut Fields,
) -> (Option<Expression>, Option<Condition>) {
    const REMEDY: &str = "the grammar stands in docs/reference/filter-grammar.md; an example: state = (available, stopped) and lastConnectedAt < 30d";
    let expression = match parse(&text.unwrap_or_default()) {
        Ok(expression) => expression,
        Err(error) => {
            fields.wrong(&pointer("filter"), error.to_string(), REMEDY);
            None
        }
    };
    let condition = expression.as_ref().and_then(|expression| {
        let refused = bind(expression, &definition.properties, now).map_err(|errors| {
            for error in errors {
                fields.wrong(&pointer("filter"), error.to_string(), REMEDY);
            }
        });
        refused.ok()
    });
    (expression, condition)
}

fn order(text: Option<String>, definition: &ListDefinition, fields: &mut Fields) -> Order {
    let Some(text) = text else {
        return definition.default_order;
    };
    let (direction, name) = match text.strip_prefix('-') {
        Some(name) => (Direction::Descending, name),
        None => (Direction::Ascending, text.as_str()),
    };
    if let Some(column) = definition.sort_columns.iter().find(|column| column.name == name) {
        return Order { column: *column, direction };
    }
    let known: Vec<_> = definition.sort_columns.iter().map(|column| column.name).collect();
    let remedy = format!("send one of these, with `-` in front for descending: {}", known.join(", "));
    fields.wrong(&pointer("sort"), format!("the list cannot be sorted by `{name}`"), remedy);
    definition.default_order
}

fn chosen_fields(text: Option<String>, definition: &ListDefinition, fields: &mut Fields) -> Option<Vec<&'static str>> {
    let text = text?;
    let mut chosen = Vec::new();
    for name in text.split(',').map(str::trim) {
        if let Some(field) = definition.fields.iter().find(|field| **field == name) {
            chosen.push(*field);
        } else {
            let remedy = format!("send some of these, separated by commas: {}", definition.fields.join(", "));
            fields.wrong(&pointer("fields"), format!("items have no field `{name}`"), remedy);
        }
    }
    Some(chosen)
}
