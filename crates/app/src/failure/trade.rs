//! Refusals of group buys, coupons, orders, delivery, returns, invoices, sellers and legal texts,
//! told as failures.

use domain::{after_sale, coupon, group_buy, invoice, legal, order, seller, shipping};
use serde_json::json;

use super::{Failure, Refused};

impl From<group_buy::Refusal> for Failure {
    fn from(refusal: group_buy::Refusal) -> Self {
        use group_buy::Refusal::*;
        let most = |code, most| Failure::with(code, json!({ "most": most }));
        match refusal {
            NotRunning => Failure::refused("group_buy.not_running"),
            BuyersOnly => Failure::refused("group_buy.buyers_only"),
            NewCustomersOnly => Failure::refused("group_buy.new_customers_only"),
            TooManyPerOrder(n) => most("group_buy.too_many_per_order", n),
            TooManyPerPerson(n) => most("group_buy.too_many_per_person", n),
            AlreadyIn => Failure::refused("group_buy.already_in"),
            Full => Failure::refused("group_buy.full"),
            NotOpen => Failure::refused("group_buy.not_open"),
            TooLate => Failure::refused("group_buy.too_late"),
            NotIn => Failure::refused("group_buy.not_in"),
            NotOffered => Failure::refused("group_buy.not_offered"),
            SoldOut(left) => Failure::with("group_buy.sold_out", json!({ "left": left })),
            BadTerms(which) => Failure::with("group_buy.bad_terms", json!({ "which": which })),
        }
    }
}

impl From<order::Refusal> for Failure {
    fn from(refusal: order::Refusal) -> Self {
        use order::Refusal::*;
        match refusal {
            NotNow(status) => Failure::with("order.not_now", json!({ "status": status })),
            NothingToOrder => Failure::refused("order.nothing_to_order"),
            PriceChanged => Failure::refused("order.price_changed"),
            BadAddress => Failure::field("order.bad_address", "address"),
            BadShipping => Failure::field("order.bad_shipping", "shipping_method"),
            NotDelivered => Failure::field("order.not_delivered", "address"),
            CardTooLong => Failure::field("order.card_too_long", "gift_message"),
            PartlyShipped => Failure::refused("order.partly_shipped"),
            BadParcel => Failure::field("order.bad_parcel", "lines"),
            NoSuchPickup => Failure::field("order.no_such_pickup", "code"),
            BadTracking => Failure::field("order.bad_tracking", "tracking"),
            AwaitsTeam => Failure::refused("order.awaits_team"),
            AwaitsTaker => Failure::refused("order.awaits_taker"),
            NoteTooLong => Failure::field("order.note_too_long", "note"),
        }
    }
}

impl From<shipping::Refusal> for Failure {
    fn from(refusal: shipping::Refusal) -> Self {
        match refusal {
            shipping::Refusal::NotDelivered => order::Refusal::NotDelivered.into(),
            shipping::Refusal::BadRate(field) => Failure::field("delivery.bad_rate", field),
        }
    }
}

impl From<after_sale::Refusal> for Failure {
    fn from(refusal: after_sale::Refusal) -> Self {
        use after_sale::Refusal::*;
        match refusal {
            NotNow(status) => Failure::with("return.not_now", json!({ "status": status })),
            NotReturnable(status) => {
                Failure::with("return.not_returnable", json!({ "status": status }))
            }
            TooLate => Failure::refused("return.too_late"),
            NoLines => Failure::field("return.no_lines", "lines"),
            OnlyLeft(left) => Failure::with("return.only_left", json!({ "left": left })),
            BadAmount(most) => Failure::Refused(Refused {
                code: "return.bad_amount",
                args: json!({ "most": most }),
                field: Some("amount"),
            }),
            BadReason => Failure::field("return.bad_reason", "reason"),
            BadText => Failure::field("return.bad_text", "text"),
            BadPictures => Failure::field("return.bad_pictures", "pictures"),
            BadExchange => Failure::field("return.bad_exchange", "exchange_for"),
            NoReason => Failure::field("return.no_reason", "reason"),
            NoAddress => Failure::refused("return.no_address"),
            BadCount => Failure::field("return.bad_count", "lines"),
            StillOpen => Failure::refused("return.still_open"),
        }
    }
}

