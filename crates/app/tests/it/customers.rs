//! Customers on both engines: found, noted about, kept out, made one and two again; what they
//! allow, like and looked at; their file.

use std::io::Cursor;
use std::sync::{Arc, Mutex};

use app::checkout::What;
use app::consent::{self, SetConsent};
use app::customer::{self, Block, Likeness, Look, MergeCustomers, Sort, Tag};
use app::failure::Failure;
use app::favourite::{self, SetFavourite};
use app::outside::{Post, Trouble};
use app::person::{self, AskCode, SignIn};
use app::{Visitor, address, browsing, cart, customer_csv, message, review, session};
use domain::customer::Purpose;
use domain::id::Id;
use domain::moment::Span;
use domain::person::Person;

use crate::support::{TestShop, both_engines, on_sqlite};
use crate::trade;

fn id(who: &Visitor) -> Id<Person> {
    who.person.as_ref().unwrap().id
}

fn refused<T: std::fmt::Debug>(answer: Result<T, Failure>, code: &str) {
    assert_eq!(answer.unwrap_err().code(), code);
}

fn look() -> Look {
    Look { limit: 50, ..Look::default() }
}

fn names(shop: &TestShop, look: &Look) -> Vec<String> {
    let found = customer::list(&shop.app, &shop.mo, look).unwrap();
    found.items.into_iter().map(|row| row.name).collect()
}

/// Signs in with a code as people do.
fn signs_in(shop: &TestShop, contact: &str) -> Result<Id<Person>, Failure> {
    let guest = Visitor::default();
    let ask = AskCode { contact: contact.into() };
    person::ask_code(&shop.app, &guest, ask)?;
    let sql = "select body from messages where recipient = $1 order by id desc limit 1";
    let body: String = shop.app.read(|tx| tx.one(sql, &[contact.into()], |row| row.get(0)))?;
    let code: String = body.chars().take(6).collect();
    let came = person::sign_in(&shop.app, &guest, SignIn { contact: contact.into(), code })?;
    Ok(came.person.id)
}

fn allows(shop: &TestShop, who: &Visitor, purpose: Purpose, given: bool) {
    let set = SetConsent { purpose, given, version: Some(1) };
    consent::set(&shop.app, who, "account", &set).unwrap();
}

#[test]
fn customers_are_found_by_what_they_are_and_bought() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 10);
        shop.arrived(&shop.ann, &[(tea, 2)]);
        shop.clock.advance(Span::days(2));
        shop.arrived(&shop.bob, &[(tea, 1)]);
        let of = |look: Look| names(shop, &look);
        assert_eq!(of(look()), ["lin", "eve", "bob", "ann"], "no staff among them");
        assert_eq!(of(Look { sort: Sort::Spent, ..look() })[..2], ["ann", "bob"]);
        assert_eq!(of(Look { sort: Sort::Ordered, ..look() }), ["bob", "ann"]);
        for (query, who) in
            [("AN", "ann"), ("bob@exam", "bob"), (&id(&shop.lin).to_string(), "lin")]
        {
            assert_eq!(of(Look { query: query.into(), ..look() }), [who], "{query}");
        }
        assert!(of(Look { query: "100%".into(), ..look() }).is_empty());
        assert_eq!(of(Look { has_ordered: Some(true), ..look() }), ["bob", "ann"]);
        assert_eq!(of(Look { has_ordered: Some(false), ..look() }), ["lin", "eve"]);
        let spent = customer::profile(&shop.app, &shop.mo, id(&shop.ann)).unwrap().net.minor;
        assert!(spent >= 7_800);
        assert_eq!(of(Look { spent_from: Some(spent), ..look() }), ["ann"]);
        assert_eq!(of(Look { spent_from: Some(1), spent_to: Some(spent - 1), ..look() }), ["bob"]);
        let yesterday = shop.app.now().minus(Span::days(1));
        assert_eq!(of(Look { last_order_after: Some(yesterday), ..look() }), ["bob"]);
        assert_eq!(of(Look { last_order_before: Some(yesterday), ..look() }), ["ann"]);
        assert!(of(Look { joined_after: Some(yesterday), ..look() }).is_empty());
        allows(shop, &shop.eve, Purpose::MarketingEmail, true);
        assert_eq!(of(Look { allows: Some(Purpose::MarketingEmail), ..look() }), ["eve"]);
        // Page by page, whatever it is sorted by, everybody comes once.
        for sort in Sort::ALL {
            let mut all = Vec::new();
            let mut after = None;
            loop {
                let one = Look { sort, after: after.clone(), limit: 1, ..look() };
                let page = customer::list(&shop.app, &shop.mo, &one).unwrap();
                all.extend(page.items.into_iter().map(|row| row.name));
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            assert_eq!(all, names(shop, &Look { sort, ..look() }), "{sort:?}");
        }
        refused(customer::list(&shop.app, &shop.ann, &look()), "forbidden");
    });
}

