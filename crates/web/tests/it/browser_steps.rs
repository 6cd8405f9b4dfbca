//! Every way to win, from the list of campaigns in the console to one that runs, on a phone: how
//! many steps that takes, and how long by the keystroke-level model (Card, Moran and Newell 1980).
//! Then each is shared: its card is drawn, and its code leads where it says. SQLite speaks Chinese
//! and PostgreSQL English.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::moment::Span;

use crate::browser::{Open, signs_in, walk, zoe_signs_in};
use crate::browser_campaigns::licensed;
use crate::browser_fission::kind;
use crate::chromium::Browser;

/// A campaign is launched in less.
const TWO_MINUTES: i64 = 120_000;
/// Thinking, reaching and pressing, in milliseconds: the operators M, P and B.
const PRESS: i64 = 1_350 + 1_100 + 200;
/// A letter typed by the thumb, in milliseconds: slower than K of a keyboard.
const LETTER: i64 = 500;

/// A hand that counts what it does.
struct Hand<'a> {
    zoe: &'a Browser,
    presses: i64,
    letters: i64,
}

impl<'a> Hand<'a> {
    /// At the list of campaigns, a mechanic is chosen.
    async fn begins(zoe: &'a Browser, mechanic: &str) -> Hand<'a> {
        zoe.go("/console/campaigns").await;
        let mut hand = Hand { zoe, presses: 0, letters: 0 };
        hand.presses("a[href='/console/campaigns/new']").await;
        hand.presses(&format!("a[data-mechanic={mechanic}]")).await;
        hand
    }

    async fn presses(&mut self, css: &str) {
        self.zoe.click(css).await;
        self.presses += 1;
    }

    /// Into the field and over what is in it.
    async fn writes(&mut self, css: &str, text: &str) {
        self.zoe.fill(css, text).await;
        self.presses += 2;
        self.letters += i64::try_from(text.chars().count()).unwrap();
    }

    /// Goods are looked for by their name, and the first is taken.
    async fn finds(&mut self, name: &str) {
        self.writes("#pick", name).await;
        self.presses("#picked button").await;
    }

    /// Launches it. How many steps it took, and how long, in milliseconds.
    async fn launches(mut self, open: &Open, mechanic: &str) -> (i64, i64) {
        // What shoppers will see is drawn anew above the button, which moves.
        self.zoe.hears("[data-preview-into] .c-check", "").await;
        self.presses("[data-key-save]").await;
        let sql = format!(
            "select count(*) from campaigns where status = 'running' and mechanic = '{mechanic}'"
        );
        let runs = async || (open.number(&sql) == 1).then_some(());
        self.zoe.until(&format!("{mechanic} runs"), runs).await;
        (self.presses, self.presses * PRESS + self.letters * LETTER)
    }
}

/// How many steps each takes, as docs/how-to/run-a-campaign.md says.
const STEPS: [(&str, i64); 14] = [
    ("group_buy", 7),
    ("flash_sale", 8),
    ("bargain", 8),
    ("assist", 5),
    ("fission_coupon", 5),
    ("coupon_drop", 5),
    ("red_packet", 5),
    ("draw", 5),
    ("invite_reward", 5),
    ("check_in", 5),
    ("tasks", 5),
    ("guess", 9),
    ("quiz", 7),
    ("points_shop", 8),
];

async fn launches(open: &Open, zoe: &Browser, mechanic: &str) -> (i64, i64) {
    let mut hand = Hand::begins(zoe, mechanic).await;
    if mechanic == "group_buy" {
        hand.presses(".c-template, a[href*='template=']").await;
        hand.presses("a.c-good").await;
        hand.writes("input[name=price]", "68").await;
        return hand.launches(open, mechanic).await;
    }
    hand.writes("input[name=title]", "Tea for all").await;
    match mechanic {
        "flash_sale" | "bargain" | "points_shop" => hand.finds("kettle").await,
        "guess" => {
            hand.writes("textarea[name=what]", "A teapot").await;
            hand.writes("input[name=answer]", "99").await;
        }
        "quiz" => {
            let question = "Which is green?\n- Pu'er\n* Longjing";
            hand.writes("textarea[name=questions]", question).await;
        }
        _ => (),
    }
    hand.launches(open, mechanic).await
}

/// The card of the page that is open: what its code says.
async fn code_of_the_card(ann: &Browser) -> String {
    ann.click("[data-poster]").await;
    let source = ann.attribute(".poster img", "src").await;
    let bytes = STANDARD.decode(source.split(',').nth(1).expect("a picture")).unwrap();
    let picture = image::load_from_memory(&bytes).unwrap().to_luma8();
    let mut seen = rqrr::PreparedImage::prepare(picture);
    let codes = seen.detect_grids();
    assert_eq!(codes.len(), 1, "one code on the card");
    codes[0].decode().unwrap().1
}

/// Opens the page where something is shared, and reads its card.
async fn shares(ann: &Browser, page: &str, begin: Option<&str>) {
    ann.go(page).await;
    if let Some(button) = begin {
        ann.click(button).await;
    }
    let link = ann.attribute("#share-link", "value").await;
    assert!(link.contains("/s/"), "{page} is shared by a link of one's own: {link}");
    assert_eq!(code_of_the_card(ann).await, link, "{page}");
}

#[test]
fn every_way_to_win_is_launched_in_two_minutes_and_shared_by_a_card() {
    walk(async |open| {
        licensed(open);
        kind(open);
        open.apart(|shop| {
            shop.goods("kettle", 19_900, 100);
        });
        // A price is struck through once it was charged for a week.
        open.shop.clock.advance(Span::days(31));
        let zoe = open.browser("zoe").await;
        zoe_signs_in(&zoe).await;
        let mut counted = Vec::new();
        for (mechanic, _) in STEPS {
            let (steps, time) = launches(open, &zoe, mechanic).await;
            println!("{mechanic}: {steps} steps, {} s", time / 1_000);
            assert!(time < TWO_MINUTES, "{mechanic} takes {time} ms");
            counted.push((mechanic, steps));
        }
        assert_eq!(counted, STEPS, "what the guide says");

        let ann = open.browser("ann").await;
        ann.go("/sign-in").await;
        signs_in(open, &ann).await;
        let id = |mechanic: &str| {
            let sql = format!("select id from campaigns where mechanic = '{mechanic}'");
            let id: domain::id::Id<domain::campaign::Campaign> =
                domain::id::Id::new(open.number(&sql));
            id
        };
        for (mechanic, _) in STEPS {
            ann.go(&format!("/campaigns/{}/rules", id(mechanic))).await;
            ann.see(".campaign-clauses li").await;
        }
        shares(&ann, "/products/kettle", None).await;
        for page in ["/invite", "/check-in", "/tasks"] {
            shares(&ann, page, None).await;
        }
        for (path, mechanic) in [
            ("flash", "flash_sale"),
            ("packets", "red_packet"),
            ("draws", "draw"),
            ("guesses", "guess"),
            ("quizzes", "quiz"),
            ("drops", "coupon_drop"),
        ] {
            shares(&ann, &format!("/{path}/{}", id(mechanic)), None).await;
        }
        let button = Some("main form button.primary, main .packet form button");
        shares(&ann, &format!("/assists/{}", id("assist")), button).await;
        shares(&ann, &format!("/fissions/{}", id("fission_coupon")), button).await;
        let button = Some(".bargain-good form button");
        shares(&ann, &format!("/bargains/{}", id("bargain")), button).await;
        ann.go("/points-shop").await;
        let item = ann.attribute("main a[href^='/points-shop/']", "href").await;
        // A thing of the points shop is shared by its own address.
        ann.go(&item).await;
        let link = ann.attribute("#share-link", "value").await;
        assert!(link.ends_with(&item), "{link}");
        assert_eq!(code_of_the_card(&ann).await, link);
    });
}
