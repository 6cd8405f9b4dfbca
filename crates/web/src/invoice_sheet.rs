//! An invoice as a sheet of paper, in the reader's words: for its buyer and for staff alike.

use app::invoice::InvoiceView;
use domain::money::Money;

use crate::locale::Price;
use crate::page::Page;

/// What the template of the sheet draws.
pub struct Sheet {
    pub heading: String,
    pub number: String,
    pub day: String,
    pub order: String,
    /// The number it takes back; empty for an ordinary one.
    pub takes_back: String,
    pub was_taken_back: bool,
    pub reason: String,
    pub seller: Vec<String>,
    pub buyer: Vec<String>,
    pub lines: Vec<Row>,
    pub rates: Vec<Row>,
    pub sum: Row,
    pub hash: String,
}

/// A line with its figures.
pub struct Row {
    pub name: String,
    pub quantity: String,
    pub net: String,
    pub rate: String,
    pub tax: String,
    pub total: String,
}

/// The sheet of an invoice.
pub fn sheet(page: &Page, view: &InvoiceView) -> Sheet {
    let money = |money: Money| Price::of(money).to_string();
    let rate = |points: i64| format!("{} %", percent(points));
    let red = view.reverses.is_some();
    let tax_number = |number: &String| match number.is_empty() {
        true => String::new(),
        false => format!("{} {number}", page.t("invoice-tax-number")),
    };
    let (seller, buyer) = (&view.seller, &view.title);
    let kept = |lines: [String; 4]| lines.into_iter().filter(|line| !line.is_empty()).collect();
    Sheet {
        heading: page.t(if red { "invoice-red" } else { "invoice" }),
        number: view.number.clone(),
        day: page.locale.date(view.issued_at),
        order: view.order.to_string(),
        takes_back: view.reverses_number.clone().unwrap_or_default(),
        was_taken_back: view.reversed_by.is_some(),
        reason: match view.reason.as_str() {
            "refund" => page.t("invoice-because-refund"),
            said => said.to_string(),
        },
        seller: kept([
            seller.name.clone(),
            tax_number(&seller.tax_number),
            seller.address.clone(),
            seller.bank.clone(),
        ]),
        buyer: kept([
            buyer.name.clone(),
            tax_number(&buyer.tax_number),
            buyer.address.clone(),
            String::new(),
        ]),
        lines: view
            .lines
            .iter()
            .map(|line| Row {
                name: match line.spec.is_empty() {
                    true => line.name.clone(),
                    false => format!("{} · {}", line.name, line.spec),
                },
                quantity: line.quantity.to_string(),
                net: money(line.net()),
                rate: rate(line.rate.basis_points()),
                tax: money(line.tax),
                total: money(line.amount),
            })
            .collect(),
        rates: view
            .by_rate
            .iter()
            .map(|one| Row {
                name: page.t("invoice-at-rate"),
                quantity: String::new(),
                net: money(one.sums.net),
                rate: rate(one.rate.basis_points()),
                tax: money(one.sums.tax),
                total: money(one.sums.total),
            })
            .collect(),
        sum: Row {
            name: page.t("invoice-sum"),
            quantity: String::new(),
            net: money(view.sums.net),
            rate: String::new(),
            tax: money(view.sums.tax),
            total: money(view.sums.total),
        },
        hash: view.hash.clone(),
    }
}

fn percent(points: i64) -> String {
    let (whole, part) = (points / 100, points % 100);
    match part {
        0 => whole.to_string(),
        part => format!("{whole}.{part:02}").trim_end_matches('0').to_string(),
    }
}
