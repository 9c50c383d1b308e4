//! Open vocabularies: sets of words to which AWS adds without notice.
//!
//! A known word is a variant. Any other word becomes `Unknown` and survives: it is
//! stored, shown and given back exactly as AWS sent it, and never fails a sync.
//!
//! In SQL and JSON words are lower case (`AUTO_STOP` is `auto_stop`). An unknown word of
//! capitals, digits and underscores is lowered too, so that it can be filtered like any
//! other; a word that lowering would make ambiguous is kept behind a leading `=`.

use std::fmt;

/// A word this release does not know, in its stored form.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnknownWord(String);

impl UnknownWord {
    /// From AWS's word, which is none of the vocabulary whose stored forms are `known`.
    pub(crate) fn from_aws(word: &str, known: &[&str]) -> Self {
        let lowered = word.to_ascii_lowercase();
        if is_shouted(word) && !known.contains(&lowered.as_str()) {
            Self(lowered)
        } else {
            // Any other spelling stays as it is, marked so that it cannot be taken for a
            // lowered word.
            Self(format!("={word}"))
        }
    }

    /// From the stored form.
    pub(crate) fn from_stored(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The stored form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// AWS's word.
    pub fn to_aws(&self) -> String {
        match self.0.strip_prefix('=') {
            Some(word) => word.to_owned(),
            None => self.0.to_ascii_uppercase(),
        }
    }
}

impl fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_shouted(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Declares an open vocabulary: `Variant = "AWS_WORD" => "stored_word"`.
macro_rules! open_vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $aws:literal => $stored:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
            /// A word that this release does not know.
            Unknown($crate::UnknownWord),
        }

        impl $name {
            /// The words this release knows, in their stored form.
            pub const KNOWN: &'static [&'static str] = &[$($stored),+];

            /// Reads AWS's word; never fails.
            pub fn from_aws(word: &str) -> Self {
                match word {
                    $($aws => Self::$variant,)+
                    _ => Self::Unknown($crate::UnknownWord::from_aws(word, Self::KNOWN)),
                }
            }

            /// Reads the stored form; never fails.
            pub fn from_stored(text: &str) -> Self {
                match text {
                    $($stored => Self::$variant,)+
                    _ => Self::Unknown($crate::UnknownWord::from_stored(text)),
                }
            }

            /// The stored form, as in SQL and JSON.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $stored,)+
                    Self::Unknown(word) => word.as_str(),
                }
            }

            /// The word exactly as AWS sent it.
            pub fn to_aws(&self) -> String {
                match self {
                    $(Self::$variant => $aws.to_owned(),)+
                    Self::Unknown(word) => word.to_aws(),
                }
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(crate) use open_vocabulary;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::vocabulary::{DirectoryServiceType, State};

    #[test]
    fn an_unknown_word_is_lowered_like_the_known_ones() {
        let state = State::from_aws("HIBERNATING");
        assert_eq!(state.as_str(), "hibernating");
        assert_eq!(state.to_aws(), "HIBERNATING");
    }

    #[test]
    fn a_known_word_in_another_spelling_is_not_taken_for_it() {
        let state = State::from_aws("available");
        assert_ne!(state, State::Available);
        assert_eq!(State::from_stored(state.as_str()), state);
        assert_eq!(state.to_aws(), "available");
    }

    proptest! {
        #[test]
        fn every_word_survives_storing(word in "\\PC{0,24}|[A-Z0-9_]{1,12}|[a-z=_]{1,12}|SIMPLE_AD") {
            let state = State::from_aws(&word);
            let read_back = State::from_stored(state.as_str());
            prop_assert_eq!(&read_back, &state);
            prop_assert_eq!(read_back.to_aws(), word.clone());
            let kind = DirectoryServiceType::from_stored(DirectoryServiceType::from_aws(&word).as_str());
            prop_assert_eq!(kind.to_aws(), word);
        }
    }
}
