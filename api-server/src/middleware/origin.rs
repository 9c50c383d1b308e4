//! Requests that a browser sends for another site.
//!
//! CSRF: changing methods are refused unless `Sec-Fetch-Site` or `Origin` says they come
//! from deskfleet itself (tower-http's layer, after Go 1.25). CORS: closed; only origins
//! that the configuration names may read answers. Both lists hold whole origins
//! (`https://desks.example.com`).

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method, header};
use tower_http::{
    cors::{AllowOrigin, CorsLayer},
    csrf::{ConfigError, CsrfLayer, ProtectionError},
};
use url::Url;

use crate::problem::ApiError;

/// What a request from another site is answered with.
type Refusal = fn(ProtectionError) -> Response;

/// Origins that may talk to deskfleet besides itself.
#[derive(Debug, Clone, Default)]
pub struct Origins {
    /// May send changing requests: the public URL, where a proxy rewrites `Host`.
    trusted: Vec<String>,
    /// May also read answers in a browser.
    readers: Vec<HeaderValue>,
}

/// A URL that is no origin.
#[derive(Debug, thiserror::Error)]
pub enum OriginError {
    /// Not a URL with a scheme and a host.
    #[error("`{text}` is no origin such as https://desks.example.com")]
    NoOrigin {
        /// What was given.
        text: String,
    },
    /// The CSRF layer refuses it.
    #[error("the origin cannot be trusted")]
    Refused(#[from] ConfigError),
}

impl Origins {
    /// From the public URL and the origins that may read.
    pub fn new(public_url: Option<&Url>, allowed: &[String]) -> Result<Self, OriginError> {
        let origin = |text: &str| {
            let url = Url::parse(text).ok().filter(|url| url.origin().is_tuple());
            url.map(|url| url.origin().ascii_serialization())
                .ok_or_else(|| OriginError::NoOrigin { text: text.to_owned() })
        };
        let mut origins = Self::default();
        for text in allowed {
            let origin = origin(text)?;
            let value = HeaderValue::try_from(&origin).map_err(|_| OriginError::NoOrigin { text: text.clone() })?;
            origins.readers.push(value);
            origins.trusted.push(origin);
        }
        if let Some(url) = public_url {
            origins.trusted.push(origin(url.as_str())?);
        }
        let _checked = origins.csrf_layer()?;
        Ok(origins)
    }

    /// The CSRF layer; refusals are problems.
    pub fn csrf_layer(&self) -> Result<CsrfLayer<Refusal>, OriginError> {
        let mut layer = CsrfLayer::new();
        for origin in &self.trusted {
            layer = layer.add_trusted_origin(origin)?;
        }
        let refuse: Refusal = |_| ApiError::CrossSite.into_response();
        Ok(layer.with_rejection_response(refuse))
    }

    /// The CORS layer: no origin unless configured.
    pub fn cors_layer(&self) -> CorsLayer {
        CorsLayer::new()
            .allow_origin(AllowOrigin::list(self.readers.clone()))
            .allow_methods([Method::GET, Method::POST, Method::DELETE])
            .allow_headers([header::CONTENT_TYPE])
            .allow_credentials(!self.readers.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_origin_is_refused_by_name() {
        let error = Origins::new(None, &["desks.example.com".into()]).unwrap_err();
        assert_eq!(error.to_string(), "`desks.example.com` is no origin such as https://desks.example.com");
    }

    #[test]
    fn a_path_behind_the_public_url_is_left_out() {
        let url = Url::parse("https://desks.example.com/console/").unwrap();
        assert_eq!(Origins::new(Some(&url), &[]).unwrap().trusted, ["https://desks.example.com"]);
    }
}
