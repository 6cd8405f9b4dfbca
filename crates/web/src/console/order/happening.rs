//! What happened to an order, in words.

use app::order_desk::timeline::Happened;
use domain::money::Money;
use serde_json::Value;

use super::show::{paid_by, why};
use crate::console::Frame;
use crate::console::part::When;

/// One line of the history.
pub struct EventRow {
    pub tone: &'static str,
    pub text: String,
    pub detail: String,
    pub who: String,
    pub at: When,
}

fn money(value: &Value) -> Option<Money> {
    serde_json::from_value(value.clone()).ok()
}

/// What happened as a line; what says nothing new is left out.
pub fn row(p: &Frame, one: &Happened) -> Option<EventRow> {
    let code = one.code.as_str();
    let amount = || money(&one.args["amount"]).map_or(String::new(), |amount| p.money(amount));
    let (tone, text, detail) = match one.kind.as_str() {
        "move" => {
            let tone = match code {
                "paid" | "completed" | "delivered" => "good",
                "cancelled" | "refunding" | "late_paid" => "bad",
                "awaiting_team" | "awaiting_taker" => "waiting",
                _ => "",
            };
            let (text, detail) = (p.t(&format!("console-event-{code}")), why(p, &one.detail));
            let detail = if detail == text { String::new() } else { detail };
            (tone, text, detail)
        }
        "payment" => {
            let state = p.t(&format!("console-payment-{code}"));
            let said = format!("{} · {state} · {}", amount(), paid_by(p, &one.detail));
            ("", p.t("console-fact-payment"), said)
        }
        "refund" => {
            let state = p.t(&format!("console-refund-{code}"));
            let said = format!("{} · {state} · {}", amount(), why(p, &one.detail));
            ("", p.t("console-fact-refund"), said)
        }
        "parcel" => ("", p.t("console-fact-shipment"), one.detail.clone()),
        "told" => {
            let id = format!("notice-{}-title", code.replace('_', "-"));
            ("", p.t("console-happened-told"), p.t(&id))
        }
        "note" => ("note", p.t("console-note"), one.detail.clone()),
        "return" => {
            let state = p.t(&format!("return-state-{}", code.replace('_', "-")));
            ("", format!("{} · {state}", p.t("console-return")), one.detail.clone())
        }
        "change" => ("waiting", p.t(&format!("console-change-{code}")), change(p, one)),
        // What a move or a parcel says already.
        "act" if matches!(code, "order.ship" | "order.end") => return None,
        "act" => {
            let id = format!("console-act-{}", code.replace(['.', '_'], "-"));
            let text = if p.locale.has(&id) { p.t(&id) } else { code.to_string() };
            ("", text, done(p, &one.detail))
        }
        _ => return None,
    };
    let who = match &one.who {
        Some(name) => name.clone(),
        None => p.t(&format!("console-who-{}", one.actor)),
    };
    Some(EventRow { tone, text, detail, who, at: p.when(one.at) })
}

/// The detail of an act: words, or money by hand with what proves it.
fn done(p: &Frame, detail: &str) -> String {
    let Ok(Value::Object(read)) = serde_json::from_str(detail) else { return detail.to_string() };
    let amount = read.get("amount").and_then(money).map(|amount| p.money(amount));
    let proof = read.get("proof").and_then(Value::as_str).map(str::to_string);
    amount.into_iter().chain(proof).collect::<Vec<_>>().join(" · ")
}

/// What exactly changed, and why.
fn change(p: &Frame, one: &Happened) -> String {
    let (before, after) = (money(&one.args["total_before"]), money(&one.args["total_after"]));
    let mut said = Vec::new();
    if let Some((before, after)) = before.zip(after).filter(|(before, after)| before != after) {
        said.push(format!("{} → {}", p.money(before), p.money(after)));
    }
    let text = |value: &Value, name: &str| value[name].as_str().unwrap_or("").to_string();
    match one.code.as_str() {
        "address" => {
            let line = |value: &Value| {
                let parts = ["name", "region", "city", "line1"].map(|name| text(value, name));
                parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
            };
            said.push(format!("{} → {}", line(&one.args["before"]), line(&one.args["after"])));
        }
        "swap" => said.push(format!(
            "{} → {}",
            text(&one.args["before"], "variant_title"),
            text(&one.args["after"], "variant_title"),
        )),
        "out" => {
            let lines = one.args["before"].as_array().into_iter().flatten();
            let after = one.args["after"].as_array().into_iter().flatten();
            said.extend(lines.zip(after).map(|(before, after)| {
                let n = |value: &Value| p.num(value["quantity"].as_i64().unwrap_or(0));
                format!("{} {} → {}", text(before, "title"), n(before), n(after))
            }));
        }
        _ => {}
    }
    if let Some(refund) = money(&one.args["refund"]).filter(|refund| !refund.is_zero()) {
        said.push(p.t1("console-change-refund", "amount", refund));
    }
    said.push(one.detail.clone());
    said.retain(|part| !part.is_empty());
    said.join(" · ")
}
