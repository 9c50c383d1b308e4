//! A place in a list, as text that callers hand back unchanged.
//!
//! `base64url(JSON).base64url(HMAC-SHA-256)`: signed, because it becomes part of a query;
//! and bound to list, order and filter, because elsewhere the place means nothing.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use store::list::Position;

use crate::identity::SessionKeys;

const PURPOSE: &str = "cursor";

/// A place in a certain list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// Which list.
    pub list: String,
    /// In which order.
    pub order: String,
    /// With which filter, canonical.
    pub filter: String,
    /// Behind which row.
    pub position: Position,
}

/// Why a text is no cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CursorError {
    /// Not made here, changed, or signed with a key that is gone.
    #[error("it was not made by this installation, or too long ago")]
    Foreign,
    /// Made for another list, order or filter.
    #[error("it belongs to another list, sort or filter")]
    OtherList,
}

impl Cursor {
    /// The text for callers.
    pub fn encode(&self, keys: &SessionKeys) -> String {
        // Plain data: writing it cannot fail, and if it did the cursor would be refused.
        let json = serde_json::to_vec(self).unwrap_or_default();
        let signature = keys.sign(PURPOSE, &json);
        format!("{}.{}", BASE64_URL_SAFE_NO_PAD.encode(json), BASE64_URL_SAFE_NO_PAD.encode(signature))
    }

    /// The position that a text names, if it is ours and for this list, order and filter.
    pub fn decode(
        text: &str,
        keys: &SessionKeys,
        list: &str,
        order: &str,
        filter: &str,
    ) -> Result<Position, CursorError> {
        let (json, signature) = text.split_once('.').ok_or(CursorError::Foreign)?;
        let json = BASE64_URL_SAFE_NO_PAD.decode(json).map_err(|_| CursorError::Foreign)?;
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).map_err(|_| CursorError::Foreign)?;
        if !keys.verify(PURPOSE, &json, &signature) {
            return Err(CursorError::Foreign);
        }
        let cursor: Self = serde_json::from_slice(&json).map_err(|_| CursorError::Foreign)?;
        if (cursor.list.as_str(), cursor.order.as_str(), cursor.filter.as_str()) == (list, order, filter) {
            Ok(cursor.position)
        } else {
            Err(CursorError::OtherList)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use store::list::SortValue;

    use super::*;

    fn cursor(value: &str) -> Cursor {
        Cursor {
            list: "workspaces".into(),
            order: "userName".into(),
            filter: "state = stopped".into(),
            position: Position { value: Some(SortValue::Text(value.into())), key: vec!["1".into()] },
        }
    }

    fn decode(text: &str, keys: &SessionKeys) -> Result<Position, CursorError> {
        Cursor::decode(text, keys, "workspaces", "userName", "state = stopped")
    }

    #[test]
    fn a_cursor_fits_its_own_list_order_and_filter_only() {
        let keys = SessionKeys::ephemeral();
        let text = cursor("ann").encode(&keys);
        assert_eq!(decode(&text, &keys), Ok(cursor("ann").position));
        for (list, order, filter) in [
            ("sync-runs", "userName", "state = stopped"),
            ("workspaces", "-userName", "state = stopped"),
            ("workspaces", "userName", ""),
        ] {
            assert_eq!(Cursor::decode(&text, &keys, list, order, filter), Err(CursorError::OtherList));
        }
    }

    proptest! {
        #[test]
        fn any_value_comes_back(value in any::<String>()) {
            let keys = SessionKeys::ephemeral();
            prop_assert_eq!(decode(&cursor(&value).encode(&keys), &keys), Ok(cursor(&value).position));
        }

        #[test]
        fn no_changed_character_gets_through(place in 0_usize..200, with in "[A-Za-z0-9_.-]") {
            let keys = SessionKeys::ephemeral();
            let text = cursor("ann").encode(&keys);
            let place = place % text.len();
            let mut changed = text.clone();
            changed.replace_range(place..=place, &with);
            let verdict = decode(&changed, &keys);
            prop_assert!(changed == text || verdict == Err(CursorError::Foreign), "{:?}", verdict);
        }

        #[test]
        fn no_text_makes_decoding_panic(text in "\\PC{0,60}") {
            prop_assert_eq!(decode(&text, &SessionKeys::ephemeral()), Err(CursorError::Foreign));
        }
    }
}
