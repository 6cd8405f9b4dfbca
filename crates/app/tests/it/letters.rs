//! Letters on both engines: each once whatever dies, in whose words, to whom who wants them.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use app::checkout::What;
use app::config::Config;
use app::letter::{self, Choose, SetWords};
use app::message::{self, MessageView, State, Wanted};
use app::outside::{Outside, Post, Trouble};
use app::{Visitor, case, notice, order_desk};
use domain::letter::{Channel, Group};
use domain::moment::Span;

use crate::support::{TestShop, postgres_in, sqlite_in};
use crate::trade::Goods;

fn now(goods: Goods, quantity: i64) -> What {
    What::Now { variant: goods.variant, quantity }
}

/// A mail as it was carried.
#[derive(Clone, Debug)]
pub struct Mail {
    pub to: String,
    pub subject: String,
    pub body: String,
    pub headers: Vec<(String, String)>,
}

impl Mail {
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }
}

/// What the office does with the next mail.
#[derive(Clone, Debug)]
enum Does {
    Away,
    Refuses,
    /// It carries the mail, and then whoever handed it over dies.
    Dies,
}

/// A post office that remembers what it carried.
#[derive(Default)]
pub struct Office {
    carried: Mutex<Vec<Mail>>,
    next: Mutex<VecDeque<Does>>,
    always: Mutex<Option<Does>>,
}

impl Office {
    fn does(&self, next: Does) {
        self.next.lock().unwrap().push_back(next);
    }

    fn always(&self, does: Option<Does>) {
        *self.always.lock().unwrap() = does;
    }

    pub fn to(&self, name: &str) -> Vec<Mail> {
        let carried = self.carried.lock().unwrap();
        let to = format!("{name}@example.com");
        carried.iter().filter(|mail| mail.to == to).cloned().collect()
    }
}

impl Post for Office {
    fn carries(&self, channel: &str) -> bool {
        channel == "email"
    }

    fn send(&self, channel: &str, to: &str, subject: &str, body: &str) -> Result<(), Trouble> {
        self.send_with(channel, to, (subject, body), &[])
    }

    fn send_with(
        &self,
        _: &str,
        to: &str,
        (subject, body): (&str, &str),
        headers: &[(&'static str, String)],
    ) -> Result<(), Trouble> {
        let next = self.next.lock().unwrap().pop_front();
        let next = next.or_else(|| self.always.lock().unwrap().clone());
        match next {
            Some(Does::Away) => return Err(Trouble::Away("the office is closed".into())),
            Some(Does::Refuses) => return Err(Trouble::Refused("no such mailbox".into())),
            Some(Does::Dies) | None => {}
        }
        let headers = headers.iter().map(|(name, value)| ((*name).to_string(), value.clone()));
        let (to, subject, body) = (to.to_string(), subject.to_string(), body.to_string());
        let mail = Mail { to, subject, body, headers: headers.collect() };
        self.carried.lock().unwrap().push(mail);
        assert!(next.is_none(), "the worker dies here");
        Ok(())
    }
}

/// Runs a test with a post office of its own on SQLite and, where there is one, on PostgreSQL.
pub fn each(test: impl Fn(&TestShop, &Office)) {
    let world = |office: &Arc<Office>| Outside { post: office.clone(), ..Outside::remembered() };
    let config = || Config::plain("http://127.0.0.1:3000");
    let office = Arc::new(Office::default());
    test(&sqlite_in(config(), world(&office)), &office);
    let office = Arc::new(Office::default());
    if let Some(shop) = postgres_in(config(), world(&office)) {
        test(&shop, &office);
    }
}

fn letters(shop: &TestShop, letter: &str) -> Vec<MessageView> {
    let wanted = Wanted { letter: Some(letter.into()), ..Wanted::default() };
    message::search(&shop.app, &shop.zoe, &wanted, None, 100).unwrap()
}

fn about(mails: &[Mail], words: &str) -> usize {
    mails.iter().filter(|mail| mail.subject.contains(words)).count()
}

fn choose(shop: &TestShop, who: &Visitor, group: Group, channel: Channel, on: bool) {
    letter::choose(&shop.app, who, "account", Choose { group, channel, on }).unwrap();
}

#[test]
fn a_letter_is_written_once_whoever_tries_again() {
    each(|shop, office| {
        let tea = shop.goods("tea", 3_900, 10);
        let order = shop.order(&shop.ann, now(tea, 1)).unwrap().order;
        shop.pay(&shop.ann, order).unwrap();
        shop.work();
        let mails = office.to("ann");
        assert_eq!(about(&mails, "付款成功"), 1, "{mails:?}");
        assert!(mails[0].body.contains("「tea」已付 ¥47.00"), "{mails:?}");
        assert!(mails[0].body.contains(&format!("http://127.0.0.1:3000/orders/{order}")));
        // A receipt cannot be stopped, so it does not say how.
        assert_eq!(mails[0].header("List-Unsubscribe"), "");
        assert!(mails[0].header("Message-ID").starts_with("<msg_"), "{mails:?}");

        // A worker whose lease ran out comes to the same notices once more, and a job runs twice.
        for _ in 0..3 {
            let again = "update notices set to_write = 1 where kind = 'order_paid'";
            shop.app.write(|tx| tx.run(again, &[]).map(|_| ())).unwrap();
            shop.work();
            let sent = letters(shop, "order_paid");
            assert_eq!(sent.len(), 1, "on {}", shop.engine);
            letter::send(&shop.app, sent[0].id).unwrap();
        }
        assert_eq!(office.to("ann").len(), 1);
        assert_eq!(letters(shop, "order_paid")[0].state, "sent");
        assert_eq!(notice::unread_count(&shop.app, &shop.ann).unwrap(), 1);
    });
}

#[test]
fn two_workers_at_once_write_each_letter_once() {
    each(|shop, office| {
        let tea = shop.goods("tea", 3_900, 40);
        for _ in 0..12 {
            let order = shop.order(&shop.ann, now(tea, 1)).unwrap().order;
            shop.pay(&shop.ann, order).unwrap();
        }
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| letter::write(&shop.app).unwrap());
            }
        });
        shop.work();
        assert_eq!((letters(shop, "order_paid").len(), office.to("ann").len()), (12, 12));
    });
}

