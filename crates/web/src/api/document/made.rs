//! How the document is made: what the handlers say of themselves, and what holds for all of them.

use serde_json::{Map, Value, json};
use utoipa::openapi::{InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder};
use utoipa::{PartialSchema, ToSchema};

use super::PUBLIC;
use crate::answer::{Problem, ProblemField};
use crate::api::version;

/// Where the description begins.
pub fn start() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Pinwheel")
        .version(version::SPOKEN)
        .description(Some(INTRODUCTION))
        .license(Some(
            LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build(),
        ))
        .build();
    OpenApiBuilder::new().info(info).build()
}

const INTRODUCTION: &str = "\
Everything the pages do, from the same actions.\n\n\
Amounts are whole minor units with an ISO 4217 currency; times are RFC 3339 in UTC. Ids say what \
they are of (`ord_…`) and sort by time. Every refusal is a problem (RFC 9457) with a stable \
`code`. Lists are pages with `next_cursor`. Requests that move money, stock or membership need an \
`Idempotency-Key`. Every answer says its edition in `Api-Version`; send the same header to be \
refused rather than answered in another one.";

/// The document with what holds for every operation.
pub fn whole() -> Value {
    let mut whole = serde_json::to_value(crate::api::described()).unwrap_or_default();
    complete(&mut whole);
    // Whether objects keep the order they were made in depends on who else builds.
    whole.sort_all_objects();
    whole
}

/// Says of every operation what holds for all.
fn complete(whole: &mut Value) {
    let problems =
        [(Problem::name(), Problem::schema()), (ProblemField::name(), ProblemField::schema())];
    for (name, schema) in problems {
        whole["components"]["schemas"][name.as_ref()] = json!(schema);
    }
    whole["components"]["securitySchemes"] = json!({
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "A personal token with the scopes `read`, `shop` or `manage`. It never \
                            may more than its owner.",
        },
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": crate::visitor::SESSION,
            "description": "A browser's session; over HTTPS the cookie is `__Host-pw_session`. \
                            Everything but GET also needs `X-CSRF-Token` with what `GET \
                            /api/v1/session` says.",
        },
    });
    whole["components"]["headers"] = json!({
        "RequestId": {
            "description": "The request's id: yours from `X-Request-Id`, or a new one.",
            "schema": { "type": "string" },
        },
        "RateLimit": {
            "description": "What is left of the quota, and for how many seconds.",
            "schema": { "type": "string" },
            "example": "\"default\";r=1199;t=60",
        },
        "ApiVersion": {
            "description": "The edition of the API this answer is in.",
            "schema": { "type": "string" },
            "example": version::SPOKEN,
        },
        "Replayed": {
            "description": "`true` when the key had been answered before.",
            "schema": { "type": "string" },
        },
        "Tag": { "description": "The version, for `If-Match` and `If-None-Match`.",
                 "schema": { "type": "string" } },
    });
    let schemas = whole["components"]["schemas"].clone();
    let paths = whole["paths"].as_object_mut();
    for (path, operations) in paths.into_iter().flatten() {
        for (method, operation) in operations.as_object_mut().into_iter().flatten() {
            of_operation(path, method, operation);
            of_body(&schemas, operation);
        }
    }
}

fn of_operation(path: &str, method: &str, operation: &mut Value) {
    let public = PUBLIC.contains(&(method, path));
    let mut ways = vec![json!({ "token": [] }), json!({ "session": [] })];
    if public {
        ways.insert(0, json!({}));
    }
    operation["security"] = Value::Array(ways);
    let has = |operation: &Value, name: &str| {
        let params = operation["parameters"].as_array();
        params.is_some_and(|params| params.iter().any(|param| param["name"] == name))
    };
    let keyed = has(operation, "Idempotency-Key");
    let matched = has(operation, "If-Match");
    let body = operation.get("requestBody").is_some();
    let version = json!({
        "name": "Api-Version",
        "in": "header",
        "required": false,
        "description": "The edition you were written for; another one is refused.",
        "schema": { "type": "string", "enum": [version::SPOKEN] },
    });
    match operation["parameters"].as_array_mut() {
        Some(params) => params.push(version),
        None => operation["parameters"] = json!([version]),
    }
    if let Some(responses) = operation["responses"].as_object_mut() {
        for (status, response) in responses.iter_mut() {
            headers_of(method, status, keyed, response);
        }
    }
    let changes = method != "get";
    let mut says = |status: &str, when: bool, what: &str| {
        if when {
            let there = &mut operation["responses"];
            if there.get(status).is_none() {
                there[status] = problem(what);
            }
        }
    };
    if method == "get" {
        // A tag is on every single thing and every list.
        says("304", true, "You have it already.");
    }
    says("400", true, "Not in the form it should have.");
    says("401", true, "A token or session is needed, or is not valid.");
    says("403", true, "Your role, your token or the page you come from does not allow it.");
    says("404", true, "There is no such thing, or not for you.");
    says("408", body, "The body came too slowly.");
    says("409", changes, "The rules say no; `code` says which.");
    says("412", matched, "Somebody else changed it since you read it.");
    says("413", body, "The body is too large.");
    says("415", body, "Not that kind of content.");
    says("422", changes, "A field is wrong, or a key came back with another request.");
    says("428", matched, "`If-Match` is needed.");
    says("429", true, "Too often; `Retry-After` says when again.");
    says("500", true, "Our side broke.");
    says("503", true, "Nothing was done; `Retry-After` says when again.");
    says("default", true, "Any other problem.");
    if let Some(unchanged) = operation["responses"].get_mut("304") {
        unchanged.as_object_mut().map(|response| response.remove("content"));
    }
}

/// A body in which nothing is needed may be left out: `input` reads nothing as `{}`.
fn of_body(schemas: &Value, operation: &mut Value) {
    let Some(body) = operation.get_mut("requestBody") else { return };
    let reference = body["content"]["application/json"]["schema"]["$ref"].as_str();
    let name = reference.and_then(|reference| reference.rsplit('/').next());
    let schema = name.map_or(&Value::Null, |name| &schemas[name]);
    if schema["type"] == "object" && schema.get("required").is_none() {
        body["required"] = Value::Bool(false);
    }
}

fn headers_of(method: &str, status: &str, keyed: bool, response: &mut Value) {
    let mut headers = Map::new();
    let mut add = |name: &str, part: &str| {
        headers.insert(name.into(), json!({ "$ref": format!("#/components/headers/{part}") }));
    };
    add("X-Request-Id", "RequestId");
    add("RateLimit", "RateLimit");
    add("Api-Version", "ApiVersion");
    if method == "get" && status == "200" {
        add("ETag", "Tag");
    }
    if keyed {
        add("Idempotency-Replayed", "Replayed");
    }
    response["headers"] = Value::Object(headers);
    if response["description"] == "" {
        response["description"] = match status {
            "201" => "Made.".into(),
            "202" => "Taken on; it will be done.".into(),
            "204" => "Done; there is nothing to say.".into(),
            _ => "As asked.".into(),
        };
    }
}

fn problem(what: &str) -> Value {
    json!({
        "description": what,
        "content": {
            "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } }
        },
    })
}
