//! Reviews on both engines: of what was received, once, counted exactly, hidden and never deleted.

use app::Visitor;
use app::checkout::What;
use app::failure::Failure;
use app::order_desk::{self, Ship};
use app::product_page;
use app::review::desk::{self, Answer, DeskLook, Hide, Show};
use app::review::{self, FollowUp, Look, MyReview, Vote, Write};
use domain::id::Id;
use domain::moment::Span;
use domain::order::{Line, Order};
use domain::review::{Ground, Review, Sort};

use crate::races::at_once;
use crate::support::{TestShop, both_engines};
use crate::trade::Goods;

/// A received order of one unit, and its line.
fn received(shop: &TestShop, who: &Visitor, goods: Goods) -> (Id<Order>, Id<Line>) {
    let (order, line) = paid(shop, who, goods);
    let number = format!("SF{}", order.0 % 1_000_000_000);
    order_desk::ship(&shop.app, &shop.mo, order, Ship::all("SF", &number)).unwrap();
    order_desk::confirm_receipt(&shop.app, who, order).unwrap();
    (order, line)
}

fn paid(shop: &TestShop, who: &Visitor, goods: Goods) -> (Id<Order>, Id<Line>) {
    let now = What::Now { variant: goods.variant, quantity: 1 };
    let order = shop.order(who, now).unwrap().order;
    shop.pay(who, order).unwrap();
    (order, shop.see(who, order).lines[0].id)
}

fn write(shop: &TestShop, who: &Visitor, line: Id<Line>, stars: i64) -> Result<MyReview, Failure> {
    let text = format!("{stars} stars, says {}", who.person.as_ref().unwrap().name);
    review::write(&shop.app, &shop.keyed(who), Write { line, stars, text }, &[])
}

fn refused<T: std::fmt::Debug>(answer: Result<T, Failure>, code: &str) {
    assert_eq!(answer.unwrap_err().code(), code);
}

/// A picture of one colour.
fn picture(shade: u8) -> Vec<u8> {
    let picture = image::RgbImage::from_pixel(20, 10, image::Rgb([shade, 90, 90]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn look() -> Look {
    Look { limit: 20, ..Look::default() }
}

fn listed(shop: &TestShop, handle: &str, look: &Look) -> Vec<Id<Review>> {
    let page = product_page::reviews(&shop.app, &Visitor::default(), handle, look).unwrap();
    page.items.iter().map(|review| review.id).collect()
}

fn because(ground: Ground) -> Hide {
    Hide { ground, reason: "it names a private phone number".into() }
}

fn hide(shop: &TestShop, id: Id<Review>) {
    desk::hide(&shop.app, &shop.keyed(&shop.mo), id, &because(Ground::Private)).unwrap();
}

#[test]
fn a_review_is_of_what_one_received() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 10);
        let (order, line) = paid(shop, &shop.ann, tea);
        let may = |order| review::of_order(&shop.app, &shop.ann, order).unwrap()[0].may_write;
        assert!(!may(order));
        refused(write(shop, &shop.ann, line, 5), "review.not_received");
        order_desk::ship(&shop.app, &shop.mo, order, Ship::all("SF", "SF0001")).unwrap();
        refused(write(shop, &shop.ann, line, 5), "review.not_received");
        order_desk::confirm_receipt(&shop.app, &shop.ann, order).unwrap();
        assert!(may(order));
        assert_eq!(review::to_write(&shop.app, &shop.ann, 10).unwrap().len(), 1);
        // Another's line is as one that is not there.
        refused(write(shop, &shop.bob, line, 1), "not_found");
        refused(write(shop, &shop.ann, Id::new(7), 1), "not_found");
        refused(review::of_order(&shop.app, &shop.bob, order), "not_found");
        for stars in [0, 6] {
            refused(write(shop, &shop.ann, line, stars), "review.bad_stars");
        }
        let long = Write { line, stars: 5, text: "茶".repeat(2_001) };
        refused(review::write(&shop.app, &shop.keyed(&shop.ann), long, &[]), "review.bad_text");
        let guest = Visitor::default();
        let unsigned = Write { line, stars: 5, text: String::new() };
        refused(review::write(&shop.app, &guest, unsigned, &[]), "sign_in_first");

        let mine = write(shop, &shop.ann, line, 4).unwrap();
        assert_eq!((mine.review.stars, mine.review.author.as_str()), (4, "a**"));
        assert_eq!((mine.order, mine.line, mine.may_follow_up), (order, line, true));
        refused(write(shop, &shop.ann, line, 5), "review.written");
        assert!(!may(order));
        assert!(review::to_write(&shop.app, &shop.ann, 10).unwrap().is_empty());
        let page = product_page::show(&shop.app, &guest, "tea").unwrap();
        assert_eq!((page.summary.count, page.summary.tenths), (1, Some(40)));
        assert_eq!(page.reviews, vec![mine.review]);
    });
}

