//! The same as `boundaries`, for what is won and bought in campaigns: a flash sale's order, a
//! bargain that is cut and bought, a gift that is taken, points that are exchanged, a part of a
//! packet. A process dies before or after the n-th commit, and another one does the same again.
//!
//! Every fifth commit is tried (of PostgreSQL every tenth); `PINWHEEL_EVERY=1` tries each.

use app::bargain::{self, BeginBargain};
use app::campaign::{Offered, Terms};
use app::checkout::{self, Place, What};
use app::gift::{self, Take};
use app::points_shop::{self, Ask};
use app::{Visitor, packet, payment, sandbox};
use domain::campaign::{Campaign, Mechanic};
use domain::gift::Wish;
use domain::id::Id;
use domain::moment::Span;
use domain::order::{Order, Status};
use domain::red_packet::Split;

use crate::boundaries::{ANSWERED, SHOP, come, dies_from_here_on, in_a_process};
use crate::flash::{sale, usual};
use crate::games::{launch, one_each, packet_terms};
use crate::gifts::sends_gifts;
use crate::points::{give, has, opens};
use crate::points_shop::{goods_of, open};
use crate::postgres;
use crate::support::TestShop;
use crate::trade::{address, place};

/// What there is to be had.
fn ready(shop: &TestShop) {
    let goods = ["tea", "cup", "pot"].map(|name| shop.goods(name, 8_800, 10));
    sale(shop, goods[0], Some(5), usual(), |_| ());
    let terms = domain::bargain::Terms { cuts: 2, ..domain::bargain::Terms::usual() };
    let hall = launch(shop, Terms::Bargain(terms), 0, |put| {
        put.frame.budget = None;
        put.offered = vec![Offered { variant: goods[1].variant, price: 6_000, quota: Some(5) }];
    });
    hall.unwrap();
    sends_gifts(shop);
    opens(shop);
    give(shop, &shop.ann, 1_000).unwrap();
    open(shop, vec![goods_of(goods[2], 500, None, 5)]).unwrap();
    launch(shop, packet_terms(1_000, 3, Split::Random), 1_000, one_each).unwrap();
}

fn campaign(shop: &TestShop, mechanic: Mechanic) -> Id<Campaign> {
    let sql = "select id from campaigns where mechanic = $1";
    shop.app.read(|tx| tx.one(sql, &[mechanic.code().into()], |row| row.get(0))).unwrap()
}

fn paid(shop: &TestShop, order: Id<Order>) {
    if shop.see(&shop.ann, order).status == Status::PendingPayment {
        let pay = payment::begin(&shop.app, &shop.ann, order).unwrap();
        // Whoever died here may have paid already.
        let _ = sandbox::act(&shop.app, &pay.payment.to_string(), sandbox::Act::Pay);
    }
    shop.deliver();
    if shop.see(&shop.ann, order).status == Status::PendingPayment {
        // The notice was lost with whoever died: the provider is asked when the time to pay is up.
        shop.later(Span::minutes(40));
    }
}

/// Somebody with the key of one errand, the same whenever it is done.
fn key(who: &Visitor, key: &str) -> Visitor {
    who.clone().with_key(key, key).unwrap()
}

/// ann buys in the sale, bargains with bob's help, gives him a gift, exchanges points and takes a
/// part. What each was answered.
fn errands(shop: &TestShop) -> Vec<String> {
    let mut told = Vec::new();
    let mut tell = |what: String| {
        println!("\n{ANSWERED}{what}");
        told.push(what);
    };
    let order = |name: &str, place: Place| {
        checkout::place(&shop.app, &key(&shop.ann, name), place).unwrap().value.order
    };
    let (tea, cup) = (shop.goods_of("tea").variant, shop.goods_of("cup").variant);
    let sale = campaign(shop, Mechanic::FlashSale);
    let what = What::FlashSale { campaign: sale, variant: tea, quantity: 2 };
    let hunted = order("ann-hunts-two-teas", place(what));
    tell(format!("hunted {hunted}"));
    paid(shop, hunted);

    let hall = campaign(shop, Mechanic::Bargain);
    let asked = BeginBargain { variant: cup };
    let mine = bargain::begin(&shop.app, &key(&shop.ann, "ann-bargains-cup"), hall, &asked);
    let mine = mine.unwrap();
    tell(format!("begun {} at {}", mine.id, mine.price.minor));
    let helped = bargain::help(&shop.app, &key(&shop.bob, "bob-helps-with-it"), mine.id).unwrap();
    tell(format!("helped by {}", helped.helped.unwrap().minor));
    let bought = order("ann-buys-the-cup-", place(What::Bargain { bargain: mine.id }));
    tell(format!("bought {bought}"));
    paid(shop, bought);

    let wish = Some(Wish { card: "生日快乐".into(), life: Span::days(3) });
    let what = What::Now { variant: tea, quantity: 1 };
    let given = order("ann-gives-the-tea", Place { gift: wish, ..Place::of(what) });
    tell(format!("given {given}"));
    paid(shop, given);
    let id = shop.see(&shop.ann, given).gift.unwrap();
    // Its page shows no link any more when it was taken.
    let sql = "select secret from gifts where id = $1";
    let secret = shop.app.read(|tx| tx.one(sql, &[id.into()], |row| row.get(0))).unwrap();
    let take = Take { secret, address: address() };
    let taken = gift::take(&shop.app, &key(&shop.bob, "bob-takes-the-tea"), id, &take).unwrap();
    tell(format!("taken, {:?}", taken.value.status));

    let shelf = campaign(shop, Mechanic::PointsShop);
    let to = Some(address());
    let ask = Ask { campaign: shelf, item: 0, quantity: 1, address: to, expected_points: None };
    let had = points_shop::exchange(&shop.app, &key(&shop.ann, "ann-exchanges-500"), ask).unwrap();
    tell(format!("exchanged {} for {:?}", had.value.id, had.value.order));

    let shared = campaign(shop, Mechanic::RedPacket);
    let part = packet::take(&shop.app, &key(&shop.ann, "ann-takes-a-part-"), shared).unwrap();
    tell(format!("a part of {}", part.value.amount.minor));
    // What the dead had begun is somebody else's when their lease has run out.
    shop.later(Span::minutes(10));
    told
}

