//! The group buys the demo's merchant runs, and when.

use domain::group_buy::{LatePolicy, WhoJoins, WhoOpens};

use crate::group_buy::{Settings, Step, TierSettings, templates};

/// A group buy of the demo.
pub struct Offer {
    pub title: &'static str,
    /// The product, and how many of its variants from the first.
    pub handle: &'static str,
    pub variants: usize,
    /// From the start of this day until the start of that one; after day 30 it is still running.
    pub days: (i64, i64),
    /// What a unit costs together, in per cent of its ordinary price.
    pub percent: i64,
    /// Units set aside for each variant; without, the ordinary stock is sold.
    pub quota: Option<i64>,
    /// How much people want it, next to the others.
    pub heat: i64,
    pub settings: Settings,
    /// A step the merchant takes on a day.
    pub step: Option<(i64, Step)>,
    /// Whether it is launched, or stays a draft.
    pub launch: bool,
}

fn template(code: &str) -> Settings {
    let found = templates().into_iter().find(|template| template.code == code);
    found.expect("the demo asks only for templates there are").settings
}

fn offer(title: &'static str, handle: &'static str, days: (i64, i64), settings: Settings) -> Offer {
    Offer {
        title,
        handle,
        variants: 4,
        days,
        percent: 80,
        quota: None,
        heat: 10,
        settings,
        step: None,
        launch: true,
    }
}

/// All of them, in the order they begin.
pub fn offers() -> Vec<Offer> {
    let (pair, trio) = (template("pair"), template("trio"));
    let (welcome, tiers) = (template("welcome"), template("tiers"));
    let five = Settings {
        need: 5,
        lowered_to: Some(3),
        life_minutes: 36 * 60,
        per_order: 1,
        ..trio.clone()
    };
    let refunding = Settings { late: LatePolicy::Refund, ..trio.clone() };
    let strict = Settings { lowered_to: None, late: LatePolicy::Refund, ..trio.clone() };
    vec![
        Offer {
            heat: 22,
            percent: 76,
            ..offer("两人同行 · 小青柑", "mandarin-puer", (0, 35), pair.clone())
        },
        Offer {
            heat: 14,
            ..offer("三人成团 · 刀削面", "knife-cut-noodles", (1, 22), strict.clone())
        },
        Offer {
            heat: 9,
            percent: 69,
            variants: 1,
            ..offer("老带新 · 茉莉龙珠", "jasmine-pearls", (2, 40), welcome)
        },
        Offer {
            heat: 12,
            percent: 90,
            ..offer("人多更省 · 五常大米", "wuchang-rice", (4, 33), tiers.clone())
        },
        Offer {
            heat: 9, ..offer("两人同行 · 硅胶围兜", "silicone-bib", (6, 15), pair.clone())
        },
        Offer {
            heat: 10,
            step: Some((20, Step::Pause)),
            ..offer("三人成团 · 蚕丝面膜", "sheet-mask", (8, 38), refunding.clone())
        },
        Offer {
            heat: 13,
            quota: Some(90),
            percent: 75,
            ..offer("三人成团 · 龙泉青瓷盖碗", "celadon-gaiwan", (10, 37), refunding.clone())
        },
        Offer {
            heat: 13,
            percent: 78,
            ..offer("五人同享 · 每日坚果", "daily-nuts", (11, 36), five)
        },
        Offer {
            heat: 8,
            percent: 82,
            step: Some((17, Step::EndAndFail)),
            ..offer(
                "五人围炉 · 红泥小炉",
                "charcoal-stove-set",
                (14, 30),
                Settings { need: 5, life_minutes: 7 * 24 * 60, ..strict.clone() },
            )
        },
        Offer {
            heat: 13,
            ..offer(
                "团长立减 · 丝绒口红",
                "velvet-lipstick",
                (13, 32),
                Settings { leader_off: 500, late: LatePolicy::NewTeam, ..trio.clone() },
            )
        },
        Offer {
            heat: 12,
            percent: 79,
            ..offer(
                "两人同行 · 茶宠小兽",
                "tea-pet-animals",
                (16, 41),
                Settings { per_order: 1, ..pair.clone() },
            )
        },
        Offer {
            heat: 8,
            ..offer(
                "十二小时 · 山茶花卸妆油",
                "camellia-cleansing-oil",
                (19, 39),
                Settings { life_minutes: 12 * 60, ..strict.clone() },
            )
        },
        Offer {
            heat: 10,
            ..offer("两人同行 · 宝宝连体衣", "cotton-onesie", (21, 38), pair.clone())
        },
        Offer {
            heat: 6,
            percent: 85,
            variants: 1,
            ..offer(
                "邻里团 · 六味茶样盒",
                "tea-sampler-box",
                (23, 44),
                Settings {
                    need: 4,
                    tiers: vec![TierSettings { size: 8, off_basis_points: 800 }],
                    life_minutes: 60 * 60,
                    ..tiers.clone()
                },
            )
        },
        Offer {
            heat: 11,
            percent: 77,
            ..offer(
                "老客开团 · 随身护手霜",
                "hand-cream",
                (25, 45),
                Settings { open_by: WhoOpens::Buyers, join_by: WhoJoins::Anyone, ..pair.clone() },
            )
        },
        Offer {
            percent: 83, ..offer("柿柿如意 · 富平柿饼", "persimmon-cakes", (32, 46), trio)
        },
        Offer {
            launch: false, ..offer("新茶尝鲜 · 凤凰单丛", "phoenix-dancong", (34, 48), tiers)
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::content;

    #[test]
    fn every_offer_is_one_and_of_goods_there_are() {
        let goods = content::chinese();
        for offer in offers() {
            assert!(offer.settings.terms().is_ok(), "{}", offer.title);
            assert!(goods.iter().any(|row| row.handle == offer.handle), "{}", offer.handle);
            assert!(offer.days.0 < offer.days.1);
        }
    }
}
