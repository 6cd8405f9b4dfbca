//! Friends win together, on a phone: zoe writes a campaign, what the check finds is mended and
//! answered, ann asks, friends help with one tap and the reward is in her wallet. SQLite speaks
//! Chinese, PostgreSQL English.

use app::legal::{self, LicenceView};

use crate::browser::{Open, signs_in_as, walk, zoe_signs_in};
use crate::chromium::Browser;

/// Says who the shop is, without which nothing may be launched.
pub fn licensed(open: &Open) {
    open.apart(|shop| {
        let before = legal::licence_desk(&shop.app, &shop.zoe).unwrap();
        let licence = domain::legal::Licence {
            name: "Pinwheel Tea".into(),
            number: "91330100799655058B".into(),
            ..before.licence.clone()
        };
        let new = LicenceView { licence, ..before };
        legal::set_licence(&shop.app, &shop.zoe, &new).unwrap();
    });
}

async fn helps(open: &Open, friend: &Browser, name: &str, link: &str) {
    friend.go("/sign-in").await;
    signs_in_as(open, friend, name).await;
    friend.go(link).await;
    friend.arrives("/help/").await;
    friend.click(".assist-top form button").await;
    friend.arrives("/help/").await;
    friend.gone(".assist-top form").await;
}

#[test]
fn friends_help_from_the_console_to_the_wallet() {
    walk(async |open| {
        licensed(open);
        let zoe = open.browser("zoe").await;
        zoe_signs_in(&zoe).await;
        // Eight steps: open, choose, name, words, number, launch; and what the check says.
        zoe.go("/console/campaigns").await;
        zoe.click("a[href='/console/campaigns/new']").await;
        zoe.click("a[data-mechanic=assist]").await;
        zoe.fill("input[name=title]", "Two friends, ten yuan").await;
        zoe.fill("textarea[name=copy]", "全网第一的好茶").await;
        zoe.fill("input[name=need_1]", "2").await;
        zoe.click("button[name=launch]").await;
        // It stands in the way, by its rule, until somebody says why it may.
        zoe.hears("#check", "CN-AD-02").await;
        zoe.click("#check details summary").await;
        zoe.fill("#check textarea[name=evidence]", "Award 2026, no. 7").await;
        zoe.submit("form[action$='/answers']").await;
        zoe.hears("#check", "Award 2026, no. 7").await;
        zoe.submit("form[action$='/steps']:has(input[value=launch])").await;
        zoe.arrives("/console/campaigns/cmp_").await;
        let running = "select count(*) from campaigns where status = 'running'";
        zoe.until("that it runs", async || (open.number(running) == 1).then_some(())).await;

        // ann finds it among what is on, reads its rules, and asks her friends.
        let ann = open.browser("ann").await;
        ann.go("/sign-in").await;
        signs_in_as(open, &ann, "ann").await;
        ann.go("/campaigns").await;
        ann.hears(".campaign-card", "Two friends, ten yuan").await;
        ann.click(".campaign-rules").await;
        ann.see(".campaign-clauses li").await;
        ann.go("/campaigns").await;
        ann.click(".campaign-go").await;
        ann.arrives("/assists/cmp_").await;
        ann.click(".assist-top form button").await;
        ann.arrives("/help/ass_").await;
        let link = ann.attribute("#share-link", "value").await;
        let link = link.replace("http://127.0.0.1", "").replace("http://localhost", "");
        let link = &link[link.find("/s/").expect("a link that was shared")..];

        let bob = open.browser("bob").await;
        helps(open, &bob, "bob", link).await;
        let eve = open.browser("eve").await;
        helps(open, &eve, "eve", link).await;

        ann.go("/account/wallet").await;
        ann.hears("main", "10").await;
        let given = "select count(*) from rewards where state = 'given' and amount = 1000";
        assert_eq!(open.number(given), 1);
        assert_eq!(open.number("select unlocked from assists"), 1);
        // The desk says what it cost, and it is ended by hand.
        zoe.go("/console/campaigns").await;
        zoe.click(".c-main-cell a").await;
        zoe.submit("form[action$='/steps']:has(input[value=end])").await;
        let ended = "select count(*) from campaigns where status = 'ended'";
        zoe.until("that it has ended", async || (open.number(ended) == 1).then_some(())).await;
        ann.go("/campaigns").await;
        ann.counts(".campaign-card", 0).await;
    });
}
