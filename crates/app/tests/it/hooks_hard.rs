//! Webhooks when it gets hard: receivers that misbehave, addresses that lead inside, workers that
//! die, many at once; and the checks of the audit against faults planted for them.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use app::dice::{Seeded, below};
use app::jobs::{self, Queue};
use app::outside::{Fetch, Letter, Outside, Reply, Trouble};
use app::webhook::{self, DeliveryState, NewWebhook, TryOut};
use app::work;
use domain::moment::{Moment, Span};

use crate::receiver::{Receiver, Says, both_networked, both_with, network, with_patience};
use crate::support::{TestShop, both_engines, on_postgres, on_sqlite};

/// Lets time pass until nothing waits any more.
fn settle(shop: &TestShop) {
    for _ in 0..500 {
        shop.work();
        let next = shop.number(&format!(
            "select coalesce(min(next_at), 0) from webhook_deliveries
             where state = 'waiting' and next_at > {}",
            shop.app.now().0
        ));
        if next == 0 {
            assert_eq!(
                shop.number("select count(*) from webhook_deliveries where state = 'waiting'"),
                0
            );
            return;
        }
        shop.clock.set(Moment(next));
    }
    panic!("deliveries never end");
}

#[test]
fn receivers_that_misbehave() {
    // Whoever keeps the line and says nothing is waited for in earnest.
    both_with(
        || with_patience(Duration::from_secs(1)),
        |shop| {
            let (receiver, elsewhere) = (Receiver::open(), Receiver::open());
            let made = shop.endpoint(&receiver, &[]);
            let id = made.webhook.id;
            let last = |state: DeliveryState| {
                let one = shop.deliveries(id).remove(0);
                assert_eq!(one.state, state, "{one:?}");
                (one.last_status, one.next_at.map(|at| at.since(shop.app.now()).0))
            };
            let soon = |wait: Option<i64>| (4_500_000..=5_500_000).contains(&wait.unwrap());
            let fails = [
                (Says::Nothing, None),
                (Says::Reset, None),
                (Says::Silence, None),
                (Says::With(301, "location", elsewhere.url()), Some(301)),
                (Says::With(307, "location", elsewhere.url()), Some(307)),
                (Says::Status(400), Some(400)),
                (Says::Status(500), Some(500)),
            ];
            for (team, (says, status)) in (100..).zip(fails) {
                receiver.will([says.clone()]);
                shop.tell_of_team(team, 1..=1);
                shop.work();
                let (heard, wait) = last(DeliveryState::Waiting);
                assert_eq!(heard, status, "{says:?}");
                assert!(soon(wait), "{says:?}: {wait:?}");
                shop.later(Span::seconds(6));
                assert_eq!(last(DeliveryState::Sent).0, Some(204), "{says:?}");
            }
            assert_eq!(elsewhere.count(), 0, "a redirect was followed");
            // The head says that it was taken; what the body does then is nobody's trouble.
            receiver.will([Says::SlowBody(200)]);
            shop.tell_of_team(99, 1..=1);
            shop.work();
            assert!(receiver.heard().last().unwrap().is_signed_by(&made.secret));
            assert_eq!(last(DeliveryState::Sent).0, Some(200));
        },
    );
}

#[test]
fn addresses_that_lead_inside_are_never_reached() {
    let receiver = Receiver::open();
    let port = receiver.port;
    let mut shop = on_sqlite();
    let app = Arc::get_mut(&mut shop.app).unwrap();
    app.outside = network();
    let make = |shop: &TestShop, url: String| {
        let new = NewWebhook { url, ..NewWebhook::default() };
        webhook::create(&shop.app, &shop.zoe, new)
    };
    // By their number they are refused at once.
    for host in [
        "127.0.0.1",
        "[::1]",
        "10.0.0.1",
        "169.254.169.254",
        "192.168.1.1",
        "[::ffff:127.0.0.1]",
        "[fd00::1]",
        "0.0.0.0",
    ] {
        let refused = make(&shop, format!("https://{host}:{port}/hooks")).unwrap_err();
        assert_eq!(refused.code(), "webhook.bad_url", "{host}");
    }
    // By a name they are refused when it is resolved, however the number is spelled.
    for host in ["localhost", "2130706433", "0x7f.1", "127.1", "localhost."] {
        make(&shop, format!("https://{host}:{port}/hooks")).unwrap();
    }
    // One that was made while the shop was a sandbox stays where it is when it is earnest.
    make(&shop, receiver.url()).unwrap();
    Arc::get_mut(&mut shop.app).unwrap().config.sandbox = false;
    assert!(make(&shop, format!("http://localhost:{port}/hooks")).is_err());
    shop.tell_of_team(7, 1..=1);
    shop.work();
    for one in webhook::list(&shop.app, &shop.zoe).unwrap() {
        let told = &shop.deliveries(one.id)[0];
        assert_eq!((told.state, told.last_status), (DeliveryState::Waiting, None), "{}", one.url);
        let said = told.last_said.as_deref().unwrap();
        // Some resolvers do not know the odd spellings at all.
        let odd = !one.url.starts_with("https://localhost:") && one.url != receiver.url();
        assert!(odd || said == "a private address", "{}: {said}", one.url);
    }
    assert_eq!(receiver.count(), 0, "an address inside was reached");
}

