//! Refusals of campaigns and what is won in them, told as failures.

use domain::campaign::limit::Reached;
use domain::campaign::{self, NoEntry, budget};
use domain::compliance::BadAnswer;
use domain::{assist, bargain, fission, flash_sale, gift, invite};
use serde_json::json;

use super::Failure;

impl From<gift::Refusal> for Failure {
    fn from(refusal: gift::Refusal) -> Self {
        use gift::Refusal::*;
        match refusal {
            BadWish => Failure::field("gift.bad_wish", "card"),
            OwnGift => Failure::refused("gift.own_gift"),
            Taken { by_you: true } => Failure::refused("gift.yours_already"),
            Taken { by_you: false } => Failure::refused("gift.taken"),
            Over => Failure::refused("gift.over"),
            NotYours => Failure::NotFound,
            NotAGift => Failure::refused("gift.not_a_gift"),
            NotOffered => Failure::refused("gift.not_offered"),
        }
    }
}

impl From<campaign::Refusal> for Failure {
    fn from(refusal: campaign::Refusal) -> Self {
        use campaign::Refusal::*;
        match refusal {
            NotNow(status) => Failure::with("campaign.not_now", json!({ "status": status })),
            BadFrame(which) => Failure::with("campaign.bad_frame", json!({ "which": which })),
            NotLawful => Failure::refused("campaign.not_lawful"),
            NotFunded => Failure::refused("campaign.not_funded"),
            NotStocked => Failure::refused("campaign.not_stocked"),
            TooLate => Failure::refused("campaign.too_late"),
            StillWaiting(count) => {
                Failure::with("campaign.still_waiting", json!({ "count": count }))
            }
            Frozen(field) => Failure::with("campaign.frozen", json!({ "field": field })),
            NotRunning => Failure::refused("campaign.not_running"),
        }
    }
}

impl From<NoEntry> for Failure {
    fn from(refusal: NoEntry) -> Self {
        let most = |code, most: i64| Failure::with(code, json!({ "most": most }));
        match refusal {
            NoEntry::NotRunning => campaign::Refusal::NotRunning.into(),
            NoEntry::NotForYou => Failure::refused("campaign.not_for_you"),
            // For them there is no campaign.
            NoEntry::HeldOut => Failure::NotFound,
            NoEntry::Limit(Reached::Person(n)) => most("campaign.limit_person", n),
            NoEntry::Limit(Reached::Today(n)) => most("campaign.limit_today", n),
            NoEntry::Limit(Reached::Cluster(_, n)) => most("campaign.limit_shared", n),
            NoEntry::Limit(Reached::Total(n)) => most("campaign.limit_total", n),
            NoEntry::Silent(channel) => {
                Failure::with("campaign.silent", json!({ "channel": channel }))
            }
        }
    }
}

impl From<flash_sale::Refusal> for Failure {
    fn from(refusal: flash_sale::Refusal) -> Self {
        use flash_sale::Refusal::*;
        let left = |code, left: i64| Failure::with(code, json!({ "left": left }));
        match refusal {
            NotYet(at) => Failure::with("flash_sale.not_yet", json!({ "at": at })),
            Over => Failure::refused("flash_sale.over"),
            TooManyPerOrder(most) => {
                Failure::with("flash_sale.too_many_per_order", json!({ "most": most }))
            }
            TooManyPerPerson(may) => left("flash_sale.too_many_per_person", may),
            SoldOut => Failure::refused("flash_sale.sold_out"),
            OnlyLeft(few) => left("flash_sale.only_left", few),
            Queued => Failure::refused("flash_sale.queued"),
        }
    }
}

impl From<budget::Refusal> for Failure {
    fn from(refusal: budget::Refusal) -> Self {
        use budget::Refusal::*;
        match refusal {
            OnlyLeft(left) => Failure::with("reward.only_left", json!({ "left": left })),
            BadAmount => Failure::refused("reward.bad_amount"),
            Closed => Failure::refused("reward.closed"),
            NoGrant => Failure::NotFound,
            OtherAmount(minor) => Failure::with("reward.other_amount", json!({ "amount": minor })),
            NotNow(state) => Failure::with("reward.not_now", json!({ "state": state.code() })),
        }
    }
}

impl From<BadAnswer> for Failure {
    fn from(refusal: BadAnswer) -> Self {
        match refusal {
            BadAnswer::NotAnswerable => Failure::refused("campaign.not_answerable"),
            BadAnswer::Ground => Failure::field("campaign.bad_ground", "ground"),
            BadAnswer::NoEvidence => Failure::field("campaign.no_evidence", "evidence"),
        }
    }
}

impl From<fission::Refusal> for Failure {
    fn from(refusal: fission::Refusal) -> Self {
        use fission::Refusal::*;
        match refusal {
            Expired => Failure::refused("fission.expired"),
            AllTaken => Failure::refused("fission.all_taken"),
            AlreadyTaken(amount) => {
                Failure::with("fission.already_taken", json!({ "amount": amount }))
            }
            ForFriends => Failure::refused("fission.for_friends"),
            NewCustomersOnly => Failure::refused("fission.new_customers_only"),
            Enough(most) => Failure::with("fission.enough", json!({ "most": most })),
            SameCluster => Failure::refused("fission.same_cluster"),
            NoneLeft => Failure::refused("fission.none_left"),
            NoOrder => Failure::refused("fission.no_order"),
            BadTerms(which) => Failure::with("fission.bad_terms", json!({ "which": which })),
        }
    }
}

impl From<assist::Refusal> for Failure {
    fn from(refusal: assist::Refusal) -> Self {
        use assist::Refusal::*;
        match refusal {
            OwnAssist => Failure::refused("assist.own"),
            AlreadyHelped => Failure::refused("assist.already_helped"),
            Expired => Failure::refused("assist.expired"),
            Done => Failure::refused("assist.done"),
            NewCustomersOnly => Failure::refused("assist.new_customers_only"),
            BuyersOnly => Failure::refused("assist.buyers_only"),
            EnoughHelp(most) => Failure::with("assist.enough_help", json!({ "most": most })),
            SameCluster => Failure::refused("assist.same_cluster"),
        }
    }
}

impl From<bargain::Refusal> for Failure {
    fn from(refusal: bargain::Refusal) -> Self {
        use bargain::Refusal::*;
        match refusal {
            OwnLaunch => Failure::refused("bargain.own"),
            AlreadyHelped => Failure::refused("bargain.already_helped"),
            SameCluster => Failure::refused("bargain.same_cluster"),
            Reached => Failure::refused("bargain.reached"),
            Expired => Failure::refused("bargain.expired"),
            Bought => Failure::refused("bargain.bought"),
            EnoughHelp(most) => Failure::with("bargain.enough_help", json!({ "most": most })),
            EnoughToday(most) => Failure::with("bargain.enough_today", json!({ "most": most })),
            // What is another's answers like what is not there.
            NotYours | OtherGoods => Failure::NotFound,
            NotReached(left) => Failure::with("bargain.not_reached", json!({ "left": left })),
            InUse => Failure::refused("bargain.in_use"),
        }
    }
}

impl From<invite::Refusal> for Failure {
    fn from(refusal: invite::Refusal) -> Self {
        match refusal {
            invite::Refusal::Oneself => Failure::refused("invite.oneself"),
            invite::Refusal::NotNew => Failure::refused("invite.not_new"),
            invite::Refusal::AlreadyInvited => Failure::refused("invite.already_invited"),
            invite::Refusal::Circle => Failure::refused("invite.circle"),
        }
    }
}
