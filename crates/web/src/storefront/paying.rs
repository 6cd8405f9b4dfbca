//! The ways to pay, as checkout and an order's page offer them.

use app::payment::{Choice, Pay};

use crate::form::Form;
use crate::locale::Price;
use crate::page::Page;
use crate::storefront::view::short;

/// What a buyer chooses from.
pub struct Ways {
    pub methods: Vec<Way>,
    /// What their wallet could pay; none while it is empty.
    pub wallet: Option<Purse>,
}

/// A way to pay.
pub struct Way {
    pub code: String,
    pub name: String,
    pub more: String,
    pub icon: &'static str,
    pub chosen: bool,
}

/// What a wallet could pay.
pub struct Purse {
    pub says: String,
    pub on: bool,
}

/// What the form of `storefront/order/ways.html` says.
pub fn read(form: &Form) -> Pay {
    Pay {
        method: form.maybe("pay_with").map(str::to_string),
        // A box that is not ticked sends nothing: what is hidden beside it says that it was there.
        use_wallet: form.maybe("wallet_asked").map(|_| form.is_on("use_wallet")),
        total: form.parse("total"),
    }
}

fn icon(code: &str) -> &'static str {
    match code {
        "offline" => "receipt",
        "wechat" | "alipay" => "qr",
        _ => "bank",
    }
}

/// The ways to top a wallet up, where there is a choice.
pub fn of_top_up(page: &Page, names: &[&str], asked: Option<&str>) -> Vec<Way> {
    if names.len() < 2 {
        return Vec::new();
    }
    let chosen = asked.filter(|code| names.contains(code)).unwrap_or(names[0]);
    let way = |code: &&str| Way {
        code: code.to_string(),
        name: page.t(&format!("store-p-{code}")),
        more: page.t(&format!("store-p-{code}-more")),
        icon: icon(code),
        chosen: *code == chosen,
    };
    names.iter().map(way).collect()
}

/// The ways, with what was typed or chosen before.
pub fn ways(page: &Page, choice: &Choice, form: &Form) -> Ways {
    let asked = form.maybe("pay_with").or(choice.chosen.as_deref());
    let first = choice.methods.first().map(|method| method.code.as_str());
    let known = |code: &&str| choice.methods.iter().any(|method| method.code == *code);
    let chosen = asked.filter(known).or(first);
    let methods = choice.methods.iter().map(|method| {
        let how = if page.is_chinese() || method.how_en.is_empty() {
            &method.how
        } else {
            &method.how_en
        };
        Way {
            code: method.code.clone(),
            name: page.t(&format!("store-p-{}", method.code)),
            more: match how.is_empty() {
                true => page.t(&format!("store-p-{}-more", method.code)),
                false => how.clone(),
            },
            icon: icon(&method.code),
            chosen: Some(method.code.as_str()) == chosen,
        }
    });
    let says = |price: &Price| page.t1("store-use-wallet", "price", short(price));
    let wallet = (choice.wallet.minor > 0).then(|| Purse {
        says: says(&Price::of(choice.wallet)),
        on: if form.maybe("wallet_asked").is_some() {
            form.is_on("use_wallet")
        } else {
            choice.uses_wallet
        },
    });
    Ways { methods: methods.collect(), wallet }
}