#[test]
fn a_profile_has_all_of_it_and_no_contact_in_full() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 10);
        let order = shop.arrived(&shop.ann, &[(tea, 2)]);
        let who = id(&shop.ann);
        let see = || customer::profile(&shop.app, &shop.mo, who).unwrap();
        let profile = see();
        assert_eq!((profile.email.as_str(), profile.phone.as_str()), ("a***@example.com", ""));
        assert_eq!((profile.paid_orders, profile.orders[0].id), (1, order));
        assert_eq!(profile.average, Some(profile.net));
        let text = serde_json::to_string(&profile).unwrap();
        assert!(!text.contains("ann@example.com") && !text.contains("13800138000"), "{text}");
        // Whoever looks behind the mask is written down.
        let found = customer::reveal(&shop.app, &shop.mo, who).unwrap();
        assert_eq!(found.contacts, ["ann@example.com"]);
        let acts = app::staff_act::list(&shop.app, &shop.zoe, None, 1).unwrap();
        assert_eq!(acts[0].action, "customer.reveal");
        refused(customer::reveal(&shop.app, &shop.bob, who), "forbidden");

        let note = customer::AddNote { text: "likes  green\ntea".into() };
        customer::add_note(&shop.app, &shop.keyed(&shop.mo), who, &note).unwrap();
        let tag = |people: &[&Visitor], tag: &str, on| {
            let people = people.iter().map(|one| id(one)).collect();
            customer::tag(&shop.app, &shop.mo, &Tag { people, tag: tag.into(), on })
        };
        assert_eq!(tag(&[&shop.ann, &shop.bob], "VIP", true).unwrap(), 2);
        assert_eq!(tag(&[&shop.ann], "VIP", true).unwrap(), 0);
        refused(tag(&[&shop.ann], "a,b", true), "customer.bad_tag");
        refused(tag(&[&shop.zoe], "VIP", true), "not_found");
        assert_eq!(names(shop, &Look { tag: "VIP".into(), ..look() }), ["bob", "ann"]);
        let profile = see();
        assert_eq!((profile.tags.len(), profile.notes[0].by.as_str()), (1, "mo"));
        assert!(profile.happened.iter().any(|one| one.what == "order.delivered"));
        assert!(profile.happened.iter().any(|one| one.what == "customer.note" && one.by == "mo"));
        let note = profile.notes[0].id;
        refused(customer::remove_note(&shop.app, &shop.mo, id(&shop.bob), note), "not_found");
        customer::remove_note(&shop.app, &shop.mo, who, note).unwrap();
        assert!(see().notes.is_empty());
        refused(customer::profile(&shop.app, &shop.mo, id(&shop.zoe)), "not_found");
    });
}

#[test]
fn whoever_is_blocked_neither_comes_in_nor_orders() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 10);
        let who = signs_in(shop, "ann@example.com").unwrap();
        let block = |sign_in, ordering, reason: &str| {
            let block = Block { sign_in, ordering, reason: reason.into() };
            customer::block(&shop.app, &shop.mo, who, &block)
        };
        refused(block(true, true, " "), "customer.no_reason");
        let now = || What::Now { variant: tea.variant, quantity: 1 };
        block(false, true, "does not fetch parcels").unwrap();
        refused(shop.order(&shop.ann, now()), "customer.ordering_blocked");
        shop.order(&shop.bob, now()).unwrap();
        assert_eq!(session::list(&shop.app, &shop.ann).unwrap().len(), 1);
        let profile = block(true, false, "asked for it").unwrap();
        assert_eq!(profile.block.unwrap().reason, "asked for it");
        assert!(session::list(&shop.app, &shop.ann).unwrap().is_empty());
        refused(signs_in(shop, "ann@example.com"), "customer.sign_in_blocked");
        shop.order(&shop.ann, now()).unwrap();
        assert_eq!(names(shop, &Look { blocked: true, ..look() }), ["ann"]);
        assert!(block(false, false, "").unwrap().block.is_none());
        shop.later(Span::hours(1));
        assert_eq!(signs_in(shop, "ann@example.com").unwrap(), who);
    });
}

