//! The promotions and coupons of the demo, as they hold when the month is over.

use domain::coupon::{Gives, Issuer, Life, Stacks};
use domain::moment::Span;
use domain::promotion::{Effect, Off, Scope, Step, Threshold};
use domain::rate::Rate;

use crate::coupon::{self, PutTemplate};
use crate::failure::Failure;
use crate::promotion::{self, PutPromotion};
use crate::{App, Visitor};

fn amount(from: i64, off: i64) -> Step {
    Step { from: Threshold::Amount { minor: from }, off: Off::Amount { minor: off } }
}

fn kind(name: &str, name_en: &str, gives: Gives, threshold: i64) -> PutTemplate {
    PutTemplate {
        name: name.into(),
        name_en: name_en.into(),
        issuer: Issuer::Merchant,
        currency: None,
        gives,
        threshold,
        scope: Scope::default(),
        stacks: None,
        life: Life::After { span: Span::days(30) },
        claim_from: None,
        claim_until: None,
        total: None,
        per_person: 1,
        per_cluster: None,
        back_on_refund: true,
        active: true,
        listed: true,
        link: None,
        version: None,
    }
}

/// From what amount the coupons are used that friends share.
const SHARED_FROM: i64 = 6_800;

/// Puts them up.
pub fn put_up(app: &App, zoe: &Visitor) -> Result<(), Failure> {
    let keyed = |name: &str| zoe.clone().with_key(&format!("demo-deals-{name}"), name);
    let steps = vec![amount(19_900, 2_000), amount(39_900, 5_000)];
    let put = PutPromotion {
        name: "满减 · 秋日茶会".into(),
        name_en: "Spend and save: autumn tea".into(),
        currency: None,
        starts_at: None,
        ends_at: app.now().plus(Span::days(45)),
        groups: Vec::new(),
        stack: String::new(),
        priority: 0,
        active: true,
        scope: Scope::default(),
        effect: Effect::SpendAndSave { steps, for_every: false },
        version: None,
    };
    promotion::add(app, &keyed("promotion")?, &put)?;
    let ten = Gives::Goods { off: Off::Amount { minor: 1_000 } };
    let rate = Rate::from_basis_points(1_200).unwrap_or(Rate::NONE);
    let part = Gives::Goods { off: Off::Part { rate, most: Some(3_000) } };
    let way = Some(Stacks::InGroup { group: "shipping".into() });
    // Its parts are shared out by a campaign.
    let share = PutTemplate {
        listed: false,
        ..kind("好友分享券", "Shared by a friend", ten, SHARED_FROM)
    };
    let kinds = [
        PutTemplate { total: Some(500), ..kind("新客见面礼", "Welcome: ten off", ten, 8_800) },
        kind("八八折券", "Twelve percent off", part, 0),
        PutTemplate {
            stacks: way,
            ..kind("包邮券", "Free shipping", Gives::Shipping { most: None }, 0)
        },
        PutTemplate {
            listed: false,
            link: Some("friends".into()),
            ..kind(
                "老友专享",
                "For old friends",
                Gives::Goods { off: Off::Amount { minor: 2_000 } },
                12_000,
            )
        },
    ];
    for (number, put) in kinds.iter().chain([&share]).enumerate() {
        let made = coupon::add(app, &keyed(&format!("coupon-{number}"))?, put)?;
        if number == 3 {
            coupon::make_codes(app, &keyed("codes-of-friends")?, made.id, 20, "茶会卡片")?;
        }
    }
    Ok(())
}
