//! Text to [`Expression`]: recursive descent over the EBNF in
//! `docs/reference/filter-grammar.md`, each function one rule of it.
//!
//! Errors carry the position (characters from 0), what was wrong and what to
//! write instead. Size is bounded before and while parsing, so a filter can
//! neither recurse deeply nor make a query that the planner chokes on.

use super::expression::{Comparison, Expression, Operator, Value, Word};

/// Longest filter, in characters.
pub const MAX_LENGTH: usize = 4_096;
/// Deepest nesting of parentheses.
pub const MAX_DEPTH: usize = 8;
/// Most comparisons in one filter.
pub const MAX_TESTS: usize = 50;
/// Most values in one list.
pub const MAX_VALUES: usize = 200;

/// Why a text is not a filter. Positions count characters from 0.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SyntaxError {
    /// Longer than [`MAX_LENGTH`].
    #[error("the filter has {length} characters; at most {MAX_LENGTH} are allowed")]
    TooLong {
        /// Characters given.
        length: usize,
    },
    /// The character NUL, which Postgres has no place for.
    #[error("the filter has the character NUL at position {position}; leave it out")]
    Nul {
        /// Where.
        position: usize,
    },
    /// Parentheses nest deeper than [`MAX_DEPTH`].
    #[error("parentheses nest deeper than {MAX_DEPTH} levels at position {position}")]
    TooDeep {
        /// Where the level too many opens.
        position: usize,
    },
    /// More than [`MAX_TESTS`] comparisons.
    #[error("the filter has more than {MAX_TESTS} comparisons")]
    TooManyTests,
    /// More than [`MAX_VALUES`] values in one list.
    #[error("the list before position {position} has more than {MAX_VALUES} values")]
    TooManyValues {
        /// Where the list was given up.
        position: usize,
    },
    /// `and` and `or` on one level.
    #[error(
        "`and` and `or` are mixed at position {position}; put one of them into parentheses, \
         as in `a = 1 and (b = 2 or b = 3)`"
    )]
    MixedConnectives {
        /// Where the second connective stands.
        position: usize,
    },
    /// A list after an operator other than `=` and `!=`.
    #[error(
        "a list at position {position} follows `{}`; lists go with `=` and `!=` only",
        operator.as_str()
    )]
    ListNotAllowed {
        /// The operator before the list.
        operator: Operator,
        /// Where the list opens.
        position: usize,
    },
    /// Something else than the grammar allows here.
    #[error("expected {expected} at position {position}, found {found}")]
    Unexpected {
        /// What may stand here.
        expected: &'static str,
        /// What does, quoted and cut short.
        found: String,
        /// Where.
        position: usize,
    },
    /// A quoted value that never ends.
    #[error("the quoted value that starts at position {position} has no closing `\"`")]
    OpenQuote {
        /// Where the quote opens.
        position: usize,
    },
}

/// Reads a filter. Blank text is no filter and gives `None`.
pub fn parse(text: &str) -> Result<Option<Expression>, SyntaxError> {
    let characters: Vec<char> = text.chars().collect();
    if characters.len() > MAX_LENGTH {
        return Err(SyntaxError::TooLong { length: characters.len() });
    }
    if let Some(position) = characters.iter().position(|character| *character == '\0') {
        return Err(SyntaxError::Nul { position });
    }
    let mut parser = Parser { characters, position: 0, depth: 0, tests: 0 };
    parser.skip_blanks();
    if parser.peek().is_none() {
        return Ok(None);
    }
    let expression = parser.group()?;
    match parser.peek() {
        None => Ok(Some(expression)),
        Some(_) => Err(parser.unexpected("`and`, `or` or the end of the filter")),
    }
}

struct Parser {
    characters: Vec<char>,
    position: usize,
    depth: usize,
    tests: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Connective {
    And,
    Or,
}

impl Parser {
    /// `group = term { "and" term } | term { "or" term }`
    fn group(&mut self) -> Result<Expression, SyntaxError> {
        let mut parts = vec![self.term()?];
        let mut level = None;
        while let Some((connective, position)) = self.connective() {
            if *level.get_or_insert(connective) != connective {
                return Err(SyntaxError::MixedConnectives { position });
            }
            parts.push(self.term()?);
        }
        Ok(match level {
            None => parts.swap_remove(0),
            Some(Connective::And) => Expression::All(parts),
            Some(Connective::Or) => Expression::Any(parts),
        })
    }

    /// `term = "(" group ")" | property operator value`
    fn term(&mut self) -> Result<Expression, SyntaxError> {
        self.skip_blanks();
        let position = self.position;
        if !self.take('(') {
            return self.comparison();
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(SyntaxError::TooDeep { position });
        }
        let inner = self.group()?;
        self.skip_blanks();
        if !self.take(')') {
            return Err(self.unexpected("`and`, `or` or `)`"));
        }
        self.depth -= 1;
        Ok(inner)
    }

