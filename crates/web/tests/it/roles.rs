//! What each role may do: every operation behind the counter, of the API and of the console, by
//! everybody who stands there.
//!
//! What an operation needs is found out and not written down: each permission is taken away alone,
//! and whoever is refused without it needs it. The list is a snapshot that people read; the roles
//! are then held against it.

use std::collections::BTreeMap;

use app::person::{self, GiveRole, PutRole};
use domain::person::{Grants, Level, Permission, Person, Role, Scope};
use serde_json::{Value, json};
use web::api::document;

use crate::every_route::{filled, operations, pages};
use crate::served::{Served, served};

/// What any member of staff may use: their own way in and out, and the search for what they may
/// see.
const ANY_STAFF: &[&str] = &[
    "GET /console/search",
    "GET /console/palette",
    "GET /console/second-factor",
    "POST /console/second-factor",
    "POST /console/second-factor/confirm",
    "POST /console/second-factor/end",
    "POST /console/second-factor/passkeys/{id}/removal",
    "POST /console/sessions/end-others",
    "GET /console/settings",
    "POST /console/settings/tokens",
    "POST /console/settings/tokens/{id}/revoke",
];

/// Somebody behind the counter: a token and a browser.
struct Clerk {
    token: String,
    cookie: String,
    csrf: String,
}

/// One operation, with what it is asked with.
struct Operation {
    name: String,
    method: String,
    path: String,
    body: Value,
}

/// A member of staff with these grants, or in this role.
fn clerk(shop: &Served, name: &str, role: Role, grants: Grants) -> Clerk {
    let password = "correct horse battery";
    let contact = format!("{name}@example.com");
    let hired = if role == Role::Owner { Role::Owner } else { Role::Viewer };
    let hired = hire(shop, name, &contact, hired, password);
    if role == Role::Own {
        let put = PutRole { name: name.into(), grants: grants.codes(), version: 0 };
        let made = person::add_role(&shop.app, &shop.zoe, put).unwrap();
        let own_role = made.own_role.map(|own| own.id);
        person::give_role(&shop.app, &shop.zoe, hired, &GiveRole { role, own_role }).unwrap();
    } else if role != Role::Owner {
        let give = GiveRole { role, own_role: None };
        person::give_role(&shop.app, &shop.zoe, hired, &give).unwrap();
    }
    let visitor = app::Visitor::of(hired, name, role);
    let token = shop.token_for(&visitor, &Scope::ALL);
    let (cookie, csrf) = shop.browser(name);
    Clerk { token, cookie, csrf }
}

fn schema(schema: &Value) -> &Value {
    match schema["$ref"].as_str() {
        Some(at) => document::whole().pointer(at.trim_start_matches('#')).unwrap(),
        None => schema,
    }
}

/// The least that is understood as this: what is required, and nothing else.
fn least(of: &Value) -> Value {
    let of = schema(of);
    if let Some(first) = of["oneOf"].as_array().and_then(|all| all.first()) {
        return least(first);
    }
    if let Some(all) = of["allOf"].as_array() {
        let mut whole = json!({});
        for part in all.iter().map(least) {
            whole.as_object_mut().unwrap().extend(part.as_object().cloned().unwrap_or_default());
        }
        return whole;
    }
    if let Some(first) = of["enum"].as_array().and_then(|all| all.first()) {
        return first.clone();
    }
    let kind = of["type"].as_str().or_else(|| of["type"][0].as_str()).unwrap_or("object");
    match kind {
        "integer" | "number" => json!(1),
        "boolean" => json!(false),
        "array" => json!([]),
        "string" => match of["pattern"].as_str().and_then(|pattern| pattern.split('_').next()) {
            Some(prefix) => json!(format!("{}_0000000000001", prefix.trim_start_matches('^'))),
            None if of["format"] == "date-time" => json!("2026-01-01T00:00:00Z"),
            None => json!("x"),
        },
        _ => {
            let required = of["required"].as_array().cloned().unwrap_or_default();
            let fields = required.iter().filter_map(Value::as_str);
            let fields = fields.map(|name| (name.to_string(), least(&of["properties"][name])));
            Value::Object(fields.collect())
        }
    }
}

/// Everything there is behind the counter.
fn everything() -> Vec<Operation> {
    let api = operations().into_iter().filter(|(_, path, _)| path.starts_with("/api/v1/staff/"));
    let api = api.map(|(method, path, described)| {
        let body = &described["requestBody"]["content"]["application/json"]["schema"];
        let body = if body.is_null() { Value::Null } else { least(body) };
        Operation { name: format!("{method} {path}"), method, path: filled(&path), body }
    });
    let console = pages()
        .into_iter()
        .filter(|(_, path)| path.starts_with("/console") && !path.starts_with("/console/sign-"));
    let console = console.map(|(method, path)| Operation {
        name: format!("{method} {path}"),
        method,
        path: by_kind(&path),
        body: Value::Null,
    });
    api.chain(console).collect()
}

