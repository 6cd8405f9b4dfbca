//! The addresses of the shop's pages, said once.

use domain::after_sale::AfterSale;
use domain::catalog::Product;
use domain::group_buy::{GroupBuy, Team};
use domain::id::{Id, Kind};
use domain::order::Order;
use domain::share::Object;
use domain::wallet::TopUp;

/// Where staff set up the second step of signing in.
pub const SECOND_FACTOR: &str = "/console/second-factor";

/// One's own wallet.
pub const WALLET: &str = "/account/wallet";

/// One's own points, and one's level.
pub const POINTS: &str = "/account/points";

/// A top-up of one's own wallet.
pub fn top_up(top_up: Id<TopUp>) -> String {
    format!("{WALLET}/top-ups/{top_up}")
}

/// A product's page.
pub fn product(handle: &str) -> String {
    format!("/products/{}", part(handle))
}

/// A category's page.
pub fn category(slug: &str) -> String {
    format!("/c/{}", part(slug))
}

/// What a search found.
pub fn search(words: &str) -> String {
    format!("/discover?{}", query(&[("q", words)]))
}

/// A team's page: the one that is shared.
pub fn team(team: Id<Team>) -> String {
    format!("/teams/{team}")
}

/// Where a team's changes are told.
pub fn team_live(team: Id<Team>) -> String {
    format!("/teams/{team}/live")
}

/// An order, for the one who placed it.
pub fn order(order: Id<Order>) -> String {
    format!("/orders/{order}")
}

/// A kind of coupon, by what its link ends with.
pub fn coupon(to: &str) -> String {
    format!("/coupons/{}", part(to))
}

/// A return, for the one who asked for it.
pub fn after_sale(id: Id<AfterSale>) -> String {
    format!("/returns/{id}")
}

/// Where a provider sends the buyer back to.
pub fn paid(order: Id<Order>) -> String {
    format!("/orders/{order}/paid")
}

/// A share link.
pub fn share(code: &str) -> String {
    format!("/s/{}", part(code))
}

/// A share link as a code to scan.
pub fn qr(code: &str) -> String {
    format!("/qr/{}.svg", part(code))
}

/// Where somebody signs in, and goes on afterwards.
pub fn sign_in(next: &str) -> String {
    format!("/sign-in?{}", query(&[("next", next)]))
}

/// Where staff sign in, and go on afterwards.
pub fn staff_sign_in(next: &str) -> String {
    format!("/console/sign-in?{}", query(&[("next", next)]))
}

/// A file of ours by its hash.
pub fn file(hash: &str) -> String {
    format!("/files/{hash}")
}

/// A page of the console about one thing.
pub fn console(kind: &str, id: impl std::fmt::Display) -> String {
    format!("/console/{kind}/{id}")
}

/// A group buy in the console.
pub fn console_group_buy(group_buy: Id<GroupBuy>) -> String {
    console("group-buys", group_buy)
}

/// An order in the console.
pub fn console_order(order: Id<Order>) -> String {
    console("orders", order)
}

/// A product in the console.
pub fn console_product(product: Id<Product>) -> String {
    console("products", product)
}

/// Where a notice, a link or a job leads, when shoppers can see it.
pub fn about(about: &str, id: i64) -> Option<String> {
    fn to<T: Kind>(kind: &str, id: i64) -> String {
        format!("/{kind}/{}", Id::<T>::new(id))
    }
    match about {
        "order" => Some(to::<Order>("orders", id)),
        "team" => Some(to::<Team>("teams", id)),
        _ if about == Object::Home.code() => Some("/".into()),
        _ => None,
    }
}

/// A place inside this shop to go on to, whatever the visitor sent: never another site.
pub fn inside(next: &str) -> String {
    let safe = next.starts_with('/')
        && !next.starts_with("//")
        && next.len() <= 2_000
        && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if safe { next.to_string() } else { "/".to_string() }
}

/// `name=value&…`, escaped.
pub fn query(pairs: &[(&str, &str)]) -> String {
    let mut text = form_urlencoded::Serializer::new(String::new());
    text.extend_pairs(pairs);
    text.finish()
}

/// The path and query `path`, with `name` set to `value`.
pub fn with_query(path: &str, name: &str, value: &str) -> String {
    let (path, rest) = path.split_once('?').unwrap_or((path, ""));
    let mut text = form_urlencoded::Serializer::new(String::new());
    text.extend_pairs(form_urlencoded::parse(rest.as_bytes()).filter(|(n, _)| n != name));
    text.append_pair(name, value);
    format!("{path}?{}", text.finish())
}

/// One segment of a path, escaped.
pub fn part(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        assert_eq!(inside("/teams/tem_1?x=1"), "/teams/tem_1?x=1");
        for bad in ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\nb"] {
            assert_eq!(inside(bad), "/", "{bad:?}");
        }
    }

    #[test]
    fn queries_are_changed_in_place() {
        assert_eq!(
            with_query("/a?lang=en&q=%E8%8C%B6", "lang", "zh-CN"),
            "/a?q=%E8%8C%B6&lang=zh-CN"
        );
        assert_eq!(with_query("/a", "lang", "en"), "/a?lang=en");
        assert_eq!(part("龙井 1/2"), "%E9%BE%99%E4%BA%95%201%2F2");
    }
}
