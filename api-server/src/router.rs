//! Every route, and the layers around them.
//!
//! ```text
//! /health/live, /health/ready           kubelet
//! /api/v1/…      public + signed-in     JSON, no-store, CSRF, limits
//! /api/openapi.json, /api/docs          the contract and its pages
//! everything else                       the console
//! ```

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use http::StatusCode;
use tabular::Format;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, DefaultPredicate, Predicate as _, predicate::NotForContentType},
    limit::RequestBodyLimitLayer,
    timeout::TimeoutLayer,
};
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    AppState,
    commands::openapi::{document, finished},
    console,
    controllers::{events, health, me, paces, session, sync_runs, workspaces},
    middleware::{
        BODY_LIMIT_BYTES, LimitClass, OriginError, Origins, api_headers, console_headers, docs_headers, identify,
        limit, locate, observe, require_sign_in, to_problem, with_id,
    },
    problem::{self, ApiError},
};

/// Routes that need nobody signed in.
fn public_api() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(session::refresh::refresh))
        .routes(routes!(session::sign_out::sign_out))
        .routes(routes!(health::show::show))
}

/// The route that checks passwords, apart because its limit is.
fn sign_in_api() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(session::sign_in::sign_in))
}

/// Routes that need somebody signed in.
fn signed_in_api() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(me::show::show))
        .routes(routes!(workspaces::list::list))
        .routes(routes!(workspaces::show::show))
        .routes(routes!(sync_runs::list::list))
        .routes(routes!(sync_runs::show::show))
        .routes(routes!(paces::list::list))
        .routes(routes!(events::stream::stream))
}

/// The document of all routes, without a server.
pub fn openapi() -> OpenApi {
    let api = public_api().merge(sign_in_api()).merge(signed_in_api());
    finished(OpenApiRouter::with_openapi(document()).nest("/api/v1", api).into_openapi())
}

/// The whole server.
pub fn router(state: &AppState, origins: &Origins) -> Result<Router, OriginError> {
    let app = Router::new()
        .merge(health_routes(state))
        .merge(api_routes(state, origins)?)
        .merge(docs_routes(state))
        .fallback_service(console_routes(state))
        .layer(from_fn_with_state(state.clone(), observe))
        .layer(from_fn(with_id));
    Ok(app.with_state(state.clone()))
}

fn health_routes(state: &AppState) -> Router<AppState> {
    Router::new()
        .route("/health/live", get(health::live::live))
        .route("/health/ready", get(health::ready::ready))
        .layer(from_fn_with_state((state.clone(), LimitClass::Files), limit))
        .layer(from_fn_with_state(state.clone(), locate))
        .layer(from_fn(problem::render))
        .layer(from_fn(api_headers))
}

fn api_routes(state: &AppState, origins: &Origins) -> Result<Router<AppState>, OriginError> {
    let limited = |class| from_fn_with_state((state.clone(), class), limit);
    let public = Router::from(public_api());
    let sign_in = Router::from(sign_in_api()).layer(limited(LimitClass::SignIn));
    let signed_in = Router::from(signed_in_api()).layer(from_fn(require_sign_in));
    let api = public.merge(sign_in).merge(signed_in).fallback(no_route).method_not_allowed_fallback(no_method);
    let router = Router::new()
        .nest("/api/v1", api)
        .route("/api/{*rest}", any(no_route))
        .layer(origins.csrf_layer()?)
        // Outside of what refuses: a refused request counts too.
        .layer(limited(LimitClass::Api))
        .layer(from_fn_with_state(state.clone(), identify))
        .layer(origins.cors_layer())
        .layer(from_fn_with_state(state.clone(), locate))
        .layer(DefaultBodyLimit::max(BODY_LIMIT_BYTES))
        .layer(RequestBodyLimitLayer::new(BODY_LIMIT_BYTES))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, state.time_limit))
        .layer(CatchPanicLayer::custom(to_problem))
        .layer(from_fn(api_headers))
        .layer(from_fn(problem::render))
        // A workbook is compressed already.
        .layer(
            CompressionLayer::new()
                .compress_when(DefaultPredicate::new().and(NotForContentType::new(Format::Xlsx.media_type()))),
        );
    Ok(router)
}

fn docs_routes(state: &AppState) -> Router<AppState> {
    let pages = utoipa_swagger_ui::SwaggerUi::new("/api/docs").url("/api/openapi.json", openapi());
    Router::from(pages)
        .layer(from_fn_with_state((state.clone(), LimitClass::Files), limit))
        .layer(from_fn_with_state(state.clone(), locate))
        .layer(from_fn(problem::render))
        .layer(CompressionLayer::new())
        .layer(from_fn(docs_headers))
}

fn console_routes(state: &AppState) -> Router {
    Router::new()
        .fallback(get(console::serve))
        .layer(from_fn_with_state((state.clone(), LimitClass::Files), limit))
        .layer(from_fn_with_state(state.clone(), locate))
        .layer(from_fn(problem::render))
        .layer(from_fn(console_headers))
}

async fn no_route() -> Response {
    ApiError::NotFound { thing: "route" }.into_response()
}

async fn no_method() -> Response {
    ApiError::MethodNotAllowed.into_response()
}
