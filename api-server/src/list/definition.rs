//! What a list offers its callers.

use store::{
    filter::Property,
    list::{Order, SortColumn},
};

/// A list: what it can be filtered and sorted by, and which fields its items have.
#[derive(Debug, Clone)]
pub struct ListDefinition {
    /// In cursors, so that one list's does not fit another.
    pub name: &'static str,
    /// What this caller may filter by.
    pub properties: Vec<Property>,
    /// What this caller may sort by.
    pub sort_columns: Vec<SortColumn>,
    /// The order without a wish.
    pub default_order: Order,
    /// The items' fields, for `fields`.
    pub fields: &'static [&'static str],
}
