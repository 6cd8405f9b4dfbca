//! How people come in: codes, sessions, passwords and tokens.

use app::failure::Failure;
use app::person::{self, AddStaff, AskCode, Entered, Rename, SignIn, SignInWithPassword, SignedIn};
use app::session::{self, Started};
use app::token::{self, NewToken};
use app::{Visitor, message, notice};
use domain::moment::Span;
use domain::person::{
    CODES_PER_CONTACT, CODES_PER_PLACE, Level, PASSWORD_TRIES, Permission, Role, Scope,
};

use crate::support::{TestShop, both_engines, on_sqlite};

/// A browser somewhere on the network, with a guest's session.
fn guest(shop: &TestShop, place: &str) -> (Visitor, Started) {
    let started = session::start_guest(&shop.app).unwrap();
    let visitor = Visitor {
        session: Some(started.session),
        place: place.into(),
        locale: "en".into(),
        ..Visitor::default()
    };
    (visitor, started)
}

/// Asks for a code and reads it in the outbox.
fn code_for(shop: &TestShop, visitor: &Visitor, contact: &str) -> String {
    person::ask_code(&shop.app, visitor, AskCode { contact: contact.into() }).unwrap();
    let letters = message::list(&shop.app, &shop.zoe, None, 1).unwrap();
    letters[0].code.clone().expect("the letter has a code")
}

fn try_code(
    shop: &TestShop,
    visitor: &Visitor,
    contact: &str,
    code: &str,
) -> Result<SignedIn, Failure> {
    let sign_in = SignIn { contact: contact.into(), code: code.into() };
    person::sign_in(&shop.app, visitor, sign_in)
}

/// Who came in by password alone.
fn inside(entered: Result<Entered, Failure>) -> SignedIn {
    match entered.unwrap() {
        Entered::In(come) => *come,
        Entered::Second { .. } => panic!("a second step was asked for"),
    }
}

pub fn refusal(answer: Result<impl Sized, Failure>) -> String {
    match answer {
        Ok(_) => "done".into(),
        Err(failure) => failure.to_string(),
    }
}

#[test]
fn the_first_time_somebody_comes_they_become_a_person() {
    both_engines(|shop| {
        let (visitor, before) = guest(shop, "1.2.3.4");
        let code = code_for(shop, &visitor, " Kay.Lee@Example.com ");
        let come = try_code(shop, &visitor, "kay.lee@example.com", &code).unwrap();
        assert!(come.new);
        assert_eq!((come.person.name.as_str(), come.person.role), ("kay lee", Role::Shopper));
        // The guest's session goes on under another token and another form key.
        assert_eq!(come.session_before, Some(before.session));
        assert_eq!(come.started.session, before.session);
        assert!(session::find(&shop.app, &before.token).unwrap().is_none());
        let found = session::find(&shop.app, &come.started.token).unwrap().unwrap();
        assert_eq!(found.person, Some(come.person.clone()));
        assert_ne!(found.csrf, before.csrf);

        let me = Visitor::of(come.person.id, &come.person.name, Role::Shopper);
        let renamed = person::rename(&shop.app, &me, Rename { name: " Kay\n".into() }).unwrap();
        assert_eq!((renamed.name.as_str(), renamed.contact()), ("Kay", "kay.lee@example.com"));
        let bad = person::rename(&shop.app, &me, Rename { name: "…".into() });
        assert_eq!(refusal(bad), "person.bad_name {}");

        // The next time they are the same person, and what was another's session is not handed on.
        let signed_in = Visitor { session: Some(found.session), ..visitor };
        let code = code_for(shop, &signed_in, "kay.lee@example.com");
        let again = try_code(shop, &signed_in, "kay.lee@example.com", &code).unwrap();
        assert_eq!((again.new, again.person.id), (false, come.person.id));
        assert_eq!(again.session_before, None);
        assert!(session::find(&shop.app, &come.started.token).unwrap().is_none());
    });
}

