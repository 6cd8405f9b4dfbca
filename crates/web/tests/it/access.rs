//! Who may do what with whose things: every operation of the API that names a thing, by everybody,
//! on a thing that is theirs, that is another's and that does not exist. Whoever may not have it
//! gets the same answer for the last two, to the letter, so that nobody learns what there is.

use std::collections::BTreeMap;

use app::after_sale::{self, NewReturn, NewReturnLine};
use app::checkout::What;
use app::order_desk::{self, Ship};
use app::review::{self, Write};
use app::token::{self, NewToken};
use domain::after_sale::{Kind, Reason};
use domain::id::Id;
use domain::person::Scope;
use domain::review::Review;
use serde_json::{Value, json};
use web::api::document;

use crate::served::{Answer, Served, served};
use crate::trade::Goods;

/// What belongs to somebody: ids in paths by these names are answered for to them alone.
const PRIVATE: &[&str] = &["order", "return", "token", "export"];

/// Somebody who asks: their name, their token, and whether they stand behind the counter.
struct Asker {
    name: &'static str,
    token: String,
    staff: bool,
}

/// Real things of ann's and the shop's by the name they have in paths.
fn things(shop: &Served) -> BTreeMap<&'static str, String> {
    let tea = shop.goods("tea", 8_800, 100);
    let offer = shop.group_buy(tea, 6_800, None, |_| ());
    let team = shop.open_team(&shop.ann, offer, tea);
    let what = What::Now { variant: tea.variant, quantity: 1 };
    let order = shop.order(&shop.ann, what).unwrap().order;
    let bowl = shop.goods("bowl", 3_900, 9);
    let arrived = shop.arrived(&shop.ann, &[(bowl, 2)]);
    let line = shop.see(&shop.ann, arrived).lines[0].id;
    let lines = vec![NewReturnLine { line, quantity: 1, amount: None, exchange_for: None }];
    let (kind, reason, text) = (Kind::ReturnAndRefund, Reason::NotWanted, String::new());
    let ask = NewReturn { order: arrived, kind, reason, text, lines };
    let asked = after_sale::request(&shop.app, &shop.keyed(&shop.ann), ask, &[]).unwrap();
    let new = NewToken { name: "ann's".into(), scopes: vec![Scope::Read] };
    let token = token::make(&shop.app, &shop.ann, new).unwrap().view.id;
    let words = |sql: &str| -> String {
        let id: domain::id::Id<domain::person::Person> =
            shop.app.read(|tx| tx.one(sql, &[], |row| row.get(0))).unwrap();
        id.to_string().split_once('_').unwrap().1.to_string()
    };
    let job = words("select max(id) from jobs");
    let person = shop.eve.reader().unwrap();
    let review = reviewed(shop, tea);
    let draft = app::draft::create(&shop.app, &shop.keyed(&shop.mo), &Default::default()).unwrap();
    let what = app::order_desk::bulk::Act::Pack;
    let row = app::order_desk::bulk::Row {
        order: order.to_string(),
        carrier: String::new(),
        tracking: String::new(),
    };
    let start = app::order_desk::Start { what, rows: vec![row], filter: None };
    let bulk = app::order_desk::bulk::start(&shop.app, &shop.mo, &start).unwrap();
    let export = app::own_data::ask_export(&shop.app, &shop.ann).unwrap().id;
    BTreeMap::from([
        ("draft", draft.id.to_string()),
        ("bulk", bulk.to_string()),
        ("order", order.to_string()),
        ("return", asked.id.to_string()),
        ("token", token.to_string()),
        ("team", team.to_string()),
        ("group_buy", offer.to_string()),
        ("product", tea.product.to_string()),
        ("variant", tea.variant.to_string()),
        ("job", format!("job_{job}")),
        ("person", person.to_string()),
        ("review", review.to_string()),
        ("difference", difference(shop)),
        ("export", export.to_string()),
    ])
}