#[test]
fn a_worker_that_dies_after_the_post_sends_the_same_letter_under_the_same_id() {
    each(|shop, office| {
        let tea = shop.goods("tea", 3_900, 10);
        let order = shop.order(&shop.ann, now(tea, 1)).unwrap().order;
        office.does(Does::Dies);
        shop.pay(&shop.ann, order).unwrap();
        shop.work();
        assert_eq!(letters(shop, "order_paid")[0].state, "waiting");
        shop.later(Span::minutes(1));
        let mails = office.to("ann");
        assert_eq!(mails.len(), 2, "{mails:?}");
        assert_eq!(mails[0].header("Message-ID"), mails[1].header("Message-ID"));
        assert_eq!(letters(shop, "order_paid")[0].state, "sent");
        shop.later(Span::hours(3));
        assert_eq!(office.to("ann").len(), 2);
    });
}

#[test]
fn what_cannot_be_sent_is_given_up_in_sight_and_can_be_sent_again() {
    each(|shop, office| {
        let tea = shop.goods("tea", 3_900, 10);
        office.always(Some(Does::Away));
        let order = shop.order(&shop.ann, now(tea, 1)).unwrap().order;
        shop.pay(&shop.ann, order).unwrap();
        for _ in 0..14 {
            shop.later(Span::hours(1));
        }
        let dead = Wanted { state: Some(State::Dead), ..Wanted::default() };
        let dead = message::search(&shop.app, &shop.zoe, &dead, None, 9).unwrap();
        assert_eq!(dead.len(), 1, "on {}", shop.engine);
        assert_eq!((dead[0].state.as_str(), dead[0].about.as_str()), ("dead", "order"));
        assert!(dead[0].why.as_deref().unwrap().contains("closed"));
        let cases = case::list(&shop.app, &shop.zoe, 9).unwrap();
        assert!(cases.iter().any(|case| case.kind == "job_dead" && case.open));

        assert_eq!(
            message::again(&shop.app, &shop.ann, dead[0].id).unwrap_err().code(),
            "forbidden"
        );
        office.always(None);
        assert_eq!(message::again(&shop.app, &shop.zoe, dead[0].id).unwrap().state, "waiting");
        shop.work();
        assert_eq!(about(&office.to("ann"), "付款成功"), 1);
        let refused = message::again(&shop.app, &shop.zoe, dead[0].id).unwrap_err();
        assert_eq!(refused.code(), "letter.not_again");

        // What is refused for good says why, and is not tried again by itself.
        office.does(Does::Refuses);
        order_desk::ship(
            &shop.app,
            &shop.mo,
            order,
            order_desk::Ship::all("SF Express", "SF123456"),
        )
        .unwrap();
        shop.work();
        let failed = &letters(shop, "order_shipped")[0];
        assert_eq!(failed.state, "failed");
        assert_eq!(failed.why.as_deref(), Some("no such mailbox"));
        message::again(&shop.app, &shop.zoe, failed.id).unwrap();
        shop.work();
        assert_eq!(letters(shop, "order_shipped")[0].state, "sent");
    });
}

