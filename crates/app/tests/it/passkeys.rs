//! Passkeys: in with one alone, never again with the password alone, and each way to cheat refused.

use app::failure::Failure;
use app::passkey::{self, PasskeyView, RenamePasskey};
use app::person::{self, Entered, Owed, SignInWithPassword, SignedIn};
use app::{Visitor, second_factor, session};
use domain::moment::Span;
use domain::person::Role;

use crate::device::{Device, text};
use crate::support::{TestShop, both_engines, on_sqlite};

const PASSWORD: &str = "correct horse battery";

/// The shop of the tests is at the number of this machine, which browsers call `localhost`.
fn device(shop: &TestShop) -> Device {
    let origin = shop.app.config.base_url.replace("127.0.0.1", "localhost");
    Device::new(&origin, "localhost")
}

/// Pat, who owns the shop too, in a browser of theirs.
fn pat(shop: &TestShop) -> Visitor {
    let contact = "pat@example.com";
    let made =
        person::add_staff_from_terminal(&shop.app, "Pat", contact, Role::Owner, PASSWORD).unwrap();
    let Entered::In(come) = password(shop) else { panic!("nothing was set up") };
    let mut visitor = Visitor::of(made.id, &made.name, made.role);
    visitor.session = Some(come.started.session);
    visitor
}

fn password(shop: &TestShop) -> Entered {
    let sign_in = SignInWithPassword { name: "pat@example.com".into(), password: PASSWORD.into() };
    person::sign_in_with_password(&shop.app, &Visitor::default(), sign_in).unwrap()
}

fn add(shop: &TestShop, owner: &Visitor, device: &mut Device) -> Result<PasskeyView, Failure> {
    let options = passkey::begin(&shop.app, owner)?;
    passkey::add(&shop.app, owner, &device.make(&options))
}

fn enter(shop: &TestShop, device: &mut Device) -> Result<SignedIn, Failure> {
    let guest = Visitor::default();
    let options = passkey::ask(&shop.app, &guest)?;
    person::sign_in_with_passkey(&shop.app, &guest, &device.sign(&options))
}

#[track_caller]
fn refused<T>(answer: Result<T, Failure>, code: &str) {
    let failure = answer.err().unwrap_or_else(|| panic!("it was not refused: {code}"));
    assert_eq!(failure.code(), code);
}

#[test]
fn staff_come_in_with_it_alone_and_no_longer_with_the_password_alone() {
    both_engines(|shop| {
        let pat = pat(shop);
        let me = pat.person.as_ref().unwrap().id;
        let elsewhere = match password(shop) {
            Entered::In(come) => come.started.token,
            Entered::Second(_) => panic!("nothing was set up"),
        };
        let mut phone = device(shop);
        let made = add(shop, &pat, &mut phone).unwrap();
        assert_eq!((made.name.as_str(), made.synced, made.last_used_at), ("Phone", false, None));
        let found = session::find(&shop.app, &elsewhere).unwrap();
        assert!(found.is_none(), "what was begun with the password alone is over");

        let come = enter(shop, &mut phone).unwrap();
        assert_eq!(come.person.id, me);
        assert!(matches!(password(shop), Entered::Second(Owed { ticket: None, passkey: true })));
        let used = passkey::list(&shop.app, &pat).unwrap().remove(0);
        assert_eq!(used.last_used_at, Some(shop.app.now()));

        // Beside an app on the phone, either will do.
        let begun = second_factor::begin(&shop.app, &pat).unwrap();
        let code = second_factor::code_for(&begun.secret, shop.app.now());
        second_factor::confirm(&shop.app, &pat, &code).unwrap();
        assert!(matches!(password(shop), Entered::Second(Owed { ticket: Some(_), passkey: true })));
        enter(shop, &mut phone).unwrap();

        let name = RenamePasskey { name: "  Work   phone ".into() };
        let renamed = passkey::rename(&shop.app, &pat, made.id, &name).unwrap();
        assert_eq!(renamed.name, "Work phone");
        passkey::remove(&shop.app, &pat, made.id).unwrap();
        refused(enter(shop, &mut phone), "person.unknown_passkey");
        refused(passkey::remove(&shop.app, &pat, made.id), "not_found");

        // Whoever has the machine's terminal opens the door for who lost all of it.
        add(shop, &pat, &mut phone).unwrap();
        second_factor::end_from_terminal(&shop.app, me).unwrap();
        assert!(matches!(password(shop), Entered::In(_)));
        refused(enter(shop, &mut phone), "person.unknown_passkey");
    });
}

