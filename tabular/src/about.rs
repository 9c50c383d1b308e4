//! What is said about a table besides its rows.

use crate::cell::Cell;

/// Facts, and one small table of its own. CSV has no place for it: who sends CSV says it in
/// another way.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct About {
    /// Facts by name, such as the number of rows.
    pub facts: Vec<(&'static str, Cell)>,
    /// What the small table is called.
    pub list: &'static str,
    /// Its names.
    pub names: Vec<&'static str>,
    /// Its rows, as long as `names`.
    pub rows: Vec<Vec<Cell>>,
}
