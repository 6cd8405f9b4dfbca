//! The order desk on both engines: finding orders, notes and tags, kept views, acts on many, hints,
//! what happened, and files.

use app::checkout::What;
use app::order_csv::{self, Want};
use app::order_desk::bulk::{self, Act, BulkView, Row};
use app::order_desk::label::{self, AddNote, Tag};
use app::order_desk::looks::{self, Keep};
use app::order_desk::{self, Filter, Sort, Start, hints, timeline};
use app::stock_csv;
use domain::id::Id;
use domain::moment::Span;
use domain::order::{Order, Status};
use domain::risk_hint::Kind;

use crate::races::at_once;
use crate::support::{TestShop, both_engines};
use crate::trade::Goods;

fn now(goods: Goods, quantity: i64) -> What {
    What::Now { variant: goods.variant, quantity }
}

fn found(shop: &TestShop, filter: &Filter) -> Vec<Id<Order>> {
    let rows = order_desk::list(&shop.app, &shop.mo, filter, None, 50).unwrap();
    rows.iter().map(|row| row.id).collect()
}

/// ann's unpaid tea, bob's paid cups, and ann's tea that is sent.
fn three(shop: &TestShop) -> ([Id<Order>; 3], Goods, Goods) {
    let (tea, cup) = (shop.goods("tea", 3_900, 100), shop.goods("cup", 1_900, 100));
    let unpaid = shop.order(&shop.ann, now(tea, 1)).unwrap().order;
    shop.clock.advance(Span::minutes(1));
    let paid = shop.order(&shop.bob, now(cup, 3)).unwrap().order;
    shop.pay(&shop.bob, paid).unwrap();
    shop.clock.advance(Span::minutes(1));
    let sent = shop.shipped(&shop.ann, &[(tea, 2)]);
    ([unpaid, paid, sent], tea, cup)
}

#[test]
fn orders_are_found_by_everything_staff_know_of_them() {
    both_engines(|shop| {
        let ([unpaid, paid, sent], tea, cup) = three(shop);
        let check = |filter: Filter, want: &[Id<Order>]| {
            assert_eq!(found(shop, &filter), want, "{filter:?} on {}", shop.engine);
            let n = order_desk::find::count(&shop.app, &shop.mo, &filter, 10).unwrap();
            assert_eq!(n, want.len() as i64, "{filter:?}");
        };
        let plain = Filter::default;
        let text = str::to_string;
        check(plain(), &[sent, paid, unpaid]);
        check(Filter { status: Some(Status::ToShip), ..plain() }, &[paid]);
        check(Filter { paid: Some(false), ..plain() }, &[unpaid]);
        check(Filter { in_team: Some(true), ..plain() }, &[]);
        check(Filter { total_from: Some(5_000), total_to: Some(7_000), ..plain() }, &[paid]);
        check(Filter { product: Some(tea.product), ..plain() }, &[sent, unpaid]);
        check(Filter { sku: text("CUP"), ..plain() }, &[paid]);
        check(Filter { shipping_method: text("standard"), ..plain() }, &[sent, paid, unpaid]);
        check(Filter { shipping_method: text("express"), ..plain() }, &[]);
        check(Filter { region: text("浙江"), ..plain() }, &[sent, paid, unpaid]);
        check(Filter { region: text("江苏省"), ..plain() }, &[]);
        check(Filter { buyer: Some(shop.bob.reader().unwrap()), ..plain() }, &[paid]);
        let before = shop.see(&shop.ann, sent).created_at;
        check(Filter { placed_before: Some(before), ..plain() }, &[paid, unpaid]);
        check(Filter { placed_after: Some(before), ..plain() }, &[sent]);
        check(Filter { days: Some(1), ..plain() }, &[sent, paid, unpaid]);
        check(Filter { has_return: Some(true), ..plain() }, &[]);
        check(Filter { has_note: Some(true), ..plain() }, &[]);
        check(Filter { sort: Sort::Oldest, ..plain() }, &[unpaid, paid, sent]);
        check(Filter { sort: Sort::Dearest, ..plain() }, &[sent, paid, unpaid]);
        check(Filter { sort: Sort::Cheapest, ..plain() }, &[unpaid, paid, sent]);
        let _ = cup;
        // Searched for as people do: by the id or its end, a name, a mail, a phone, a number.
        let id = paid.to_string();
        for query in [&id, &format!("#{}", &id[id.len() - 8..]), "bob", "BOB@example"] {
            check(Filter { query: query.into(), ..plain() }, &[paid]);
        }
        for query in ["sf1234567890", "ann@example.com 1"] {
            let want: &[Id<Order>] = if query.contains('@') { &[] } else { &[sent] };
            check(Filter { query: query.into(), ..plain() }, want);
        }
        for query in ["8000", "138 0013 8000", "安"] {
            check(Filter { query: query.into(), ..plain() }, &[sent, paid, unpaid]);
        }
        for query in ["%", "_", "\"", "no such thing"] {
            let all: &[Id<Order>] = if query.len() == 1 { &[sent, paid, unpaid] } else { &[] };
            check(Filter { query: query.into(), ..plain() }, all);
        }
        let refused = order_desk::list(&shop.app, &shop.ann, &plain(), None, 5).unwrap_err();
        assert_eq!(refused.code(), "forbidden");
    });
}

