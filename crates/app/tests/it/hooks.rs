//! Webhooks: who is told what, how it is signed, when it is tried again, and who is switched off.

use app::webhook::{
    self, ChangeWebhook, DeliveryState, DeliveryView, FreshWebhook, NewWebhook, ReplaySince,
};
use app::{Visitor, case, checkout::What};
use domain::event::{Event, Fact};
use domain::group_buy::TeamStatus;
use domain::id::Id;
use domain::moment::Span;
use domain::person::Scope;
use domain::webhook::{SCHEDULE, Webhook};

use crate::receiver::{Receiver, Says, both_networked};
use crate::support::{TestShop, both_engines};

impl TestShop {
    /// An endpoint at this receiver that wants these names; none for all.
    pub fn endpoint(&self, receiver: &Receiver, events: &[&str]) -> FreshWebhook {
        let events = events.iter().map(|name| name.to_string()).collect();
        let new = NewWebhook { url: receiver.url(), description: "ERP".into(), events };
        webhook::create(&self.app, &self.mo, new).unwrap()
    }

    /// Tells of a team's changes `from` to `to`, numbered.
    pub fn tell_of_team(&self, team: i64, numbers: std::ops::RangeInclusive<i64>) {
        for seq in numbers {
            let fact = Fact::TeamChanged { team: Id::new(team), seq, status: TeamStatus::Open };
            self.app.write(|tx| tx.tell(fact.clone())).unwrap();
        }
    }

    pub fn deliveries(&self, id: Id<Webhook>) -> Vec<DeliveryView> {
        webhook::deliveries(&self.app, &self.zoe, id, None, None, 100).unwrap()
    }

    fn only(&self, id: Id<Webhook>) -> DeliveryView {
        let mut all = self.deliveries(id);
        assert_eq!(all.len(), 1);
        all.remove(0)
    }
}

