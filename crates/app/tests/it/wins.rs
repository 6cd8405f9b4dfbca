//! What is won waits in one lane: decided together, each as if it were alone.

use app::failure::Failure;
use app::reward::{self, Promise, Purse, Reward};
use app::{Visitor, campaign};
use domain::campaign::{Campaign, Mechanic};
use domain::id::Id;
use domain::money::{Currency, Money};

use crate::campaigns::{draft, launched, licensed, pots};
use crate::races::at_once;
use crate::support::{TestShop, both_engines};
use crate::wallets::holds;

/// Wins `minor` of a campaign's budget under a key, and waits for it in escrow if it `waits`.
fn wins(
    shop: &TestShop,
    (id, who): (Id<Campaign>, &Visitor),
    key: &str,
    (minor, waits): (i64, bool),
) -> Result<Id<Reward>, Failure> {
    let person = who.person.as_ref().unwrap().id;
    let keyed = who.clone().with_key(&format!("wins-in-a-lane-{key}"), key).unwrap();
    let reason = key.to_string();
    let won = shop.app.win(&keyed, ("won", id.0), move |tx| {
        let (amount, purse) = (Money::new(minor, Currency::Cny), Purse::StoreCredit);
        let about = ("test", id.0);
        let promise = Promise { campaign: id, key: &reason, person, amount, purse, waits, about };
        let (reward, _) = reward::promise(tx, &promise)?;
        Ok((reward, reward.0))
    })?;
    Ok(won.value)
}

fn budget(shop: &TestShop, minor: i64) -> Id<Campaign> {
    licensed(shop);
    launched(shop, draft(shop, Mechanic::Assist, minor))
}

#[test]
fn one_refusal_leaves_the_others_alone() {
    both_engines(|shop| {
        let id = budget(shop, 3_200);
        let people: Vec<Visitor> = (0..64).map(|n| shop.shopper(&format!("w{n}"))).collect();
        // Every other one wants more than there ever was.
        let want = |n: usize| if n.is_multiple_of(2) { 100 } else { 9_999 };
        let done = at_once(64, |n| wins(shop, (id, &people[n]), &n.to_string(), (want(n), false)));
        for (n, one) in done.iter().enumerate() {
            assert_eq!(one.is_ok(), n.is_multiple_of(2), "{n}: {one:?}");
        }
        assert_eq!(pots(shop, id), (0, 0, 3_200, 0));
        // Nothing is kept of those who were refused: they may ask again.
        let kept = "select count(*) from idempotency_keys where key like 'wins-in-a-lane%'";
        assert_eq!((shop.number(kept), shop.number("select count(*) from rewards")), (32, 32));
        let budget = campaign::get_desk(&shop.app, &shop.zoe, id).unwrap().budget.unwrap();
        assert_eq!((budget.available.minor, budget.given.minor), (0, 3_200));
    });
}

#[test]
fn a_key_wins_once_however_often_it_comes_at_once() {
    both_engines(|shop| {
        let id = budget(shop, 3_200);
        let done = at_once(64, |_| wins(shop, (id, &shop.ann), "again", (100, false)));
        let first = done[0].clone().unwrap();
        assert!(done.iter().all(|one| one.as_ref().ok() == Some(&first)), "{done:?}");
        assert_eq!((pots(shop, id), holds(shop, &shop.ann).0), ((3_100, 0, 100, 0), 100));
    });
}

/// When nobody got anything the next batch is looked at on a snapshot, where nothing is written:
/// what would have to be written is decided anew, and never refused for not being there.
#[test]
fn what_waits_is_settled_after_nobody_got_anything() {
    both_engines(|shop| {
        let id = budget(shop, 100);
        let waits = wins(shop, (id, &shop.bob), "waits", (100, true)).unwrap();
        let refused = wins(shop, (id, &shop.ann), "late", (100, false)).unwrap_err();
        assert_eq!(refused.code(), "reward.only_left");
        let keyed = shop.keyed(&shop.bob);
        let settled = shop.app.win(&keyed, ("settled", id.0), move |tx| {
            reward::qualify(tx, waits)?;
            Ok((true, waits.0))
        });
        assert!(settled.unwrap().value);
        assert_eq!((pots(shop, id), holds(shop, &shop.bob).0), ((0, 0, 100, 0), 100));
    });
}
