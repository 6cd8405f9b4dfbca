//! The main loop in real browsers on a phone's width, each person with a profile of their own: a
//! group buy that is won, from an imported product to a parcel, and one that is lost and refunded.
//!
//! SQLite speaks Chinese and PostgreSQL English, so that both languages are walked through.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use app::config::Config;
use app::outside::Outside;
use app::{person, work};
use domain::moment::Span;
use domain::person::Role;

use crate::chromium::{self, Browser};
use crate::postgres::free_port;
use crate::support::{self, TestShop};

/// What zoe signs in with.
const ZOE: &str = "zoe@shop.example";
const PASSWORD: &str = "turning in the wind";

/// A product as a merchant's file has it.
const GOODS: &str = "\
Handle,Title,Body (HTML),Vendor,Tags,Published,Option1 Name,Option1 Value,Variant SKU,\
Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Status
longjing,西湖龙井,<p>明前 · spring tea</p>,Pinwheel,tea,TRUE,Title,Default Title,LJ-1,shopify,40,\
deny,88.00,active
";

/// A shop that is served and whose jobs are done, with a clock we can move.
pub struct Open {
    pub shop: TestShop,
    pub base: String,
    pub language: &'static str,
    stop: Arc<AtomicBool>,
    worker: Option<JoinHandle<()>>,
    runtime: Option<tokio::runtime::Runtime>,
    people: tokio::runtime::Runtime,
}