#[test]
fn what_is_won_and_bought_in_campaigns_is_so_once() {
    if let Ok(place) = std::env::var(SHOP) {
        let shop = come(&place, 1);
        ready(&shop);
        dies_from_here_on();
        errands(&shop);
        return;
    }
    let every = std::env::var("PINWHEEL_EVERY").ok().and_then(|every| every.parse().ok());
    // Processes die here, not disks.
    let memory = std::path::Path::new("/dev/shm");
    let memory = if memory.is_dir() { memory.to_path_buf() } else { std::env::temp_dir() };
    for (boundary, first) in [("before_commit", 1), ("after_commit", 2)] {
        let times = |every: usize| (first..).step_by(every);
        let on_sqlite = times(every.unwrap_or(5)).take_while(|time| {
            let folder = tempfile::tempdir_in(&memory).unwrap();
            dies_and_comes_back(&folder.path().display().to_string(), boundary, *time)
        });
        let on_sqlite = on_sqlite.count();
        let on_postgres = times(every.unwrap_or(10)).take_while(|time| {
            postgres::fresh()
                .is_some_and(|fresh| dies_and_comes_back(&fresh.address, boundary, *time))
        });
        let on_postgres = on_postgres.count();
        println!("{boundary}: {on_sqlite} times on SQLite, {on_postgres} on PostgreSQL");
        let least = 40 / every.unwrap_or(5).max(1);
        assert!(on_sqlite >= least, "{boundary}: only {on_sqlite} times");
        assert!(on_postgres >= least / 2 || postgres::server().is_none());
    }
}

/// Whether a process died at that boundary; the errands are done again in any case.
fn dies_and_comes_back(place: &str, boundary: &str, time: u64) -> bool {
    let this = "boundaries_of_campaigns::what_is_won_and_bought_in_campaigns_is_so_once";
    let (died, answered) = in_a_process(this, place, boundary, time);
    let when = format!("{boundary} {time} in {place}");
    let shop = come(place, 2);
    // The clock stands where the campaigns began.
    shop.clock.advance(Span::days(31));
    let told = errands(&shop);
    assert_eq!(told[..answered.len()], answered, "{when}: another answer");
    shop.later(Span::minutes(30));
    let count = |sql: &str| shop.number(sql);
    assert_eq!(count("select count(*) from orders"), 4, "{when}");
    assert_eq!(count("select count(*) from orders where status = 'to_ship'"), 4, "{when}");
    assert_eq!(count("select count(*) from payments where status = 'captured'"), 3, "{when}");
    assert_eq!(count("select count(*) from sandbox_refunds"), 0, "{when}");
    assert_eq!(count("select count(*) from order_campaigns"), 2, "{when}");
    assert_eq!(count("select quantity from campaign_people"), 2, "{when}");
    let bought = "select count(*) from bargains where status = 'bought' and taken = 2";
    assert_eq!((count("select count(*) from bargains"), count(bought)), (1, 1), "{when}");
    assert_eq!(count("select count(*) from bargain_helpers"), 1, "{when}");
    assert_eq!(count("select count(*) from gifts where state = 'taken'"), 1, "{when}");
    assert_eq!(count("select count(*) from points_exchanges where state = 'stands'"), 1, "{when}");
    assert_eq!(has(&shop, &shop.ann), (500, 0), "{when}");
    let credit = app::wallet::mine(&shop.app, &shop.ann).unwrap().store_credit.minor;
    let view = packet::get(&shop.app, &shop.ann, campaign(&shop, Mechanic::RedPacket)).unwrap();
    assert_eq!((view.taken, view.taken_worth.minor), (1, credit), "{when}");
    let stock = |name: &str| {
        let stock = shop.stock(shop.goods_of(name));
        (stock.available, stock.set_aside, stock.sold)
    };
    let want = [(4, 3, 3), (5, 4, 1), (5, 4, 1)];
    assert_eq!(["tea", "cup", "pot"].map(stock), want, "{when}");
    died
}