#[test]
fn pages_follow_each_other_in_every_order() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 1_000, 100);
        for n in [3, 1, 2, 1, 3] {
            shop.order(&shop.ann, now(goods, n)).unwrap();
            shop.clock.advance(Span::seconds(1));
        }
        for sort in Sort::ALL {
            let filter = Filter { sort, ..Filter::default() };
            let whole = found(shop, &filter);
            let (mut pages, mut after) = (Vec::new(), None);
            loop {
                let page = order_desk::list(&shop.app, &shop.mo, &filter, after, 2).unwrap();
                let Some(last) = page.last() else { break };
                after = Some(last.id);
                pages.extend(page.iter().map(|row| row.id));
            }
            assert_eq!(pages, whole, "{sort:?}");
            assert_eq!(pages.len(), 5);
        }
    });
}

#[test]
fn notes_and_tags_are_staffs_alone() {
    both_engines(|shop| {
        let ([unpaid, ..], ..) = three(shop);
        let note = AddNote { text: " rings twice ".into() };
        let view = label::note(&shop.app, &shop.mo, unpaid, &note).unwrap();
        assert_eq!(
            (view.notes[0].text.as_str(), view.notes[0].author.as_str()),
            ("rings twice", "mo")
        );
        let seen = serde_json::to_string(&shop.see(&shop.ann, unpaid)).unwrap();
        assert!(!seen.contains("rings twice"), "a buyer never reads what staff wrote");
        let refused = label::note(&shop.app, &shop.ann, unpaid, &note).unwrap_err();
        assert_eq!(refused.code(), "forbidden");
        let none = AddNote { text: " ".into() };
        assert_eq!(
            label::note(&shop.app, &shop.mo, unpaid, &none).unwrap_err().code(),
            "order.bad_note"
        );
        let tags = Tag { add: vec!["Gift Wrap".into(), "急单".into()], remove: vec![] };
        let view = label::tag(&shop.app, &shop.mo, unpaid, &tags).unwrap();
        assert_eq!(view.tags, ["gift-wrap", "急单"]);
        let acts = "select count(*) from staff_acts where action = 'order.tag'";
        assert_eq!(shop.number(acts), 1);
        label::tag(&shop.app, &shop.mo, unpaid, &tags).unwrap();
        assert_eq!(shop.number(acts), 1, "the same again is nothing");
        let filter = Filter { tag: "急单".into(), has_note: Some(true), ..Filter::default() };
        assert_eq!(found(shop, &filter), [unpaid]);
        let off = Tag { add: vec![], remove: vec!["急单".into()] };
        label::tag(&shop.app, &shop.mo, unpaid, &off).unwrap();
        assert_eq!(found(shop, &filter), []);
        let many = Tag { add: (0..30).map(|n| format!("t{n}")).collect(), remove: vec![] };
        let refused = label::tag(&shop.app, &shop.mo, unpaid, &many).unwrap_err();
        assert_eq!(refused.code(), "order.bad_tag");
        assert_eq!(label::all_tags(&shop.app, &shop.mo).unwrap(), [("gift-wrap".to_string(), 1)]);
    });
}

