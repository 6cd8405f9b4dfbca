//! Games on a phone, from their making in the console to what was won, and a draw that is done
//! again in the browser of whoever drew. SQLite speaks Chinese and PostgreSQL English.

use app::legal::{self, PublishLegal};
use domain::legal::LegalKind;

use crate::browser::{Open, signs_in, walk, zoe_signs_in};
use crate::chromium::Browser;

fn imprint(open: &Open) {
    open.apart(|shop| {
        let body_html = "<p>风车茶馆</p>".to_string();
        let new = PublishLegal { body_html, body_html_en: String::new(), after: 0 };
        legal::publish(&shop.app, &shop.keyed(&shop.zoe), LegalKind::Imprint, new).unwrap();
    });
}

/// The form of a mechanic, with a name.
async fn makes(zoe: &Browser, mechanic: &str, title: &str) {
    zoe.go(&format!("/console/campaigns/new?mechanic={mechanic}")).await;
    zoe.fill("input[name=title]", title).await;
}

/// Launches what is in the form; where its page is.
async fn launches(zoe: &Browser) -> String {
    zoe.click("button[name=launch]").await;
    zoe.see("form[action$='/steps']").await;
    zoe.path().await.split('?').next().unwrap().replace("/console/campaigns/", "")
}

#[test]
fn a_wheel_is_turned_and_its_draws_are_done_again() {
    walk(async |open| {
        imprint(open);
        let zoe = open.browser("zoe").await;
        zoe_signs_in(&zoe).await;
        makes(&zoe, "draw", "Weekend wheel").await;
        let prizes =
            "¥5 | credit | 5 | 1 | 1\n¥2 | credit | 2 | 999 | 9\nnext time | nothing | 0 | 1 |";
        zoe.fill("textarea[name=prizes]", prizes).await;
        zoe.fill("input[name=daily_chances]", "2").await;
        let id = launches(&zoe).await;

        let ann = open.browser("ann").await;
        ann.go(&format!("/draws/{id}")).await;
        ann.counts(".odds tbody tr", 3).await;
        ann.click(".game a.button.primary").await;
        ann.arrives("/sign-in").await;
        signs_in(open, &ann).await;
        ann.arrives("/draws/").await;
        ann.click(".game form button").await;
        ann.arrives(&format!("/draws/{id}?drew=drw_")).await;
        ann.see(".game.played .result.shown").await;
        ann.click(".game form button").await;
        ann.until("two draws", async || {
            (open.number("select count(*) from draw_records") == 2).then_some(())
        })
        .await;
        ann.go(&format!("/draws/{id}")).await;
        // Nothing is left, and the button says so.
        ann.see(".game form button[disabled]").await;
        let salted = "select count(*) from draw_records where length(salt) = 24";
        assert_eq!(open.number(salted), 2, "the browser has its part in each ticket");
        ann.go(&format!("/draws/{id}/proof")).await;
        ann.gone("[data-all]").await;

        // By hand one more, then it ends.
        zoe.go(&format!("/console/draws/{id}")).await;
        zoe.fill("input[name=who]", "ann@example.com").await;
        zoe.fill("input[name=reason]", "came late").await;
        zoe.click("form.c-form button.primary").await;
        zoe.see("header.c-head").await;
        ann.go(&format!("/draws/{id}")).await;
        ann.click(".game form button").await;
        ann.arrives(&format!("/draws/{id}?drew=drw_")).await;
        zoe.go(&format!("/console/campaigns/{id}")).await;
        zoe.click("form[action$='/steps']:has(input[value=end]) button").await;
        let over = "select count(*) from draws where revealed_at is not null";
        zoe.until("the seed", async || (open.number(over) == 1).then_some(())).await;

        ann.go(&format!("/draws/{id}/proof")).await;
        ann.click("[data-all]").await;
        ann.hears(".verdict.good", "3").await;
        ann.counts("tr.same", 3).await;
        ann.counts(".steps-of-proof li", 4).await;
        ann.go("/account/wallet").await;
        ann.counts(".entries > li", 3).await;
    });
}

#[test]
fn a_packet_is_opened_a_price_guessed_and_a_quiz_passed() {
    walk(async |open| {
        imprint(open);
        let zoe = open.browser("zoe").await;
        zoe_signs_in(&zoe).await;
        makes(&zoe, "red_packet", "Opening day").await;
        zoe.fill("input[name=packet_total]", "8.88").await;
        zoe.fill("input[name=packet_count]", "1").await;
        let packet = launches(&zoe).await;
        makes(&zoe, "guess", "What does it cost").await;
        zoe.fill("textarea[name=what]", "A teapot").await;
        zoe.fill("input[name=answer]", "99").await;
        let guess = launches(&zoe).await;
        makes(&zoe, "quiz", "Five minutes of tea").await;
        zoe.fill("textarea[name=questions]", "Which is green?\n- Pu'er\n* Longjing").await;
        let quiz = launches(&zoe).await;

        let ann = open.browser("ann").await;
        ann.go(&format!("/packets/{packet}")).await;
        ann.click(".packet a.button").await;
        ann.arrives("/sign-in").await;
        signs_in(open, &ann).await;
        ann.arrives("/packets/").await;
        ann.click(".packet .seal").await;
        ann.hears(".packet", "8").await;
        ann.see(".badge.waiting").await;

        ann.go(&format!("/guesses/{guess}")).await;
        ann.fill("#amount", "98.50").await;
        ann.click(".game form button").await;
        ann.hears("#h-mine ~ ul", "98.50").await;

        ann.go(&format!("/quizzes/{quiz}")).await;
        ann.click(".game form button").await;
        ann.click(".quiz label:nth-of-type(2) input").await;
        ann.click(".quiz button").await;
        ann.see(".result.luck").await;

        zoe.go(&format!("/console/campaigns/{guess}")).await;
        zoe.click("form[action$='/steps']:has(input[value=end]) button").await;
        let settled = "select count(*) from guesses where rank = 1";
        zoe.until("the winner", async || (open.number(settled) == 1).then_some(())).await;
        ann.go(&format!("/guesses/{guess}")).await;
        ann.hears(".result.luck", "99").await;
        ann.go("/account/wallet").await;
        ann.counts(".entries > li", 3).await;
    });
}
