//! The second step of signing in: asked for once it is set up, good for once, not to be guessed.

use app::failure::Failure;
use app::person::{self, Entered, SecondStep, SignInWithPassword, SignedIn};
use app::second_factor::{self, code_for};
use app::{Visitor, session};
use domain::moment::Span;
use domain::person::{PASSWORD_TRIES, Role};

use crate::support::{TestShop, both_engines, on_sqlite};

const PASSWORD: &str = "correct horse battery";

/// Pat, who owns the shop too, in a browser of theirs.
fn pat(shop: &TestShop) -> Visitor {
    let contact = "pat@example.com";
    let made =
        person::add_staff_from_terminal(&shop.app, "Pat", contact, Role::Owner, PASSWORD).unwrap();
    let come = match password(shop).unwrap() {
        Entered::In(come) => come,
        Entered::Second(_) => panic!("nothing was set up"),
    };
    let mut visitor = Visitor::of(made.id, &made.name, made.role);
    visitor.session = Some(come.started.session);
    visitor
}

fn password(shop: &TestShop) -> Result<Entered, Failure> {
    let sign_in = SignInWithPassword { name: "pat@example.com".into(), password: PASSWORD.into() };
    person::sign_in_with_password(&shop.app, &Visitor::default(), sign_in)
}

fn ticket(shop: &TestShop) -> String {
    match password(shop).unwrap() {
        Entered::Second(owed) => owed.ticket.unwrap(),
        Entered::In(_) => panic!("the password alone was enough"),
    }
}

fn second(shop: &TestShop, ticket: &str, code: &str) -> Result<SignedIn, Failure> {
    let step = SecondStep { ticket: ticket.into(), code: code.into() };
    person::sign_in_second(&shop.app, &Visitor::default(), step)
}

#[track_caller]
fn refused(answer: Result<SignedIn, Failure>, code: &str) {
    assert_eq!(answer.map(|_| ()).unwrap_err().code(), code);
}

/// Sets it up: the app's secret, and what was written down.
fn set_up(shop: &TestShop, pat: &Visitor) -> (String, Vec<String>) {
    let begun = second_factor::begin(&shop.app, pat).unwrap();
    let code = code_for(&begun.secret, shop.app.now());
    let written = second_factor::confirm(&shop.app, pat, &code).unwrap();
    (begun.secret, written)
}

#[test]
fn a_code_from_the_phone_is_asked_for_and_good_for_once() {
    both_engines(|shop| {
        let pat = pat(shop);
        let begun = second_factor::begin(&shop.app, &pat).unwrap();
        // It is not asked for before the app has shown that it has the secret.
        assert!(matches!(password(shop).unwrap(), Entered::In(_)));
        let wrong = second_factor::confirm(&shop.app, &pat, "000000");
        assert_eq!(wrong.unwrap_err().code(), "person.wrong_second_code");
        let code = code_for(&begun.secret, shop.app.now());
        let written = second_factor::confirm(&shop.app, &pat, &code).unwrap();
        assert_eq!(written.len(), 10);

        let first = ticket(shop);
        // The code that confirmed it was used then.
        refused(second(shop, &first, &code), "person.wrong_second_code");
        shop.later(Span::seconds(30));
        let code = code_for(&begun.secret, shop.app.now());
        let spaced = format!(" {} {} ", &code[..3], &code[3..]);
        let come = second(shop, &first, &spaced).unwrap();
        assert_eq!(come.person.id, pat.person.as_ref().unwrap().id);
        // Neither the code nor the ticket is good again.
        refused(second(shop, &ticket(shop), &code), "person.wrong_second_code");
        refused(second(shop, &first, &code), "person.sign_in_anew");
        refused(second(shop, "nobody's ticket", &code), "person.sign_in_anew");
    });
}

#[test]
fn clocks_may_be_half_a_minute_off_and_no_more() {
    both_engines(|shop| {
        let pat = pat(shop);
        let (secret, _) = set_up(shop, &pat);
        shop.later(Span::minutes(10));
        let now = shop.app.now();
        refused(
            second(shop, &ticket(shop), &code_for(&secret, now.minus(Span::seconds(60)))),
            "person.wrong_second_code",
        );
        refused(
            second(shop, &ticket(shop), &code_for(&secret, now.plus(Span::seconds(60)))),
            "person.wrong_second_code",
        );
        second(shop, &ticket(shop), &code_for(&secret, now.minus(Span::seconds(30)))).unwrap();
        second(shop, &ticket(shop), &code_for(&secret, now.plus(Span::seconds(30)))).unwrap();
        // A later code was taken: the one of this very moment is the past.
        refused(second(shop, &ticket(shop), &code_for(&secret, now)), "person.wrong_second_code");
    });
}

