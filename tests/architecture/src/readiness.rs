//! The page of production readiness is whole and honest.
//!
//! Flows in: the text of `docs/production-readiness.md`. Flows out: violations: a line
//! missing or twice, a state that is none, a claim that names nothing. Deliberately absent:
//! whether what is named exists; `links` looks at that.

/// The groups of the checklist and how many lines each has.
const GROUPS: &[(&str, usize)] = &[
    ("AI", 8),
    ("JOB", 9),
    ("AWS", 8),
    ("UI", 10),
    ("T", 8),
    ("SEC", 11),
    ("OBS", 8),
    ("DB", 7),
    ("CD", 8),
    ("DOC", 7),
    ("PERF", 8),
    ("LAW", 7),
    ("QW", 6),
    ("VAL", 10),
    ("SUP", 6),
    ("OPS", 7),
];

/// A row of one of the page's tables.
struct Row<'page> {
    id: &'page str,
    state: &'page str,
    evidence: &'page str,
}

/// Every line that is missing, twice, or claims more than it shows.
pub fn violations(page: &str) -> Vec<String> {
    let rows: Vec<_> = page.lines().filter_map(row).collect();
    let expected = GROUPS.iter().flat_map(|(group, count)| (1..=*count).map(move |number| format!("{group}-{number}")));
    let counts = expected.filter_map(|id| match rows.iter().filter(|row| row.id == id).count() {
        1 => None,
        0 => Some(format!("{id} is missing")),
        _ => Some(format!("{id} stands there more than once")),
    });
    counts.chain(rows.iter().filter_map(claim)).collect()
}

fn row(line: &str) -> Option<Row<'_>> {
    let cells: Vec<_> = line.strip_prefix('|')?.strip_suffix('|')?.split('|').map(str::trim).collect();
    match *cells {
        [id, _, state, evidence] if id.contains('-') && !id.starts_with('-') => Some(Row { id, state, evidence }),
        _ => None,
    }
}

fn claim(row: &Row<'_>) -> Option<String> {
    let names_something = row.evidence.contains('`') || row.evidence.contains("](");
    match row.state {
        "planned" => None,
        "done" | "partly" if names_something => None,
        "done" | "partly" => Some(format!("{} is {} and names nothing that shows it", row.id, row.state)),
        state => Some(format!("{} is `{state}`; a line is done, partly or planned", row.id)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(changed: &str, row: &str) -> String {
        let lines =
            GROUPS.iter().flat_map(|(group, count)| (1..=*count).map(move |number| format!("{group}-{number}")));
        let rows = lines.map(|id| if id == changed { row.to_owned() } else { format!("| {id} | line | planned | |") });
        rows.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_whole_page_is_fine() {
        assert_eq!(violations(&page("T-1", "| T-1 | Unit | done | `make check` |")), Vec::<String>::new());
    }

    #[test]
    fn a_missing_line_is_caught() {
        assert_eq!(violations(&page("T-1", "")), ["T-1 is missing"]);
    }

    #[test]
    fn a_line_that_stands_twice_is_caught() {
        let twice = "| T-1 | Unit | planned | |\n| T-1 | Unit | planned | |";
        assert_eq!(violations(&page("T-1", twice)), ["T-1 stands there more than once"]);
    }

    #[test]
    fn a_claim_without_evidence_is_caught() {
        let found = violations(&page("T-1", "| T-1 | Unit | done | believe us |"));
        assert_eq!(found, ["T-1 is done and names nothing that shows it"]);
    }

    #[test]
    fn a_state_that_is_none_is_caught() {
        assert!(violations(&page("T-1", "| T-1 | Unit | almost | |"))[0].contains("`almost`"));
    }
}