#[test]
fn shoppers_have_them_too_and_lose_them_when_they_become_staff() {
    both_engines(|shop| {
        let mut phone = device(shop);
        add(shop, &shop.ann, &mut phone).unwrap();
        let ann = shop.ann.person.as_ref().unwrap();
        assert_eq!(enter(shop, &mut phone).unwrap().person.id, ann.id);
        let (name, contact) = ("Ann", "ann@example.com");
        person::add_staff_from_terminal(&shop.app, name, contact, Role::Support, PASSWORD).unwrap();
        refused(enter(shop, &mut phone), "person.unknown_passkey");
    });
}

/// One way to cheat, on a device that is known.
type Cheat = fn(&mut Device);

#[test]
fn what_is_not_for_us_not_signed_or_not_verified_opens_nothing() {
    let shop = &on_sqlite();
    let pat = pat(shop);
    let ways: [(&str, Cheat); 8] = [
        ("another site", |device| device.origin = "http://localhost.evil.example".into()),
        ("another port", |device| device.origin = "http://localhost:1".into()),
        ("another party", |device| device.party = "evil.example".into()),
        ("nobody there", |device| device.flags = 4),
        ("nobody verified", |device| device.flags = 1),
        ("inside another page", |device| device.cross_origin = true),
        ("somebody else's", |device| device.handle = text(b"somebody else")),
        ("nobody's", |device| device.handle = String::new()),
    ];
    for (way, cheat) in ways {
        let mut phone = device(shop);
        cheat(&mut phone);
        if way != "somebody else's" && way != "nobody's" {
            let options = passkey::begin(&shop.app, &pat).unwrap();
            let made = passkey::add(&shop.app, &pat, &phone.make(&options));
            refused(made, "person.bad_passkey");
        }
        let mut phone = device(shop);
        add(shop, &pat, &mut phone).unwrap();
        cheat(&mut phone);
        refused(enter(shop, &mut phone), "person.bad_passkey");
    }
    // One's own key, signed with another.
    let (mut mine, theirs) = (device(shop), device(shop));
    add(shop, &pat, &mut mine).unwrap();
    let options = passkey::ask(&shop.app, &Visitor::default()).unwrap();
    let mut signed = mine.sign(&options);
    let other = theirs.sign_for(&options.challenge, "webauthn.get");
    signed.response.signature = other.response.signature;
    let guest = Visitor::default();
    let answer = person::sign_in_with_passkey(&shop.app, &guest, &signed);
    refused(answer, "person.bad_passkey");
    // Making is not signing, and the other way round.
    let options = passkey::ask(&shop.app, &guest).unwrap();
    let made = mine.sign_for(&options.challenge, "webauthn.create");
    let answer = person::sign_in_with_passkey(&shop.app, &guest, &made);
    refused(answer, "person.bad_passkey");
    // Bytes that are nothing at all.
    for nonsense in ["", "AA", "!", &text(&[0xbf; 90]), &text(&[0xff; 200])] {
        let options = passkey::begin(&shop.app, &pat).unwrap();
        let mut made = device(shop).make(&options);
        made.response.attestation = nonsense.into();
        refused(passkey::add(&shop.app, &pat, &made), "person.bad_passkey");
        let options = passkey::ask(&shop.app, &guest).unwrap();
        let mut signed = mine.sign(&options);
        signed.response.authenticator_data = nonsense.into();
        let answer = person::sign_in_with_passkey(&shop.app, &guest, &signed);
        refused(answer, "person.bad_passkey");
    }
}

