//! Profit sharing: a seller's part of an order goes to their merchant number, the rest is freed.

use serde_json::{Value, json};

use super::{WeChat, text};
use crate::outside::Trouble;
use crate::outside::gateway::{Backed, Share};

/// The longest reason they show.
const LONGEST: usize = 80;

impl WeChat {
    /// Shares an order that was paid with `profit_sharing`. The same number again is the same.
    pub(super) fn share(&self, share: &Share) -> Result<Backed, Trouble> {
        let transaction = self.transaction(&share.of.reference)?;
        if !share.theirs.is_empty() {
            let key = &share.key;
            let path = format!("/v3/profitsharing/orders/{key}?transaction_id={transaction}");
            return shared(&self.call("GET", &path, "").map_err(|no| no.trouble)?);
        }
        let why = format!("{} {}", share.name, share.of.reference);
        let order = json!({
            "appid": self.settings.appid,
            "transaction_id": transaction,
            "out_order_no": share.key,
            "receivers": [{
                "type": "MERCHANT_ID",
                "account": share.receiver,
                "amount": share.amount.minor,
                "description": why.chars().take(LONGEST).collect::<String>(),
            }],
            // What is left is the shop's commission.
            "unfreeze_unsplit": true,
        });
        let made = self.call("POST", "/v3/profitsharing/orders", &order.to_string());
        shared(&made.map_err(|no| no.trouble)?)
    }

    /// Their own name for a payment.
    fn transaction(&self, reference: &str) -> Result<String, Trouble> {
        let mchid = &self.settings.mchid;
        let path = format!("/v3/pay/transactions/out-trade-no/{reference}?mchid={mchid}");
        let found = self.call("GET", &path, "").map_err(|no| no.trouble)?;
        let name = text(&found, "transaction_id");
        if name.is_empty() || !self.is_ours(&found) || text(&found, "out_trade_no") != reference {
            return Err(Trouble::Refused("no such payment was made".into()));
        }
        Ok(name.to_string())
    }
}

/// What became of the one receiver.
fn shared(found: &Value) -> Result<Backed, Trouble> {
    let name = text(found, "order_id").to_string();
    let receiver = &found["receivers"][0];
    match (text(found, "state"), text(receiver, "result")) {
        (_, "CLOSED") => Err(Trouble::Refused(format!(
            "profit sharing {name} was closed: {}",
            text(receiver, "fail_reason")
        ))),
        ("FINISHED", "SUCCESS") => Ok(Backed::Done(name)),
        ("PROCESSING" | "FINISHED", _) => Ok(Backed::Underway(name)),
        (other, _) => Err(Trouble::Away(format!("profit sharing {name} is {other}"))),
    }
}