#[test]
fn a_review_has_its_time() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 10);
        let (_, early) = received(shop, &shop.ann, tea);
        let (order, late) = received(shop, &shop.ann, tea);
        shop.later(Span::days(180));
        let mine = write(shop, &shop.ann, early, 5).unwrap().review.id;
        shop.later(Span::days(1));
        refused(write(shop, &shop.ann, late, 5), "review.too_late");
        assert!(!review::of_order(&shop.app, &shop.ann, order).unwrap()[0].may_write);
        assert!(review::to_write(&shop.app, &shop.ann, 10).unwrap().is_empty());
        refused(review::add_picture(&shop.app, &shop.ann, mine, &picture(1)), "review.too_late");
        shop.later(Span::days(180));
        let said = FollowUp { text: "still good".into() };
        refused(review::follow_up(&shop.app, &shop.ann, mine, &said), "review.too_late");
    });
}

#[test]
fn an_author_adds_one_thing_later() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 10);
        let (_, line) = received(shop, &shop.ann, tea);
        let id = write(shop, &shop.ann, line, 4).unwrap().review.id;
        shop.clock.advance(Span::days(30));
        let add = |who: &Visitor, text: &str| {
            let said = FollowUp { text: text.into() };
            review::follow_up(&shop.app, &shop.keyed(who), id, &said)
        };
        refused(add(&shop.bob, "me too"), "not_found");
        refused(add(&shop.ann, "  "), "review.bad_text");
        let mine = add(&shop.ann, "After a month\n it is still good.").unwrap();
        assert_eq!(mine.review.follow_up.unwrap().text, "After a month\nit is still good.");
        assert!(!mine.may_follow_up);
        refused(add(&shop.ann, "once more"), "review.written");
    });
}

#[test]
fn pictures_are_drawn_anew_and_counted() {
    both_engines(|shop| {
        let (tea, cup) = (shop.goods("tea", 3_900, 10), shop.goods("cup", 1_900, 10));
        let (_, line) = received(shop, &shop.ann, tea);
        let with = |line, pictures: &[Vec<u8>]| {
            let new = Write { line, stars: 5, text: String::new() };
            review::write(&shop.app, &shop.keyed(&shop.ann), new, pictures)
        };
        let seven: Vec<Vec<u8>> = (0..7).map(|n| picture(n * 30)).collect();
        refused(with(line, &seven), "review.too_many_pictures");
        refused(with(line, &[b"<svg/>".to_vec()]), "catalog.bad_picture");
        let mine = with(line, &seven[..5]).unwrap().review;
        assert_eq!((mine.pictures.len(), mine.pictures[0].width), (5, 20));
        let hash = mine.pictures[0].src.strip_prefix("/files/").unwrap().to_string();
        assert_eq!(app::file::get(&shop.app, &hash).unwrap().mime, "image/jpeg");
        // One more, the same again, and one too many.
        let add = |who: &Visitor, n: usize| review::add_picture(&shop.app, who, mine.id, &seven[n]);
        refused(add(&shop.bob, 5), "not_found");
        for _ in 0..2 {
            assert_eq!(add(&shop.ann, 5).unwrap().review.pictures.len(), 6);
        }
        refused(add(&shop.ann, 6), "review.too_many_pictures");
        let (_, plain) = received(shop, &shop.ann, cup);
        let plain = with(plain, &[]).unwrap().review.id;
        let pictured = Look { pictured: true, ..look() };
        assert_eq!(listed(shop, "tea", &pictured), [mine.id]);
        assert!(listed(shop, "cup", &pictured).is_empty());
        review::add_picture(&shop.app, &shop.ann, plain, &seven[0]).unwrap();
        assert_eq!(listed(shop, "cup", &pictured), [plain]);
        hide(shop, mine.id);
        let summary = product_page::show(&shop.app, &Visitor::default(), "tea").unwrap().summary;
        assert_eq!((summary.pictured, summary.hidden, summary.count), (0, 1, 0));
    });
}

/// Reviews by five people, with one to five stars, the newest with five.
fn five(shop: &TestShop, goods: Goods) -> Vec<Id<Review>> {
    (1..=5)
        .map(|stars| {
            let who = shop.shopper(&format!("shopper-{stars}"));
            let (_, line) = received(shop, &who, goods);
            shop.clock.advance(Span::minutes(1));
            write(shop, &who, line, stars).unwrap().review.id
        })
        .collect()
}