#[test]
fn readers_choose_and_are_asked_again_as_it_leaves() {
    each(|shop, office| {
        let tea = shop.goods("tea", 3_900, 10);
        choose(shop, &shop.ann, Group::Orders, Channel::Email, false);
        let order = shop.shipped(&shop.ann, &[(tea, 1)]);
        shop.work();
        // The receipt comes all the same; the rest does not.
        let mails = office.to("ann");
        assert_eq!((mails.len(), about(&mails, "付款成功")), (1, 1), "{mails:?}");
        assert!(letters(shop, "order_shipped").is_empty());
        // In the shop it is told as ever.
        let told = notice::list(&shop.app, &shop.ann, None, 9).unwrap();
        assert!(told.iter().any(|one| one.kind == "order_shipped"));
        order_desk::confirm_receipt(&shop.app, &shop.ann, order).unwrap();

        // Whoever chooses while a letter waits has it no more.
        office.does(Does::Away);
        let order = shop.shipped(&shop.bob, &[(tea, 1)]);
        office.does(Does::Away);
        shop.work();
        assert_eq!(letters(shop, "order_shipped").len(), 1);
        choose(shop, &shop.bob, Group::Orders, Channel::Email, false);
        shop.later(Span::minutes(5));
        let held = &letters(shop, "order_shipped")[0];
        assert!(held.withheld && held.body.is_empty() && held.state == "failed", "{held:?}");
        let mails = office.to("bob");
        assert_eq!((mails.len(), about(&mails, "付款成功")), (1, 1), "{mails:?}");
        assert!(message::again(&shop.app, &shop.zoe, held.id).is_err());
        order_desk::confirm_receipt(&shop.app, &shop.bob, order).unwrap();
    });
}