#[test]
fn what_happens_is_told_signed_and_in_order() {
    both_networked(|shop| {
        let receiver = Receiver::open();
        let made = shop.endpoint(&receiver, &["order.placed", "order.paid", "payment.captured"]);
        let goods = shop.goods("tea", 3_900, 5);
        let mut ann = shop.ann.clone();
        ann.request_id = Some("req-7".into());
        let placed = shop.order(&ann, What::Now { variant: goods.variant, quantity: 1 }).unwrap();
        shop.pay(&shop.ann, placed.order).unwrap();
        shop.work();
        let heard = receiver.heard();
        let kinds: Vec<String> = heard.iter().map(|one| one.kind()).collect();
        // The money and the order are two objects; each is told in its own order.
        assert_eq!(kinds.len(), 3, "{kinds:?}");
        let of_order: Vec<&String> = kinds.iter().filter(|kind| kind.starts_with("o")).collect();
        assert_eq!(of_order, ["order.placed", "order.paid"]);
        for one in &heard {
            assert!(one.is_signed_by(&made.secret), "{one:?}");
            assert!(!one.is_signed_by("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
            assert!(one.id().starts_with("evt_"));
            assert_eq!(one.header("content-type"), "application/json");
            let seconds = shop.app.now().0 / 1_000_000;
            assert_eq!(one.header("webhook-timestamp"), seconds.to_string());
            assert_eq!(one.json()["timestamp"], shop.app.now().rfc3339());
        }
        let first = heard.iter().find(|one| one.kind() == "order.placed").unwrap();
        assert_eq!(first.header("x-request-id"), "req-7");
        let data = &first.json()["data"];
        assert_eq!(data["order"], placed.order.to_string());
        assert_eq!((data["seq"].clone(), data["to"].clone()), (1.into(), "pending_payment".into()));
        let paid = heard.iter().find(|one| one.kind() == "payment.captured").unwrap();
        assert_eq!(paid.json()["data"]["amount"]["minor"], placed.total.minor);

        // Nothing more to do, and nothing twice.
        shop.later(Span::days(1));
        assert_eq!(receiver.count(), 3);
        let view = webhook::get(&shop.app, &shop.mo, made.webhook.id).unwrap();
        assert_eq!((view.waiting, view.dead, view.failing_since), (0, 0, None));
        assert!(shop.deliveries(view.id).iter().all(|one| one.state == DeliveryState::Sent));
    });
}

#[test]
fn an_endpoint_that_fails_is_tried_ten_times_and_then_switched_off() {
    both_networked(|shop| {
        let receiver = Receiver::open();
        receiver.otherwise(Says::Status(500));
        let id = shop.endpoint(&receiver, &[]).webhook.id;
        let began = shop.app.now();
        shop.tell_of_team(7, 1..=1);
        shop.work();
        for (number, base) in SCHEDULE.iter().enumerate().skip(1) {
            assert_eq!(receiver.count(), number);
            let next = shop.only(id).next_at.unwrap();
            let wait = next.since(shop.app.now()).0;
            assert!(wait >= base.0 / 10 * 9 && wait <= base.0 / 10 * 11, "{number}: {wait}");
            // A microsecond early is too early.
            shop.clock.set(next.minus(Span(1)));
            shop.work();
            assert_eq!(receiver.count(), number);
            shop.clock.set(next);
            shop.work();
        }
        let heard = receiver.heard();
        assert_eq!(heard.len(), 10);
        assert!(heard.iter().all(|one| one.id() == heard[0].id() && one.body == heard[0].body));
        let took = shop.app.now().since(began);
        assert!(took >= Span::hours(68) && took <= Span::hours(84), "{took:?}");
        let dead = shop.only(id);
        assert_eq!((dead.state, dead.tries, dead.next_at), (DeliveryState::Dead, 10, None));
        assert_eq!(dead.last_status, Some(500));
        let shown = webhook::delivery(&shop.app, &shop.mo, id, dead.event).unwrap();
        assert_eq!((shown.tries.len(), shown.tries[0].number), (10, 10));
        assert_eq!(shown.body, heard[0].body);

        let view = webhook::get(&shop.app, &shop.mo, id).unwrap();
        let failing = took >= Span::hours(72);
        assert_eq!(view.why_off.as_deref(), failing.then_some("failing"), "after {took:?}");
        // The case is open while it is off, and told of again should it be off again.
        let open = case::list(&shop.app, &shop.zoe, 10).unwrap();
        let open = open.iter().filter(|case| case.kind == "webhook_off" && case.open).count();
        assert_eq!(open, usize::from(failing));
        shop.later(Span::days(9));
        assert_eq!(receiver.count(), 10);
    });
}

#[test]
fn whoever_says_that_it_is_gone_hears_no_more_until_it_is_switched_on() {
    both_networked(|shop| {
        let receiver = Receiver::open();
        receiver.will([Says::Status(204), Says::Status(410)]);
        let id = shop.endpoint(&receiver, &[]).webhook.id;
        shop.tell_of_team(7, 1..=4);
        shop.work();
        assert_eq!(receiver.count(), 2);
        let view = webhook::get(&shop.app, &shop.mo, id).unwrap();
        assert_eq!((view.on, view.waiting, view.dead), (false, 0, 3));
        assert_eq!(view.why_off.as_deref(), Some("gone"));
        let open = || {
            let all = case::list(&shop.app, &shop.zoe, 10).unwrap();
            all.into_iter().filter(|case| case.open).collect::<Vec<_>>()
        };
        assert_eq!(open()[0].about_id, id.to_string());
        case::close(&shop.app, &shop.zoe, open()[0].id, "they moved").unwrap();

        let noon = shop.app.now().plus(Span::hours(4));
        shop.clock.set(noon);
        shop.tell_of_team(7, 5..=5);
        let again = ReplaySince { since: noon };
        let refused = webhook::replay_since(&shop.app, &shop.mo, id, again).unwrap_err();
        assert_eq!(refused.code(), "webhook.is_off");
        let on = ChangeWebhook { on: Some(true), ..ChangeWebhook::default() };
        webhook::change(&shop.app, &shop.mo, id, on).unwrap();
        shop.tell_of_team(7, 6..=6);
        shop.work();
        // What happened while it was off was not kept for it; a replay brings it.
        let seqs = || -> Vec<i64> {
            let heard = receiver.heard();
            heard.iter().map(|one| one.json()["data"]["seq"].as_i64().unwrap()).collect()
        };
        assert_eq!(seqs(), [1, 2, 6]);
        assert_eq!(webhook::replay_since(&shop.app, &shop.mo, id, again).unwrap().count, 2);
        shop.work();
        assert_eq!(seqs(), [1, 2, 6, 5, 6], "{:?}", receiver.heard());
        receiver.will([Says::Status(410)]);
        shop.tell_of_team(7, 7..=7);
        shop.work();
        assert_eq!(open().len(), 1);
    });
}

#[test]
fn whoever_is_busy_is_left_alone() {
    both_networked(|shop| {
        let receiver = Receiver::open();
        let id = shop.endpoint(&receiver, &[]).webhook.id;
        let wish = |status, wish: &str| Says::With(status, "Retry-After", wish.into());
        receiver.will([wish(429, "120")]);
        (7..=9).for_each(|team| shop.tell_of_team(team, 1..=1));
        shop.work();
        assert_eq!(receiver.count(), 1);
        shop.later(Span::seconds(119));
        assert_eq!(receiver.count(), 1);
        shop.later(Span::seconds(1));
        assert_eq!(receiver.count(), 4);

        // A date is a wish too: 2026-11-21T08:10:00Z.
        receiver.will([wish(503, "Sat, 21 Nov 2026 08:10:00 GMT")]);
        shop.tell_of_team(10, 1..=1);
        shop.work();
        let next = shop.deliveries(id)[0].next_at.unwrap();
        assert_eq!(next.rfc3339(), "2026-11-21T08:10:00.000Z");
        // Without one it is the schedule, for the others not longer than a minute.
        receiver.will([Says::Status(502)]);
        shop.clock.set(next);
        shop.work();
        shop.later(Span::minutes(6));
        assert!(shop.deliveries(id).iter().all(|one| one.state == DeliveryState::Sent));
    });
}

#[test]
fn a_delivery_is_made_again_under_its_own_id() {
    both_networked(|shop| {
        let receiver = Receiver::open();
        let id = shop.endpoint(&receiver, &[]).webhook.id;
        shop.tell_of_team(7, 1..=3);
        shop.work();
        let first = shop.deliveries(id).pop().unwrap();
        receiver.forget();
        receiver.will([Says::Status(500)]);
        shop.clock.advance(Span::hours(1));
        let view = webhook::replay(&shop.app, &shop.mo, id, first.event).unwrap();
        assert_eq!((view.state, view.tries, view.attempts), (DeliveryState::Waiting, 0, 1));
        shop.work();
        // From the beginning of the schedule.
        shop.later(Span::seconds(6));
        let heard = receiver.heard();
        assert_eq!(heard.len(), 2);
        assert!(heard.iter().all(|one| one.id() == first.event.to_string()));
        assert_ne!(heard[0].header("webhook-timestamp"), heard[1].header("webhook-timestamp"));
        let shown = webhook::delivery(&shop.app, &shop.mo, id, first.event).unwrap();
        assert_eq!((shown.delivery.tries, shown.delivery.attempts), (2, 3));
        let nothing: Id<Event> = Id::new(1);
        assert!(webhook::replay(&shop.app, &shop.mo, id, nothing).is_err());
        // The replay is in the log of what staff did, with who asked for it.
        let acts = app::staff_act::list(&shop.app, &shop.zoe, None, 5).unwrap();
        assert_eq!(
            (acts[0].action.as_str(), acts[0].actor_name.as_str()),
            ("webhook.replay", "mo")
        );
    });
}

#[test]
fn endpoints_are_kept_by_staff_who_may() {
    both_engines(|shop| {
        let new = |url: &str, events: &[&str]| NewWebhook {
            url: url.into(),
            description: String::new(),
            events: events.iter().map(|name| name.to_string()).collect(),
        };
        let make = |who: &Visitor, new: NewWebhook| webhook::create(&shop.app, who, new);
        let code = |new: NewWebhook| make(&shop.zoe, new).unwrap_err().code();
        let url = "https://erp.example/hooks";
        let made = make(&shop.zoe, new(url, &["order.paid", "order.placed"])).unwrap();
        assert!(made.secret.starts_with("whsec_") && made.secret.len() == 6 + 44);
        assert_eq!(made.webhook.events, ["order.placed", "order.paid"]);
        assert!(made.secret.ends_with(made.webhook.secrets[0].hint.trim_start_matches('…')));
        assert_eq!(code(new(url, &[])), "webhook.url_taken");
        assert_eq!(code(new("https://a.example/", &["order.eaten"])), "webhook.no_such_event");
        assert_eq!(code(new("https://10.0.0.1/", &[])), "webhook.bad_url");
        assert_eq!(code(new("http://a.example/", &[])), "webhook.bad_url");

        assert!(make(&shop.ann, new("https://b.example/", &[])).is_err());
        let mut reader = shop.zoe.clone();
        reader.scopes = Some(vec![Scope::Read]);
        assert!(make(&reader, new("https://b.example/", &[])).is_err());
        assert_eq!(webhook::list(&shop.app, &reader).unwrap().len(), 1);
        assert!(webhook::list(&shop.app, &shop.ann).is_err());

        let id = made.webhook.id;
        let to = |url: &str, version| ChangeWebhook {
            url: Some(url.into()),
            version,
            ..ChangeWebhook::default()
        };
        let stale = webhook::change(&shop.app, &shop.zoe, id, to("https://c.example/", Some(9)));
        assert_eq!(stale.unwrap_err().code(), "stale");
        let moved = webhook::change(&shop.app, &shop.zoe, id, to("https://c.example/", Some(1)));
        assert_eq!(moved.unwrap().version, 2);
        make(&shop.zoe, new(url, &[])).unwrap();
        let taken = webhook::change(&shop.app, &shop.zoe, id, to(url, None));
        assert_eq!(taken.unwrap_err().code(), "webhook.url_taken");
        webhook::remove(&shop.app, &shop.zoe, id).unwrap();
        assert_eq!(webhook::get(&shop.app, &shop.zoe, id).unwrap_err().code(), "not_found");
        assert_eq!(webhook::remove(&shop.app, &shop.zoe, id).unwrap_err().code(), "not_found");
    });
}
