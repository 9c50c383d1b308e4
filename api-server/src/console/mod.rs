//! The console: files built by `console/` and embedded in this program.
//!
//! Files under `assets/` have their content's hash in their names and may be kept for ever;
//! everything else is asked for anew. Compressed twins (`.br`, `.gz`) made by the build are
//! sent where the browser takes them. Any other path is a page of the console itself, so it
//! gets `index.html`; a path under `/api` never does.

use std::borrow::Cow;

use axum::response::{Html, IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use rust_embed::{EmbeddedFile, RustEmbed};

/// The build's output; empty where the console was not built.
#[derive(RustEmbed)]
#[folder = "../console/dist"]
#[allow_missing = true]
struct Files;

const IMMUTABLE: &str = "public, max-age=31536000, immutable";
const ASK_ANEW: &str = "no-cache";
const NOT_BUILT: &str = include_str!("not_built.html");

/// `GET` of anything that is not the API.
pub async fn serve(uri: Uri, headers: HeaderMap) -> Response {
    answer::<Files>(uri.path(), &headers)
}

fn answer<Folder: RustEmbed>(path: &str, headers: &HeaderMap) -> Response {
    let path = path.trim_start_matches('/');
    if let Some(response) = file::<Folder>(path, headers) {
        return response;
    }
    // A missing file is missing; a missing page is the console's affair.
    if path.rsplit('/').next().is_some_and(|name| name.contains('.')) {
        return (StatusCode::NOT_FOUND, "There is no such file.").into_response();
    }
    file::<Folder>("index.html", headers)
        .unwrap_or_else(|| (StatusCode::SERVICE_UNAVAILABLE, Html(NOT_BUILT)).into_response())
}

fn file<Folder: RustEmbed>(path: &str, headers: &HeaderMap) -> Option<Response> {
    let plain = Folder::get(path)?;
    let content_type = HeaderValue::try_from(plain.metadata.mimetype()).ok();
    let (found, encoding) =
        compressed::<Folder>(path, headers).map_or((plain, None), |(file, name)| (file, Some(name)));
    let etag = etag(&found);
    let cache = if path.starts_with("assets/") { IMMUTABLE } else { ASK_ANEW };
    let mut answer = HeaderMap::new();
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    answer.insert(header::ETAG, etag.clone());
    if headers.get(header::IF_NONE_MATCH) == Some(&etag) {
        return Some((StatusCode::NOT_MODIFIED, answer).into_response());
    }
    if let Some(name) = encoding {
        answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    if let Some(value) = content_type {
        answer.insert(header::CONTENT_TYPE, value);
    }
    let body = match found.data {
        Cow::Borrowed(bytes) => axum::body::Body::from(bytes),
        Cow::Owned(bytes) => axum::body::Body::from(bytes),
    };
    Some((answer, body).into_response())
}

/// The best twin that the browser takes.
fn compressed<Folder: RustEmbed>(path: &str, headers: &HeaderMap) -> Option<(EmbeddedFile, &'static str)> {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let takes = |name: &str| {
        accepted.split(',').any(|part| {
            let (coding, parameters) = part.split_once(';').unwrap_or((part, ""));
            coding.trim() == name && parameters.replace(' ', "") != "q=0"
        })
    };
    [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(coding, _)| takes(coding))
        .find_map(|(coding, extension)| Some((Folder::get(&format!("{path}.{extension}"))?, coding)))
}

fn etag(file: &EmbeddedFile) -> HeaderValue {
    use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
    let hash = BASE64_URL_SAFE_NO_PAD.encode(&file.metadata.sha256_hash()[..12]);
    HeaderValue::try_from(format!("\"{hash}\"")).expect("base64url is header text")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// A console as its build leaves it.
    #[derive(RustEmbed)]
    #[folder = "src/console/fixture"]
    struct Built;

    /// A console that was never built.
    #[derive(RustEmbed)]
    #[folder = "src/console/nowhere"]
    #[allow_missing = true]
    struct Missing;

    fn get(path: &str, headers: &[(http::HeaderName, &str)]) -> Response {
        let headers = headers.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
        answer::<Built>(path, &headers)
    }

    fn header(response: &Response, name: http::HeaderName) -> &str {
        response.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[rstest]
    #[case("/", "text/html", ASK_ANEW)]
    #[case("/workspaces/ws-1", "text/html", ASK_ANEW)]
    #[case("/assets/app-1a2b3c.js", "text/javascript", IMMUTABLE)]
    fn pages_are_asked_for_anew_and_hashed_files_kept(#[case] path: &str, #[case] kind: &str, #[case] cache: &str) {
        let response = get(path, &[]);
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!((header(&response, header::CONTENT_TYPE), header(&response, header::CACHE_CONTROL)), (kind, cache));
    }

    #[rstest]
    #[case("br, gzip", "br")]
    #[case("gzip;q=0.5", "gzip")]
    #[case("br;q=0, gzip", "gzip")]
    #[case("identity", "")]
    fn the_best_twin_that_the_browser_takes_is_sent(#[case] accepted: &str, #[case] sent: &str) {
        let response = get("/assets/app-1a2b3c.js", &[(header::ACCEPT_ENCODING, accepted)]);
        assert_eq!(header(&response, header::CONTENT_ENCODING), sent);
        assert_eq!(header(&response, header::CONTENT_TYPE), "text/javascript");
    }

    #[test]
    fn a_missing_file_is_no_page_and_no_path_leaves_the_folder() {
        for path in ["/assets/old-9f8e7d.js", "/favicon.png", "/../mod.rs", "/%2e%2e/mod.rs"] {
            assert_eq!(get(path, &[]).status(), StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[test]
    fn what_the_browser_has_is_not_sent_again() {
        let etag = header(&get("/", &[]), header::ETAG).to_owned();
        assert_eq!(get("/", &[(header::IF_NONE_MATCH, &etag)]).status(), StatusCode::NOT_MODIFIED);
    }

    #[test]
    fn without_a_built_console_the_page_says_how_to_build_it() {
        let response = answer::<Missing>("/", &HeaderMap::new());
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(NOT_BUILT.contains("npm run build"));
    }
}