impl Open {
    fn serve(shop: TestShop, base: String, language: &'static str) -> Open {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let address = base.trim_start_matches("http://").to_string();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind(&address).await.unwrap();
            let web = web::Shop::new(Arc::clone(&shop.app)).unwrap();
            tokio::spawn(web::serve(web, listener, std::future::pending()));
        });
        let stop = Arc::new(AtomicBool::new(false));
        let (app, stopped) = (Arc::clone(&shop.app), Arc::clone(&stop));
        let worker = std::thread::spawn(move || work::live(&app, &stopped, false));
        person::add_staff_from_terminal(&shop.app, "zoe", ZOE, Role::Owner, PASSWORD).unwrap();
        let people = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (runtime, worker) = (Some(runtime), Some(worker));
        Open { shop, base, language, stop, worker, runtime, people }
    }

    pub async fn browser(&self, who: &'static str) -> Browser {
        Browser::open(who, &self.base, self.language).await
    }

    /// On a phone for whoever reads Chinese, on a wide screen for whoever reads English.
    pub async fn browser_of_each_width(&self, who: &'static str) -> Browser {
        let size = if self.language == "en" { (1440, 900) } else { (390, 844) };
        Browser::open_at(who, &self.base, self.language, size).await
    }

    /// The other way round, for whoever works at the counter.
    pub async fn browser_of_other_width(&self, who: &'static str) -> Browser {
        let size = if self.language == "en" { (390, 844) } else { (1440, 900) };
        Browser::open_at(who, &self.base, self.language, size).await
    }

    /// The same as for buyers, at the name of this machine: browsers keep passkeys for names alone.
    pub async fn browser_by_name(&self, who: &'static str) -> Browser {
        let base = self.base.replace("127.0.0.1", "localhost");
        let size = if self.language == "en" { (1440, 900) } else { (390, 844) };
        Browser::open_at(who, &base, self.language, size).await
    }

    /// Asks the database on a thread of its own: its driver may not wait inside the browsers'
    /// runtime.
    pub fn apart<T: Send>(&self, ask: impl FnOnce(&TestShop) -> T + Send) -> T {
        let (shop, runtime) = (&self.shop, self.runtime.as_ref());
        let asks = || {
            // Payments that came over the network meanwhile go on in the server's runtime.
            let _here = runtime.map(|runtime| runtime.enter());
            ask(shop)
        };
        std::thread::scope(|scope| scope.spawn(asks).join().unwrap())
    }

    /// One number from the database.
    pub fn number(&self, sql: &str) -> i64 {
        self.apart(|shop| shop.number(sql))
    }

    /// The last code that was sent to somebody, as they would read it.
    pub fn code_for(&self, who: &str) -> String {
        let to = format!("{who}@example.com");
        let sql = "select body from messages where recipient = $1 order by id desc limit 1";
        let body: String = self.apart(|shop| {
            shop.app.read(|tx| tx.one(sql, &[to.clone().into()], |row| row.get(0))).unwrap()
        });
        let digits = body.split(|c: char| !c.is_ascii_digit()).find(|part| part.len() == 6);
        digits.unwrap_or_else(|| panic!("no code in {body}")).to_string()
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.shop.app.bell.ring();
        if let Some(worker) = self.worker.take() {
            worker.join().ok();
        }
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Walks a journey on both engines; without a browser it says so and does nothing.
pub fn walk(journey: impl AsyncFn(&Open)) {
    let world = |base: &str| {
        let config = Config::plain(base);
        let outside = Outside::real(&config).unwrap();
        (config, outside, ())
    };
    walk_in(world, async |open, _| journey(open).await);
}

/// The same in a world of one's own, which is made for each engine.
pub fn walk_in<T>(world: impl Fn(&str) -> (Config, Outside, T), journey: impl AsyncFn(&Open, &T)) {
    if chromium::driver().is_none() {
        return;
    }
    let base = format!("http://127.0.0.1:{}", free_port());
    let (config, outside, with) = world(&base);
    let open = Open::serve(support::sqlite_in(config, outside), base, "zh-CN");
    open.people.block_on(journey(&open, &with));
    drop(open);
    let base = format!("http://127.0.0.1:{}", free_port());
    let (config, outside, with) = world(&base);
    if let Some(shop) = support::postgres_in(config, outside) {
        let open = Open::serve(shop, base, "en");
        open.people.block_on(journey(&open, &with));
    }
}

/// zoe comes in by her password.
pub async fn zoe_signs_in(zoe: &Browser) {
    zoe.go("/console").await;
    zoe.arrives("/console/sign-in").await;
    zoe.fill("input[name=name]", ZOE).await;
    zoe.fill("input[name=password]", PASSWORD).await;
    zoe.click("form.c-form button.primary").await;
    zoe.see("main h1").await;
}

/// zoe signs in, imports a product file and makes a group buy of `need` people from it.
async fn zoe_opens_a_group_buy(open: &Open, need: i64) -> Browser {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("goods.csv");
    std::fs::write(&file, GOODS).unwrap();
    let zoe = open.browser("zoe").await;
    zoe_signs_in(&zoe).await;

    zoe.go("/console/import").await;
    zoe.attach("input[type=file]", &file).await;
    zoe.submit("form:has(input[type=file])").await;
    zoe.see("dl.c-tally").await;
    zoe.click("form.c-actions button[data-key-save]").await;
    zoe.see("a.button.primary[href='/console/products']").await;
    assert_eq!(open.number("select count(*) from variants"), 1);

    crate::browser_campaigns::licensed(open);
    zoe.go("/console/group-buys/new?template=pair").await;
    zoe.click("a.c-good").await;
    zoe.fill("input[name=need]", &need.to_string()).await;
    zoe.fill("input[name=price]", "68.00").await;
    // What shoppers will see is drawn anew above the button, which moves.
    zoe.hears("[data-preview-into]", "68").await;
    zoe.click("button[data-key-save]").await;
    zoe.arrives("/console/group-buys/gby_").await;
    zoe
}

/// From a product's page to its checkout. A phone has a bar at the bottom that opens the choice.
pub async fn buys_now(browser: &Browser) {
    browser.see("main h1").await;
    if browser.shown(".action-bar [data-want=buy]").await.is_some() {
        browser.click(".action-bar [data-want=buy]").await;
    }
    browser.click("button[name=do][value=buy]").await;
}

/// Somebody comes in with the code they were sent.
pub async fn signs_in(open: &Open, browser: &Browser) {
    signs_in_as(open, browser, browser.who).await;
}

/// The same by another name than the browser's.
pub async fn signs_in_as(open: &Open, browser: &Browser, who: &str) {
    browser.arrives("/sign-in").await;
    browser.fill("#to", &format!("{who}@example.com")).await;
    browser.submit("form:has(#to)").await;
    browser.see("#code").await;
    browser.fill("#code", &open.code_for(who)).await;
    browser.submit("form:has(#code)").await;
    browser.gone("#code").await;
}

/// From the checkout to the bank, and back: the address of the order.
async fn pays(browser: &Browser) -> String {
    browser.arrives("/checkout").await;
    browser.writes_an_address(browser.who, "龙井路 1 号").await;
    browser.click("button[data-pay]").await;
    pays_the_bank(browser).await
}

/// At the bank, which takes it: the address of the order, when the shop has heard of it.
pub async fn pays_the_bank(browser: &Browser) -> String {
    browser.arrives("/sandbox/pay/").await;
    browser.click("button[name=act][value=pay]").await;
    browser.arrives("/orders/").await;
    // A page that still asks looks again by itself, and would be in the way of what comes next.
    browser.gone("[data-refresh]").await;
    let path = browser.path().await;
    path.split('?').next().unwrap_or_default().trim_end_matches("/paid").to_string()
}

/// ann opens a team from the product's page and pays: her order's address and the team's.
async fn ann_opens_a_team(open: &Open, ann: &Browser) -> (String, String) {
    ann.go("/sign-in").await;
    signs_in(open, ann).await;
    ann.go("/products/longjing").await;
    ann.click(".action-bar [data-want=open]").await;
    ann.click("button[name=do][value=open]").await;
    let order = pays(ann).await;
    ann.see("a[href*='/teams/tem_']").await;
    let team = ann.attribute("a[href*='/teams/tem_']", "href").await;
    (order, team)
}

/// Somebody comes from a share link, joins and pays: their order's address.
async fn joins_from(open: &Open, link: &str, browser: &Browser) -> String {
    browser.go(link).await;
    browser.arrives("/teams/tem_").await;
    // With one variant there is nothing to choose: the button leads to the checkout, and a
    // stranger signs in on the way.
    browser.click(".action-bar a.button.primary").await;
    if browser.leads("/sign-in").await {
        signs_in(open, browser).await;
    }
    pays(browser).await
}

#[test]
fn a_team_that_is_won() {
    walk(async |open| {
        let zoe = zoe_opens_a_group_buy(open, 2).await;
        let ann = open.browser("ann").await;
        let (anns_order, team) = ann_opens_a_team(open, &ann).await;

        // She looks at her team and sends the link; from here on she touches nothing.
        ann.go(&team).await;
        ann.counts("#team li[data-place]", 1).await;
        assert_eq!(ann.attribute("#team", "data-state").await, "open");
        let link = ann.attribute("[data-share-field]", "value").await;
        assert!(link.contains("/s/"), "{link}");
        ann.mark().await;

        let bob = open.browser("bob").await;
        let bobs_order = joins_from(open, &link, &bob).await;
        ann.counts("#team[data-state=succeeded] li[data-place]", 2).await;
        assert!(ann.is_marked().await, "the page filled by itself");
        let visits =
            "select count(*) from visits where person_id is not null or session_id is not null";
        assert!(open.number(visits) >= 1, "the visit has its sharer");

        // zoe packs both.
        for (order, tracking) in [(&anns_order, "SF1000000001"), (&bobs_order, "SF1000000002")] {
            zoe.go(&format!("/console{order}")).await;
            zoe.write("input[name=carrier]", "SF").await;
            zoe.write("input[name=tracking]", tracking).await;
            zoe.click("form.c-next button[data-key-save]").await;
            zoe.gone("input[name=tracking]").await;
        }
        ann.go(&anns_order).await;
        ann.hears("main", "SF1000000001").await;
        bob.go(&bobs_order).await;
        bob.hears("main", "SF1000000002").await;
        // ann's order is ann's.
        bob.go(&anns_order).await;
        assert!(!bob.see("body").await.contains("SF1000000001"));
    });
}

#[test]
fn a_team_that_is_lost() {
    walk(async |open| {
        let zoe = zoe_opens_a_group_buy(open, 3).await;
        let ann = open.browser("ann").await;
        let (anns_order, team) = ann_opens_a_team(open, &ann).await;
        ann.go(&team).await;
        let link = ann.attribute("[data-share-field]", "value").await;
        let bob = open.browser("bob").await;
        let bobs_order = joins_from(open, &link, &bob).await;
        ann.counts("#team[data-state=open] li[data-place]", 2).await;
        ann.mark().await;

        // A day goes by and nobody else comes.
        open.shop.clock.advance(Span::hours(24));
        open.shop.app.bell.ring();
        ann.see("#team[data-state=failed]").await;
        assert!(ann.is_marked().await, "the page said so by itself");

        let refunded = "select count(*) from refunds where status = 'succeeded'";
        for _ in 0..100 {
            if open.number(refunded) == 2 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        assert_eq!(open.number(refunded), 2, "each of the two, once");
        assert_eq!(open.number("select count(*) from refunds"), 2);
        assert_eq!(
            open.number("select cast(sum(refunded) as bigint) from sandbox_payments"),
            open.number("select cast(sum(amount) as bigint) from sandbox_payments"),
        );
        // Shown to everyone: both buyers, and zoe.
        let back = if open.language == "en" { "efund" } else { "退款" };
        for (browser, order) in [(&ann, &anns_order), (&bob, &bobs_order)] {
            browser.go(order).await;
            browser.hears("main", back).await;
            browser.go("/inbox").await;
            browser.hears("main", back).await;
        }
        // Staff sign in anew each day.
        zoe_signs_in(&zoe).await;
        zoe.go(&format!("/console{anns_order}")).await;
        zoe.hears("main", back).await;
        assert_eq!(zoe.count("input[name=tracking]").await, 0, "nothing is shipped");
    });
}

/// A picture of one colour, as a phone would send it.
const PICTURE: &[u8] = include_bytes!("../../../app/demo/previews/acacia-honey.png");

#[test]
fn what_came_is_reviewed() {
    walk(async |open| {
        let zoe = zoe_opens_a_group_buy(open, 2).await;
        let ann = open.browser("ann").await;
        ann.go("/sign-in").await;
        signs_in(open, &ann).await;
        ann.go("/products/longjing").await;
        ann.click(".action-bar [data-want=buy]").await;
        ann.click("button[name=do][value=buy]").await;
        let order = pays(&ann).await;
        zoe.go(&format!("/console{order}")).await;
        zoe.write("input[name=carrier]", "SF").await;
        zoe.write("input[name=tracking]", "SF1000000003").await;
        zoe.click("form.c-next button[data-key-save]").await;
        zoe.gone("input[name=tracking]").await;

        // It came: the order asks for a review, with a picture.
        ann.go(&order).await;
        assert_eq!(ann.count("a[href*='/review/oln_']").await, 0, "nothing came yet");
        ann.submit("form[action$='/confirm']").await;
        ann.click("a[href*='/review/oln_']").await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tea.png");
        std::fs::write(&file, PICTURE).unwrap();
        ann.click("input[name=stars][value='4']").await;
        ann.fill("#text", "Fresh and sweet").await;
        ann.attach("#pictures", &file).await;
        ann.submit("form:has(#pictures)").await;
        ann.arrives("/account/reviews/rev_").await;
        ann.see(".shots img").await;

        // zoe answers, and everybody reads both.
        zoe.go("/console/reviews?view=unanswered").await;
        zoe.click("a[data-row-link]").await;
        zoe.fill("textarea[name=text]", "Thank you, ann").await;
        zoe.submit("form[action$='/answer']").await;
        let bob = open.browser("bob").await;
        let answered = async || {
            bob.go("/products/longjing").await;
            let said = bob.shown("#reviews").await?;
            let whole = ["Fresh and sweet", "Thank you, ann", "4.0"];
            whole.iter().all(|part| said.contains(part)).then_some(())
        };
        bob.until("the review and its answer on the product's page", answered).await;
        bob.see("#reviews .shots img").await;
        // bob finds it helpful, once he is in.
        bob.go("/sign-in").await;
        signs_in(open, &bob).await;
        bob.go("/products/longjing/reviews").await;
        bob.submit("form[action$='/vote']").await;
        bob.see("form[action$='/vote'] button[aria-pressed=true]").await;
        assert_eq!(open.number("select votes from reviews"), 1);

        // Hidden, it is hidden; the page says so.
        zoe.write("textarea[name=reason]", "A test of hiding").await;
        zoe.click("select[name=ground] option[value=private]").await;
        zoe.submit("form[action$='/hiding']").await;
        zoe.see("form[action$='/showing']").await;
        // Others may be shown a page that is a moment old.
        let hidden = async || {
            bob.go("/products/longjing").await;
            let said = bob.shown("#reviews").await?;
            (!said.contains("Fresh and sweet")).then_some(())
        };
        bob.until("a hidden review is gone from the product's page", hidden).await;
        ann.go("/account/reviews").await;
        ann.hears("main", "Fresh and sweet").await;
    });
}
