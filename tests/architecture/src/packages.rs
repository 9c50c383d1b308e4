//! What is built into the programs: licences, banned packages, where they come from.
//!
//! Flows in: the output of `cargo tree`, which, unlike `cargo metadata`, leaves out what no
//! enabled feature needs. Flows out: violations. Deliberately absent: known
//! vulnerabilities; their database is not in the repository, so hosted CI looks at it.

use spdx::{Expression, LicenseReq, ParseMode};

/// What the rules need of each line, as `cargo tree --format` prints it.
pub const TREE_FORMAT: &str = "{p}\t{l}";

/// Licences that may be built into a product under Apache-2.0 without further duties than
/// naming them.
const ALLOWED_LICENCES: &[&str] = &[
    "MIT",
    "Apache-2.0",
    "ISC",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "Zlib",
    "Unicode-3.0",
    "0BSD",
    "BSL-1.0",
    "CDLA-Permissive-2.0",
    // minicbor only, which CloudWatch's wire format needs: permissive, with a patent grant.
    "BlueOak-1.0.0",
    // ar_archive_writer only: the exception gives rights and takes none.
    "Apache-2.0 WITH LLVM-exception",
];

/// Packages that must not come in, from which version to which (a prefix), and why.
const BANNED: &[(&str, &str, &str)] = &[
    ("ring", "", "aws-lc-rs is the one cryptographic provider"),
    ("openssl", "", "TLS is rustls"),
    ("openssl-sys", "", "TLS is rustls"),
    ("native-tls", "", "TLS is rustls"),
    ("hyper", "v0.", "one HTTP stack, hyper 1"),
    ("rsa", "", "RUSTSEC-2023-0071: its timing gives private keys away"),
];

/// One package of the dependency tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    name: String,
    /// As printed, with the leading `v`.
    version: String,
    /// What stands in brackets: a path, a git address, or nothing for a registry.
    origin: Option<String>,
    licence: String,
}

/// Reads `cargo tree --prefix none --format "{p}\t{l}"`, each package once.
pub fn parse_tree(text: &str) -> Vec<Package> {
    let mut packages: Vec<_> = text.lines().filter_map(parse_line).collect();
    packages.sort_by(|one, other| (&one.name, &one.version).cmp(&(&other.name, &other.version)));
    packages.dedup();
    packages
}

fn parse_line(line: &str) -> Option<Package> {
    let (package, licence) = line.split_once('\t')?;
    let mut words = package.split(' ');
    let (name, version) = (words.next()?, words.next()?);
    let origin = words
        .map(|word| word.trim_matches(['(', ')']))
        .find(|word| !matches!(*word, "proc-macro" | "*" | ""))
        .map(str::to_owned);
    Some(Package {
        name: name.to_owned(),
        version: version.to_owned(),
        origin,
        // The mark of a repeated line comes behind the licence.
        licence: licence.trim_end_matches(" (*)").to_owned(),
    })
}

/// Every package that is banned, comes from elsewhere than a registry or this repository,
/// or has a licence that is not allowed.
pub fn violations(packages: &[Package]) -> Vec<String> {
    packages.iter().flat_map(|package| [ban(package), origin(package), licence(package)]).flatten().collect()
}

fn ban(package: &Package) -> Option<String> {
    let banned =
        |(name, version, _): &&(&str, &str, &str)| package.name == *name && package.version.starts_with(version);
    let (_, _, reason) = BANNED.iter().find(banned)?;
    Some(format!(
        "{} {} is banned: {reason}; `cargo tree -i {}` says who brings it",
        package.name, package.version, package.name
    ))
}

fn origin(package: &Package) -> Option<String> {
    let origin = package.origin.as_deref().filter(|origin| !origin.starts_with('/'))?;
    Some(format!("{} comes from {origin}; use a released version from crates.io", package.name))
}

fn licence(package: &Package) -> Option<String> {
    let Ok(expression) = Expression::parse_mode(&package.licence, ParseMode::LAX) else {
        return Some(format!("{} has no licence that can be read (`{}`)", package.name, package.licence));
    };
    let allowed =
        expression.evaluate(|requirement: &LicenseReq| ALLOWED_LICENCES.contains(&requirement.to_string().as_str()));
    (!allowed)
        .then(|| format!("{} is under {}, which is not among the allowed licences", package.name, package.licence))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn found(line: &str) -> Vec<String> {
        violations(&parse_tree(line))
    }

    #[rstest]
    #[case::banned("ring v0.17.14\tApache-2.0 AND ISC", "banned")]
    #[case::banned_in_an_old_version("hyper v0.14.30\tMIT", "banned")]
    #[case::repeated_lines_count_too("openssl-sys v0.9.1 (*)\tMIT (*)", "banned")]
    #[case::from_git("thing v1.0.0 (https://github.com/x/thing#abc)\tMIT", "comes from")]
    #[case::copyleft("thing v1.0.0\tGPL-3.0-only", "not among the allowed")]
    #[case::one_part_is_copyleft("thing v1.0.0\tMIT AND MPL-2.0", "not among the allowed")]
    #[case::no_licence("thing v1.0.0\t", "no licence")]
    fn what_must_not_come_in_is_caught(#[case] line: &str, #[case] rule: &str) {
        let found = found(line);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains(rule), "{found:?}");
    }

    #[rstest]
    #[case("hyper v1.12.0\tMIT")]
    #[case::a_choice("thing v1.0.0\tGPL-3.0-only OR MIT")]
    #[case::an_old_way_of_writing_a_choice("thing v1.0.0\tUnlicense/MIT")]
    #[case::ours("store v0.1.0 (/somewhere/store)\tApache-2.0")]
    #[case::a_macro("serde_derive v1.0.0 (proc-macro)\tMIT OR Apache-2.0")]
    #[case::several_at_once("aws-lc-rs v1.0.0\tISC AND (Apache-2.0 OR ISC)")]
    fn what_may_come_in_is_fine(#[case] line: &str) {
        assert_eq!(found(line), Vec::<String>::new());
    }

    #[test]
    fn a_package_is_read_once() {
        assert_eq!(parse_tree("a v1\tMIT\na v1\tMIT (*)\n\n").len(), 1);
    }
}
