//! Letters that are found by looking, that staff get, and the ways that are not mail.

use app::checkout::What;
use app::config::Config;
use app::letter::{self, Choose, SetGateway, TryGateway};
use app::message::{self, MessageView, Wanted};
use app::order_desk::{self, Ship};
use app::outside::Outside;
use app::{Visitor, after_sale, checkout, inventory, notice, refund};
use domain::after_sale::{Kind, Reason};
use domain::id::Id;
use domain::letter::{Channel, Group};
use domain::moment::Span;
use domain::payment::Refund;

use crate::delivery::{counter, fetch};
use crate::letters::{Mail, each};
use crate::receiver::{Receiver, Says, network};
use crate::support::{TestShop, postgres_in, sqlite_in};
use crate::trade::Goods;

fn now(goods: Goods, quantity: i64) -> What {
    What::Now { variant: goods.variant, quantity }
}

fn find<'m>(mails: &'m [Mail], words: &str) -> Vec<&'m Mail> {
    mails.iter().filter(|mail| mail.subject.contains(words)).collect()
}

fn choose(shop: &TestShop, who: &Visitor, group: Group, channel: Channel, on: bool) {
    letter::choose(&shop.app, who, "account", Choose { group, channel, on }).unwrap();
}

fn letters(shop: &TestShop, letter: &str) -> Vec<MessageView> {
    let wanted = Wanted { letter: Some(letter.into()), ..Wanted::default() };
    message::search(&shop.app, &shop.zoe, &wanted, None, 100).unwrap()
}

/// What recurs, then what follows from it.
fn look(shop: &TestShop) {
    letter::look(&shop.app).unwrap();
    shop.work();
}

#[test]
fn what_can_be_fetched_comes_with_its_code_and_the_outbox_keeps_none() {
    each(|shop, office| {
        let tea = shop.goods("tea", 3_900, 10);
        let point = counter(shop);
        let visitor = shop.keyed(&shop.ann);
        let placed = checkout::place(&shop.app, &visitor, fetch(tea, Some(point))).unwrap().value;
        look(shop);
        assert!(letters(shop, "order_ready").is_empty(), "nobody has paid yet");
        shop.pay(&shop.ann, placed.order).unwrap();
        look(shop);
        look(shop);
        let code = shop.see(&shop.ann, placed.order).pickup.unwrap().code.unwrap();
        let mails = office.to("ann");
        let ready = find(&mails, "可以来取货了");
        assert_eq!(ready.len(), 1, "{mails:?}");
        assert!(ready[0].body.contains(&format!("取货码 {code}")), "{ready:?}");
        assert!(ready[0].body.contains("Shop by the lake (1 Lake Road)"), "{ready:?}");
        let kept = &letters(shop, "order_ready")[0];
        assert!(kept.state == "sent" && !kept.body.contains(&code), "{kept:?}");
        assert!(kept.body.contains("••••••••"), "{kept:?}");
        let told = notice::list(&shop.app, &shop.ann, None, 9).unwrap();
        let told = told.iter().find(|one| one.kind == "order_ready").unwrap();
        assert!(!told.args.to_string().contains(&code), "{told:?}");
    });
}

#[test]
fn a_refund_that_is_refused_is_told_once_and_its_end_too() {
    each(|shop, office| {
        let tea = shop.goods("tea", 3_900, 10);
        let order = shop.order(&shop.ann, now(tea, 1)).unwrap().order;
        shop.pay(&shop.ann, order).unwrap();
        let run = |sql: &str| shop.app.write(|tx| tx.run(sql, &[]).map(|_| ())).unwrap();
        run("update sandbox_payments set status = 'closed'");
        order_desk::refund(&shop.app, &shop.zoe, order, "no tea left").unwrap();
        shop.work();
        let id: Id<Refund> = Id::new(shop.number("select max(id) from refunds"));
        refund::send(&shop.app, id).unwrap();
        shop.work();
        let mails = office.to("ann");
        let told = find(&mails, "退款要多等一会");
        assert_eq!(told.len(), 1, "{mails:?}");
        assert!(told[0].body.contains("¥47.00"), "{told:?}");
        // Staff hear of it as something that needs a person.
        assert_eq!(find(&office.to("zoe"), "有事要人处理").len(), 1);

        run("update sandbox_payments set status = 'paid'");
        refund::send(&shop.app, id).unwrap();
        shop.later(Span::minutes(2));
        assert_eq!(find(&office.to("ann"), "退款已到账").len(), 1);
    });
}

