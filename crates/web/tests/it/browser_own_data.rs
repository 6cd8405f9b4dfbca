//! A customer takes her data along and is forgotten, in real browsers: on a phone in Chinese, on a
//! wide screen in English.

use app::own_data;
use domain::customer::WAITING;

use crate::browser::{Open, signs_in, walk};
use crate::chromium::Browser;

/// The code she is sent to prove once more who she is, typed where it is wanted.
async fn proves(open: &Open, ann: &Browser, field: &str) {
    ann.submit("form[action='/account/data/code']").await;
    ann.see(field).await;
    ann.fill(field, &open.code_for("ann")).await;
}

/// Waits until the database says so.
async fn until(open: &Open, sql: &str, want: i64) {
    for _ in 0..100 {
        if open.number(sql) == want {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("{sql} is not {want} but {}", open.number(sql));
}

#[test]
fn a_customer_exports_and_erases_herself() {
    walk(async |open| {
        open.apart(|shop| shop.goods("longjing", 3_900, 10));
        let ann = open.browser_of_each_width("ann").await;
        // A guest likes something; it is hers when she comes in.
        ann.go("/products/longjing").await;
        ann.click(".product-info .heart").await;
        ann.see(".product-info .heart[aria-pressed=true]").await;
        until(open, "select count(*) from favourites", 1).await;
        ann.go("/sign-in").await;
        signs_in(open, &ann).await;
        until(open, "select count(*) from favourites where person_id is not null", 1).await;
        // She allows her history to be kept, and sees it.
        ann.go("/account/history").await;
        ann.click("button[name=do][value=allow]").await;
        ann.see("button[name=do][value=pause]").await;
        ann.go("/products/longjing").await;
        ann.go("/account/history").await;
        ann.see(".good-card a[href*=longjing]").await;

        ann.go("/account").await;
        ann.click("a[href='/account/data']").await;
        ann.submit("form[action='/account/data/exports']").await;
        until(open, "select count(*) from data_exports where state = 'ready'", 1).await;
        ann.go("/account/data").await;
        proves(open, &ann, "form[action^='/account/data/exports/'] input[name=code]").await;
        // What she downloads is asked for as the page would; the file is hers alone.
        let (person, export) = open.apart(|shop| {
            let ids = "select person_id, id from data_exports";
            shop.app.read(|tx| tx.one(ids, &[], |row| (row.get(0), row.get(1)))).unwrap()
        });
        let code = open.code_for("ann");
        let copy = open.apart(|shop| {
            let ann = app::Visitor::of(person, "ann", domain::person::Role::Shopper);
            let with = own_data::WithCode { code };
            own_data::fetch(&shop.app, &ann, export, &with).unwrap()
        });
        assert!(String::from_utf8(copy).unwrap().contains("ann@example.com"));

        ann.go("/account/data").await;
        proves(open, &ann, "#code-leave").await;
        ann.submit("form[action='/account/data/erasure']").await;
        ann.see("form[action='/account/data/erasure/cancel']").await;
        // She thinks again, and once more.
        ann.submit("form[action='/account/data/erasure/cancel']").await;
        ann.see("form[action='/account/data/code']").await;
        proves(open, &ann, "#code-leave").await;
        ann.submit("form[action='/account/data/erasure']").await;
        ann.see("form[action='/account/data/erasure/cancel']").await;

        open.shop.clock.advance(WAITING);
        open.shop.app.bell.ring();
        until(open, "select count(*) from people where erased_at is not null", 1).await;
        ann.go("/account").await;
        ann.see("a[href^='/sign-in']").await;
        let traces = "select count(*) from people where email = 'ann@example.com'";
        assert_eq!(open.number(traces), 0);
        assert_eq!(open.number("select count(*) from favourites"), 0);
        // Whoever comes with her contact is somebody new.
        ann.go("/sign-in").await;
        signs_in(open, &ann).await;
        ann.go("/account/history").await;
        ann.see("button[name=do][value=allow]").await;
    });
}
