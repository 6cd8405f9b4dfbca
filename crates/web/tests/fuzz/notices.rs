//! Secrets that strangers guess: notices of payments, and codes to come in with.

use app::failure::Failure;
use app::person::{self, AskCode, SignIn};
use app::sandbox::Notice;
use app::{Visitor, message, payment, sandbox};
use domain::moment::Span;

use crate::driver::fuzz_from;
use crate::support::{self, TestShop};

fn lines(notice: &Notice) -> Vec<u8> {
    [&*notice.id, &*notice.timestamp, &*notice.signature, &*notice.body].join("\n").into_bytes()
}

fn notice(text: &str) -> Notice {
    let mut lines = text.splitn(4, '\n').map(str::to_string);
    let mut line = || lines.next().unwrap_or_default();
    Notice { id: line(), timestamp: line(), signature: line(), body: line() }
}

fn signed(shop: &TestShop, id: &str, body: &str) -> Notice {
    shop.app.write(|tx| sandbox::signed(tx, id.into(), body.into())).unwrap()
}

const BODY: &str =
    r#"{"event_id":"evt-1","reference":"sbx_1","status":"paid","amount":3900,"currency":"CNY"}"#;

#[test]
fn a_notice_that_was_touched_is_refused() {
    let shop = support::on_sqlite();
    let pool = vec![
        lines(&signed(&shop, "evt-1", BODY)),
        lines(&signed(&shop, "evt-2", &BODY.replace("paid", "failed"))),
        lines(&signed(&shop, "", "{}")),
    ];
    let words = ["v1,", "paid", "1795248000", "-9223372036854775808", "\n", "\"", "0"];
    fuzz_from("notices", pool.clone(), 2_000, &words, |bytes| {
        let sent = notice(&String::from_utf8_lossy(bytes));
        // A dot or a line between the parts must not move: the parts are signed as one text.
        let known = pool.iter().any(|one| *one == lines(&sent));
        match payment::notice(&shop.app, sandbox::NAME, &sent) {
            Ok(()) => assert!(known, "taken, though nobody signed it: {sent:?}"),
            Err(Failure::Refused(no)) if known => assert_ne!(no.code, "payment.bad_signature"),
            Err(Failure::Refused(no)) => assert_eq!(no.code, "payment.bad_signature"),
            Err(other) => panic!("{other:?}"),
        }
        known
    });
}

#[test]
fn a_provider_may_write_what_it_likes() {
    let shop = support::on_sqlite();
    let pool = ["paid", "failed", "closed", "new"].map(|status| BODY.replace("paid", status));
    let words =
        ["\"amount\":", "\"currency\":\"USD\"", "evt-1", "null", "{}", "\"status\":\"paid\""];
    let pool = pool.into_iter().map(String::into_bytes).collect();
    fuzz_from("notice-bodies", pool, 800, &words, |bytes| {
        let body = String::from_utf8_lossy(bytes);
        let sent = signed(&shop, "evt-1", &body);
        match payment::notice(&shop.app, sandbox::NAME, &sent) {
            Ok(()) => "taken",
            Err(Failure::Refused(no)) => no.code,
            Err(other) => panic!("{other:?}"),
        }
    });
}

#[test]
fn only_the_code_that_was_sent_lets_somebody_in() {
    let shop = support::on_sqlite();
    let contact = "ann@example.com".to_string();
    let mut place = 0;
    let pool = vec![b"CODE".to_vec(), b"CODE ".to_vec(), b"CO DE".to_vec(), b"000000".to_vec()];
    let words = ["CODE", "CO", "DE", "\u{ff11}", "\u{661}", "000000", " "];
    fuzz_from("codes", pool, 250, &words, |bytes| {
        // Each try comes later and from elsewhere, so that the limits of guessing do not end this.
        shop.clock.advance(Span::hours(1));
        place += 1;
        let visitor = Visitor { place: format!("place-{place}"), ..Visitor::default() };
        person::ask_code(&shop.app, &visitor, AskCode { contact: contact.clone() }).unwrap();
        let sent = message::list(&shop.app, &shop.zoe, None, 1).unwrap();
        let code = sent[0].code.clone().expect("the outbox shows codes to the owner");
        let typed = String::from_utf8_lossy(bytes).replace("CO DE", "CODE");
        let typed = typed.replace("CODE", &code);
        let plain: String = typed.chars().filter(|letter| !letter.is_whitespace()).collect();
        let sign_in = SignIn { contact: contact.clone(), code: typed };
        match person::sign_in(&shop.app, &visitor, sign_in) {
            Ok(_) => assert_eq!(plain, code),
            Err(Failure::Refused(_)) => assert_ne!(plain, code),
            Err(other) => panic!("{other:?}"),
        }
        plain == code
    });
}