#[test]
fn reviews_are_read_in_the_order_asked_for() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 10);
        let made = five(shop, tea);
        let [one, two, three, four, five] = made[..] else { panic!() };
        for (id, voters) in [(two, 2), (four, 1)] {
            for n in 0..voters {
                let who = shop.shopper(&format!("reader-{n}"));
                review::vote(&shop.app, &who, id, Vote { helpful: true }).unwrap();
            }
        }
        let by = |sort| Look { sort, ..look() };
        assert_eq!(listed(shop, "tea", &look()), [five, four, three, two, one]);
        assert_eq!(listed(shop, "tea", &by(Sort::Helpful)), [two, four, five, three, one]);
        assert_eq!(listed(shop, "tea", &by(Sort::StarsUp)), made);
        assert_eq!(listed(shop, "tea", &by(Sort::StarsDown)), [five, four, three, two, one]);
        let three_stars = Look { stars: Some(3), ..look() };
        assert_eq!(listed(shop, "tea", &three_stars), [three]);
        for sort in Sort::ALL {
            // Page by page it is the same list.
            let whole = listed(shop, "tea", &by(sort));
            let (mut pages, mut after) = (Vec::new(), None);
            loop {
                let page = listed(shop, "tea", &Look { after, limit: 2, ..by(sort) });
                after = page.last().copied();
                pages.extend(page);
                if after.is_none() {
                    break;
                }
            }
            assert_eq!(pages, whole, "{sort:?} on {}", shop.engine);
        }
        let page = product_page::show(&shop.app, &Visitor::default(), "tea").unwrap();
        assert_eq!((page.summary.tenths, page.summary.stars), (Some(30), [1; 5]));
        assert_eq!(page.reviews.len(), 3);
        let cards = product_page::home(&shop.app, &Visitor::default()).unwrap().newest;
        assert_eq!(cards[0].score.unwrap().tenths, 30);
    });
}

#[test]
fn a_vote_counts_once_and_never_for_oneself() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 10);
        let (_, line) = received(shop, &shop.ann, tea);
        let id = write(shop, &shop.ann, line, 5).unwrap().review.id;
        let vote = |who: &Visitor, helpful| {
            Ok::<_, Failure>(review::vote(&shop.app, who, id, Vote { helpful })?.helpful)
        };
        assert_eq!(vote(&shop.bob, true).unwrap(), 1);
        assert_eq!(vote(&shop.bob, true).unwrap(), 1);
        assert_eq!(review::voted(&shop.app, &shop.bob, &[id]).unwrap(), [id]);
        assert!(review::voted(&shop.app, &shop.lin, &[id]).unwrap().is_empty());
        assert_eq!(vote(&shop.bob, false).unwrap(), 0);
        assert_eq!(vote(&shop.bob, false).unwrap(), 0);
        refused(vote(&shop.ann, true), "review.own");
        refused(vote(&Visitor::default(), true), "sign_in_first");
        hide(shop, id);
        refused(vote(&shop.bob, true), "not_found");
    });
}

#[test]
fn a_line_reviewed_many_times_at_once_is_reviewed_once() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 100);
        for _ in 0..4 {
            let (_, line) = received(shop, &shop.ann, tea);
            let written = at_once(8, |n| write(shop, &shop.ann, line, 1 + n as i64 % 5));
            assert_eq!(written.iter().filter(|one| one.is_ok()).count(), 1);
            let others = written.iter().filter_map(|one| one.as_ref().err());
            assert!(others.map(Failure::code).all(|code| code == "review.written"));
        }
        assert_eq!(shop.number("select count(*) from reviews"), 4);
        // One key, one review, one answer.
        let (_, line) = received(shop, &shop.ann, tea);
        let keyed = shop.keyed(&shop.ann);
        let new = Write { line, stars: 5, text: "good".into() };
        let written = at_once(8, |_| review::write(&shop.app, &keyed, new.clone(), &[]));
        let ids: Vec<_> = written.into_iter().map(|one| one.unwrap().review.id).collect();
        assert!(ids.iter().all(|id| *id == ids[0]));
    });
}

