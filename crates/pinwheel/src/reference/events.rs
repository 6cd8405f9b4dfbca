//! Every fact the shop tells.

use domain::event::Fact;

use super::opening;

/// What a fact says, in one sentence. The compiler asks for this when a fact is added.
fn meaning(fact: &Fact) -> &'static str {
    match fact {
        Fact::PersonJoined { .. } => "Somebody came in for the first time.",
        Fact::SignedIn { .. } => "Somebody signed in.",
        Fact::PersonMerged { .. } => "Two were made one: what was `person`'s is `into`'s.",
        Fact::PersonErased { .. } => {
            "Somebody was forgotten: whoever knows more of them than a number forgets it too."
        }
        Fact::ConsentChanged { .. } => "Somebody allowed something, or took it back.",
        Fact::ProductChanged { .. } => "A product was made or changed.",
        Fact::StockChanged { .. } => "The stock of a variant changed.",
        Fact::OrderMoved { from: None, .. } => "An order was placed.",
        Fact::OrderMoved { .. } => "An order moved into this state.",
        Fact::PaymentCaptured { .. } => "A provider confirmed a payment.",
        Fact::PaymentFailed { .. } => "A payment failed at its provider.",
        Fact::RefundAsked { .. } => "Money is to go back.",
        Fact::RefundPaid { .. } => "Money went back.",
        Fact::ReturnMoved { from: None, .. } => "A buyer asked for a return.",
        Fact::ReturnMoved { .. } => "A return moved into this state.",
        Fact::GroupBuyMoved { .. } => "A group buy came into this state.",
        Fact::CampaignMoved { .. } => "A campaign came into this state.",
        Fact::TeamChanged { .. } => {
            "A team changed and is in this state: a place was taken, paid, freed or left, or its \
             outcome was decided."
        }
        Fact::BargainChanged { .. } => {
            "A bargain changed and is in this state: it began, was cut, used by an order or freed, \
             or its outcome was decided."
        }
        Fact::FissionChanged { .. } => {
            "A fission coupon changed: it was started, a part was taken, or it was closed."
        }
        Fact::ReviewWritten { .. } => "A buyer reviewed what they received.",
        Fact::ReviewFollowedUp { .. } => "Its author added to a review.",
        Fact::ReviewAnswered { .. } => "The shop answered a review, or changed its answer.",
        Fact::ReviewHidden { .. } => "A review was hidden, for a ground that is recorded.",
        Fact::ReviewShown { .. } => "A review that was hidden is shown again.",
        Fact::LinkVisited { .. } => "Somebody opened a share link.",
        Fact::CaseOpened { .. } => "There is something for a person to look at.",
    }
}

pub fn page() -> String {
    let mut page = opening("Events", "developers");
    page.push_str(
        "A fact is written in the transaction that made it true. `about` is what it is about; \
         where that thing counts its changes, the entry carries the number, without a gap.\n\n\
         | name | about | numbered | meaning |\n| --- | --- | --- | --- |\n",
    );
    for fact in Fact::examples() {
        let (about, _, seq) = fact.about();
        let numbered = if seq.is_some() { "yes" } else { "" };
        let (name, meaning) = (fact.name(), meaning(&fact));
        page.push_str(&format!("| `{name}` | {about} | {numbered} | {meaning} |\n"));
    }
    page.push_str(
        "\n## What webhooks say of them\n\n\
         The body is `{\"type\": name, \"timestamp\": when it happened, \"data\": …}`: see \
         [Receive webhooks](../how-to/receive-webhooks.md). `data` has ids, states and amounts in \
         minor units; it never has a name, an address or anything else of a person. Ask the API \
         for more by the id. Fields may be added; none will be taken away or change its \
         meaning.\n\n| type | data, by example |\n| --- | --- |\n",
    );
    for fact in Fact::examples() {
        // Facts are plain values, which JSON can say.
        let data = app::webhook::data(&fact).map(|data| data.to_string()).unwrap_or_default();
        page.push_str(&format!("| `{}` | `{data}` |\n", fact.name()));
    }
    page.push_str(
        "\n`webhook.test` is sent only when staff ask for a test: its data is \
         `{\"webhook\": \"whk_…\"}`.\n",
    );
    page
}
