//! A column of an exported list.

use tabular::Cell;

/// A column made of bodies of the API, so a file shows nothing that the list would hide.
#[derive(Debug)]
pub struct Column<B> {
    /// In the head. A field that is an object has several columns: `schedule.name`.
    pub name: &'static str,
    /// What it shows, by value.
    pub cell: fn(&B) -> Cell,
}

/// A column.
pub const fn column<B>(name: &'static str, cell: fn(&B) -> Cell) -> Column<B> {
    Column { name, cell }
}

impl<B> Column<B> {
    /// The field of the API that it belongs to.
    pub fn field(&self) -> &'static str {
        self.name.split('.').next().unwrap_or(self.name)
    }
}

/// The columns of the fields that were asked for, in their order; all without a wish.
pub(super) fn chosen<B>(all: &'static [Column<B>], fields: Option<&[&'static str]>) -> Vec<&'static Column<B>> {
    let Some(fields) = fields else {
        return all.iter().collect();
    };
    let mut chosen: Vec<&Column<B>> = Vec::new();
    for field in fields {
        for column in all.iter().filter(|column| column.field() == *field) {
            if !chosen.iter().any(|there| there.name == column.name) {
                chosen.push(column);
            }
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    static ALL: [Column<i64>; 3] = [
        column("id", |n| (*n).into()),
        column("cost.amount", |_| Cell::Unknown),
        column("cost.currency", |_| "USD".into()),
    ];

    fn names(fields: Option<&[&'static str]>) -> Vec<&'static str> {
        chosen(&ALL, fields).iter().map(|column| column.name).collect()
    }

    #[test]
    fn columns_come_in_the_order_that_was_asked_for_and_once() {
        assert_eq!(names(None), ["id", "cost.amount", "cost.currency"]);
        assert_eq!(names(Some(&["cost", "id", "cost"])), ["cost.amount", "cost.currency", "id"]);
    }
}