#[test]
fn two_are_made_one_and_two_again() {
    both_engines(|shop| {
        let (tea, cup) = (shop.goods("tea", 3_900, 10), shop.goods("cup", 1_900, 10));
        let first = shop.arrived(&shop.ann, &[(tea, 1)]);
        let second = shop.arrived(&shop.bob, &[(cup, 1)]);
        let set = |who: &Visitor, variant, quantity| {
            let line = cart::SetLine { variant, quantity, add: false };
            cart::set(&shop.app, who, line).unwrap();
        };
        set(&shop.ann, tea.variant, 1);
        set(&shop.bob, tea.variant, 3);
        let liked = SetFavourite { liked: true };
        for (who, what) in [(&shop.ann, "tea"), (&shop.bob, "tea"), (&shop.bob, "cup")] {
            favourite::set(&shop.app, who, what, &liked).unwrap();
        }
        let line = shop.see(&shop.bob, second).lines[0].id;
        let write = review::Write { line, stars: 5, text: "good".into() };
        let said = review::write(&shop.app, &shop.keyed(&shop.bob), write, &[]).unwrap().review.id;
        let helps = review::Vote { helpful: true };
        review::vote(&shop.app, &shop.ann, said, helps).unwrap();
        let (ann, bob) = (id(&shop.ann), id(&shop.bob));
        let books = "select count(*) from postings";
        let before = shop.number(books);
        let two = MergeCustomers { survivor: ann, other: bob };
        refused(customer::merge(&shop.app, &shop.ann, &two), "forbidden");
        let merged = customer::merge(&shop.app, &shop.keyed(&shop.mo), &two).unwrap();
        assert_eq!((merged.paid_orders, merged.others), (2, vec!["b***@example.com".to_string()]));
        assert_eq!(shop.number(books), before, "the books are not touched");
        assert!(shop.see(&shop.ann, second).id == second);
        // Nobody's vote is for their own review.
        assert_eq!(review::get(&shop.app, &shop.ann, said).unwrap().helpful, 0);
        assert_eq!(cart::view(&shop.app, &shop.ann).unwrap().lines[0].quantity, 3);
        assert_eq!(favourite::list(&shop.app, &shop.ann).unwrap().len(), 2);
        assert_eq!(address::list(&shop.app, &shop.ann).unwrap().len(), 1);
        assert_eq!(signs_in(shop, "bob@example.com").unwrap(), ann, "one contact leads there");
        refused(customer::merge(&shop.app, &shop.mo, &two), "customer.not_two");
        assert_eq!(names(shop, &Look { has_ordered: Some(true), ..look() }), ["ann"]);
        shop.later(Span::minutes(10));

        let merge = merged.merges[0].id;
        let apart = customer::undo(&shop.app, &shop.keyed(&shop.mo), merge).unwrap();
        assert_eq!((apart.paid_orders, apart.others.len()), (1, 0));
        refused(customer::undo(&shop.app, &shop.mo, merge), "customer.not_as_it_was");
        assert_eq!(shop.see(&shop.bob, second).id, second);
        refused(app::order::get(&shop.app, &shop.ann, second), "not_found");
        assert_eq!(shop.see(&shop.ann, first).id, first);
        assert_eq!(review::get(&shop.app, &shop.ann, said).unwrap().helpful, 1);
        assert_eq!(signs_in(shop, "bob@example.com").unwrap(), bob);
    });
}

#[test]
fn two_in_one_team_stay_two() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 20);
        let offer = shop.group_buy(tea, 2_900, None, |settings| settings.per_person = 2);
        let team = shop.open_team(&shop.ann, offer, tea);
        let merge = |survivor: &Visitor, other: &Visitor| {
            let two = MergeCustomers { survivor: id(survivor), other: id(other) };
            customer::merge(&shop.app, &shop.mo, &two)
        };
        let held = What::JoinTeam { team, variant: tea.variant, quantity: 1 };
        shop.order(&shop.bob, held).unwrap();
        refused(merge(&shop.ann, &shop.bob), "customer.both_in_team");
        refused(merge(&shop.ann, &shop.ann), "customer.not_two");
        refused(merge(&shop.ann, &shop.zoe), "customer.is_staff");
        // A leader who goes leads on as the other; a place in the limit goes over with its count.
        merge(&shop.lin, &shop.ann).unwrap();
        assert!(shop.number("select leader_id from teams") == id(&shop.lin).0);
        shop.open_team(&shop.eve, offer, tea);
        let more = What::OpenTeam { group_buy: offer, variant: tea.variant, quantity: 1 };
        shop.order(&shop.eve, more).unwrap();
        refused(merge(&shop.lin, &shop.eve), "customer.over_limit");
    });
}