#[test]
fn coming_in_is_news_from_a_new_browser_only() {
    both_engines(|shop| {
        let come = |browser: &str, contact: &str| {
            shop.later(Span::hours(1));
            let (visitor, _) = guest(shop, "1.2.3.4");
            let visitor = Visitor { browser: browser.into(), ..visitor };
            let code = code_for(shop, &visitor, contact);
            try_code(shop, &visitor, contact, &code).unwrap()
        };
        let told = |who: &SignedIn| {
            let me = Visitor::of(who.person.id, &who.person.name, Role::Shopper);
            let all = notice::list(&shop.app, &me, None, 50).unwrap();
            all.iter().filter(|one| one.kind == "signed_in").count()
        };
        // Whoever is new is told nothing: it is they who made the account.
        let kay = come("", "kay@example.com");
        assert_eq!(told(&kay), 0);
        // The browser that brought them is known, another one is not.
        let again = come(&kay.browser, "kay@example.com");
        assert_eq!((told(&kay), &again.browser), (0, &kay.browser));
        come("", "kay@example.com");
        assert_eq!(told(&kay), 1);
        // A browser that brought somebody else is as strange as one that brought nobody.
        let lee = come(&kay.browser, "lee@example.com");
        come("", "lee@example.com");
        assert_eq!(told(&lee), 1);
        come(&kay.browser, "lee@example.com");
        assert_eq!(told(&lee), 2);
        // It knows both now, and whatever is no mark of ours is dropped.
        assert_eq!(come(&lee.browser, "kay@example.com").browser.split('.').count(), 2);
        come(&format!("x.{}.\u{fc}", lee.browser), "lee@example.com");
        assert_eq!((told(&kay), told(&lee)), (1, 2));
        let marks = vec!["0".repeat(32); 9].join(".");
        assert_eq!(come(&marks, "kay@example.com").browser.split('.').count(), 5);
        assert_eq!(told(&kay), 2);
    });
}

#[test]
fn phones_come_in_too() {
    both_engines(|shop| {
        let (visitor, _) = guest(shop, "1.2.3.4");
        let code = code_for(shop, &visitor, "138 0000 5678");
        let letter = &message::list(&shop.app, &shop.zoe, None, 1).unwrap()[0];
        assert_eq!((letter.channel.as_str(), letter.recipient.as_str()), ("sms", "+8613800005678"));
        let come = try_code(shop, &visitor, "+86 13800005678", &format!(" {code} ")).unwrap();
        assert_eq!(come.person.name, "Shopper 5678");
        let bad = person::ask_code(&shop.app, &visitor, AskCode { contact: "kay".into() });
        assert_eq!(refusal(bad), "person.bad_contact {}");
    });
}

#[test]
fn every_wrong_try_is_counted() {
    both_engines(|shop| {
        let (visitor, _) = guest(shop, "1.2.3.4");
        let code = code_for(shop, &visitor, "ann@example.com");
        let wrong = if code == "000000" { "000001" } else { "000000" };
        for left in (0..5).rev() {
            let said = refusal(try_code(shop, &visitor, "ann@example.com", wrong));
            assert_eq!(said, format!("person.wrong_code {{\"left\":{left}}}"));
        }
        // Now even the right one is too late.
        let said = refusal(try_code(shop, &visitor, "ann@example.com", &code));
        assert_eq!(said, "person.too_many_tries {}");
    });
}

#[test]
fn a_code_works_once_for_ten_minutes_and_only_the_last_one() {
    both_engines(|shop| {
        let (visitor, _) = guest(shop, "1.2.3.4");
        let ann = "ann@example.com";
        let expired = "person.code_expired {}";
        assert_eq!(refusal(try_code(shop, &visitor, ann, "123456")), expired);

        let old = code_for(shop, &visitor, ann);
        shop.later(Span::seconds(1));
        let code = code_for(shop, &visitor, ann);
        if old != code {
            assert!(refusal(try_code(shop, &visitor, ann, &old)).starts_with("person.wrong_code"));
        }
        // Another contact's code is not one's own.
        assert_eq!(refusal(try_code(shop, &visitor, "bob@example.com", &code)), expired);
        try_code(shop, &visitor, ann, &code).unwrap();
        assert_eq!(refusal(try_code(shop, &visitor, ann, &code)), expired);

        let code = code_for(shop, &visitor, ann);
        shop.later(Span::minutes(10));
        assert_eq!(refusal(try_code(shop, &visitor, ann, &code)), expired);
    });
}

#[test]
fn two_who_come_with_one_code_are_not_both_let_in() {
    both_engines(|shop| {
        let (visitor, _) = guest(shop, "1.2.3.4");
        let code = code_for(shop, &visitor, "kay@example.com");
        let came: Vec<bool> = std::thread::scope(|scope| {
            let tries: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        let place = Visitor { session: None, ..visitor.clone() };
                        try_code(shop, &place, "kay@example.com", &code).is_ok()
                    })
                })
                .collect();
            tries.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(came.iter().filter(|came| **came).count(), 1, "on {}", shop.engine);
    });
}