#[test]
fn views_are_ones_own_and_the_owners_are_everybodys() {
    both_engines(|shop| {
        three(shop);
        let keep = |who, name: &str, shared| {
            let filter = Filter { paid: Some(true), ..Filter::default() };
            looks::keep(&shop.app, who, &Keep { name: name.into(), shared, filter })
        };
        keep(&shop.mo, "paid", false).unwrap();
        assert_eq!(keep(&shop.mo, "all see", true).unwrap_err().code(), "forbidden");
        keep(&shop.zoe, "all see", true).unwrap();
        let mine = looks::list(&shop.app, &shop.mo).unwrap();
        let names: Vec<(&str, bool, i64)> =
            mine.iter().map(|look| (look.name.as_str(), look.mine, look.count)).collect();
        assert_eq!(names, [("all see", false, 2), ("paid", true, 2)]);
        let (shared, own) = (mine[0].id, mine[1].id);
        assert!(looks::remove(&shop.app, &shop.mo, shared).is_err());
        assert_eq!(looks::remove(&shop.app, &shop.zoe, own).unwrap_err().code(), "not_found");
        looks::remove(&shop.app, &shop.mo, own).unwrap();
        looks::remove(&shop.app, &shop.zoe, shared).unwrap();
        assert!(looks::list(&shop.app, &shop.mo).unwrap().is_empty());
        assert_eq!(keep(&shop.mo, " ", false).unwrap_err().code(), "order.bad_view");
    });
}

fn row(order: &str, tracking: &str) -> Row {
    Row { order: order.into(), carrier: "SF".into(), tracking: tracking.into() }
}

fn many(shop: &TestShop, what: Act, rows: Vec<Row>) -> BulkView {
    let start = Start { what, rows, filter: None };
    let id = bulk::start(&shop.app, &shop.mo, &start).unwrap();
    shop.work();
    order_desk::bulk::get(&shop.app, &shop.mo, id).unwrap()
}

fn ended(view: &BulkView) -> Vec<(&str, &str)> {
    view.items.iter().map(|item| (item.status.as_str(), item.code.as_str())).collect()
}

#[test]
fn an_act_on_many_says_what_became_of_each() {
    both_engines(|shop| {
        let ([unpaid, paid, sent], ..) = three(shop);
        let ids = [unpaid, paid, sent].map(|id| id.to_string());
        let all = || ids.iter().map(|id| row(id, "")).chain([row("ord_nothing", "")]).collect();
        let packed = many(shop, Act::Pack, all());
        assert!(packed.done);
        assert_eq!((packed.went, packed.same, packed.refused), (1, 0, 3));
        assert_eq!(many(shop, Act::Pack, vec![row(&ids[1], "")]).same, 1);
        let cancelled = many(shop, Act::Cancel { reason: "sold out".into() }, all());
        assert_eq!((cancelled.went, cancelled.refused), (1, 3));
        assert_eq!(shop.see(&shop.ann, unpaid).status, Status::Cancelled);
        assert_eq!(shop.see(&shop.bob, paid).status, Status::ToShip, "paid is not cancelled");
        let file = format!(
            "\u{feff}订单号,快递单号,快递公司\r\n{},SF0042,顺丰\r\n{},SF0043,顺丰\r\n",
            ids[1], ids[2]
        );
        let rows = bulk::read_tracking(file.as_bytes()).unwrap();
        let shipped = many(shop, Act::Ship, rows.clone());
        assert_eq!(ended(&shipped), [("refused", "order.not_now"), ("done", "")]);
        let seen = shop.see(&shop.bob, paid);
        assert_eq!((seen.status, seen.shipments[0].tracking.as_str()), (Status::Shipped, "SF0042"));
        // The same file again changes nothing.
        let again = many(shop, Act::Ship, rows);
        assert_eq!(ended(&again), [("refused", "order.not_now"), ("same", "")]);
        assert_eq!(shop.see(&shop.bob, paid).shipments.len(), 1);
        let tagged = many(shop, Act::Tag { add: vec!["vip".into()], remove: vec![] }, all());
        assert_eq!((tagged.went, tagged.refused), (3, 1));
        for bad in [&b""[..], b"order,carrier,tracking\n", b"\xfe\xff"] {
            assert_eq!(bulk::read_tracking(bad).unwrap_err().code(), "order.bad_file");
        }
        let none = Start { what: Act::Pack, rows: vec![], filter: None };
        assert_eq!(bulk::start(&shop.app, &shop.mo, &none).unwrap_err().code(), "order.too_many");
        assert_eq!(bulk::start(&shop.app, &shop.ann, &none).unwrap_err().code(), "forbidden");
    });
}

