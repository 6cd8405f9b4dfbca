//! Somebody's own data on both engines: the copy of it, and its end, looked for in every table.

use std::collections::BTreeSet;

use app::address::{self, PutEntry};
use app::checkout::{self, Place, What};
use app::consent::{self, SetConsent};
use app::customer::{self, AddNote, Block, MergeCustomers, Tag};
use app::db::Value;
use app::failure::Failure;
use app::own_data::{self, WithCode};
use app::person::{self, AskCode, SignIn};
use app::review::{self, desk};
use app::{Visitor, order_desk};
use domain::customer::{KEPT_BY_LAW, Purpose, WAITING};
use domain::id::Id;
use domain::moment::Span;
use domain::person::{Person, Role};
use domain::place::Address;

use crate::support::{TestShop, both_engines};

/// What says who she is, each in a writing that nothing else has.
const NAME: &str = "Cecilia Quandt";
const EMAIL: &str = "cecilia.quandt@mail.example";
const PHONE: &str = "+8613987654321";
const STREET: &str = "Quittenweg 77";
const PLACE: &str = "203.0.113.77";

fn refused<T: std::fmt::Debug>(answer: Result<T, Failure>, code: &str) {
    assert_eq!(answer.unwrap_err().code(), code);
}

/// Signs in from a place on the network, with a code.
fn signs_in(shop: &TestShop, contact: &str) -> Visitor {
    let guest = Visitor { place: PLACE.into(), locale: "en".into(), ..Visitor::default() };
    person::ask_code(&shop.app, &guest, AskCode { contact: contact.into() }).unwrap();
    let sign_in = SignIn { contact: contact.into(), code: code(shop, contact) };
    let came = person::sign_in(&shop.app, &guest, sign_in).unwrap();
    let who = Visitor::of(came.person.id, &came.person.name, Role::Shopper);
    Visitor { session: Some(came.started.session), place: PLACE.into(), ..who }
}

/// The last code that was sent to a contact.
fn code(shop: &TestShop, contact: &str) -> String {
    let sql = "select body from messages where recipient = $1 and body like '%sign-in code%'
               or recipient = $1 and body like '%登录验证码%' order by id desc limit 1";
    let body: String =
        shop.app.read(|tx| tx.one(sql, &[contact.into()], |row| row.get(0))).unwrap();
    body.chars().take(6).collect()
}

fn with_code(shop: &TestShop, who: &Visitor, contact: &str) -> WithCode {
    person::ask_own_code(&shop.app, who).unwrap();
    WithCode { code: code(shop, contact) }
}

fn id(who: &Visitor) -> Id<Person> {
    who.person.as_ref().unwrap().id
}

/// Every table with its columns, as the database itself has them.
fn schema(shop: &TestShop) -> Vec<(String, Vec<String>)> {
    let sql = if shop.engine == "sqlite" {
        "select m.name, c.name from sqlite_master m join pragma_table_info(m.name) c
         where m.type = 'table' and m.name not like 'sqlite%' order by m.name, c.cid"
    } else {
        "select table_name::text, column_name::text from information_schema.columns
         where table_schema = current_schema() order by table_name, ordinal_position"
    };
    let pairs = shop.app.read(|tx| tx.all(sql, &[], |row| (row.get(0), row.get(1)))).unwrap();
    let mut tables: Vec<(String, Vec<String>)> = Vec::new();
    for (table, column) in pairs {
        match tables.last_mut() {
            Some((last, columns)) if *last == table => columns.push(column),
            _ => tables.push((table, vec![column])),
        }
    }
    assert!(tables.len() > 60, "{}", tables.len());
    tables
}