    fn comparison(&mut self) -> Result<Expression, SyntaxError> {
        let property = self.property()?;
        self.skip_blanks();
        let operator = self.operator()?;
        self.skip_blanks();
        let value = self.value(operator)?;
        self.tests += 1;
        if self.tests > MAX_TESTS {
            return Err(SyntaxError::TooManyTests);
        }
        Ok(Expression::Test(Comparison { property, operator, value }))
    }

    /// `property = ALPHA { ALPHA | DIGIT }`
    fn property(&mut self) -> Result<String, SyntaxError> {
        if !self.peek().is_some_and(|c| c.is_ascii_alphabetic()) {
            return Err(self.unexpected("a property name such as `state`, or `(`"));
        }
        Ok(self.take_while(|c| c.is_ascii_alphanumeric()))
    }

    fn operator(&mut self) -> Result<Operator, SyntaxError> {
        let found = Operator::ALL.into_iter().find(|operator| self.starts_with(operator.as_str()));
        match found {
            Some(operator) => {
                self.position += operator.as_str().len();
                Ok(operator)
            }
            None => Err(self.unexpected("an operator: = != : !: ^ > >= < <=")),
        }
    }

    /// `value = word | quoted | "(" value { "," value } ")"`
    fn value(&mut self, operator: Operator) -> Result<Value, SyntaxError> {
        let position = self.position;
        if !self.take('(') {
            return self.word().map(Value::One);
        }
        if !matches!(operator, Operator::Equal | Operator::NotEqual) {
            return Err(SyntaxError::ListNotAllowed { operator, position });
        }
        let mut words = Vec::new();
        loop {
            self.skip_blanks();
            words.push(self.word()?);
            if words.len() > MAX_VALUES {
                return Err(SyntaxError::TooManyValues { position: self.position });
            }
            self.skip_blanks();
            if self.take(')') {
                return Ok(Value::List(words));
            }
            if !self.take(',') {
                return Err(self.unexpected("`,` or `)`"));
            }
        }
    }

    fn word(&mut self) -> Result<Word, SyntaxError> {
        if self.peek() == Some('"') {
            return self.quoted();
        }
        let text = self.take_while(Word::may_hold);
        if text.is_empty() {
            return Err(self.unexpected("a value (put it in quotes if it has other characters)"));
        }
        Ok(Word::Bare(text))
    }

    fn quoted(&mut self) -> Result<Word, SyntaxError> {
        let opened = self.position;
        self.position += 1;
        let mut text = String::new();
        loop {
            let character = self.next(opened)?;
            match character {
                '"' => return Ok(Word::Quoted(text)),
                '\\' => text.push(self.escaped(opened)?),
                other => text.push(other),
            }
        }
    }

    fn escaped(&mut self, opened: usize) -> Result<char, SyntaxError> {
        let character = self.next(opened)?;
        if matches!(character, '"' | '\\') {
            return Ok(character);
        }
        self.position -= 1;
        Err(self.unexpected("`\\\"` or `\\\\` after a backslash"))
    }

    /// Takes `and` or `or` where one stands as a word of its own.
    fn connective(&mut self) -> Option<(Connective, usize)> {
        self.skip_blanks();
        let start = self.position;
        let word = self.take_while(|c| c.is_ascii_alphabetic());
        match word.as_str() {
            "and" => Some((Connective::And, start)),
            "or" => Some((Connective::Or, start)),
            _ => {
                self.position = start;
                None
            }
        }
    }

    fn next(&mut self, opened: usize) -> Result<char, SyntaxError> {
        let character = self.peek().ok_or(SyntaxError::OpenQuote { position: opened })?;
        self.position += 1;
        Ok(character)
    }

    fn peek(&self) -> Option<char> {
        self.characters.get(self.position).copied()
    }

    fn take(&mut self, wanted: char) -> bool {
        let there = self.peek() == Some(wanted);
        self.position += usize::from(there);
        there
    }

    fn take_while(&mut self, accept: impl Fn(char) -> bool) -> String {
        let start = self.position;
        while self.peek().is_some_and(&accept) {
            self.position += 1;
        }
        self.characters[start..self.position].iter().collect()
    }

    fn starts_with(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(offset, c)| self.characters.get(self.position + offset) == Some(&c))
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.position += 1;
        }
    }

    fn unexpected(&self, expected: &'static str) -> SyntaxError {
        let rest: String = self.characters[self.position..].iter().take(12).collect();
        SyntaxError::Unexpected {
            expected,
            found: if rest.is_empty() { "the end".to_owned() } else { format!("`{rest}`") },
            position: self.position,
        }
    }
}