#[test]
fn duplicates_are_suggested() {
    both_engines(|shop| {
        let add = |contact: &str, name: &str| {
            let add = customer::AddCustomer { contact: contact.into(), name: Some(name.into()) };
            customer::add(&shop.app, &shop.mo, &add).unwrap().id
        };
        let one = add("ann.lee@gmail.com", "Ann Lee");
        let two = add("annlee+shop@googlemail.com", "A. Lee");
        let phone = add("13800138000", "安");
        let tea = shop.goods("tea", 3_900, 10);
        shop.arrived(&shop.bob, &[(tea, 1)]);
        shop.arrived(&shop.eve, &[(tea, 1)]);
        let found = customer::suggestions(&shop.app, &shop.mo).unwrap();
        let pairs: Vec<_> = found.iter().map(|one| (one.why, one.one.id, one.other.id)).collect();
        assert!(pairs.contains(&(Likeness::Contact, one, two)), "{pairs:?}");
        let (bob, eve) = (id(&shop.bob), id(&shop.eve));
        assert!(pairs.contains(&(Likeness::NameAndAddress, bob, eve)), "{pairs:?}");
        assert!(pairs.contains(&(Likeness::ParcelPhone, bob, phone)), "{pairs:?}");
        refused(customer::suggestions(&shop.app, &shop.bob), "forbidden");
    });
}

#[test]
fn what_is_allowed_is_written_down_each_time() {
    both_engines(|shop| {
        let set = |given, version| {
            let set = SetConsent { purpose: Purpose::MarketingEmail, given, version };
            consent::set(&shop.app, &shop.ann, "account", &set)
        };
        let all = consent::list(&shop.app, &shop.ann).unwrap();
        assert!(all.iter().all(|one| !one.given && one.may_be_asked && one.since.is_none()));
        refused(set(true, Some(0)), "stale");
        assert!(set(true, Some(1)).unwrap()[0].given);
        set(true, Some(1)).unwrap();
        let off = set(false, None).unwrap();
        assert!(!off[0].given && !off[0].may_be_asked);
        shop.clock.advance(Span::days(30));
        assert!(consent::list(&shop.app, &shop.ann).unwrap()[0].may_be_asked);
        let said = consent::mine(&shop.app, &shop.ann).unwrap();
        assert_eq!(said.iter().map(|one| one.given).collect::<Vec<_>>(), [false, true]);
        assert!(said.iter().all(|one| one.wording_hash.len() == 64 && one.channel == "account"));
        assert!(consent::mine(&shop.app, &shop.bob).unwrap().is_empty());
    });
}

/// Remembers what letters left with.
#[derive(Default)]
struct Pigeon(Mutex<Vec<String>>);