#[test]
fn a_code_that_was_written_down_replaces_the_phone_once() {
    both_engines(|shop| {
        let pat = pat(shop);
        let (_, written) = set_up(shop, &pat);
        second(shop, &ticket(shop), &written[3].to_uppercase()).unwrap();
        refused(second(shop, &ticket(shop), &written[3]), "person.wrong_second_code");
        assert_eq!(second_factor::standing(&shop.app, &pat).unwrap().recovery_left, 9);
        // It also ends it, and then the password is enough.
        second_factor::end(&shop.app, &pat, &written[4]).unwrap();
        assert_eq!(second_factor::standing(&shop.app, &pat).unwrap().since, None);
        assert!(matches!(password(shop).unwrap(), Entered::In(_)));
    });
}

#[test]
fn six_digits_are_not_guessed_by_trying() {
    let shop = on_sqlite();
    let pat = pat(&shop);
    let (secret, _) = set_up(&shop, &pat);
    shop.later(Span::seconds(60));
    for _ in 0..PASSWORD_TRIES {
        refused(second(&shop, &ticket(&shop), "12345"), "person.wrong_second_code");
    }
    let right = code_for(&secret, shop.app.now());
    refused(second(&shop, &ticket(&shop), &right), "too_many");
    shop.later(Span::hours(1));
    let right = code_for(&secret, shop.app.now());
    second(&shop, &ticket(&shop), &right).unwrap();
}

#[test]
fn a_ticket_is_good_for_five_minutes() {
    let shop = on_sqlite();
    let pat = pat(&shop);
    let (secret, _) = set_up(&shop, &pat);
    let late = ticket(&shop);
    shop.later(Span::minutes(5));
    refused(second(&shop, &late, &code_for(&secret, shop.app.now())), "person.sign_in_anew");
    // Another password takes the tickets begun with the old one along.
    let before = ticket(&shop);
    person::set_password_from_terminal(&shop.app, "Pat", "another horse battery").unwrap();
    refused(second(&shop, &before, &code_for(&secret, shop.app.now())), "person.sign_in_anew");
}

#[test]
fn other_browsers_are_signed_out_when_the_way_in_changes() {
    both_engines(|shop| {
        let pat = pat(shop);
        let Entered::In(other) = password(shop).unwrap() else { panic!("nothing was set up") };
        assert_eq!(session::list(&shop.app, &pat).unwrap().len(), 2);
        set_up(shop, &pat);
        assert!(session::find(&shop.app, &other.started.token).unwrap().is_none());
        let left = session::list(&shop.app, &pat).unwrap();
        assert_eq!(left.iter().map(|session| session.here).collect::<Vec<_>>(), [true]);
        // A console left open is not enough to take it away.
        let end = second_factor::end(&shop.app, &pat, "000000");
        assert_eq!(end.unwrap_err().code(), "person.wrong_second_code");
        assert_eq!(second_factor::begin(&shop.app, &pat).unwrap_err().code(), "stale");
    });
}

#[test]
fn the_terminal_helps_who_lost_everything() {
    let shop = on_sqlite();
    let pat = pat(&shop);
    set_up(&shop, &pat);
    let id = person::find_staff_from_terminal(&shop.app, "pat@example.com").unwrap();
    second_factor::end_from_terminal(&shop.app, id).unwrap();
    assert!(matches!(password(&shop).unwrap(), Entered::In(_)));
    let again = second_factor::end_from_terminal(&shop.app, id);
    assert_eq!(again.unwrap_err().code(), "not_found");
}

#[test]
fn shoppers_and_tokens_have_none() {
    let shop = on_sqlite();
    assert_eq!(second_factor::begin(&shop.app, &shop.ann).unwrap_err().code(), "forbidden");
    let mut token = shop.zoe.clone();
    token.scopes = Some(domain::person::Scope::ALL.to_vec());
    assert_eq!(second_factor::begin(&shop.app, &token).unwrap_err().code(), "forbidden");
}

#[test]
fn the_audit_finds_what_is_planted() {
    both_engines(|shop| {
        let pat = pat(shop);
        set_up(shop, &pat);
        let ticket = ticket(shop);
        let run = |sql: &str| shop.app.write(|tx| tx.run(sql, &[]).map(|_| ())).unwrap();
        let finds = |id: &str| {
            let report = app::audit::run(&shop.app, Span::seconds(60)).unwrap();
            let found: Vec<&str> = report.broken().map(|check| check.id.as_str()).collect();
            assert_eq!(found, if id.is_empty() { vec![] } else { vec![id] }, "{}", shop.engine);
        };
        finds("");
        run("update people set role = 'shopper' where email = 'pat@example.com'");
        finds("F1");
        run("update people set role = 'owner' where email = 'pat@example.com'");
        run("delete from recovery_codes where code_hash = (select max(code_hash)
             from recovery_codes)");
        finds("F2");
        run("delete from recovery_codes");
        run("update second_factors set confirmed_at = null");
        finds("F3");
        run("delete from sign_in_tickets");
        finds("");
        assert!(!ticket.is_empty());
    });
}