#[test]
fn codes_are_rationed_and_tell_nothing() {
    both_engines(|shop| {
        let (visitor, _) = guest(shop, "1.2.3.4");
        let ask = |visitor: &Visitor, contact: &str| {
            person::ask_code(&shop.app, visitor, AskCode { contact: contact.into() })
        };
        // Whether somebody is known or not, and whether they are staff, the answer is the same.
        for contact in ["ann@example.com", "nobody@example.com", "zoe@example.com"] {
            let asked = ask(&visitor, contact).unwrap();
            assert_eq!((asked.channel.as_str(), asked.demo_code), ("email", None));
        }
        for _ in 1..CODES_PER_CONTACT {
            ask(&visitor, "ann@example.com").unwrap();
        }
        let (elsewhere, _) = guest(shop, "5.6.7.8");
        let said = refusal(ask(&elsewhere, "ann@example.com"));
        assert_eq!(said, "person.too_many_codes {\"minutes\":60}");
        for number in 0..CODES_PER_PLACE {
            let _ = ask(&visitor, &format!("p{number}@example.com"));
        }
        let failure = ask(&visitor, "new@example.com").unwrap_err();
        assert!(matches!(failure, Failure::TooMany { retry_after: 1..=3600 }), "{failure}");
        shop.later(Span::hours(1));
        ask(&visitor, "ann@example.com").unwrap();
    });
}

#[test]
fn staff_come_in_by_password_only() {
    both_engines(|shop| {
        let (visitor, _) = guest(shop, "1.2.3.4");
        let asked = AskCode { contact: "zoe@example.com".into() };
        person::ask_code(&shop.app, &visitor, asked).unwrap();
        let letter = &message::list(&shop.app, &shop.zoe, None, 1).unwrap()[0];
        assert_eq!(letter.code, None);
        assert!(letter.body.contains("/console/sign-in"), "{}", letter.body);

        let add = |by: &Visitor, contact: &str, password: &str| {
            let add = AddStaff {
                seller: None,
                contact: contact.into(),
                name: Some("Pat".into()),
                role: Role::Manager,
                own_role: None,
                password: password.into(),
            };
            person::add_staff(&shop.app, by, add)
        };
        let good = "correct horse battery";
        assert_eq!(refusal(add(&shop.mo, "pat@example.com", good)), "forbidden");
        assert_eq!(refusal(add(&shop.ann, "pat@example.com", good)), "forbidden");
        assert_eq!(refusal(add(&shop.zoe, "pat@example.com", "short")), "person.weak_password {}");
        assert_eq!(refusal(add(&shop.zoe, "mo@example.com", good)), "person.taken {}");
        let pat = add(&shop.zoe, "pat@example.com", good).unwrap();
        assert_eq!(pat.role, Role::Manager);

        let sign_in = |name: &str, password: &str| {
            let sign_in = SignInWithPassword { name: name.into(), password: password.into() };
            person::sign_in_with_password(&shop.app, &visitor, sign_in)
        };
        let wrong = "person.wrong_password {}";
        assert_eq!(refusal(sign_in("pat@example.com", "wrong horse battery")), wrong);
        assert_eq!(refusal(sign_in("nobody", good)), wrong);
        // ann is no staff, and zoe of the cast has no password.
        assert_eq!(refusal(sign_in("ann@example.com", "")), wrong);
        assert_eq!(refusal(sign_in("zoe@example.com", "")), wrong);
        let come = inside(sign_in(" Pat ", good));
        let found = session::find(&shop.app, &come.started.token).unwrap().unwrap();
        assert!(found.person.unwrap().grants.may(Permission::Orders, Level::Change));
        shop.later(Span::hours(12));
        assert!(session::find(&shop.app, &come.started.token).unwrap().is_none());
    });
}

#[test]
fn passwords_are_not_guessed_by_trying() {
    let shop = on_sqlite();
    let password = "correct horse battery";
    let add = |contact: &str| {
        person::add_staff_from_terminal(&shop.app, "Pat", contact, Role::Owner, password)
    };
    add("pat@example.com").unwrap();
    let sign_in = |place: &str, password: &str| {
        let (visitor, _) = guest(&shop, place);
        let sign_in =
            SignInWithPassword { name: "pat@example.com".into(), password: password.into() };
        refusal(person::sign_in_with_password(&shop.app, &visitor, sign_in))
    };
    for _ in 0..PASSWORD_TRIES {
        assert_eq!(sign_in("1.2.3.4", "wrong horse battery"), "person.wrong_password {}");
    }
    assert_eq!(sign_in("1.2.3.4", password), "too_many");
    // Pat is not locked out by somebody else's guesses.
    assert_eq!(sign_in("5.6.7.8", password), "done");
    shop.later(Span::hours(1));
    assert_eq!(sign_in("1.2.3.4", password), "done");
}