/// Something a statement says that the books do not.
fn difference(shop: &Served) -> String {
    let id: Id<domain::reconciliation::Difference> = shop
        .app
        .write(|tx| {
            let (id, statement) = (tx.id(), tx.id::<domain::reconciliation::Reconciliation>());
            tx.run(
                "insert into statements
                 (id, provider, day, source, from_at, to_at, lines, read_at, version)
                 values ($1, 'sandbox', 20000, 'provider', 1, 2, 0, $2, 1)",
                &[statement.into(), tx.now.into()],
            )?;
            tx.run(
                "insert into differences (id, statement_id, provider, what, kind, name, state,
                                          note, found_at)
                 values ($1, $2, 'sandbox', 'missing_here', 'payment', 'x', 'open', '', $3)",
                &[id.into(), statement.into(), tx.now.into()],
            )?;
            app::case::open(tx, "statement_differs", ("statement", statement.0), "")?;
            Ok(id)
        })
        .unwrap();
    id.to_string()
}

/// A review of ann's that everybody may read.
fn reviewed(shop: &Served, tea: Goods) -> Id<Review> {
    let order =
        shop.order(&shop.ann, What::Now { variant: tea.variant, quantity: 1 }).unwrap().order;
    shop.pay(&shop.ann, order).unwrap();
    order_desk::ship(&shop.app, &shop.mo, order, Ship::all("SF", "SF0001")).unwrap();
    order_desk::confirm_receipt(&shop.app, &shop.ann, order).unwrap();
    let line = shop.see(&shop.ann, order).lines[0].id;
    let write = Write { line, stars: 4, text: "good".into() };
    review::write(&shop.app, &shop.ann, write, &[]).unwrap().review.id
}

/// The path with things that are there, or with ones that never were.
fn path(path: &str, things: &BTreeMap<&str, String>, there: bool) -> Option<String> {
    let mut filled = path.to_string();
    while let (Some(start), Some(end)) = (filled.find('{'), filled.find('}')) {
        let thing = things.get(&filled[start + 1..end])?;
        let missing = format!("{}_0000000000001", thing.split('_').next()?);
        filled.replace_range(start..=end, if there { thing } else { &missing });
    }
    Some(filled)
}

/// An answer without what is of this one request.
fn said(answer: &Answer) -> (u16, Value) {
    let mut body = serde_json::from_slice(&answer.bytes).unwrap_or(Value::Null);
    if let Some(body) = body.as_object_mut() {
        body.remove("instance");
    }
    (answer.status, body)
}

fn body(path: &str) -> Value {
    match path.rsplit('/').next() {
        Some("settlement") => json!({ "note": "asked them" }),
        Some("refunds") => json!({ "reason": "broken" }),
        Some("refusal" | "dispute" | "payment-instead") => json!({ "reason": "no" }),
        Some("decision") => json!({ "grant": false, "reason": "no" }),
        Some("escalation") => json!({ "text": "but" }),
        Some("receipt" | "removals") => json!({ "lines": [], "reason": "no" }),
        Some("price") => json!({ "total": 1, "reason": "no" }),
        Some("sending") => json!({ "hours": 1, "version": 1 }),
        Some("parcel" | "replacement") => json!({ "carrier": "SF", "tracking": "SF1234567" }),
        Some("shipments") => json!({ "carrier": "SF", "tracking": "SF1234567890" }),
        Some("steps") => json!({ "step": "pause" }),
        _ => json!({}),
    }
}

fn ask(shop: &Served, asker: &Asker, method: &str, path: &str, number: usize) -> Answer {
    let key = format!("access-matrix-{number:06}");
    let more = [("Idempotency-Key", key.as_str()), ("If-Match", "\"1\"")];
    let body = if matches!(method, "GET" | "DELETE") { Value::Null } else { body(path) };
    shop.call_with(&asker.token, method, path, &body, &more)
}

