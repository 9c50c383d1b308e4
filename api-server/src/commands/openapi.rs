//! `deskfleet-api openapi`: prints the document that the console's types are made from.

use utoipa::openapi::{
    InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, RefOr, Schema, SecurityRequirement,
    schema::ArrayItems,
    security::{ApiKey, ApiKeyValue, SecurityScheme},
    tag::TagBuilder,
};

use crate::{identity::ACCESS_COOKIE, router};

/// The document as JSON, two spaces a level, with a line end.
pub fn print() -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(&router::openapi()).map(|text| text + "\n")
}

/// Says of every field that it is there: unknown values are sent as `null`, not left out.
/// Only fields that say so (`HealthBody.checks`) may be missing.
pub(crate) fn finished(mut document: OpenApi) -> OpenApi {
    const OPTIONAL: [(&str, &str); 1] = [("HealthBody", "checks")];
    let schemas = document.components.iter_mut().flat_map(|components| components.schemas.iter_mut());
    for (name, schema) in schemas {
        require_all(schema, &|property| !OPTIONAL.contains(&(name, property)));
    }
    document
}

fn require_all(schema: &mut RefOr<Schema>, required: &dyn Fn(&str) -> bool) {
    match schema {
        RefOr::T(Schema::Object(object)) => {
            object.required = object.properties.keys().filter(|name| required(name)).cloned().collect();
            object.properties.values_mut().for_each(|property| require_all(property, required));
        }
        RefOr::T(Schema::Array(array)) => {
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                require_all(items, required);
            }
        }
        RefOr::T(Schema::AllOf(all)) => all.items.iter_mut().for_each(|part| require_all(part, required)),
        _ => {}
    }
}

/// What the document says besides the routes.
pub(crate) fn document() -> OpenApi {
    let tags = [
        ("session", "Signing in, staying in, signing out, and who one is"),
        ("workspaces", "The fleet"),
        ("sync-runs", "What the sync jobs did"),
        ("events", "Live changes"),
        ("health", "How deskfleet is"),
    ];
    let info = InfoBuilder::new()
        .title("deskfleet")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Fleets of Amazon WorkSpaces, run from Kubernetes.\n\nErrors are RFC 9457 problems and name every wrong field. \
             Lists go on by `nextCursor`. `null` is \"not known\", never zero. Times are RFC 3339 in UTC.",
        ))
        .license(Some(LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build()))
        .build();
    let mut document = OpenApiBuilder::new()
        .info(info)
        .tags(Some(tags.map(|(name, text)| TagBuilder::new().name(name).description(Some(text)).build())))
        .security(Some([SecurityRequirement::new::<_, [String; 0], String>("accessCookie", [])]))
        .build();
    let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
        ACCESS_COOKIE,
        "Set by POST /api/v1/session; lives five minutes, renewed by POST /api/v1/session/refresh",
    )));
    document.components.get_or_insert_default().add_security_scheme("accessCookie", cookie);
    document
}