#[test]
fn each_object_in_order_and_everything_once_it_is_deduplicated() {
    both_networked(|shop| {
        let receiver = Receiver::open();
        let dice = Seeded::new(20_261_122);
        shop.endpoint(&receiver, &[]);
        // One in four goes wrong, in every way.
        let script = (0..400).map(|_| match below(&dice, 24) {
            0 => Says::Nothing,
            1 => Says::Status(500),
            2 => Says::Status(302),
            3 => Says::With(429, "retry-after", "7".into()),
            4 => Says::Status(503),
            5 => Says::Reset,
            _ => Says::Status(200),
        });
        receiver.will(script);
        let mut seqs = BTreeMap::new();
        for _ in 0..120 {
            let team = 1 + below(&dice, 8) as i64;
            let seq = seqs.entry(team).or_insert(0);
            *seq += 1;
            shop.tell_of_team(team, *seq..=*seq);
            if below(&dice, 9) == 0 {
                shop.later(Span::seconds(below(&dice, 20) as i64));
            }
        }
        settle(shop);
        let mut seen = BTreeSet::new();
        let mut last: BTreeMap<String, i64> = BTreeMap::new();
        let mut tries = 0;
        for heard in receiver.heard().iter().filter(|heard| !heard.headers.is_empty()) {
            tries += 1;
            if !seen.insert(heard.id().to_string()) {
                continue;
            }
            let data = heard.json()["data"].clone();
            let (team, seq) = (data["team"].to_string(), data["seq"].as_i64().unwrap());
            let before = last.insert(team.clone(), seq).unwrap_or(0);
            assert_eq!(seq, before + 1, "{team} on {}", shop.engine);
        }
        assert!(tries > 120, "nothing was tried again");
        let outbox = shop.number("select count(*) from events where about = 'team'");
        assert_eq!((seen.len() as i64, outbox), (120, 120));
    });
}

/// Sends as it should, and dies when its count comes to zero: before the post or after it.
struct Mortal {
    real: Arc<dyn Fetch>,
    left: AtomicI64,
    after: bool,
}

impl Fetch for Mortal {
    fn get(&self, url: &str, most: usize) -> Result<Vec<u8>, Trouble> {
        self.real.get(url, most)
    }
    fn post(&self, url: &str, headers: &[(&str, &str)], body: &str) -> Result<u16, Trouble> {
        self.real.post(url, headers, body)
    }
    fn tell(&self, letter: &Letter) -> Result<Reply, Trouble> {
        let dies = self.left.fetch_sub(1, Ordering::SeqCst) == 1;
        assert!(!dies || self.after, "killed before the post");
        let reply = self.real.tell(letter);
        assert!(!dies, "killed after the post");
        reply
    }
}

#[test]
fn a_worker_that_dies_loses_nothing() {
    for mut shop in [Some(on_sqlite()), on_postgres()].into_iter().flatten() {
        for after in [false, true] {
            let receiver = Receiver::open();
            let Outside { fetch: real, .. } = network();
            let mortal = Arc::new(Mortal { real, left: AtomicI64::new(0), after });
            Arc::get_mut(&mut shop.app).unwrap().outside.fetch = mortal.clone();
            let id = shop.endpoint(&receiver, &[]).webhook.id;
            let team = 50 + i64::from(after);
            shop.tell_of_team(team, 1..=5);
            webhook::wake(&shop.app).unwrap();
            // It dies at each of the five: its job stays claimed, as after a kill.
            for death in 1..=5 {
                mortal.left.store(if death == 1 { 1 } else { 2 }, Ordering::SeqCst);
                let claimed = shop
                    .app
                    .write(|tx| jobs::claim(tx, Queue::Others, 1, shop.app.config.lease))
                    .unwrap();
                assert_eq!(claimed.len(), 1, "death {death} on {}", shop.engine);
                let died = catch_unwind(AssertUnwindSafe(|| webhook::send(&shop.app, id)));
                assert!(died.is_err(), "it lived");
                assert_eq!(work::step(&shop.app).unwrap(), 0, "somebody else took it");
                shop.clock.advance(Span::minutes(3));
            }
            mortal.left.store(0, Ordering::SeqCst);
            shop.work();
            let heard = receiver.heard();
            let ids: BTreeSet<&str> = heard.iter().map(|one| one.id()).collect();
            assert_eq!(ids.len(), 5);
            // A death after the post is heard twice, under the same id.
            assert_eq!(heard.len(), if after { 10 } else { 5 }, "after: {after}");
            webhook::remove(&shop.app, &shop.zoe, id).unwrap();
            // Its job finds nothing more to do, and ends.
            shop.later(Span::minutes(1));
        }
    }
}