#[test]
fn what_is_another_s_answers_like_what_is_not_there() {
    let shop = served();
    let things = things(&shop);
    let of = |name, token, staff| Asker { name, token, staff };
    let some = |scope| [scope];
    let askers = [
        of("a guest", String::new(), false),
        of("bob", shop.token(&shop.bob), false),
        of("bob, to read", shop.token_for(&shop.bob, &some(Scope::Read)), false),
        of("bob, to shop", shop.token_for(&shop.bob, &some(Scope::Shop)), false),
        of("bob, to manage", shop.token_for(&shop.bob, &some(Scope::Manage)), false),
        of("mo, to shop", shop.token_for(&shop.mo, &some(Scope::Shop)), false),
        of("mo, to read", shop.token_for(&shop.mo, &some(Scope::Read)), true),
        of("mo", shop.token(&shop.mo), true),
        of("zoe", shop.token(&shop.zoe), true),
    ];
    let ann = of("ann", shop.token(&shop.ann), false);
    let before = said(&ask(&shop, &ann, "GET", &format!("/api/v1/orders/{}", things["order"]), 0));
    assert_eq!(before.0, 200);
    let (mut wrong, mut asked, mut told_apart) = (Vec::new(), 0, 0);
    let document = document::whole();
    for (pattern, methods) in document["paths"].as_object().unwrap() {
        let (Some(there), Some(gone)) =
            (path(pattern, &things, true), path(pattern, &things, false))
        else {
            continue;
        };
        if there == gone {
            continue;
        }
        let counter = pattern.starts_with("/api/v1/staff/");
        let private = PRIVATE.iter().any(|name| pattern.contains(&format!("{{{name}}}")));
        for method in methods.as_object().unwrap().keys().map(|method| method.to_uppercase()) {
            for asker in &askers {
                // Behind the counter things are everybody's; in the shop what is not private is.
                let may = if counter { asker.staff } else { !private };
                asked += 1;
                let theirs = said(&ask(&shop, asker, &method, &there, asked * 2));
                let missing = said(&ask(&shop, asker, &method, &gone, asked * 2 + 1));
                let refused = [401, 403, 404].contains(&theirs.0);
                let leak = !may && theirs != missing;
                let open = !may && (200..=299).contains(&theirs.0);
                if leak || open || theirs.0 >= 500 || (theirs.0 == 403 && theirs != missing) {
                    let name = asker.name;
                    wrong.push(format!("{name} {method} {pattern}: {theirs:?}, {missing:?}"));
                }
                told_apart += usize::from(may && !refused && theirs != missing);
            }
        }
    }
    assert!(wrong.is_empty(), "{} leaks:\n{}", wrong.len(), wrong.join("\n"));
    println!("{asked} pairs of answers, 0 leaks; {told_apart} of them told apart where they may");
    assert!(asked > 200 && told_apart > 20, "{asked} asked, {told_apart} told apart");
}

/// The same on pages, where an answer has the visitor's own name and keys in it.
#[test]
fn pages_of_another_s_are_not_found() {
    let shop = served();
    let things = things(&shop);
    let (cookie, _) = shop.browser("bob");
    let (anns, _) = shop.browser("ann");
    let asked = &things["return"];
    for page in ["/returns/{}", "/returns/{}/parcel"] {
        let (theirs, gone) = (page.replace("{}", asked), page.replace("{}", "aft_0000000000001"));
        let of = |path: &str, cookie: &str| shop.get(path, &[("Cookie", cookie)]).status;
        assert_eq!(of(&theirs, &cookie), of(&gone, &cookie), "{page}");
        assert!(of(&theirs, &cookie) >= 303, "{page}");
    }
    assert_eq!(shop.get(&format!("/returns/{asked}"), &[("Cookie", &anns)]).status, 200);
    let order = &things["order"];
    for page in ["/orders/{}", "/orders/{}/paid", "/orders/{}/pay", "/orders/{}/return"] {
        let (theirs, gone) = (page.replace("{}", order), page.replace("{}", "ord_0000000000001"));
        let of = |path: &str, cookie: &str| shop.get(path, &[("Cookie", cookie)]).status;
        assert_eq!(of(&theirs, &cookie), of(&gone, &cookie), "{page}");
        assert!(of(&theirs, &cookie) >= 303, "{page}");
        let console = page.replace("{}", order).replace("/orders", "/console/orders");
        assert!(of(&console, &anns) >= 303, "{console}");
    }
}
