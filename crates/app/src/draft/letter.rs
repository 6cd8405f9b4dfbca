//! The letter with the link to pay by, in its reader's language.

use domain::money::Money;

/// A message to one person.
pub struct Letter {
    pub subject: String,
    pub body: String,
}

/// What is to be paid, and where.
pub fn to_pay(locale: &str, shop: &str, total: Money, url: &str) -> Letter {
    let amount = format!("{}{}", total.currency.symbol(), total.decimal());
    if locale == "en" {
        return Letter {
            subject: format!("Your order at {shop}: {amount} to pay"),
            body: format!(
                "Your order at {shop} is ready: {amount}. Look at it and pay here, on any phone, \
                 without signing in: {url}"
            ),
        };
    }
    Letter {
        subject: format!("「{shop}」为你下好了订单，待付款 {amount}"),
        body: format!(
            "「{shop}」为你下好了订单，待付款 {amount}。点开链接核对并付款，手机打开即可，不用登录：{url}"
        ),
    }
}