#[test]
fn votes_and_rulings_at_once_are_counted_as_they_are() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 100);
        let (_, line) = received(shop, &shop.ann, tea);
        let id = write(shop, &shop.ann, line, 5).unwrap().review.id;
        let crowd: Vec<Visitor> = (0..8).map(|n| shop.shopper(&format!("voter-{n}"))).collect();
        for round in 0..4 {
            at_once(16, |n| {
                // Each twice at the same moment.
                let vote = Vote { helpful: round % 2 == 0 };
                review::vote(&shop.app, &crowd[n % 8], id, vote).unwrap();
            });
            let want = if round % 2 == 0 { 8 } else { 0 };
            assert_eq!(review::get(&shop.app, &shop.ann, id).unwrap().helpful, want);
        }
        let why = because(Ground::Insult);
        let hidden = at_once(4, |_| desk::hide(&shop.app, &shop.keyed(&shop.mo), id, &why));
        assert_eq!(hidden.iter().filter(|one| one.is_ok()).count(), 1);
        let shown =
            at_once(4, |_| desk::show(&shop.app, &shop.keyed(&shop.mo), id, &Show::default()));
        assert_eq!(shown.iter().filter(|one| one.is_ok()).count(), 1);
    });
}

#[test]
fn a_shop_answers_and_pays_for_no_praise() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 10);
        let (_, line) = received(shop, &shop.ann, tea);
        let id = write(shop, &shop.ann, line, 2).unwrap().review.id;
        let counts = || desk::counts(&shop.app, &shop.mo).unwrap();
        assert_eq!((counts().all, counts().unanswered), (1, 1));
        let answer = |who: &Visitor, text: &str| {
            desk::answer(&shop.app, &shop.keyed(who), id, &Answer { text: text.into() })
        };
        refused(answer(&shop.ann, "hello"), "forbidden");
        refused(answer(&shop.mo, " "), "review.bad_text");
        refused(answer(&shop.mo, "改好评，返现 10 元"), "review.buys_praise");
        answer(&shop.mo, "We are sorry.").unwrap();
        answer(&shop.mo, "We are sorry.").unwrap();
        let changed = answer(&shop.zoe, "We are sorry, and send another.").unwrap();
        let said = changed.review.review.answer.unwrap();
        assert_eq!(said.text, "We are sorry, and send another.");
        assert_eq!((counts().unanswered, changed.review.name.as_str()), (0, "ann"));
        // The author was told once.
        let told = app::notice::list(&shop.app, &shop.ann, None, 50).unwrap();
        let told: Vec<_> = told.iter().filter(|one| one.about == "review").collect();
        assert_eq!((told.len(), told[0].kind.as_str()), (1, "review_answered"));
        assert_eq!((&told[0].about_id, &told[0].args["product"]), (&id.to_string(), &"tea".into()));
        let unanswered = DeskLook { unanswered: true, limit: 10, ..DeskLook::default() };
        assert!(desk::list(&shop.app, &shop.mo, &unanswered).unwrap().is_empty());
        refused(desk::list(&shop.app, &shop.ann, &unanswered), "forbidden");
    });
}

#[test]
fn what_is_hidden_is_seen_by_its_author_and_staff_alone() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 10);
        let made = five(shop, tea);
        let (_, line) = received(shop, &shop.ann, tea);
        let id = write(shop, &shop.ann, line, 1).unwrap().review.id;
        let hide = |who: &Visitor, reason: &str| {
            let hide = Hide { ground: Ground::Insult, reason: reason.into() };
            desk::hide(&shop.app, &shop.keyed(who), id, &hide)
        };
        refused(hide(&shop.ann, "mine"), "forbidden");
        refused(hide(&shop.mo, "  "), "review.no_reason");
        refused(hide(&shop.mo, &"x".repeat(501)), "review.no_reason");
        let hidden = hide(&shop.mo, "It insults the packer.").unwrap();
        assert!(hidden.review.hidden.unwrap().law.contains("民法典"));
        refused(hide(&shop.mo, "again"), "review.not_now");

        let page = product_page::show(&shop.app, &Visitor::default(), "tea").unwrap();
        assert!(page.reviews.iter().all(|review| review.id != id));
        assert_eq!((page.summary.count, page.summary.hidden), (5, 1));
        assert_eq!(page.summary.tenths, Some(30), "it counts no more");
        for sort in Sort::ALL {
            let seen = listed(shop, "tea", &Look { sort, ..look() });
            assert!(seen.len() == made.len() && !seen.contains(&id));
        }
        refused(review::get(&shop.app, &Visitor::default(), id), "not_found");
        refused(review::get(&shop.app, &shop.bob, id), "not_found");
        refused(review::my(&shop.app, &shop.bob, id), "not_found");
        assert!(review::get(&shop.app, &shop.mo, id).is_ok());
        let mine = review::my(&shop.app, &shop.ann, id).unwrap();
        let why = mine.hidden.unwrap();
        assert_eq!((why.ground, why.reason.as_str()), (Ground::Insult, "It insults the packer."));
        assert_eq!(review::mine(&shop.app, &shop.ann, None, 5).unwrap().len(), 1);
        let said = FollowUp { text: "why?".into() };
        refused(review::follow_up(&shop.app, &shop.ann, id, &said), "review.hidden");
        refused(review::add_picture(&shop.app, &shop.ann, id, &picture(9)), "review.hidden");
        let answer = Answer { text: "no".into() };
        refused(desk::answer(&shop.app, &shop.mo, id, &answer), "review.hidden");
        // A line stays reviewed: hiding is not a way to a second try.
        refused(write(shop, &shop.ann, line, 5), "review.written");
        let of = DeskLook { hidden: true, limit: 10, ..DeskLook::default() };
        assert_eq!(desk::list(&shop.app, &shop.mo, &of).unwrap().len(), 1);

        let again = Show { reason: "The packer agrees with it.".into() };
        let shown = desk::show(&shop.app, &shop.keyed(&shop.zoe), id, &again).unwrap();
        assert_eq!((shown.rulings.len(), shown.rulings[0].hides), (2, false));
        assert!(listed(shop, "tea", &look()).contains(&id));
        refused(desk::show(&shop.app, &shop.zoe, id, &again), "review.not_now");
        let told = app::notice::list(&shop.app, &shop.ann, None, 50).unwrap();
        let kinds = told.iter().filter(|one| one.about == "review").map(|one| one.kind.as_str());
        assert_eq!(kinds.collect::<Vec<_>>(), ["review_shown", "review_hidden"]);
    });
}

