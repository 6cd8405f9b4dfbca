//! What campaigns are told by: how people win in them, what they are to bring, where they are seen.

use serde::{Deserialize, Serialize};

use crate::promotion::Combines;

/// How people win together in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Mechanic {
    GroupBuy,
    Promotion,
    CouponDrop,
    FissionCoupon,
    FlashSale,
    Bargain,
    Assist,
    RedPacket,
    Draw,
    InviteReward,
    CheckIn,
    Tasks,
    Guess,
    Quiz,
    Gift,
    PointsShop,
}
codes!(Mechanic {
    GroupBuy = "group_buy",
    Promotion = "promotion",
    CouponDrop = "coupon_drop",
    FissionCoupon = "fission_coupon",
    FlashSale = "flash_sale",
    Bargain = "bargain",
    Assist = "assist",
    RedPacket = "red_packet",
    Draw = "draw",
    InviteReward = "invite_reward",
    CheckIn = "check_in",
    Tasks = "tasks",
    Guess = "guess",
    Quiz = "quiz",
    Gift = "gift",
    PointsShop = "points_shop",
});

impl Mechanic {
    /// What its prices go together with unless the merchant says otherwise (MECHANICS §1.5).
    pub fn combines(self) -> Combines {
        match self {
            // A campaign's price stands alone.
            Mechanic::GroupBuy | Mechanic::FlashSale | Mechanic::Bargain => Combines::default(),
            _ => Combines::ALL,
        }
    }

    /// Whether it gives something away, for which a budget has to be reserved.
    pub fn rewards(self) -> bool {
        match self {
            Mechanic::GroupBuy
            | Mechanic::Promotion
            | Mechanic::FlashSale
            | Mechanic::Bargain
            | Mechanic::Gift
            | Mechanic::PointsShop => false,
            Mechanic::CouponDrop
            | Mechanic::FissionCoupon
            | Mechanic::Assist
            | Mechanic::RedPacket
            | Mechanic::Draw
            | Mechanic::InviteReward
            | Mechanic::CheckIn
            | Mechanic::Tasks
            | Mechanic::Guess
            | Mechanic::Quiz => true,
        }
    }

    /// Whether somebody is rewarded for what others do after a share: what some channels forbid.
    pub fn rewards_sharing(self) -> bool {
        matches!(
            self,
            Mechanic::FissionCoupon
                | Mechanic::Bargain
                | Mechanic::Assist
                | Mechanic::InviteReward
                // Friends who come by a link are one of the tasks there are.
                | Mechanic::Tasks
        )
    }
}

/// What a campaign is to bring, as a figure of METRICS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Measure {
    Orders,
    Buyers,
    NewCustomers,
    Participants,
    Shares,
    Visits,
    /// In minor units.
    Sales,
}
codes!(Measure {
    Orders = "orders",
    Buyers = "buyers",
    NewCustomers = "new_customers",
    Participants = "participants",
    Shares = "shares",
    Visits = "visits",
    Sales = "sales",
});

/// What is wanted of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = CampaignGoal))]
pub struct Goal {
    pub measure: Measure,
    pub target: i64,
}

impl Goal {
    /// How much of it was reached, in basis points, beyond the whole too.
    pub fn reached(&self, figure: i64) -> i64 {
        let points = i128::from(figure.max(0)) * 10_000 / i128::from(self.target.max(1));
        points.min(i128::from(i64::MAX)) as i64
    }
}

/// Where it is shown and shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = ShareChannel))]
pub enum Channel {
    Shop,
    /// Links that are opened in WeChat.
    Wechat,
    Weibo,
    Douyin,
    Xiaohongshu,
    Email,
    Sms,
    Poster,
    /// A link that somebody takes anywhere else.
    Link,
}
codes!(Channel {
    Shop = "shop",
    Wechat = "wechat",
    Weibo = "weibo",
    Douyin = "douyin",
    Xiaohongshu = "xiaohongshu",
    Email = "email",
    Sms = "sms",
    Poster = "poster",
    Link = "link",
});

/// One channel's switches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ChannelUse {
    pub channel: Channel,
    /// Whether sharing there may be rewarded. Off in WeChat unless a person switches it on, since
    /// its rules forbid links that lure with benefits (RULES CN-PRO-17).
    pub rewarded: bool,
}

impl Channel {
    pub fn usual(self) -> ChannelUse {
        ChannelUse { channel: self, rewarded: self != Channel::Wechat }
    }

    /// Whether it is an app with a browser of its own, by which a visit is known.
    pub fn is_app(self) -> bool {
        matches!(self, Channel::Wechat | Channel::Weibo | Channel::Douyin | Channel::Xiaohongshu)
    }

    /// The app whose own browser a user agent says it is: a link opened there was shared there.
    pub fn of_browser(user_agent: &str) -> Option<Channel> {
        let agent = user_agent.to_ascii_lowercase();
        let marks = [
            ("micromessenger", Channel::Wechat),
            ("weibo", Channel::Weibo),
            ("aweme", Channel::Douyin),
            ("xhsdiscover", Channel::Xiaohongshu),
            ("xiaohongshu", Channel::Xiaohongshu),
        ];
        marks.into_iter().find(|(mark, _)| agent.contains(mark)).map(|(_, channel)| channel)
    }
}
