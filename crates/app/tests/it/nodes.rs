//! Several nodes on one PostgreSQL: they hear of each other, and a worker that was away loses what
//! it had.

use std::sync::Arc;
use std::time::Duration;

use app::App;
use app::config::Config;
use app::db::{Place, Seams};
use app::dice::{Ids, System};
use app::jobs::{self, Queue};
use app::nodes::Nodes;
use app::outside::Outside;
use domain::moment::Span;

use crate::postgres;
use crate::support::both_engines;

fn node(address: &str) -> Arc<App> {
    let dice = Arc::new(System);
    let ids = Ids::new(dice.as_ref());
    let seams = Seams { clock: Arc::new(app::clock::Wall), dice, ids };
    let place = Place::Postgres(address.to_string());
    let config = Config::plain("http://127.0.0.1:3000");
    let outside = Outside::remembered();
    Arc::new(App::open(&place, true, config, seams, outside).unwrap())
}

#[test]
fn a_commit_on_one_node_rings_the_bell_of_the_others() {
    let Some(fresh) = postgres::fresh() else { return };
    let (one, two) = (node(&fresh.address), node(&fresh.address));
    let _one = Nodes::join(&one).unwrap();
    let _two = Nodes::join(&two).unwrap();
    // Until both listen: what is said before that is heard by nobody.
    let before = two.bell.heard();
    let mut now = before;
    for about in 1.. {
        one.write(|tx| tx.ask("nothing.at_all", about, tx.now.plus(Span::hours(1)))).unwrap();
        now = two.bell.wait(now, Duration::from_millis(100));
        if now > before {
            break;
        }
        assert!(about < 600, "a minute of commits and nothing was heard");
    }
    // And what it hears, it does not tell again.
    assert_eq!(one.bell.heard(), one.bell.wait(one.bell.heard(), Duration::from_millis(200)));
}

#[test]
fn a_worker_that_was_away_too_long_ends_nothing() {
    both_engines(|shop| {
        let lease = Span::minutes(2);
        let ask = |tx: &mut app::db::Tx| tx.ask("nothing.at_all", 7, tx.now);
        shop.app.write(ask).unwrap();
        let claim = || shop.app.write(|tx| jobs::claim(tx, Queue::Ours, 32, lease)).unwrap();
        let sleeper = claim().pop().unwrap();
        assert!(claim().is_empty(), "it has its lease");
        // Only the clock: nobody else works meanwhile.
        shop.clock.advance(Span::minutes(3));
        let other = claim().pop().unwrap();
        assert_eq!((other.id, other.fence), (sleeper.id, sleeper.fence + 1));
        // The sleeper wakes: whatever it says of the job is not heard.
        let state = || {
            let list = |tx: &mut app::db::Tx| jobs::list(tx, None, None, 1);
            shop.app.read(list).unwrap().pop().unwrap().state
        };
        shop.app.write(|tx| jobs::done(tx, &sleeper)).unwrap();
        assert_eq!(state(), "running");
        let mut last = sleeper.clone();
        last.attempts = last.max_attempts;
        let given_up = shop.app.write(|tx| jobs::failed(tx, &last, "woke up")).unwrap();
        assert!(!given_up, "no case is opened for a job somebody else does");
        assert_eq!(state(), "running");
        shop.app.write(|tx| jobs::done(tx, &other)).unwrap();
        assert_eq!(state(), "done");
    });
}