#[test]
fn one_click_in_a_letter_stops_its_kind_and_no_other() {
    each(|shop, office| {
        let tea = shop.goods("tea", 3_900, 10);
        shop.shipped(&shop.ann, &[(tea, 1)]);
        shop.work();
        let mails = office.to("ann");
        let shipped = mails.iter().find(|mail| mail.subject.contains("已发货")).unwrap();
        let header = shipped.header("List-Unsubscribe");
        let link = header.trim_matches(['<', '>']).to_string();
        assert!(shipped.body.contains(&link), "{shipped:?}");
        assert_eq!(shipped.header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
        let token = link.rsplit('/').next().unwrap();
        let guest = Visitor::default();
        assert!(letter::of_link(&shop.app, token).unwrap().on);
        for _ in 0..2 {
            assert!(!letter::stop(&shop.app, &guest, token).unwrap().on);
        }
        let forged = [token.replace("orders", "teams"), format!("{token}0"), "x".into()];
        for forged in forged {
            let refused = letter::stop(&shop.app, &guest, &forged).unwrap_err();
            assert_eq!(refused.code(), "letter.bad_link", "{forged}");
        }
        let mine = letter::choices(&shop.app, &shop.ann).unwrap();
        let on = |group: Group| {
            let group = mine.iter().find(|one| one.group == group).unwrap();
            group.channels.iter().find(|one| one.channel == Channel::Email).unwrap().on
        };
        assert!(!on(Group::Orders) && on(Group::Teams) && on(Group::Security));
        assert!(mine.iter().all(|one| !one.group.is_staff()), "nobody sees what is for staff");
    });
}

#[test]
fn what_must_be_told_cannot_be_stopped() {
    each(|shop, office| {
        let stop = Choose { group: Group::Security, channel: Channel::Email, on: false };
        let refused = letter::choose(&shop.app, &shop.ann, "account", stop).unwrap_err();
        assert_eq!(refused.code(), "letter.locked");
        let refused =
            letter::switch(&shop.app, &shop.zoe, "signed_in", Channel::Email, false).unwrap_err();
        assert_eq!(refused.code(), "letter.locked");
        let new =
            app::token::NewToken { name: "till".into(), scopes: vec![domain::person::Scope::Read] };
        app::token::make(&shop.app, &shop.ann, new).unwrap();
        shop.work();
        assert_eq!(about(&office.to("ann"), "新建了令牌"), 1);
    });
}

#[test]
fn the_merchant_s_words_are_sent_and_only_known_names_are_taken() {
    each(|shop, office| {
        let (app, zoe) = (&shop.app, &shop.zoe);
        let at = ("order_shipped", Channel::Email, "zh-CN");
        let set = |subject: &str, body: &str, version| {
            let (subject, body) = (subject.to_string(), body.to_string());
            let words = SetWords { subject, body, version };
            letter::set_words(app, zoe, at.0, at.1, at.2, &words)
        };
        let before = letter::words(app, zoe, at.0, at.1, at.2).unwrap();
        assert!(!before.own && before.version == 0 && before.body.contains("{tracking}"));
        let refused = set("寄出", "{product} {discount}", Some(0)).unwrap_err();
        assert_eq!(refused.code(), "letter.no_such_field");
        assert!(format!("{refused:?}").contains("discount"));
        assert_eq!(set("寄出", "{product", None).unwrap_err().code(), "letter.open_brace");
        assert_eq!(set("", "x", None).unwrap_err().code(), "letter.no_subject");
        assert!(!letter::words(app, zoe, at.0, at.1, at.2).unwrap().own);

        let kept = set("{product} 出发了", "{name}：{{单号}} {tracking}", Some(0)).unwrap();
        assert!(kept.own && kept.version == 1);
        assert_eq!(set("x", "y", Some(0)).unwrap_err().code(), "stale");
        let words = SetWords { subject: "x".into(), body: "y".into(), version: None };
        let refused = letter::set_words(app, &shop.ann, at.0, at.1, at.2, &words).unwrap_err();
        assert_eq!(refused.code(), "forbidden");

        let tea = shop.goods("tea", 3_900, 10);
        shop.shipped(&shop.ann, &[(tea, 1)]);
        shop.work();
        let mails = office.to("ann");
        let mail = mails.iter().find(|mail| mail.subject == "tea 出发了").expect("in our words");
        assert!(mail.body.starts_with("ann：{单号} SF1234567890"), "{mail:?}");

        // What was there before and after stands in the log of what staff did.
        let acts = app::staff_act::list(app, zoe, None, 20).unwrap();
        let act = acts.iter().find(|act| act.action == "letter.words").unwrap();
        assert!(act.detail.contains("\"before\":null") && act.detail.contains("出发了"), "{act:?}");
        let back = letter::reset(app, zoe, at.0, at.1, at.2).unwrap();
        assert!(!back.own && back.version == 2 && back.body == before.body);

        // A preview and a try change nothing; a try goes to whoever asked.
        let words = SetWords { subject: "{amount}".into(), body: "x".into(), version: None };
        let refused = letter::preview(app, zoe, at.0, at.1, at.2, &words).unwrap_err();
        assert_eq!(refused.code(), "letter.no_such_field");
        let words = SetWords { subject: "{product}?".into(), body: "x".into(), version: None };
        let said = letter::preview(app, zoe, at.0, at.1, at.2, &words).unwrap();
        assert_eq!(said.subject, "明前龙井 250 克?");
        let tested = letter::test(app, zoe, at.0, at.1, at.2, &words).unwrap();
        shop.work();
        assert_eq!((tested.to.as_str(), about(&office.to("zoe"), "龙井")), ("zoe@example.com", 1));

        // One that is switched off is not sent.
        letter::switch(app, zoe, "order_shipped", Channel::Email, false).unwrap();
        shop.shipped(&shop.bob, &[(tea, 1)]);
        shop.work();
        assert_eq!(office.to("bob").len(), 1, "the receipt alone");
    });
}