#[test]
fn all_that_a_filter_finds_is_acted_on_and_what_was_begun_is_ended() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 1_000, 100);
        for _ in 0..5 {
            shop.order(&shop.ann, now(goods, 1)).unwrap();
        }
        let filter = Some(Filter { paid: Some(false), ..Filter::default() });
        let what = Act::Cancel { reason: "closed for a week".into() };
        let start = Start { what, rows: vec![], filter };
        let id = bulk::start(&shop.app, &shop.mo, &start).unwrap();
        // A process took two and did not come back; one of them it had ended.
        let first = "select order_id from order_bulk_items where position = 0";
        let first = Id::<Order>::new(shop.number(first));
        shop.app
            .write(|tx| {
                let sql = "update order_bulk_items set status = 'doing' where position < 2";
                tx.run(sql, &[])
            })
            .unwrap();
        order_desk::refund(&shop.app, &shop.mo, first, "closed for a week").unwrap();
        bulk::run(&shop.app, id).unwrap();
        let view = bulk::get(&shop.app, &shop.mo, id).unwrap();
        assert_eq!((view.went, view.waiting, view.done), (3, 2, false));
        shop.later(Span::minutes(3));
        bulk::run(&shop.app, id).unwrap();
        let view = bulk::get(&shop.app, &shop.mo, id).unwrap();
        assert_eq!((view.went, view.waiting, view.done), (5, 0, true));
        assert_eq!(shop.stock(goods).available, 100);
    });
}

/// Two members of staff act on the same orders at once: each order is ended once, and each of the
/// two hears what became of every one.
#[test]
fn two_act_on_the_same_orders() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 1_000, 100);
        for _ in 0..2 {
            let rows: Vec<Row> = (0..6)
                .map(|_| row(&shop.order(&shop.ann, now(goods, 1)).unwrap().order.to_string(), ""))
                .collect();
            let ended = at_once(2, |n| {
                let who = if n == 0 { &shop.mo } else { &shop.zoe };
                let what = Act::Cancel { reason: "twice".into() };
                let start = Start { what, rows: rows.clone(), filter: None };
                let id = bulk::start(&shop.app, who, &start).unwrap();
                bulk::run(&shop.app, id).unwrap();
                bulk::get(&shop.app, who, id).unwrap()
            });
            let went: i64 = ended.iter().map(|view| view.went).sum();
            assert_eq!(went, 6, "on {}: {ended:?}", shop.engine);
            for view in &ended {
                assert_eq!(view.went + view.same + view.refused, 6);
            }
        }
        let cancelled = "select count(*) from order_moves where to_status = 'cancelled'";
        assert_eq!(shop.number(cancelled), 12);
    });
}

#[test]
fn what_is_odd_is_said_and_refuses_nothing() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 1_000, 1_000);
        for n in 0..5 {
            let who = shop.shopper(&format!("shopper-{n}"));
            shop.order(&who, now(goods, 1)).unwrap();
            shop.clock.advance(Span::seconds(1));
        }
        let last = found(shop, &Filter::default())[0];
        assert_eq!(hints::judge_new(&shop.app).unwrap(), 5);
        assert_eq!(hints::judge_new(&shop.app).unwrap(), 0, "each is looked at once");
        let view = order_desk::get(&shop.app, &shop.mo, last).unwrap();
        let kinds: Vec<Kind> = view.hints.iter().map(|hint| hint.kind).collect();
        let want = [Kind::ManyFromPhone, Kind::ManyToPlace, Kind::AccountsAtPlace];
        assert_eq!(kinds, want, "on {}", shop.engine);
        let odd =
            |hint: &str| found(shop, &Filter { hint: hint.into(), ..Filter::default() }).len();
        assert_eq!((odd("many_from_phone"), odd("accounts_at_place"), odd("any")), (1, 3, 3));
        // Whoever is odd buys like anybody else.
        shop.order(&shop.ann, now(goods, 1)).unwrap();
        let dear = shop.order(&shop.ann, now(goods, 1)).unwrap().order;
        shop.pay(&shop.ann, dear).unwrap();
        let dear = shop.order(&shop.bob, now(goods, 50)).unwrap().order;
        let view = order_desk::get(&shop.app, &shop.mo, dear).unwrap();
        assert!(view.hints.iter().any(|hint| hint.kind == Kind::NewAndDear && hint.n >= 5));
    });
}

#[test]
fn everything_that_happened_is_in_one_list() {
    both_engines(|shop| {
        let ([_, _, sent], ..) = three(shop);
        let note = AddNote { text: "called".into() };
        label::note(&shop.app, &shop.mo, sent, &note).unwrap();
        shop.clock.advance(Span::minutes(1));
        order_desk::refund(&shop.app, &shop.zoe, sent, "broken").unwrap();
        shop.work();
        let all = timeline::get(&shop.app, &shop.mo, sent).unwrap();
        let has =
            |kind: &str, code: &str| all.iter().any(|one| one.kind == kind && one.code == code);
        for (kind, code) in [
            ("move", "pending_payment"),
            ("move", "shipped"),
            ("move", "refunded"),
            ("payment", "captured"),
            ("parcel", "sent"),
            ("refund", "succeeded"),
            ("told", "order_shipped"),
            ("note", "note"),
            ("act", "order.ship"),
            ("act", "order.end"),
        ] {
            assert!(has(kind, code), "{kind} {code}: {all:?}");
        }
        assert!(all.windows(2).all(|two| two[0].at >= two[1].at), "the last first");
        let ended = all.iter().find(|one| one.code == "order.end").unwrap();
        assert_eq!((ended.who.as_deref(), ended.detail.as_str()), (Some("zoe"), "broken"));
        assert_eq!(timeline::get(&shop.app, &shop.ann, sent).unwrap_err().code(), "forbidden");
    });
}