#[test]
fn who_leaves_the_staff_is_out_at_once_and_an_owner_stays() {
    both_engines(|shop| {
        let remove = |by: &Visitor, whom: &Visitor| {
            let person = whom.person.as_ref().unwrap().id;
            person::remove_staff(&shop.app, by, person::RemoveStaff { person })
        };
        let contact = "pat@example.com";
        let password = "correct horse battery";
        let pat = person::add_staff_from_terminal(&shop.app, "", contact, Role::Owner, password);
        let pat = pat.unwrap();
        assert_eq!(pat.name, "pat");
        let pat = Visitor::of(pat.id, &pat.name, pat.role);
        let (visitor, _) = guest(shop, "1.2.3.4");
        let sign_in = SignInWithPassword { name: contact.into(), password: password.into() };
        let come = inside(person::sign_in_with_password(&shop.app, &visitor, sign_in));

        assert_eq!(refusal(remove(&shop.mo, &pat)), "forbidden");
        assert_eq!(refusal(remove(&shop.zoe, &shop.ann)), "not_found");
        remove(&shop.zoe, &pat).unwrap();
        assert!(session::find(&shop.app, &come.started.token).unwrap().is_none());
        assert_eq!(refusal(remove(&shop.zoe, &shop.zoe)), "forbidden");
        let names: Vec<String> = person::list_staff(&shop.app, &shop.zoe)
            .unwrap()
            .into_iter()
            .map(|staff| staff.name)
            .collect();
        assert_eq!(names, ["mo", "zoe"]);
    });
}

#[test]
fn sessions_end_and_those_who_come_back_stay() {
    both_engines(|shop| {
        let (visitor, started) = guest(shop, "1.2.3.4");
        shop.later(Span::days(14));
        assert!(!session::find(&shop.app, &started.token).unwrap().unwrap().renewed);
        shop.later(Span::days(2));
        assert!(session::find(&shop.app, &started.token).unwrap().unwrap().renewed);
        shop.later(Span::days(29));
        assert!(session::find(&shop.app, &started.token).unwrap().is_some());
        session::sign_out(&shop.app, &visitor).unwrap();
        assert!(session::find(&shop.app, &started.token).unwrap().is_none());

        let (_, old) = guest(shop, "1.2.3.4");
        shop.later(Span::days(30));
        assert!(session::find(&shop.app, &old.token).unwrap().is_none());
        let (_, young) = guest(shop, "1.2.3.4");
        assert_eq!(shop.app.write(session::purge).unwrap(), 1);
        assert!(session::find(&shop.app, &young.token).unwrap().is_some());
        assert!(session::find(&shop.app, "").unwrap().is_none());
    });
}

#[test]
fn tokens_do_what_they_say_and_no_more() {
    both_engines(|shop| {
        let make = |by: &Visitor, scopes: &[Scope]| {
            let new = NewToken { name: "stock robot".into(), scopes: scopes.to_vec() };
            token::make(&shop.app, by, new)
        };
        assert_eq!(refusal(make(&shop.mo, &[])), "person.bad_scope {}");
        let fresh = make(&shop.mo, &[Scope::Read, Scope::Read]).unwrap();
        assert!(fresh.token.starts_with("pw_") && fresh.token.ends_with(&fresh.view.hint[3..]));
        let (known, scopes) = token::find(&shop.app, &fresh.token).unwrap().unwrap();
        assert_eq!(known.name, "mo");
        assert_eq!(scopes, [Scope::Read]);

        let program = Visitor { person: Some(known), scopes: Some(scopes), ..Visitor::default() };
        assert!(program.staff_reader(Permission::Orders).is_ok());
        assert!(program.staff(Permission::Orders).is_err());
        assert_eq!(refusal(make(&program, &[Scope::Manage])), "forbidden");

        let listed = &token::list(&shop.app, &shop.mo).unwrap()[0];
        assert!(listed.last_used_at.is_some());
        assert!(token::list(&shop.app, &shop.ann).unwrap().is_empty());
        assert_eq!(refusal(token::revoke(&shop.app, &shop.ann, listed.id)), "not_found");
        token::revoke(&shop.app, &shop.mo, listed.id).unwrap();
        assert!(token::find(&shop.app, &fresh.token).unwrap().is_none());
        assert_eq!(refusal(token::revoke(&shop.app, &shop.mo, listed.id)), "not_found");
    });
}

#[test]
fn one_click_opens_only_a_demo() {
    both_engines(|shop| {
        let (visitor, _) = guest(shop, "1.2.3.4");
        let sign_in = |name: &str| person::demo_sign_in(&shop.app, &visitor, name);
        assert_eq!(refusal(sign_in("zoe")), "not_found");
        shop.app.write(app::shop::become_demo).unwrap();
        assert_eq!(sign_in("zoe").unwrap().person.role, Role::Owner);
        assert_eq!(refusal(sign_in("nobody")), "not_found");
        let asked = AskCode { contact: "ann@example.com".into() };
        let asked = person::ask_code(&shop.app, &visitor, asked).unwrap();
        try_code(shop, &visitor, "ann@example.com", &asked.demo_code.unwrap()).unwrap();
    });
}