#[test]
fn many_workers_at_once_tell_everything_once() {
    both_networked(|shop| {
        let receivers = [Receiver::open(), Receiver::open(), Receiver::open()];
        receivers.iter().for_each(|receiver| {
            shop.endpoint(receiver, &[]);
        });
        std::thread::scope(|scope| {
            for team in 1..=4 {
                scope.spawn(move || shop.tell_of_team(team, 1..=25));
            }
            for _ in 0..4 {
                scope.spawn(|| work::drain(&shop.app).unwrap());
            }
        });
        shop.work();
        for receiver in &receivers {
            let heard = receiver.heard();
            let ids: BTreeSet<&str> = heard.iter().map(|one| one.id()).collect();
            assert_eq!((heard.len(), ids.len()), (100, 100), "on {}", shop.engine);
        }
    });
}

#[test]
fn two_secrets_sign_while_one_is_replaced() {
    both_networked(|shop| {
        let receiver = Receiver::open();
        let first = shop.endpoint(&receiver, &[]);
        let id = first.webhook.id;
        let second = webhook::rotate(&shop.app, &shop.mo, id).unwrap();
        let check = |team, right: [bool; 2]| {
            shop.tell_of_team(team, 1..=1);
            shop.work();
            let heard = receiver.heard().pop().unwrap();
            let signed = [&first, &second].map(|fresh| heard.is_signed_by(&fresh.secret));
            assert_eq!(signed, right);
        };
        check(1, [true, true]);
        shop.clock.advance(Span::hours(24));
        check(2, [false, true]);
        // However often it is replaced, no more than two sign.
        let third = webhook::rotate(&shop.app, &shop.mo, id).unwrap();
        let fourth = webhook::rotate(&shop.app, &shop.mo, id).unwrap();
        assert_eq!(fourth.webhook.secrets.len(), 2);
        check(3, [false, false]);
        let heard = receiver.heard().pop().unwrap();
        assert!(heard.is_signed_by(&third.secret) && heard.is_signed_by(&fourth.secret));
    });
}

#[test]
fn a_test_event_is_shown_or_sent() {
    both_networked(|shop| {
        let receiver = Receiver::open();
        let made = shop.endpoint(&receiver, &["order.paid"]);
        let id = made.webhook.id;
        let dry = TryOut { event: Some("refund.paid".into()), dry_run: true };
        let shown = webhook::try_out(&shop.app, &shop.mo, id, dry).unwrap();
        assert!(shown.answer.is_none() && receiver.count() == 0);
        assert!(shown.body.starts_with(r#"{"data":{"amount":{"#), "{}", shown.body);
        let names: Vec<&str> = shown.headers.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["content-type", "webhook-id", "webhook-timestamp", "webhook-signature"]);

        let sent = webhook::try_out(&shop.app, &shop.mo, id, TryOut::default()).unwrap();
        assert_eq!(sent.answer.unwrap().status, Some(204));
        let heard = receiver.heard().remove(0);
        assert_eq!((heard.kind().as_str(), heard.body.as_str()), ("webhook.test", &*sent.body));
        assert!(heard.is_signed_by(&made.secret));
        let unknown = TryOut { event: Some("tea.drunk".into()), dry_run: true };
        let refused = webhook::try_out(&shop.app, &shop.mo, id, unknown).unwrap_err();
        assert_eq!(refused.code(), "webhook.no_such_event");
        assert!(webhook::try_out(&shop.app, &shop.ann, id, TryOut::default()).is_err());
        assert!(shop.deliveries(id).is_empty());
    });
}

#[test]
fn the_audit_finds_what_is_planted() {
    both_engines(|shop| {
        let receiver = Receiver::open();
        let id = shop.endpoint(&receiver, &[]).webhook.id.0;
        shop.tell_of_team(7, 1..=2);
        shop.work();
        let run = |sql: &str| shop.app.write(|tx| tx.run(sql, &[]).map(|_| ())).unwrap();
        let finds = |id: &str| {
            let report = app::audit::run(&shop.app, Span::seconds(60)).unwrap();
            let found: Vec<&str> = report.broken().map(|check| check.id.as_str()).collect();
            assert_eq!(found, if id.is_empty() { vec![] } else { vec![id] }, "{}", shop.engine);
        };
        shop.clock.advance(Span::minutes(5));
        finds("");
        let last = "event_id = (select max(event_id) from webhook_deliveries)";
        run(&format!("update webhook_deliveries set name = 'order.paid' where {last}"));
        finds("E8");
        run("update webhook_deliveries set name = 'team.open'");
        run(&format!("delete from webhook_attempts where {last}"));
        finds("E13");
        run(&format!("delete from webhook_deliveries where {last}"));
        finds("E10");
        run("update webhooks set settled_at = settled_at + 3600000000");
        finds("");
        run("update webhook_secrets set ends_at = 1");
        finds("E12");
        run("update webhook_secrets set ends_at = null");
        let waits = "update webhook_deliveries set state = 'waiting', ended_at = null, next_at =";
        run(&format!("{waits} {}", shop.app.now().minus(Span::minutes(2)).0));
        finds("E11");
        run(&format!("{waits} {}", shop.app.now().0));
        finds("");
        run(&format!("update webhooks set state = 'off', why_off = 'staff' where id = {id}"));
        finds("E12");
        run("update webhooks set state = 'on', why_off = null");
        shop.work();
    });
}
