//! The three cookies. `__Host-` makes browsers insist on Secure, Path=/ and no Domain, so
//! neither another host nor plain HTTP can set or read them.

use http::{HeaderMap, HeaderValue, header};
use jiff::SignedDuration;

use super::{access_token, device, refresh_token};

/// Holds the JWT.
pub const ACCESS_COOKIE: &str = "__Host-deskfleet-access";
/// Holds the opaque refresh token.
pub const REFRESH_COOKIE: &str = "__Host-deskfleet-refresh";

/// Holds the marks of people who signed in with this browser.
pub const DEVICE_COOKIE: &str = "__Host-deskfleet-device";

/// `Set-Cookie` headers for a session: both tokens.
pub fn session_cookies(access: &str, refresh: &str) -> HeaderMap {
    set_cookies(&[(ACCESS_COOKIE, access, access_token::LIFETIME), (REFRESH_COOKIE, refresh, refresh_token::LIFETIME)])
}

/// `Set-Cookie` header for a device that has signed in.
pub fn device_cookie(marks: &str) -> HeaderMap {
    set_cookies(&[(DEVICE_COOKIE, marks, device::LIFETIME)])
}

/// `Set-Cookie` headers that make a browser forget both tokens; the device stays known.
pub fn expired_cookies() -> HeaderMap {
    set_cookies(&[(ACCESS_COOKIE, "", SignedDuration::ZERO), (REFRESH_COOKIE, "", SignedDuration::ZERO)])
}

/// Tokens are base64url and dots, so nothing needs quoting; a value that is no header text
/// (impossible for ours) sets no cookie rather than a broken one.
fn set_cookies(cookies: &[(&str, &str, SignedDuration)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value, lifetime) in cookies {
        let seconds = lifetime.as_secs();
        let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; Secure; SameSite=Strict");
        if let Ok(text) = HeaderValue::try_from(text) {
            headers.append(header::SET_COOKIE, text);
        }
    }
    headers
}
