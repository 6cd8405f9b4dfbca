//! What is told and kept: the outbox, the inbox, and the chain of what staff did.

use std::sync::{Arc, Mutex};

use app::notice::{self, MarkRead};
use app::outside::{Post, Trouble};
use app::{message, staff_act};
use domain::id::Id;
use serde_json::json;

use crate::support::{both_engines, on_sqlite};

/// Carries mail as it is told to.
struct Pigeon {
    says: Mutex<Result<(), Trouble>>,
    carried: Mutex<Vec<String>>,
}

impl Post for Pigeon {
    fn carries(&self, channel: &str) -> bool {
        channel == "email"
    }
    fn send(&self, channel: &str, to: &str, _: &str, body: &str) -> Result<(), Trouble> {
        self.says.lock().unwrap().clone()?;
        self.carried.lock().unwrap().push(format!("{channel} {to} {body}"));
        Ok(())
    }
}

#[test]
fn what_nobody_carries_waits_in_the_outbox() {
    both_engines(|shop| {
        let id =
            shop.app.write(|tx| message::put(tx, "sms", "+8613800000000", "x", "012345 is it"));
        let id = id.unwrap();
        message::send(&shop.app, id).unwrap();
        let letter = &message::list(&shop.app, &shop.mo, None, 10).unwrap()[0];
        assert_eq!((letter.state.as_str(), letter.subject.as_str()), ("waiting", ""));
        assert_eq!(letter.code.as_deref(), Some("012345"));
        assert!(message::list(&shop.app, &shop.ann, None, 10).is_err());
        assert!(message::list(&shop.app, &shop.mo, Some(id), 10).unwrap().is_empty());
    });
}

#[test]
fn a_letter_that_left_keeps_no_code() {
    let mut shop = on_sqlite();
    let away = Err(Trouble::Away("rain".into()));
    let pigeon = Arc::new(Pigeon { says: Mutex::new(away), carried: Mutex::default() });
    Arc::get_mut(&mut shop.app).unwrap().outside.post = pigeon.clone();
    let put = |body: &str| {
        shop.app.write(|tx| message::put(tx, "email", "ann@example.com", "012345", body)).unwrap()
    };
    let state = || {
        let letter = message::list(&shop.app, &shop.mo, None, 1).unwrap().remove(0);
        (letter.state, letter.subject, letter.body, letter.code)
    };
    let id = put("012345 is it");
    // Rain: the job fails and will be tried again.
    assert!(message::send(&shop.app, id).is_err());
    assert_eq!(state().0, "waiting");
    *pigeon.says.lock().unwrap() = Ok(());
    message::send(&shop.app, id).unwrap();
    message::send(&shop.app, id).unwrap();
    assert_eq!(*pigeon.carried.lock().unwrap(), ["email ann@example.com 012345 is it"]);
    assert_eq!(state(), ("sent".into(), "••••••".into(), "•••••• is it".into(), None));

    *pigeon.says.lock().unwrap() = Err(Trouble::Refused("no such loft".into()));
    message::send(&shop.app, put("again")).unwrap();
    assert_eq!(state().0, "failed");
}

#[test]
fn an_inbox_is_its_owners() {
    both_engines(|shop| {
        let (ann, bob) = (shop.ann.reader().unwrap(), shop.bob.reader().unwrap());
        shop.app
            .write(|tx| {
                let args = json!({ "amount": { "minor": 1900, "currency": "CNY" } });
                notice::tell(tx, ann, "refunded", "order", 7, args)?;
                notice::tell(tx, ann, "team_failed", "team", 8, json!({}))?;
                notice::tell(tx, bob, "order_shipped", "order", 9, json!({}))
            })
            .unwrap();
        assert_eq!(notice::unread_count(&shop.app, &shop.ann).unwrap(), 2);
        assert_eq!(notice::unread_count(&shop.app, &app::Visitor::default()).unwrap(), 0);
        let told = notice::list(&shop.app, &shop.ann, None, 10).unwrap();
        let kinds: Vec<&str> = told.iter().map(|notice| notice.kind.as_str()).collect();
        assert_eq!(kinds, ["team_failed", "refunded"]);
        assert_eq!(told[0].about_id, "tem_0000000000008");
        assert_eq!(told[1].args["amount"]["minor"], 1900);
        // Words nobody gave are there all the same, so that a page is never without.
        assert_eq!(told[1].args["product"], "");

        let mark = MarkRead { notice: Some(told[0].id) };
        assert_eq!(notice::mark_read(&shop.app, &shop.bob, mark.clone()).unwrap(), 1);
        assert_eq!(notice::mark_read(&shop.app, &shop.ann, mark).unwrap(), 1);
        assert_eq!(notice::mark_read(&shop.app, &shop.ann, MarkRead::default()).unwrap(), 0);
        assert!(notice::list(&shop.app, &shop.ann, None, 10).unwrap().iter().all(|n| n.read));
        let older = notice::list(&shop.app, &shop.ann, Some(told[0].id), 10).unwrap();
        assert_eq!(older.len(), 1);
    });
}

#[test]
fn what_staff_did_cannot_be_changed_unseen() {
    both_engines(|shop| {
        let zoe = shop.zoe.reader().unwrap();
        let verify = || shop.app.read(staff_act::verify).unwrap();
        let run = |sql: &str| shop.app.write(|tx| tx.run(sql, &[]).map(|_| ())).unwrap();
        assert_eq!(verify(), None);
        // Whoever works here was let in by an act.
        let before = staff_act::list(&shop.app, &shop.mo, None, 10).unwrap().len();
        for number in 0..5 {
            shop.app
                .write(|tx| staff_act::record(tx, zoe, "stock.adjust", ("variant", number), "+1"))
                .unwrap();
        }
        assert_eq!(verify(), None);
        let acts = staff_act::list(&shop.app, &shop.mo, None, 10).unwrap();
        assert_eq!((acts.len(), acts[0].actor_name.as_str()), (before + 5, "zoe"));
        assert!(staff_act::list(&shop.app, &shop.ann, None, 10).is_err());

        run("update staff_acts set detail = '+9' where about_id = 2");
        assert_eq!(verify(), Some(acts[2].id));
        run("update staff_acts set detail = '+1' where about_id = 2");
        run("update staff_acts set about_id = 9 where about_id = 4");
        assert_eq!(verify(), Some(acts[0].id));
        run("update staff_acts set about_id = 4 where about_id = 9");
        // An end that was cut off is missed too.
        run("update chain_heads set length = length + 1 where name = 'staff_acts'");
        assert_eq!(verify(), Some(Id::new(0)));
        run("update chain_heads set length = length - 1 where name = 'staff_acts'");
        assert_eq!(verify(), None);
    });
}

#[test]
fn acts_of_many_at_once_make_one_chain() {
    both_engines(|shop| {
        let zoe = shop.zoe.reader().unwrap();
        let before = staff_act::list(&shop.app, &shop.zoe, None, 100).unwrap().len();
        std::thread::scope(|scope| {
            for thread in 0..8 {
                scope.spawn(move || {
                    for _ in 0..5 {
                        shop.app
                            .write(|tx| staff_act::record(tx, zoe, "x", ("order", thread), ""))
                            .unwrap();
                    }
                });
            }
        });
        assert_eq!(shop.app.read(staff_act::verify).unwrap(), None, "on {}", shop.engine);
        let acts = staff_act::list(&shop.app, &shop.zoe, None, 100).unwrap();
        assert_eq!(acts.len(), before + 40);
    });
}
