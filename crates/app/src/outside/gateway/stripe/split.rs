//! Transfers: a seller's part of a charge goes to their connected account.

use serde_json::Value;

use super::{Stripe, text};
use crate::outside::Trouble;
use crate::outside::gateway::wire::form;
use crate::outside::gateway::{Backed, Share};

impl Stripe {
    /// Transfers a seller's part. They forget keys after a day, so one that carries ours is looked
    /// for first.
    pub(super) fn transfer(&self, share: &Share) -> Result<Backed, Trouble> {
        if !share.theirs.is_empty() {
            let path = format!("/v1/transfers/{}", share.theirs);
            return sent(&self.call("GET", &path, "", "").map_err(|no| no.trouble)?);
        }
        let session = self.session(&share.of)?;
        let session = session.ok_or_else(|| Trouble::Refused("no such session".into()))?;
        let path = format!("/v1/payment_intents/{}", text(&session, "payment_intent"));
        let intent = self.call("GET", &path, "", "").map_err(|no| no.trouble)?;
        let charge = text(&intent, "latest_charge");
        if charge.is_empty() {
            return Err(Trouble::Refused("nothing was charged".into()));
        }
        let group = &share.of.reference;
        let query = form(&[("transfer_group", group), ("limit", "100")]);
        let known = self.call("GET", &format!("/v1/transfers?{query}"), "", "");
        let known = known.map_err(|no| no.trouble)?;
        let mut all = known["data"].as_array().into_iter().flatten();
        if let Some(one) = all.find(|one| text(&one["metadata"], "reference") == share.key) {
            return sent(one);
        }
        let minor = share.amount.minor.to_string();
        let currency = share.amount.currency.code().to_ascii_lowercase();
        let body = form(&[
            ("amount", &minor),
            ("currency", &currency),
            ("destination", &share.receiver),
            // Paid out of this charge, however much else there is.
            ("source_transaction", charge),
            ("transfer_group", group),
            ("metadata[reference]", &share.key),
        ]);
        let made = self.call("POST", "/v1/transfers", &body, &share.key);
        sent(&made.map_err(|no| no.trouble)?)
    }
}

/// A transfer is made at once, or not at all.
fn sent(transfer: &Value) -> Result<Backed, Trouble> {
    let name = text(transfer, "id").to_string();
    match (name.is_empty(), transfer["reversed"].as_bool()) {
        (false, Some(true)) => Err(Trouble::Refused(format!("the transfer {name} was reversed"))),
        (false, _) => Ok(Backed::Done(name)),
        (true, _) => Err(Trouble::Away("a transfer without its name".into())),
    }
}
