//! Links and named paths in documents lead somewhere.
//!
//! Flows in: the documents and a way to ask whether a path exists. Flows out: violations.
//! In documents whose evidence is checked, paths in backticks count as links: a line of
//! `docs/production-readiness.md` that names a test is worth nothing when the test is gone.
//! Deliberately absent: addresses on the web, and anchors within a page.

use crate::tree::File;

/// Documents in which paths in backticks are evidence.
const EVIDENCE: &[&str] = &["ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "docs/production-readiness.md"];

/// Every link and named path of the documents that leads nowhere.
pub fn violations(files: &[File], exists: impl Fn(&str) -> bool) -> Vec<String> {
    let folders: Vec<_> = files.iter().filter_map(|file| file.path.split_once('/')).map(|(top, _)| top).collect();
    let mut found = Vec::new();
    for document in files.iter().filter(|file| file.has_ending(".md")) {
        for target in links(&document.text).filter(|target| !exists(&resolve(document.folder(), target))) {
            found.push(format!("{} links {target}, which does not exist", document.path));
        }
        if EVIDENCE.contains(&document.path.as_str()) {
            let named = named_paths(&document.text).filter(|(path, _)| folders.contains(&first_folder(path)));
            found.extend(named.filter_map(|(path, place)| {
                let lost = if exists(path) { lost_place(files, path, place?) } else { Some(path.to_owned()) };
                lost.map(|lost| format!("{} names {lost}, which does not exist", document.path))
            }));
        }
    }
    found
}

/// The targets of `[text](target)`, without anchors and web addresses.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target.split('#').next().unwrap_or(target))
        .filter(|target| !target.is_empty() && !target.contains(':'))
}

/// Paths in backticks, each with the place inside the file that it may name
/// (`file.rs::test`), without commands, patterns and placeholders.
fn named_paths(text: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    text.lines()
        .flat_map(|line| line.split('`').skip(1).step_by(2))
        .map(|named| named.split_once("::").map_or((named, None), |(path, place)| (path, Some(place))))
        .map(|(path, place)| (path.trim_end_matches('/'), place))
        .filter(|(path, _)| path.contains('/') && !path.contains([' ', '*', '<', '{', '$', ':']))
}

/// The test or function that a document names and its file does not hold.
fn lost_place(files: &[File], path: &str, place: &str) -> Option<String> {
    let file = files.iter().find(|file| file.path == path)?;
    let held = ["fn ", "def ", "func "].iter().any(|word| file.text.contains(&format!("{word}{place}(")));
    (!held).then(|| format!("{path}::{place}"))
}

fn first_folder(path: &str) -> &str {
    path.split('/').next().unwrap_or(path)
}

/// A link as a path from the root.
fn resolve(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File { path: path.to_owned(), text: text.to_owned() }
    }

    fn found(path: &str, text: &str) -> Vec<String> {
        let files = [file(path, text), file("store/src/lib.rs", ""), file("docs/decisions/a.md", "")];
        violations(&files, |path| {
            files.iter().any(|file| file.path == path || file.path.starts_with(&format!("{path}/")))
        })
    }

    #[test]
    fn a_dead_link_is_caught() {
        assert_eq!(
            found("docs/x.md", "See [b](decisions/b.md)."),
            ["docs/x.md links decisions/b.md, which does not exist"]
        );
    }

    #[test]
    fn dead_evidence_is_caught() {
        let found = found("docs/production-readiness.md", "| DB-1 | `store/tests/plans.rs::hot_queries` |");
        assert_eq!(found, ["docs/production-readiness.md names store/tests/plans.rs, which does not exist"]);
    }

    #[test]
    fn a_test_that_is_gone_from_its_file_is_caught() {
        let files = [file("SECURITY.md", "`a/b.rs::kept`, `a/b.rs::gone`"), file("a/b.rs", "fn kept() {}")];
        assert_eq!(violations(&files, |_| true), ["SECURITY.md names a/b.rs::gone, which does not exist"]);
    }

    #[test]
    fn living_links_web_addresses_and_commands_are_fine() {
        let text = "[a](decisions/a.md#why), [up](../store/src/lib.rs), [web](https://example.com), [here](#top)";
        assert_eq!(found("docs/x.md", text), Vec::<String>::new());
        let text = "`store/src/lib.rs`, `store/`, `make test`, `store/tests/*.rs`, `application/json`";
        assert_eq!(found("ARCHITECTURE.md", text), Vec::<String>::new());
    }
}
