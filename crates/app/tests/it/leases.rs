//! A worker that slept too long: its lease has run out, another has its job, and the fence keeps
//! what the first one still says from being believed.

use app::jobs::{self, Queue};
use domain::moment::Span;

use crate::support::both_engines;

#[test]
fn who_lost_a_lease_cannot_end_the_job() {
    both_engines(|shop| {
        let app = &shop.app;
        app.write(|tx| tx.ask("team.close", 7, tx.now)).unwrap();
        let state = || shop.number("select count(*) from jobs where state = 'running'");
        let slow =
            app.write(|tx| jobs::claim(tx, Queue::Ours, 1, Span::minutes(2))).unwrap().remove(0);
        assert!(
            app.write(|tx| jobs::claim(tx, Queue::Ours, 1, Span::minutes(2))).unwrap().is_empty(),
            "one worker, one job"
        );
        shop.clock.advance(Span::minutes(3));
        let quick =
            app.write(|tx| jobs::claim(tx, Queue::Ours, 1, Span::minutes(2))).unwrap().remove(0);
        assert_eq!((quick.id, quick.fence), (slow.id, slow.fence + 1));
        app.write(|tx| jobs::done(tx, &slow)).unwrap();
        assert_eq!(state(), 1, "the slow worker ended it on {}", shop.engine);
        assert!(!app.write(|tx| jobs::failed(tx, &slow, "too slow")).unwrap());
        app.write(|tx| jobs::postpone(tx, &slow, tx.now)).unwrap();
        assert_eq!(state(), 1, "the slow worker put it back on {}", shop.engine);
        app.write(|tx| jobs::done(tx, &quick)).unwrap();
        assert_eq!(shop.number("select count(*) from jobs where state = 'done'"), 1);
    });
}
