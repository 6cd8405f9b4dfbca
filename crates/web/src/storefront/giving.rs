//! A gift at the checkout: the way to that and back, and what its giver chooses.

use app::checkout::QuoteView;
use domain::gift::Wish;
use domain::moment::Span;

use crate::form::Form;
use crate::link;
use crate::page::Page;

/// How many days a gift may wait to be taken.
const LIVES: [i64; 4] = [1, 3, 7, 15];

/// How long it may wait, in words, and which of them was chosen.
pub fn lives(page: &Page, form: &Form) -> Vec<(i64, String, bool)> {
    let chosen = wish(form).life;
    let life = |days| (days, page.n("gift-days", days), chosen == Span::days(days));
    LIVES.into_iter().map(life).collect()
}

/// What a giver chose: the card, and for how many days it waits.
pub fn wish(form: &Form) -> Wish {
    let days: i64 = form.parse("life").unwrap_or(LIVES[2]);
    Wish { card: form.get("give_card").to_string(), life: Span::days(days.clamp(0, 99)) }
}

/// The same page for a gift, or no longer for one; empty where nothing can be one.
pub fn href(form: &Form, quote: &QuoteView, carried: &[&str]) -> String {
    let giving = form.is_on("give");
    if !quote.may_give && !giving {
        return String::new();
    }
    let kept = carried.iter().copied().filter(|name| *name != "give");
    let kept = kept.filter_map(|name| form.maybe(name).map(|value| (name, value)));
    let all = kept.chain((!giving).then_some(("give", "1")));
    all.fold("/checkout".to_string(), |at, (name, value)| link::with_query(&at, name, value))
}