/// Where one of these words is: `table.column`.
fn traces(shop: &TestShop, words: &[&str]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (table, columns) in schema(shop) {
        let sql = format!("select {} from {table}", columns.join(", "));
        let rows = shop.app.read(|tx| tx.all(&sql, &[], |row| row.values().to_vec())).unwrap();
        for row in rows {
            for (column, value) in columns.iter().zip(row) {
                let text = match value {
                    Value::Text(text) => text,
                    Value::Bytes(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
                    _ => continue,
                };
                let text = text.to_lowercase();
                if words.iter().any(|word| text.contains(&word.to_lowercase())) {
                    found.insert(format!("{table}.{column}"));
                }
            }
        }
    }
    found
}

const WORDS: &[&str] = &[NAME, EMAIL, PHONE, "13987654321", STREET, PLACE, "Quandt"];

/// A customer who did all that one can do, and is named wherever one can be named.
fn a_life(shop: &TestShop) -> Visitor {
    let who = signs_in(shop, EMAIL);
    let rename = person::Rename { name: NAME.into() };
    person::rename(&shop.app, &who, rename).unwrap();
    let home = Address {
        name: NAME.into(),
        phone: PHONE.into(),
        country: "CN".into(),
        region: "浙江省".into(),
        city: "杭州市".into(),
        line1: STREET.into(),
        ..Address::default()
    };
    let put = PutEntry { address: home.clone(), usual: true };
    address::add(&shop.app, &who, put).unwrap();
    let tea = shop.goods("tea", 3_900, 20);
    let place = Place {
        address: home.clone(),
        note: format!("ring twice, {NAME}"),
        gift_message: Some(format!("from {NAME}")),
        ..Place::of(What::Now { variant: tea.variant, quantity: 1 })
    };
    let order = checkout::place(&shop.app, &shop.keyed(&who), place).unwrap().value.order;
    shop.pay(&who, order).unwrap();
    crate::desk_people::at_the_desk(shop, order, EMAIL, NAME, STREET);
    shop.ship_it(order);
    order_desk::confirm_receipt(&shop.app, &who, order).unwrap();
    crate::gifts::in_a_life(shop, &who, &format!("yours, {NAME}"), &home);
    let line = shop.see(&who, order).lines[0].id;
    let write = review::Write { line, stars: 4, text: format!("good, says {NAME}") };
    let said = review::write(&shop.app, &shop.keyed(&who), write, &[]).unwrap().review.id;
    let answer = desk::Answer { text: format!("Thank you, {NAME}") };
    desk::answer(&shop.app, &shop.keyed(&shop.mo), said, &answer).unwrap();
    for purpose in Purpose::ALL {
        let set = SetConsent { purpose, given: true, version: None };
        consent::set(&shop.app, &who, "account", &set).unwrap();
    }
    app::browsing::saw(&shop.app, &who, tea.product).unwrap();
    let liked = app::favourite::SetFavourite { liked: true };
    app::favourite::set(&shop.app, &who, "tea", &liked).unwrap();
    let note = AddNote { text: format!("{NAME} lives at {STREET}") };
    customer::add_note(&shop.app, &shop.mo, id(&who), &note).unwrap();
    shop.group("gold", &[&who]);
    let tag = Tag { people: vec![id(&who)], tag: "Quandt".into(), on: true };
    customer::tag(&shop.app, &shop.mo, &tag).unwrap();
    let reason = format!("{NAME} asked for a rest");
    let block = Block { sign_in: false, ordering: true, reason };
    customer::block(&shop.app, &shop.mo, id(&who), &block).unwrap();
    // She came once more with her phone, and was made one.
    let twin = signs_in(shop, PHONE);
    let two = MergeCustomers { survivor: id(&who), other: id(&twin) };
    customer::merge(&shop.app, &shop.mo, &two).unwrap();
    shop.later(Span::days(8));
    who
}

#[test]
fn a_copy_of_everything_is_for_its_owner_alone() {
    both_engines(|shop| {
        let who = a_life(shop);
        let asked = own_data::ask_export(&shop.app, &who).unwrap();
        refused(own_data::ask_export(&shop.app, &who), "customer.too_soon");
        refused(own_data::fetch(&shop.app, &who, asked.id, &no_code()), "person.code_expired");
        shop.work();
        let ready = own_data::see(&shop.app, &who).unwrap().exports.remove(0);
        assert_eq!((ready.state.as_str(), ready.bytes > 1_000), ("ready", true));
        refused(own_data::fetch(&shop.app, &shop.bob, asked.id, &no_code()), "not_found");
        let with = with_code(shop, &who, EMAIL);
        refused(own_data::fetch(&shop.app, &who, asked.id, &no_code()), "person.wrong_code");
        let bytes = own_data::fetch(&shop.app, &who, asked.id, &with).unwrap();
        let copy: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(copy["people"].as_array().unwrap().len(), 2, "with whom she was made one");
        assert_eq!(copy["orders"][0]["address"]["line1"], STREET);
        assert_eq!(copy["reviews"][0]["stars"], 4);
        assert_eq!(copy["customer_group_members"][0]["name"], "gold");
        assert_eq!(copy["favourites"][0]["currency"], "CNY");
        assert_eq!(copy["order_notes"][0]["text"], format!("{NAME} calls at noon"));
        assert_eq!(copy["order_changes"][0]["before"]["line1"], STREET);
        let drafts: Vec<_> = copy["drafts"].as_array().unwrap().iter().collect();
        assert_eq!((drafts.len(), &drafts[0]["address"]["line1"]), (1, &STREET.into()));
        assert_eq!(copy["order_facts"][0]["phone"], PHONE);
        assert_eq!(copy["customer_notes"][0]["text"], format!("{NAME} lives at {STREET}"));
        refused(own_data::fetch(&shop.app, &who, asked.id, &with), "person.code_expired");
        // It lies ready for a week.
        shop.clock.advance(Span::days(8));
        let with = with_code(shop, &who, EMAIL);
        refused(own_data::fetch(&shop.app, &who, asked.id, &with), "not_found");
        shop.app.write(own_data::purge).unwrap();
        assert_eq!(own_data::see(&shop.app, &who).unwrap().exports[0].state, "gone");
    });
}

fn no_code() -> WithCode {
    WithCode { code: "000000".into() }
}

/// Tables in which somebody is named by number and which the copy leaves out, each for a reason.
const NOT_COPIED: &[(&str, &str)] = &[
    ("second_factors", "staff only"),
    ("recovery_codes", "staff only, hashes"),
    ("sign_in_tickets", "staff only, hashes, minutes"),
    ("passkey_challenges", "hashes, minutes"),
    ("set_apart", "of those who are gone"),
];

#[test]
fn the_copy_knows_every_table_with_a_person_in_it() {
    both_engines(|shop| {
        let known: BTreeSet<&str> = own_data::SECTIONS
            .iter()
            .map(|section| section.name)
            .chain(NOT_COPIED.iter().map(|(table, _)| *table))
            .collect();
        let missing: Vec<String> = schema(shop)
            .into_iter()
            .filter(|(_, columns)| columns.iter().any(|column| column == "person_id"))
            .map(|(table, _)| table)
            .filter(|table| !known.contains(table.as_str()))
            .collect();
        assert!(missing.is_empty(), "held, and not in the copy: {missing:?}");
    });
}

/// What stays after somebody was forgotten, until the law's time is over.
const KEPT: &[(&str, &str)] =
    &[("set_apart.body", "where a parcel went: E-Commerce Law 31, three years; read by nobody")];

#[test]
fn whoever_is_forgotten_leaves_no_trace_in_any_table() {
    both_engines(|shop| {
        let who = a_life(shop);
        let before = traces(shop, WORDS);
        for place in [
            "people.name",
            "orders.address",
            "gifts.card",
            "reviews.answer",
            "messages.recipient",
            "order_notes.text",
            "order_tags.tag",
            "order_changes.before",
            "drafts.address",
            "drafts.staff_note",
            "draft_lines.reason",
            "order_facts.phone",
            "order_views.filter",
            "order_bulk_items.named",
            "order_bulks.act",
            "staff_acts.detail",
        ] {
            assert!(before.contains(place), "the test would find nothing: {before:?}");
        }
        let (books, total) = ("select count(*) from postings", "select sum(total) from orders");
        let kept = (shop.number(books), shop.number(total));
        let person = id(&who);
        let groups =
            format!("select count(*) from customer_group_members where person_id = {}", person.0);
        assert_eq!(shop.number(&groups), 1);

        refused(own_data::ask_erasure(&shop.app, &who, &no_code()), "person.code_expired");
        let with = with_code(shop, &who, EMAIL);
        own_data::ask_erasure(&shop.app, &who, &with).unwrap();
        let with = with_code(shop, &who, EMAIL);
        refused(own_data::ask_erasure(&shop.app, &who, &with), "customer.already_asked");
        own_data::cancel_erasure(&shop.app, &who).unwrap();
        refused(own_data::cancel_erasure(&shop.app, &who), "customer.nothing_asked");
        shop.later(WAITING);
        assert!(traces(shop, WORDS).contains("people.name"), "she took it back");

        own_data::ask_erasure_for(&shop.app, &shop.mo, person).unwrap();
        shop.later(Span(WAITING.0 - Span::minutes(1).0));
        assert!(own_data::see(&shop.app, &who).unwrap().erasure.is_some());
        shop.later(Span::minutes(1));
        let kept_columns: BTreeSet<String> = KEPT.iter().map(|(at, _)| at.to_string()).collect();
        assert_eq!(traces(shop, WORDS), kept_columns, "on {}", shop.engine);
        assert_eq!(shop.number(&groups), 0);
        assert_eq!((shop.number(books), shop.number(total)), kept, "the books stay as they were");
        shop.audit();
        refused(customer::profile(&shop.app, &shop.mo, person), "not_found");
        refused(own_data::ask_erasure_for(&shop.app, &shop.mo, person), "not_found");

        // Whoever comes with the same contact is somebody new.
        let anew = signs_in(shop, EMAIL);
        assert_ne!(id(&anew), person);
        let hers = format!("select count(*) from orders where person_id = {}", id(&anew).0);
        assert_eq!(shop.number(&hers), 0);
        shop.later(KEPT_BY_LAW);
        shop.app.write(|tx| app::message::forget(tx, tx.now)).unwrap();
        // (The name of the new one is made of the same mailbox.)
        assert_eq!(shop.number("select count(*) from set_apart"), 0);
        let words = [PHONE, "13987654321", STREET, PLACE];
        assert_eq!(traces(shop, &words), BTreeSet::new(), "the law's time is over");
        assert_eq!(shop.number("select count(*) from erasures where state = 'finished'"), 1);
    });
}

#[test]
fn nobody_is_forgotten_while_something_is_under_way() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 20);
        let who = signs_in(shop, EMAIL);
        let now = What::Now { variant: tea.variant, quantity: 1 };
        let order = shop.order(&who, now).unwrap().order;
        refused(own_data::ask_erasure(&shop.app, &who, &no_code()), "customer.open_orders");
        assert_eq!(own_data::see(&shop.app, &who).unwrap().open_orders, 1);
        order_desk::cancel(&shop.app, &who, order).unwrap();
        let with = with_code(shop, &who, EMAIL);
        own_data::ask_erasure(&shop.app, &who, &with).unwrap();
        // She buys once more meanwhile: it waits until that is at its end.
        let late = What::Now { variant: tea.variant, quantity: 1 };
        let order = shop.order(&who, late).unwrap().order;
        shop.pay(&who, order).unwrap();
        shop.later(WAITING);
        shop.later(Span::days(2));
        assert_eq!(own_data::see(&shop.app, &who).unwrap().erasure.unwrap().state, "asked");
        order_desk::refund(&shop.app, &shop.keyed(&shop.mo), order, "she leaves").unwrap();
        shop.later(Span::days(2));
        let erased = "select count(*) from people where erased_at is not null";
        assert_eq!(shop.number(erased), 1);
        // A backup brings somebody back: the list of who was forgotten sees to it.
        assert_eq!(own_data::erased(&shop.app).unwrap(), [id(&who)]);
        let list = [id(&who), id(&shop.bob), Id::new(7)];
        assert_eq!(own_data::erase_again(&shop.app, &list).unwrap(), 1);
        assert_eq!(own_data::erase_again(&shop.app, &list).unwrap(), 0);
        refused(customer::profile(&shop.app, &shop.mo, id(&shop.bob)), "not_found");
        refused(own_data::ask_erasure_for(&shop.app, &shop.mo, id(&shop.zoe)), "customer.is_staff");
    });
}