#[test]
fn a_review_stays_when_the_money_goes_back() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 10);
        let (order, line) = received(shop, &shop.ann, tea);
        let id = write(shop, &shop.ann, line, 1).unwrap().review.id;
        let (other, unwritten) = received(shop, &shop.ann, tea);
        for order in [order, other] {
            order_desk::refund(&shop.app, &shop.mo, order, "it came broken").unwrap();
        }
        shop.work();
        shop.deliver();
        let seen = review::get(&shop.app, &Visitor::default(), id).unwrap();
        assert!(seen.refunded && seen.stars == 1);
        assert_eq!(listed(shop, "tea", &look()), [id]);
        refused(write(shop, &shop.ann, unwritten, 1), "review.not_received");
    });
}

/// There is no way to delete a review: no statement anywhere in the program does.
#[test]
fn nothing_deletes_a_review() {
    fn read(folder: &std::path::Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read(&path, found);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let deletes = text.split("delete from review").skip(1);
            found.extend(deletes.filter_map(|rest| rest.split(' ').next()).map(String::from));
        }
    }
    let mut found = Vec::new();
    read(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found.sort();
    found.dedup();
    // The pictures are those of whoever asked to be forgotten.
    assert_eq!(found, ["_pictures", "_votes"], "only a vote is ever taken back");
}

#[test]
fn the_audit_finds_what_is_planted() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 10);
        let (_, line) = received(shop, &shop.ann, tea);
        let id = write(shop, &shop.ann, line, 5).unwrap().review.id;
        hide(shop, id);
        let run = |sql: &str| shop.app.write(|tx| tx.run(sql, &[]).map(|_| ())).unwrap();
        let finds = |ids: &[&str]| {
            let report = app::audit::run(&shop.app, Span::seconds(60)).unwrap();
            let found: Vec<&str> = report.broken().map(|check| check.id.as_str()).collect();
            assert_eq!(found, ids, "{}", shop.engine);
        };
        finds(&[]);
        let bob = shop.bob.person.as_ref().unwrap().id.0;
        let ann = shop.ann.person.as_ref().unwrap().id.0;
        run(&format!("update reviews set person_id = {bob}"));
        finds(&["V1"]);
        run(&format!(
            "update reviews set person_id = {ann}, written_at = written_at - 86400000000"
        ));
        finds(&["V1"]);
        run("update reviews set written_at = written_at + 86400000000");
        run("update review_sums set stars5 = 1");
        finds(&["V2"]);
        run("update review_sums set stars5 = 0");
        run("update reviews set votes = 1");
        finds(&["V3"]);
        run("update reviews set votes = 0, hidden_by = null");
        run("update review_sums set stars5 = 1, hidden = 0");
        finds(&["V4"]);
        run("update review_rulings set hides = 0, ground = ''");
        finds(&["V5"]);
        run("update review_rulings set hides = 1, ground = 'insult'");
        run("update reviews set hidden_by = (select id from review_rulings)");
        run("update review_sums set stars5 = 0, hidden = 1");
    });
}