#[test]
fn staff_are_told_what_needs_them_and_each_sale_if_they_like() {
    each(|shop, office| {
        let (tea, cup) = (shop.goods("tea", 3_900, 10), shop.goods("cup", 900, 3));
        look(shop);
        look(shop);
        for who in ["zoe", "mo"] {
            let mails = office.to(who);
            let low = find(&mails, "库存不多");
            assert_eq!(low.len(), 1, "{who}: {mails:?}");
            assert!(low[0].body.contains("cup: 3") && !low[0].body.contains("tea"), "{low:?}");
        }
        assert!(office.to("ann").is_empty());
        // Enough again, and few again: that is news.
        let level = |n| shop.app.write(|tx| inventory::set_level(tx, cup.variant, n, None, "t"));
        level(20).unwrap();
        look(shop);
        level(2).unwrap();
        look(shop);
        assert_eq!(find(&office.to("zoe"), "cup: 2").len(), 1);

        // Each sale is told to whoever asked for it.
        choose(shop, &shop.mo, Group::StaffOrders, Channel::Email, true);
        let order = shop.arrived(&shop.ann, &[(tea, 1)]);
        shop.work();
        assert_eq!(find(&office.to("mo"), "新订单已付款：tea").len(), 1);
        assert!(find(&office.to("zoe"), "新订单").is_empty());

        let line = shop.see(&shop.ann, order).lines[0].id;
        let ask = after_sale::NewReturn {
            order,
            kind: Kind::RefundOnly,
            reason: Reason::Damaged,
            text: "It broke.".into(),
            lines: vec![after_sale::NewReturnLine {
                line,
                quantity: 1,
                amount: None,
                exchange_for: None,
            }],
        };
        after_sale::request(&shop.app, &shop.keyed(&shop.ann), ask, &[]).unwrap();
        shop.work();
        let mails = office.to("mo");
        let opened = find(&mails, "有新的售后：tea");
        assert_eq!(opened.len(), 1, "{mails:?}");
        assert!(opened[0].body.contains("/console/returns/aft_"), "{opened:?}");

        // Nobody behind the counter can be given what is for shoppers' eyes, nor the reverse.
        let choices = letter::choices(&shop.app, &shop.mo).unwrap();
        assert!(choices.iter().any(|one| one.group == Group::StaffNeeds));
    });
}

#[test]
fn who_is_about_to_lose_an_order_or_a_team_is_told_in_time_and_once() {
    each(|shop, office| {
        let tea = shop.goods("tea", 3_900, 100);
        let placed = shop.order(&shop.ann, now(tea, 1)).unwrap();
        look(shop);
        assert!(office.to("ann").is_empty());
        let whole = placed.pay_by.since(shop.app.now());
        shop.clock.advance(Span(whole.0 * 2 / 3));
        look(shop);
        look(shop);
        assert_eq!(find(&office.to("ann"), "订单待付款").len(), 1);
        shop.later(whole);

        let running = shop.group_buy(tea, 2_900, None, |_| {});
        let team = shop.open_team(&shop.bob, running, tea);
        look(shop);
        assert!(find(&office.to("bob"), "快到时间").is_empty());
        let left = shop.team(team).deadline.unwrap().since(shop.app.now());
        shop.clock.advance(Span(left.0 - Span::minutes(90).0));
        look(shop);
        look(shop);
        let mails = office.to("bob");
        let ending = find(&mails, "快到时间");
        assert_eq!(ending.len(), 1, "{mails:?}");
        assert!(ending[0].body.contains("还差 1 人，剩 2 小时"), "{ending:?}");
        shop.later(Span::hours(3));
    });
}

/// Runs a test with a network on SQLite and, where there is one, on PostgreSQL, in a sandbox shop.
fn networked(test: impl Fn(&TestShop)) {
    let config = || Config::plain("http://127.0.0.1:3000");
    let world = || Outside { ..network() };
    test(&sqlite_in(config(), world()));
    if let Some(shop) = postgres_in(config(), world()) {
        test(&shop);
    }
}