impl Post for Pigeon {
    fn carries(&self, _: &str) -> bool {
        true
    }
    fn send(&self, _: &str, to: &str, _: &str, _: &str) -> Result<(), Trouble> {
        self.0.lock().unwrap().push(to.to_string());
        Ok(())
    }
    fn send_with(
        &self,
        _: &str,
        to: &str,
        (_, body): (&str, &str),
        headers: &[(&'static str, String)],
    ) -> Result<(), Trouble> {
        self.0.lock().unwrap().push(format!("{to} {body} {headers:?}"));
        Ok(())
    }
}

#[test]
fn no_letter_that_sells_leaves_without_consent() {
    let mut shop = on_sqlite();
    let pigeon = Arc::new(Pigeon::default());
    Arc::get_mut(&mut shop.app).unwrap().outside.post = pigeon.clone();
    let put = || {
        let letter = ("New tea", "Spring is here.");
        let base = &shop.app.config.base_url;
        shop.app.write(|tx| message::put_marketing(tx, base, id(&shop.ann), "email", letter))
    };
    refused(put(), "customer.no_consent");
    allows(&shop, &shop.ann, Purpose::MarketingSms, true);
    refused(put(), "customer.no_consent");
    allows(&shop, &shop.ann, Purpose::MarketingEmail, true);
    put().unwrap();
    shop.work();
    let left = pigeon.0.lock().unwrap().remove(0);
    for part in ["List-Unsubscribe-Post", "List-Unsubscribe=One-Click", "/unsubscribe/per_"] {
        assert!(left.contains(part), "{left}");
    }
    // One that waits is held back when the consent is taken back before it leaves.
    put().unwrap();
    let token = left.split("/unsubscribe/").nth(1).unwrap();
    let token: String =
        token.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '.' | '_')).collect();
    let guest = Visitor::default();
    assert!(consent::of_link(&shop.app, &token).unwrap().given);
    for bad in ["", "per_1.marketing_email.x", &token.replace("email", "sms"), &format!("{token}.")]
    {
        refused(consent::unsubscribe(&shop.app, &guest, bad), "customer.bad_link");
    }
    for _ in 0..2 {
        assert!(!consent::unsubscribe(&shop.app, &guest, &token).unwrap().given);
    }
    shop.work();
    assert!(pigeon.0.lock().unwrap().is_empty());
    let outbox = message::list(&shop.app, &shop.mo, None, 1).unwrap().remove(0);
    assert!(outbox.marketing && outbox.withheld && outbox.body.is_empty());
    refused(put(), "customer.no_consent");
}

#[test]
fn what_one_likes_follows_them_and_says_when_it_is_cheaper() {
    both_engines(|shop| {
        let (tea, cup) = (shop.goods("tea", 3_900, 10), shop.goods("cup", 1_900, 0));
        let started = session::start_guest(&shop.app).unwrap();
        let guest = Visitor { session: Some(started.session), ..Visitor::default() };
        let set = |who: &Visitor, what: &str, liked| {
            favourite::set(&shop.app, who, what, &SetFavourite { liked }).unwrap()
        };
        assert_eq!(set(&guest, "tea", true).count, 1);
        assert_eq!(set(&guest, "tea", true).count, 1);
        set(&shop.ann, "cup", true);
        refused(
            favourite::set(&shop.app, &guest, "nothing", &SetFavourite { liked: true }),
            "not_found",
        );
        favourite::adopt(&shop.app, started.session, id(&shop.ann)).unwrap();
        assert!(favourite::list(&shop.app, &guest).unwrap().is_empty());
        let list = || favourite::list(&shop.app, &shop.ann).unwrap();
        assert!(list().iter().all(|one| one.cheaper_by.is_none() && !one.back_in_stock));
        let cheaper = "update variants set price = 2900 where id = $1";
        shop.app.write(|tx| tx.run(cheaper, &[tea.variant.into()])).unwrap();
        let history = "update price_history set price = 2900 where variant_id = $1";
        shop.app.write(|tx| tx.run(history, &[tea.variant.into()])).unwrap();
        let low = "update products set low_price = 2900 where id = $1";
        shop.app.write(|tx| tx.run(low, &[tea.product.into()])).unwrap();
        let why = "delivery";
        shop.app.write(|tx| app::inventory::set_level(tx, cup.variant, 5, None, why)).unwrap();
        let now = list();
        let of = |handle: &str| now.iter().find(|one| one.product.handle == handle).unwrap();
        assert_eq!(of("tea").cheaper_by.unwrap().minor, 1_000);
        assert!(of("cup").back_in_stock && of("cup").cheaper_by.is_none());
        assert_eq!(set(&shop.ann, "tea", false).count, 1);
        assert_eq!(favourite::ids(&shop.app, &shop.ann).unwrap(), [cup.product]);
        assert!(favourite::ids(&shop.app, &shop.bob).unwrap().is_empty());
    });
}