/// An address of a page of the console, whose ids are all called `id`, with ones of the right kind
/// that belong to nothing.
fn by_kind(path: &str) -> String {
    let kinds = [
        ("/console/orders/views/", "vew"),
        ("/console/orders/bulks/", "blk"),
        ("/console/orders/", "ord"),
        ("/console/drafts/", "drf"),
        ("/console/refunds/", "ref"),
        ("/console/delivery/methods/", "shm"),
        ("/console/delivery/points/", "pup"),
        ("/console/returns/", "aft"),
        ("/console/reviews/", "rev"),
        ("/console/customers/", "per"),
        ("/console/group-buys/", "gby"),
        ("/console/products/", "prd"),
        ("/console/stock/", "var"),
        ("/console/synonyms/", "syn"),
        ("/console/content/pages/", "pge"),
        ("/console/content/redirects/", "dtr"),
        ("/console/wallets/", "per"),
        ("/console/points/", "per"),
        ("/console/draws/", "cmp"),
        ("/console/sellers/", "sel"),
        ("/console/campaigns/", "cmp"),
        ("/console/saved-lists/", "svl"),
        ("/console/invoices/requests/", "irq"),
        ("/console/invoices/", "inv"),
        ("/console/payments/statements/", "rec"),
        ("/console/payments/differences/", "dif"),
        ("/console/jobs/", "job"),
        ("/console/cases/", "cse"),
        ("/console/prices/", "prl"),
        ("/console/promotions/", "prm"),
        ("/console/coupons/", "cpt"),
        ("/console/customer-groups/", "cgr"),
        ("/console/tax/regions/", "txr"),
        ("/console/outbox/", "msg"),
        ("/console/webhooks/", "whk"),
        ("/console/staff/roles/", "rol"),
        ("/console/staff/", "per"),
        ("/console/settings/tokens/", "tok"),
        ("/console/second-factor/passkeys/", "psk"),
        ("/console/erasures/", "ers"),
    ];
    let kind = kinds.iter().find(|(start, _)| path.starts_with(start)).map_or("ord", |kind| kind.1);
    filled(&path.replacen("{id}", &format!("{kind}_0000000000001"), 1))
}

/// Whether somebody is let through: to what is there, what is not, or what was wrong with it.
fn let_through(shop: &Served, clerk: &Clerk, operation: &Operation, number: usize) -> bool {
    let Operation { name, method, path, body } = operation;
    let answer = if path.starts_with("/api/") {
        let key = format!("role-matrix-{number:07}");
        let more = [("Idempotency-Key", key.as_str()), ("If-Match", "\"1\"")];
        shop.call_with(&clerk.token, method, path, body, &more)
    } else {
        let form = format!("csrf={}&key=role-matrix-of-forms-{number:07}", clerk.csrf);
        let kind = ("Content-Type", "application/x-www-form-urlencoded");
        let headers = [
            ("Cookie", clerk.cookie.as_str()),
            ("X-CSRF-Token", clerk.csrf.as_str()),
            ("Sec-Fetch-Site", "same-origin"),
            kind,
        ];
        let body = if method == "POST" { form.as_bytes() } else { b"" };
        shop.send(method, path, &headers, body)
    };
    assert!(answer.status < 500 && answer.status != 401, "{name}: {}", answer.text());
    let way = answer.header("location");
    assert!(!way.starts_with("/console/sign-in"), "{name}: signed out");
    // Whoever may not see the overview is led to the first page they may see.
    let elsewhere = name == "GET /console" && answer.status == 303;
    answer.status != 403 && !elsewhere
}

#[test]
fn every_role_does_what_it_may_and_no_more() {
    let shop = served();
    let all = everything();
    let mut number = 0;
    let mut through = |clerk: &Clerk, operation: &Operation| {
        number += 1;
        let_through(&shop, clerk, operation, number)
    };
    let make = |name: &str, grants| clerk(&shop, name, Role::Own, grants);
    let lacking: Vec<(Permission, Clerk, Clerk)> = Permission::ALL
        .into_iter()
        .map(|one| {
            let less = Grants::all().without(one);
            let without = make(&format!("without-{}", one.code()), less);
            let looking = make(&format!("looking-{}", one.code()), less.with(one, Level::View));
            (one, without, looking)
        })
        .collect();
    let mut needs: BTreeMap<&str, Grants> = BTreeMap::new();
    for operation in &all {
        let mut need = Grants::NONE;
        for (one, without, looking) in &lacking {
            if !through(without, operation) {
                let looks = through(looking, operation);
                need = need.with(*one, if looks { Level::View } else { Level::Change });
            }
        }
        needs.insert(&operation.name, need);
    }
    let lines: Vec<String> =
        needs.iter().map(|(name, need)| format!("{name}: {}", need.codes().join(", "))).collect();
    let open: Vec<&&str> =
        needs.iter().filter(|(_, need)| need.is_empty()).map(|(n, _)| n).collect();
    let strangers: Vec<_> = open.iter().filter(|name| !ANY_STAFF.contains(**name)).collect();
    insta::assert_snapshot!("needs", lines.join("\n"));
    assert!(strangers.is_empty(), "open to whoever works here: {strangers:#?}");

    let mut wrong = Vec::new();
    for role in Role::STAFF {
        let grants = role.grants();
        let clerk = clerk(&shop, &format!("only-{}", role.code()), role, grants);
        for operation in &all {
            let may = grants.hold(needs[operation.name.as_str()]);
            if through(&clerk, operation) != may {
                wrong.push(format!("{} {}: {may} was expected", role.code(), operation.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn hire(
    shop: &Served,
    name: &str,
    contact: &str,
    role: Role,
    password: &str,
) -> domain::id::Id<Person> {
    person::add_staff_from_terminal(&shop.app, name, contact, role, password).unwrap().id
}
