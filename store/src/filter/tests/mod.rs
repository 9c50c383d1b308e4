//! The filter grammar: what parses, what is refused with which words, that
//! printing and parsing are inverse, and that no value reaches the SQL text.

mod grammar;
mod properties;
mod sql_text;