#[test]
fn texts_and_chat_go_through_the_merchant_s_gateways_signed() {
    networked(|shop| {
        let (sms, chat) = (Receiver::open(), Receiver::open());
        let (app, zoe) = (&shop.app, &shop.zoe);
        let set = |url: String, on: bool, version| SetGateway { url, on, version };
        let inside = set("https://10.0.0.1/send".into(), true, None);
        let refused = letter::set_gateway(app, zoe, Channel::Sms, inside).unwrap_err();
        assert_eq!(refused.code(), "webhook.bad_url");
        let refused = letter::set_gateway(app, &shop.ann, Channel::Sms, set(sms.url(), true, None));
        assert_eq!(refused.unwrap_err().code(), "forbidden");
        let made = letter::set_gateway(app, zoe, Channel::Sms, set(sms.url(), true, None)).unwrap();
        let secret = made.secret.unwrap();
        letter::set_gateway(app, zoe, Channel::Chat, set(chat.url(), true, None)).unwrap();
        let stale = letter::set_gateway(app, zoe, Channel::Sms, set(sms.url(), true, Some(0)));
        assert_eq!(stale.unwrap_err().code(), "stale");

        let dry = TryGateway { to: "+8613800000000".into(), dry_run: true };
        let dry = letter::try_gateway(app, zoe, Channel::Sms, dry).unwrap();
        assert!(dry.status.is_none() && dry.body.contains("+8613800000000"));
        assert!(sms.heard().is_empty());
        let tried = TryGateway { to: "+8613800000000".into(), dry_run: false };
        assert!(letter::try_gateway(app, zoe, Channel::Sms, tried).unwrap().took);

        // ann has a number, and wants texts and chat about her orders.
        let phone = "update people set phone = '+8613800138000' where name = 'ann'";
        app.write(|tx| tx.run(phone, &[]).map(|_| ())).unwrap();
        choose(shop, &shop.ann, Group::Orders, Channel::Sms, true);
        choose(shop, &shop.ann, Group::Orders, Channel::Chat, true);
        let tea = shop.goods("tea", 3_900, 10);
        let order = shop.order(&shop.ann, now(tea, 1)).unwrap().order;
        // It is busy once; the same letter comes again under the same id.
        sms.will([Says::Status(503)]);
        shop.pay(&shop.ann, order).unwrap();
        shop.work();
        shop.later(Span::minutes(1));
        let heard = sms.heard();
        assert_eq!(heard.len(), 3, "{heard:?}");
        assert_eq!(heard[1].id(), heard[2].id());
        assert!(heard.iter().all(|one| one.is_signed_by(&secret)));
        let said = heard[2].json();
        assert_eq!(said["data"]["to"], "+8613800138000");
        assert_eq!(said["data"]["letter"], "order_paid");
        assert!(said["data"]["text"].as_str().unwrap().starts_with("【"), "{said}");
        let heard = chat.heard();
        assert_eq!(heard.len(), 1);
        let ann = shop.ann.reader().unwrap().to_string();
        assert_eq!(heard[0].json()["data"]["to"], ann.as_str());
        // Mail is carried by nobody here, so no letter waits for it.
        let all = message::list(app, zoe, None, 100).unwrap();
        assert!(all.iter().all(|one| one.channel != "email" && one.state == "sent"), "{all:?}");

        // Another secret, and then none at all: what waits says so.
        let fresh = letter::rotate(app, zoe, Channel::Sms).unwrap().secret.unwrap();
        assert_ne!(fresh, secret);
        sms.will([Says::Status(503)]);
        order_desk::ship(app, &shop.mo, order, Ship::all("SF Express", "SF123456")).unwrap();
        shop.work();
        letter::set_gateway(app, zoe, Channel::Sms, set(sms.url(), false, None)).unwrap();
        shop.later(Span::minutes(1));
        let shipped = letters(shop, "order_shipped");
        let text = shipped.iter().find(|one| one.channel == "sms").unwrap();
        assert_eq!(text.state, "failed");
        assert!(text.why.as_deref().unwrap().contains("nothing carries"), "{text:?}");
        assert!(sms.heard().last().unwrap().is_signed_by(&fresh));
    });
}

#[test]
fn a_demo_keeps_its_letters_to_be_read() {
    crate::support::both_engines(|shop| {
        let run = |sql: &str| shop.app.write(|tx| tx.run(sql, &[]).map(|_| ())).unwrap();
        let tea = shop.goods("tea", 3_900, 10);
        // Where nothing carries them, letters are not written at all.
        let order = shop.order(&shop.bob, now(tea, 1)).unwrap().order;
        shop.pay(&shop.bob, order).unwrap();
        shop.work();
        assert!(message::list(&shop.app, &shop.zoe, None, 9).unwrap().is_empty());
        assert_eq!(shop.number("select count(*) from notices where to_write = 1"), 0);

        run("update shop set demo = 1");
        let order = shop.order(&shop.ann, now(tea, 1)).unwrap().order;
        shop.pay(&shop.ann, order).unwrap();
        shop.work();
        let all = message::list(&shop.app, &shop.zoe, None, 9).unwrap();
        assert_eq!(all.len(), 1, "{all:?}");
        assert_eq!(
            (all[0].state.as_str(), all[0].recipient.as_str()),
            ("caught", "ann@example.com")
        );
        assert!(all[0].body.contains("「tea」已付 ¥47.00"));
        let jobs = "select count(*) from jobs where kind in ('letter.send', 'message.send')";
        assert_eq!(shop.number(jobs), 0, "nothing leaves, so nobody sends");
    });
}