#[test]
fn a_challenge_is_for_one_for_once_and_for_five_minutes() {
    both_engines(|shop| {
        let (pat, guest) = (pat(shop), Visitor::default());
        let mut phone = device(shop);
        let options = passkey::begin(&shop.app, &pat).unwrap();
        let made = phone.make(&options);
        refused(passkey::add(&shop.app, &shop.ann, &made), "person.passkey_too_late");
        passkey::add(&shop.app, &pat, &made).unwrap();
        refused(passkey::add(&shop.app, &pat, &made), "person.passkey_too_late");

        let options = passkey::ask(&shop.app, &guest).unwrap();
        let signed = phone.sign(&options);
        person::sign_in_with_passkey(&shop.app, &guest, &signed).unwrap();
        // The same again is late, whatever the device counts.
        let again = phone.sign(&options);
        let answer = person::sign_in_with_passkey(&shop.app, &guest, &again);
        refused(answer, "person.passkey_too_late");
        // One that is refused is taken as well.
        let options = passkey::ask(&shop.app, &guest).unwrap();
        let mut wrong = phone.sign(&options);
        wrong.response.signature = text(b"no");
        let answer = person::sign_in_with_passkey(&shop.app, &guest, &wrong);
        refused(answer, "person.bad_passkey");
        let right = phone.sign(&options);
        let answer = person::sign_in_with_passkey(&shop.app, &guest, &right);
        refused(answer, "person.passkey_too_late");
        // One for making a key lets nobody in.
        let begun = passkey::begin(&shop.app, &pat).unwrap();
        let signed = phone.sign_for(&begun.challenge, "webauthn.get");
        let answer = person::sign_in_with_passkey(&shop.app, &guest, &signed);
        refused(answer, "person.passkey_too_late");

        let options = passkey::ask(&shop.app, &guest).unwrap();
        let signed = phone.sign(&options);
        shop.later(Span::minutes(5));
        let answer = person::sign_in_with_passkey(&shop.app, &guest, &signed);
        refused(answer, "person.passkey_too_late");
    });
}

#[test]
fn a_copy_of_a_key_that_counts_is_seen() {
    both_engines(|shop| {
        let pat = pat(shop);
        let mut phone = device(shop);
        phone.count = 7;
        add(shop, &pat, &mut phone).unwrap();
        enter(shop, &mut phone).unwrap();
        phone.count = 7;
        // It signs with 8, as the other did before it.
        refused(enter(shop, &mut phone), "person.bad_passkey");
        enter(shop, &mut phone).unwrap();
        // What never counted need not begin to.
        let mut still = device(shop);
        add(shop, &pat, &mut still).unwrap();
        for _ in 0..2 {
            still.count = u32::MAX;
            let options = passkey::ask(&shop.app, &Visitor::default()).unwrap();
            still.count = 0;
            let signed = still.sign_for(&options.challenge, "webauthn.get");
            person::sign_in_with_passkey(&shop.app, &Visitor::default(), &signed).unwrap();
        }
    });
}

#[test]
fn nobody_sees_names_or_takes_away_somebody_else_s() {
    both_engines(|shop| {
        let pat = pat(shop);
        let mut phone = device(shop);
        let made = add(shop, &pat, &mut phone).unwrap();
        assert!(passkey::list(&shop.app, &shop.ann).unwrap().is_empty());
        let name = RenamePasskey { name: "mine".into() };
        refused(passkey::rename(&shop.app, &shop.ann, made.id, &name), "not_found");
        refused(passkey::remove(&shop.app, &shop.ann, made.id), "not_found");
        enter(shop, &mut phone).unwrap();
        // The same key twice is one person's.
        let options = passkey::begin(&shop.app, &shop.ann).unwrap();
        let taken = phone.make_for(&options.challenge, "webauthn.create");
        refused(passkey::add(&shop.app, &shop.ann, &taken), "person.passkey_taken");
        // A program has no finger, a guest no account.
        let mut token = pat.clone();
        token.scopes = Some(domain::person::Scope::ALL.to_vec());
        refused(passkey::begin(&shop.app, &token), "forbidden");
        refused(passkey::list(&shop.app, &token), "forbidden");
        refused(passkey::begin(&shop.app, &Visitor::default()), "sign_in_first");
    });
}

#[test]
fn twenty_are_enough_and_names_are_short() {
    let shop = &on_sqlite();
    for _ in 0..20 {
        add(shop, &shop.ann, &mut device(shop)).unwrap();
    }
    let options = passkey::begin(&shop.app, &shop.ann);
    refused(options, "person.too_many_passkeys");
    let one = passkey::list(&shop.app, &shop.ann).unwrap().remove(0).id;
    for name in ["", "  ", &"n".repeat(61)] {
        let name = RenamePasskey { name: name.into() };
        refused(passkey::rename(&shop.app, &shop.ann, one, &name), "person.bad_passkey_name");
    }
}

#[test]
fn the_audit_finds_a_key_of_somebody_who_was_forgotten() {
    both_engines(|shop| {
        add(shop, &shop.ann, &mut device(shop)).unwrap();
        let run = |sql: &str| shop.app.write(|tx| tx.run(sql, &[]).map(|_| ())).unwrap();
        run("update people set erased_at = 1 where email = 'ann@example.com'");
        let report = app::audit::run(&shop.app, Span::seconds(60)).unwrap();
        assert!(report.broken().any(|check| check.id == "F4"), "{}", shop.engine);
        run("update people set erased_at = null where email = 'ann@example.com'");
    });
}