impl From<invoice::Refusal> for Failure {
    fn from(refusal: invoice::Refusal) -> Self {
        use invoice::Refusal::*;
        match refusal {
            NotOffered => Failure::refused("invoice.not_offered"),
            NotPaid(status) => Failure::with("invoice.not_paid", json!({ "status": status })),
            AwaitsTeam => Failure::refused("invoice.awaits_team"),
            NothingLeft => Failure::refused("invoice.nothing_left"),
            AlreadyAsked => Failure::refused("invoice.already_asked"),
            AlreadyIssued => Failure::refused("invoice.already_issued"),
            NotNow(state) => Failure::with("invoice.not_now", json!({ "state": state })),
            BadTitle => Failure::field("invoice.bad_title", "title"),
            BadTaxNumber => Failure::field("invoice.bad_tax_number", "tax_number"),
            BadAddress => Failure::field("invoice.bad_address", "address"),
            NoReason => Failure::field("invoice.no_reason", "reason"),
            BadSeller => Failure::field("invoice.bad_seller", "seller"),
            BadPrefix => Failure::field("invoice.bad_prefix", "prefix"),
            TooMany(most) => Failure::with("invoice.too_many", json!({ "most": most })),
        }
    }
}

impl From<legal::Refusal> for Failure {
    fn from(refusal: legal::Refusal) -> Self {
        use legal::Refusal::*;
        match refusal {
            Empty => Failure::field("legal.empty", "body_html"),
            TooLong => Failure::field("legal.too_long", "body_html"),
            BadLicence(field) => Failure::field("legal.bad_licence", field),
        }
    }
}

impl From<seller::Refusal> for Failure {
    fn from(refusal: seller::Refusal) -> Self {
        use seller::Refusal::*;
        match refusal {
            BadName => Failure::field("seller.bad_name", "name"),
            BadHandle => Failure::field("seller.bad_handle", "handle"),
            HandleTaken => Failure::field("seller.handle_taken", "handle"),
            BadCommission => Failure::field("seller.bad_commission", "commission"),
            NoLicence => Failure::field("seller.no_licence", "licence"),
            BadReceiver => Failure::field("seller.bad_receiver", "receivers"),
            SeveralSellers => Failure::refused("seller.several_sellers"),
            Ordered => Failure::field("seller.ordered", "seller"),
            InCampaign => Failure::field("seller.in_campaign", "seller"),
            MonthNotOver => Failure::refused("seller.month_not_over"),
            EarlierMonth => Failure::refused("seller.earlier_month"),
        }
    }
}

impl From<coupon::Refusal> for Failure {
    fn from(refusal: coupon::Refusal) -> Self {
        use coupon::Refusal::*;
        match refusal {
            NotNow => Failure::refused("coupon.not_now"),
            AllTaken => Failure::refused("coupon.all_taken"),
            EnoughForPerson(most) => {
                Failure::with("coupon.enough_for_person", json!({ "most": most }))
            }
            EnoughForCluster(most) => {
                Failure::with("coupon.enough_for_household", json!({ "most": most }))
            }
            NotForYou => Failure::refused("coupon.not_for_you"),
            // Another's coupon is as if there were none.
            NotYours => Failure::NotFound,
            NotHeld => Failure::refused("coupon.not_held"),
            TooEarly(from) => Failure::with("coupon.too_early", json!({ "from": from })),
            Expired => Failure::refused("coupon.expired"),
            OtherCurrency(currency) => {
                Failure::with("coupon.other_currency", json!({ "currency": currency }))
            }
            NoMatch => Failure::refused("coupon.no_match"),
            BelowThreshold(missing) => {
                Failure::with("coupon.below_threshold", json!({ "missing": missing }))
            }
            NotTogether => Failure::refused("coupon.not_together"),
            NothingLeft => Failure::refused("coupon.nothing_left"),
            BadCode => Failure::field("coupon.bad_code", "code"),
            BadTemplate(which) => Failure::with("coupon.bad_template", json!({ "which": which })),
        }
    }
}