#[test]
fn what_one_looked_at_is_kept_only_if_they_like() {
    both_engines(|shop| {
        let (tea, cup) = (shop.goods("tea", 3_900, 10), shop.goods("cup", 1_900, 10));
        let saw = |who: &Visitor, what: trade::Goods| {
            shop.clock.advance(Span::seconds(1));
            browsing::saw(&shop.app, who, what.product).unwrap();
        };
        let seen = || {
            let history = browsing::history(&shop.app, &shop.ann).unwrap();
            history.seen.into_iter().map(|one| one.product.handle).collect::<Vec<_>>()
        };
        saw(&shop.ann, tea);
        assert!(seen().is_empty(), "nobody asked her");
        allows(shop, &shop.ann, Purpose::BrowsingHistory, true);
        saw(&shop.ann, tea);
        saw(&shop.ann, cup);
        saw(&shop.ann, tea);
        assert_eq!(seen(), ["tea", "cup"]);
        let recent = browsing::recent(&shop.app, &shop.ann, Some(tea.product), 5).unwrap();
        assert_eq!(recent.len(), 1);
        let pause = |paused| {
            browsing::pause(&shop.app, &shop.ann, browsing::PauseHistory { paused }).unwrap()
        };
        assert!(pause(true).paused);
        saw(&shop.ann, cup);
        assert_eq!(seen(), ["tea", "cup"]);
        pause(false);
        browsing::forget(&shop.app, &shop.ann, Some(tea.product)).unwrap();
        assert_eq!(seen(), ["cup"]);
        // Off stops at once and leaves nothing.
        allows(shop, &shop.ann, Purpose::BrowsingHistory, false);
        assert!(seen().is_empty());
        saw(&shop.ann, cup);
        assert_eq!(shop.number("select count(*) from browsed"), 0);
    });
}

const FILE: &str = "\
First Name,Last Name,Email,Accepts Email Marketing,Default Address Address1,\
Default Address City,Default Address Province Code,Default Address Country Code,\
Default Address Phone,Phone,Note,Tags,Email Consent Source,Email Consent At
Cat,Chan,cat@example.com,yes,1 Lake Road,Hangzhou,ZJ,CN,13800138001,'+8613800138001,\
likes tea,\"tea, VIP\",till,2025-05-01
小龙,李,,no,,,,,,13800138002,,,,
Dan,,dan@example.com,yes,,,,,,,,,,
Eve,,not a mailbox,no,,,,,,,,,,
,,,,,,,,,,nobody,,,
Zoe,,zoe@example.com,no,,,,,,,,,,
Cat,Chan,cat@example.com,no,,,,,,,,,,
";

#[test]
fn a_customer_file_comes_in_once_and_goes_out_whole() {
    both_engines(|shop| {
        let import = |text: &str, dry| {
            let file = Cursor::new(text.as_bytes().to_vec());
            customer_csv::import(&shop.app, &shop.mo, file, dry, &mut |_| {}).unwrap()
        };
        let people = "select count(*) from people";
        let before = shop.number(people);
        let dry = import(FILE, true);
        assert_eq!(shop.number(people), before, "a rehearsal changes nothing");
        let first = import(FILE, false);
        let counts = |report: &customer_csv::Report| {
            (report.rows, report.new, report.updated, report.unchanged, report.rejected_rows)
        };
        assert_eq!(counts(&first), (7, 3, 0, 1, 3), "{:?}", first.faults);
        assert_eq!(counts(&dry), counts(&first), "{:?}", dry.faults);
        let reasons: Vec<&str> = first.faults.iter().map(|fault| fault.reason.as_str()).collect();
        assert_eq!(reasons, ["consent_unproved", "bad_contact", "no_contact", "is_staff"]);
        assert!(reasons.iter().all(|reason| customer_csv::REASONS.contains(reason)));
        assert_eq!(first.consents, 1);
        let again = import(FILE, false);
        assert_eq!(counts(&again), (7, 0, 0, 4, 3));

        let cat = signs_in(shop, "+8613800138001").unwrap();
        let profile = customer::profile(&shop.app, &shop.mo, cat).unwrap();
        assert_eq!((profile.name.as_str(), profile.tags.len()), ("Cat Chan", 2));
        assert_eq!(profile.consent_history[0].source, "till");
        assert_eq!(names(shop, &Look { query: "李小龙".into(), ..look() }).len(), 1);
        let mut file = Vec::new();
        let rows = customer_csv::export(&shop.app, &shop.mo, &mut file).unwrap();
        let text = String::from_utf8(file).unwrap();
        assert_eq!(rows, 7, "four of the cast and three more");
        assert!(text.contains("'+8613800138001") && !text.contains(",+86"), "{text}");
        let back = import(&text, false);
        assert_eq!((back.new, back.updated, back.rejected_rows), (0, 0, 0), "{:?}", back.faults);
        refused(customer_csv::export(&shop.app, &shop.ann, &mut Vec::new()), "forbidden");
        let nothing = Cursor::new(b"a,b\n1,2\n".to_vec());
        refused(
            customer_csv::import(&shop.app, &shop.mo, nothing, false, &mut |_| {}),
            "customer.not_a_customer_file",
        );
    });
}
