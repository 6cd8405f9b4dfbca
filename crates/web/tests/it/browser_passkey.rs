//! Passkeys in real browsers, each with a device of its own that holds keys: staff and a shopper
//! make one, come in with it, and are told when it is gone.

use crate::browser::{Open, signs_in, walk, zoe_signs_in};
use crate::chromium::Browser;

const ADD: &str = "form[data-passkey=add]";
const SIGN_IN: &str = "form[data-passkey=sign-in]";

async fn adds(who: &Browser, name: &str) {
    who.fill(&format!("{ADD} input[name=name]"), name).await;
    who.click(&format!("{ADD} button")).await;
}

async fn forgets(who: &Browser) {
    who.client.delete_all_cookies().await.unwrap();
}

async fn owner(open: &Open) {
    let zoe = open.browser_by_name("zoe").await;
    zoe.holds_keys();
    zoe_signs_in(&zoe).await;
    zoe.go("/console/settings").await;
    zoe.click("a[href='/console/second-factor']").await;
    adds(&zoe, "Laptop").await;
    zoe.hears("#passkeys", "Laptop").await;
    // A device makes one key for one account.
    adds(&zoe, "Laptop again").await;
    zoe.see("#passkeys [data-passkey-problem]").await;

    forgets(&zoe).await;
    zoe.go("/console/sign-in?next=/console/orders").await;
    zoe.click(&format!("{SIGN_IN} button")).await;
    zoe.arrives("/console/orders").await;

    // With her password it is asked for as well.
    forgets(&zoe).await;
    zoe.go("/console/sign-in").await;
    zoe.fill("input[name=name]", "zoe@shop.example").await;
    zoe.fill("input[name=password]", "turning in the wind").await;
    zoe.submit("form[action='/console/sign-in']").await;
    zoe.gone("input[name=password]").await;
    zoe.click(&format!("{SIGN_IN} button")).await;
    zoe.gone(SIGN_IN).await;

    zoe.go("/console/second-factor").await;
    zoe.click("#passkeys form[action$='/removal'] button").await;
    zoe.gone("#passkeys form[action$='/removal']").await;
    forgets(&zoe).await;
    zoe.go("/console/sign-in").await;
    zoe.click(&format!("{SIGN_IN} button")).await;
    zoe.see(&format!("{SIGN_IN} [data-passkey-problem]")).await;
    zoe_signs_in(&zoe).await;
}

async fn shopper(open: &Open) {
    let ann = open.browser_by_name("ann").await;
    ann.holds_keys();
    ann.go("/sign-in").await;
    signs_in(open, &ann).await;
    ann.go("/account").await;
    ann.click("a[href='/account/passkeys']").await;
    adds(&ann, "Phone").await;
    ann.see("form[action^='/account/passkeys/']").await;
    forgets(&ann).await;
    ann.go("/sign-in?next=/account/passkeys").await;
    ann.click(&format!("{SIGN_IN} button")).await;
    ann.arrives("/account/passkeys").await;
    ann.see("form[action^='/account/passkeys/']").await;
}

#[test]
fn staff_and_shoppers_come_in_with_what_their_device_holds() {
    walk(async |open| {
        owner(open).await;
        shopper(open).await;
        // At a number no browser keeps keys: the page says where to go.
        let bob = open.browser("bob").await;
        bob.go("/sign-in").await;
        signs_in(open, &bob).await;
        bob.go("/account/passkeys").await;
        bob.hears("[data-passkey-elsewhere]", "http://localhost:").await;
    });
}