fn exported(shop: &TestShop, want: &Want) -> String {
    let mut file = Vec::new();
    let mut told = Vec::new();
    let mut progress = |done, all| told.push((done, all));
    order_csv::export(&shop.app, &shop.mo, want, &mut file, &mut progress).unwrap();
    assert!(told.last().is_none_or(|(done, all)| done == all));
    String::from_utf8(file).unwrap()
}

#[test]
fn orders_are_written_as_a_file_no_spreadsheet_runs() {
    both_engines(|shop| {
        let ([_, paid, _], ..) = three(shop);
        let sql = "update people set name = '=HYPERLINK(1)' where name = 'bob'";
        shop.app.write(|tx| tx.run(sql, &[])).unwrap();
        let all = exported(shop, &Want::default());
        assert_eq!(all.lines().count(), 4);
        let bobs = all.lines().find(|line| line.starts_with(&paid.to_string())).unwrap();
        assert!(bobs.contains(",'=HYPERLINK(1),") && bobs.contains(",'+8613800138000,"), "{bobs}");
        assert!(bobs.contains(",57.00,") && bobs.ends_with(",3,"), "{bobs}");
        let filter = Filter { paid: Some(true), ..Filter::default() };
        let want = Want { filter, per_line: true, mark: true };
        let lines = exported(shop, &want);
        assert!(lines.starts_with("\u{feff}order,status,"));
        assert_eq!(lines.lines().count(), 3);
        assert!(lines.contains(",cup,,cup,3,0,0,19.00,0.00,57.00"), "{lines}");
    });
}

#[test]
fn stock_goes_out_and_comes_back_the_same() {
    both_engines(|shop| {
        let (tea, cup) = (shop.goods("tea", 1_000, 10), shop.goods("cup", 1_000, 5));
        let mut file = Vec::new();
        let rows = stock_csv::export(&shop.app, &shop.mo, true, &mut file, &mut |_| ()).unwrap();
        assert_eq!(rows, 2);
        let import = |text: &str, reason: &str, dry_run: bool| {
            let mut bytes = text.as_bytes();
            stock_csv::import(&shop.app, &shop.mo, &mut bytes, reason, dry_run, &mut |_| ())
        };
        let same = String::from_utf8(file).unwrap();
        let report = import(&same, "counted", false).unwrap();
        assert_eq!((report.rows, report.changed, report.unchanged), (2, 0, 2));
        let counted = format!(
            "sku,available,reason\ntea,12,found two\ncup,4,\nno such,1,\ncup,many,\ncup,-1,\n\
             {},7,\n",
            cup.variant
        );
        let dry = import(&counted, "counted", true).unwrap();
        assert_eq!((dry.changed, dry.rejected_rows, shop.stock(tea).available), (2, 4, 10));
        let report = import(&counted, "counted", false).unwrap();
        let codes: Vec<(u64, &str)> =
            report.rejected.iter().map(|row| (row.line, row.code.as_str())).collect();
        let want = [(4, "not_found"), (5, "bad_number"), (6, "bad_number"), (7, "not_found")];
        assert_eq!(codes, want);
        assert_eq!((shop.stock(tea).available, shop.stock(cup).available), (12, 4));
        let again = import(&counted, "counted", false).unwrap();
        assert_eq!((again.changed, again.unchanged), (0, 2), "twice changes nothing");
        let unsaid = import("sku,available\ntea,1\n", "", false).unwrap();
        assert_eq!(unsaid.rejected[0].code, "no_reason");
        for bad in ["", "title\ntea\n", "available\n1\n"] {
            assert_eq!(import(bad, "x", false).unwrap_err().code(), "inventory.bad_file");
        }
        let mut none: &[u8] = b"";
        let refused = stock_csv::import(&shop.app, &shop.ann, &mut none, "x", false, &mut |_| ());
        assert_eq!(refused.unwrap_err().code(), "forbidden");
    });
}
