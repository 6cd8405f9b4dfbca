//! The second step of signing in, as a browser walks it.

use app::config::{Config, SecondFactor};
use app::person;
use app::second_factor::code_for;
use domain::moment::Span;
use domain::person::Role;

use crate::served::{Answer, Served, served, served_with};

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
const PASSWORD: &str = "correct horse battery";

/// A browser: its cookie, and the form key of the last page.
struct Browser<'s> {
    shop: &'s Served,
    cookie: String,
    csrf: String,
}

impl<'s> Browser<'s> {
    fn new(shop: &'s Served) -> Browser<'s> {
        Browser { shop, cookie: String::new(), csrf: String::new() }
    }

    fn kept(&mut self, answer: Answer) -> Answer {
        if !answer.cookie().is_empty() {
            self.cookie = answer.cookie();
        }
        if let Some(csrf) = field(&answer.text(), "csrf") {
            self.csrf = csrf;
        }
        answer
    }

    fn get(&mut self, path: &str) -> Answer {
        let headers = [("Cookie", self.cookie.as_str()), ("Accept-Language", "en")];
        let answer = self.shop.get(path, &headers);
        self.kept(answer)
    }

    fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = format!("csrf={}", self.csrf);
        for (name, value) in fields {
            body.push_str(&format!("&{name}={}", value.replace(' ', "+")));
        }
        let here = ("Sec-Fetch-Site", "same-origin");
        let headers = [FORM, here, ("Cookie", self.cookie.as_str()), ("Accept-Language", "en")];
        let answer = self.shop.send("POST", path, &headers, body.as_bytes());
        self.kept(answer)
    }

    /// Gives name and password at the console's door.
    fn knock(&mut self) -> Answer {
        self.get("/console/sign-in");
        self.post("/console/sign-in", &[("name", "pat@example.com"), ("password", PASSWORD)])
    }
}

/// The value of a hidden field.
fn field(page: &str, name: &str) -> Option<String> {
    let after = page.split(&format!("name=\"{name}\" value=\"")).nth(1)?;
    after.split('"').next().map(str::to_string)
}

fn secret(page: &str) -> String {
    let after = page.split("c-scan-secret\">").nth(1).expect("the secret in letters");
    after.split('<').next().unwrap().replace(' ', "")
}

fn with_pat(shop: &Served) {
    let contact = "pat@example.com";
    person::add_staff_from_terminal(&shop.app, "Pat", contact, Role::Owner, PASSWORD).unwrap();
}

/// Sets it up, and gives the app's secret and the codes to write down.
fn set_up(browser: &mut Browser) -> (String, Vec<String>) {
    browser.get("/console/second-factor");
    let begun = browser.post("/console/second-factor", &[]);
    assert_eq!(begun.status, 200);
    assert!(begun.text().contains("<svg"), "there is something to scan");
    let secret = secret(&begun.text());
    let wrong = browser.post("/console/second-factor/confirm", &[("code", "000000")]);
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("c-scan-secret"), "the same secret is shown again");
    let code = code_for(&secret, browser.shop.app.now());
    let done = browser.post("/console/second-factor/confirm", &[("code", &code)]);
    assert_eq!(done.status, 200, "{}", done.text());
    let text = done.text();
    let codes = text.split("<li><code>").skip(1);
    let codes: Vec<String> = codes.map(|rest| rest.split('<').next().unwrap().into()).collect();
    assert_eq!(codes.len(), 10);
    (secret, codes)
}

#[test]
fn the_console_asks_for_the_code_and_lets_in_once_with_it() {
    let shop = served();
    with_pat(&shop);
    let mut desk = Browser::new(&shop);
    assert_eq!(desk.knock().status, 303);
    let before = desk.cookie.clone();
    let (secret, codes) = set_up(&mut desk);
    // A program's token does what it did.
    let token = shop.token(&shop.zoe);
    let bearer = format!("Bearer {token}");
    let asked = shop.get("/api/v1/staff/orders", &[("Authorization", &bearer)]);
    assert_eq!(asked.status, 200);

    shop.later(Span::seconds(30));
    let mut phone = Browser::new(&shop);
    let owed = phone.knock();
    assert_eq!(owed.status, 200);
    let ticket = field(&owed.text(), "ticket").expect("a ticket");
    // The password alone opens nothing.
    assert_eq!(phone.get("/console").status, 303);
    let guest = phone.cookie.clone();
    let code = code_for(&secret, shop.app.now());
    let give = |browser: &mut Browser, code: &str| {
        browser.post("/console/sign-in/code", &[("ticket", &ticket), ("code", code)])
    };
    assert_eq!(give(&mut phone, "123456").status, 422);
    assert_eq!(give(&mut phone, &code).status, 303);
    assert_ne!(phone.cookie, guest, "whoever knew the cookie before knows nothing");
    assert_eq!(phone.get("/console").status, 200);
    assert_eq!(give(&mut Browser::new(&shop), &code).status, 422, "once");

    // A written-down code does it too.
    let mut paper = Browser::new(&shop);
    let ticket = field(&paper.knock().text(), "ticket").unwrap();
    let fields = [("ticket", ticket.as_str()), ("code", codes[0].as_str())];
    assert_eq!(paper.post("/console/sign-in/code", &fields).status, 303);
    assert!(paper.get("/console/second-factor").text().contains("9 written-down codes"));

    // The others are shown the door from the settings.
    assert_eq!(paper.get("/console/settings").text().matches("Another browser").count(), 2);
    assert_eq!(paper.post("/console/sessions/end-others", &[]).status, 303);
    desk.cookie = before;
    assert_eq!(desk.get("/console").status, 303);
    assert_eq!(paper.get("/console").status, 200);
}

#[test]
fn who_owes_a_second_step_can_do_nothing_else() {
    let mut config = Config::plain("http://127.0.0.1:3000");
    config.second_factor = SecondFactor::Owners;
    let shop = served_with(config);
    with_pat(&shop);
    let mut desk = Browser::new(&shop);
    assert_eq!(desk.knock().status, 303);
    for path in ["/console", "/console/settings", "/console/orders"] {
        let answer = desk.get(path);
        assert_eq!((answer.status, answer.header("location")), (303, "/console/second-factor"));
    }
    let page = desk.get("/console/second-factor");
    assert!(page.text().contains("This shop wants it of you"), "{}", page.text());
    // Nor around the pages: a session may use the API too.
    let cookie = [("Cookie", desk.cookie.as_str())];
    assert_eq!(shop.get("/api/v1/staff/orders", &cookie).status, 403);
    let csrf = desk.csrf.clone();
    let headers = [
        ("Cookie", desk.cookie.as_str()),
        ("X-CSRF-Token", csrf.as_str()),
        ("Content-Type", "application/json"),
        ("Idempotency-Key", "a-token-of-pats-own"),
    ];
    let body = b"{\"name\":\"way around\",\"scopes\":[\"manage\"]}";
    assert_eq!(shop.send("POST", "/api/v1/me/tokens", &headers, body).status, 403);

    set_up(&mut desk);
    assert_eq!(desk.get("/console").status, 200);
    let cookie = [("Cookie", desk.cookie.as_str())];
    assert_eq!(shop.get("/api/v1/staff/orders", &cookie).status, 200);
}
