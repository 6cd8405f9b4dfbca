//! A letter in the merchant's own words, read where it lies, and stopped by its reader; in real
//! browsers, on a phone in Chinese and on a wide screen in English.

use app::checkout::What;
use app::work;

use crate::browser::{Open, signs_in, walk, zoe_signs_in};
use crate::chromium::Browser;

/// Sends what is to be sent; the letters of a demo stay to be read.
fn ann_buys(open: &Open) {
    open.apart(|shop| {
        let tea = shop.goods_of("tea");
        let what = What::Now { variant: tea.variant, quantity: 1 };
        let order = shop.order(&shop.ann, what).unwrap().order;
        shop.pay(&shop.ann, order).unwrap();
        shop.ship_it(order);
        work::drain(&shop.app).unwrap();
    });
}

async fn words_are_ours(zoe: &Browser, language: &str) {
    let locale = if language == "en" { "en" } else { "zh-CN" };
    zoe.go(&format!("/console/outbox/letters/order_shipped/email/{locale}")).await;
    // A name the letter does not know is refused, and what was typed is still there.
    zoe.fill("textarea[name=body]", "{discount}").await;
    zoe.click("button[name=do][value=save]").await;
    zoe.hears("main", "discount").await;
    zoe.fill("textarea[name=body]", "{name}, {product} is with {carrier} now").await;
    zoe.click("button[name=do][value=preview]").await;
    zoe.hears("[data-sample]", "zoe, ").await;
    zoe.click("button[name=do][value=save]").await;
    zoe.arrives("/console/outbox/letters/order_shipped/email").await;
}

#[test]
fn a_letter_is_put_in_other_words_read_and_stopped() {
    walk(async |open| {
        open.apart(|shop| {
            shop.goods("tea", 3_900, 10);
        });
        let zoe = open.browser_of_each_width("zoe").await;
        zoe_signs_in(&zoe).await;
        let ann = open.browser_of_each_width("ann").await;
        ann.go("/sign-in").await;
        signs_in(open, &ann).await;
        open.apart(|shop| {
            let demo = "update shop set demo = 1";
            shop.app.write(|tx| tx.run(demo, &[]).map(|_| ())).unwrap();
            // Both languages' words are the merchant's, whichever ann reads.
            let words = app::letter::SetWords {
                subject: "{product} left".into(),
                body: "{name}, {product} is with {carrier} now".into(),
                version: None,
            };
            let at = ("order_shipped", domain::letter::Channel::Email);
            for locale in app::letter::LOCALES {
                app::letter::set_words(&shop.app, &shop.zoe, at.0, at.1, locale, &words).unwrap();
            }
        });
        words_are_ours(&zoe, open.language).await;
        ann_buys(open);
        zoe.go("/console/outbox?letter=order_shipped").await;
        zoe.click(".c-letter summary").await;
        zoe.hears(".c-letter-body", "ann, tea is with SF Express now").await;

        // Ann wants no more of these; receipts come all the same.
        ann.go("/account/letters").await;
        ann.click("#orders form:has(input[value=email]) button[name=on][value='0']").await;
        ann.arrives("/account/letters").await;
        ann.see("#orders form:has(input[value=email]) button[name=on][value='1']").await;
        ann_buys(open);
        let sent = |letter: &str| {
            open.number(&format!("select count(*) from messages where letter = '{letter}'"))
        };
        assert_eq!((sent("order_shipped"), sent("order_paid")), (1, 2));
    });
}
