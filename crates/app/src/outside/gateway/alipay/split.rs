//! Settling a trade: a seller's part of it goes to their account.

use serde_json::{Value, json};

use super::{Alipay, Said, answer, text};
use crate::outside::Trouble;
use crate::outside::gateway::{Backed, Share};

impl Alipay {
    /// Settles a trade that was paid with its royalty frozen. Whether it was settled under this
    /// number before is asked first: the answer to that may have been lost.
    pub(super) fn settle(&self, share: &Share) -> Result<Backed, Trouble> {
        let reference = &share.of.reference;
        let found = self.call("alipay.trade.query", &json!({ "out_trade_no": reference }))?;
        let trade = match answer(&found) {
            Said::Done if text(&found, "out_trade_no") == reference => text(&found, "trade_no"),
            Said::Done => {
                return Err(Trouble::Refused("the answer is about another payment".into()));
            }
            other => return Err(other.trouble(&found)),
        };
        let known = json!({ "out_request_no": share.key, "trade_no": trade });
        let settled = self.call("alipay.trade.order.settle.query", &known)?;
        match answer(&settled) {
            Said::Done if settled["royalty_detail_list"][0].is_object() => {
                return detail(&settled, &share.key);
            }
            // There is none of this number.
            Said::Done | Said::No(_) => (),
            Said::Later => return Err(Said::Later.trouble(&settled)),
        }
        let content = json!({
            "out_request_no": share.key,
            "trade_no": trade,
            "royalty_mode": "sync",
            "royalty_parameters": [{
                "royalty_type": "transfer",
                "trans_in_type": "userId",
                "trans_in": share.receiver,
                "amount": share.amount.decimal(),
                "desc": share.name,
            }],
            // What is left is the shop's commission.
            "extend_params": { "royalty_finish": "true" },
        });
        let made = self.call("alipay.trade.order.settle", &content)?;
        match answer(&made) {
            Said::Done => Ok(Backed::Done(text(&made, "settle_no").to_string())),
            other => Err(other.trouble(&made)),
        }
    }
}

/// What became of the one part.
fn detail(found: &Value, key: &str) -> Result<Backed, Trouble> {
    let part = &found["royalty_detail_list"][0];
    match text(part, "state") {
        "SUCCESS" => Ok(Backed::Done(text(part, "detail_id").to_string())),
        "FAIL" => Err(Trouble::Refused(format!(
            "the part {key} failed: {} {}",
            text(part, "error_code"),
            text(part, "error_desc")
        ))),
        _ => Ok(Backed::Underway(text(part, "detail_id").to_string())),
    }
}
