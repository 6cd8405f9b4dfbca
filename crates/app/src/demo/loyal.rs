//! Why people come back to the demo: points, four levels, a check-in and a list of tasks.

use domain::campaign::Mechanic;
use domain::catalog::Variant;
use domain::id::Id;
use domain::moment::Span;
use domain::money::{Currency, Money};
use domain::point::{Earning, Spending};
use domain::points_shop::{Gives, Offered, Terms as PointsShop};
use domain::rate::Rate;
use domain::task::{Asked, Deed, Every, Reward, Terms as Tasks};

use crate::campaign::{self, Creative, Step, Terms};
use crate::coupon;
use crate::failure::Failure;
use crate::level::{self, PutLadder, PutLevel};
use crate::point::{self, GivePoints, PutSettings};
use crate::{App, Visitor};

/// The levels: a name in both languages, from how much growth on, and what points are multiplied
/// by.
const LADDER: [(&str, &str, i64, i64); 4] = [
    ("新芽", "Sprout", 0, 100),
    ("青叶", "Green leaf", 200, 110),
    ("金毫", "Golden tip", 800, 130),
    ("古树", "Old tree", 2_000, 150),
];

/// A point for every yuan of a completed order, a hundred of them worth one, for a year.
pub fn open(app: &App, owner: &Visitor) -> Result<(), Failure> {
    let most = Rate::from_basis_points(3_000).unwrap_or(Rate::NONE);
    let put = PutSettings {
        earning: Some(Earning { points: 1, per: 100, life: Some(Span::days(365)) }),
        spending: Some(Spending { points: 100, minor: 100, most, least: 100 }),
        growth_per: 100,
        version: None,
    };
    point::put_settings(app, owner, put)?;
    let step = |(name, name_en, from, boost): (&str, &str, i64, i64)| PutLevel {
        name: name.to_string(),
        name_en: name_en.to_string(),
        from,
        group: None,
        boost,
    };
    let levels = LADDER.into_iter().map(step).collect();
    level::put(app, owner, PutLadder { levels }).map(|_| ())
}

/// A check-in and a list of tasks that begin now, and something for ann to begin with.
pub fn begin(app: &App, owner: &Visitor) -> Result<(), Failure> {
    let days = "每天来一次，积分越攒越多。";
    launch(app, owner, Mechanic::CheckIn, "天天签到", days)?;
    launch(app, owner, Mechanic::Tasks, "每周任务", "做完就领，积分下单可抵现。")?;
    let Some(ann) = point::owner(app, owner, "ann@example.com")? else { return Ok(()) };
    let keyed = owner.clone().with_key("demo-points-for-ann", "points")?;
    let give = GivePoints { points: 1_880, reason: "老朋友，请继续喝茶".to_string() };
    point::give(app, &keyed, ann, give)?;
    shop(app, owner)
}

/// A points shop: a coupon without an end, a few things that are sent, and one for higher levels.
fn shop(app: &App, owner: &Visitor) -> Result<(), Failure> {
    let template = coupon::list(app, owner)?.into_iter().find(|one| one.active && one.listed);
    let goods: Vec<Id<Variant>> = app.read(|tx| {
        let sql = "select min(v.id) from variants v join products p on p.id = v.product_id
             join stock s on s.variant_id = v.id
             where v.archived = 0 and p.seller_id is null and p.published = 1
               and p.status = 'active' and s.available >= 12 and v.price between 2500 and 20000
             group by v.product_id order by 1 limit 3";
        tx.all(sql, &[], |row| row.get(0))
    })?;
    let thing = |gives, points, money, stock| Offered {
        gives,
        points,
        money,
        stock,
        per_person: 2,
        from_rank: 0,
    };
    let mut items = Vec::new();
    if let Some(template) = template {
        items.push(thing(Gives::Coupon { template: template.id }, 300, None, None));
    }
    for (at, variant) in goods.into_iter().enumerate() {
        let (points, money, rank) = [(800, None, 0), (600, Some(990), 0), (1_200, None, 1)][at];
        let goods = thing(Gives::Goods { variant }, points, money, Some(6));
        items.push(Offered { from_rank: rank, ..goods });
    }
    let mut put = campaign::template(app, owner, Mechanic::PointsShop)?;
    put.terms = Terms::PointsShop(PointsShop { items });
    put.frame.title = "积分商城".to_string();
    put.ends_at = put.starts_at.plus(Span::days(90));
    put.creative =
        Creative { copy: "攒下的积分，换点喜欢的。".into(), ..Creative::default() };
    let keyed = |what: &str| owner.clone().with_key(&format!("demo-points-shop-{what}"), "shop");
    let made = campaign::create(app, &keyed("create")?, put)?;
    campaign::step(app, &keyed("launch")?, made.id, Step::Launch).map(|_| ())
}

/// What there is to do: something for each day first.
fn tasks() -> Tasks {
    let reward = Reward::Points { points: 2 };
    let today = Asked { deed: Deed::CheckIn, count: 1, every: Every::Day, reward };
    let mut tasks = Tasks::usual();
    tasks.list.insert(0, today);
    tasks
}

fn launch(
    app: &App,
    owner: &Visitor,
    mechanic: Mechanic,
    title: &str,
    copy: &str,
) -> Result<(), Failure> {
    let mut put = campaign::template(app, owner, mechanic)?;
    if mechanic == Mechanic::Tasks {
        put.terms = Terms::Tasks(tasks());
    }
    put.frame.title = title.to_string();
    put.frame.budget = Some(Money::new(50_000, Currency::Points));
    put.ends_at = put.starts_at.plus(Span::days(90));
    put.creative = Creative { copy: copy.to_string(), ..Creative::default() };
    let code = mechanic.code();
    let keyed = |what: &str| owner.clone().with_key(&format!("demo-{code}-{what}-now"), title);
    let made = campaign::create(app, &keyed("create")?, put)?;
    campaign::step(app, &keyed("launch")?, made.id, Step::Launch).map(|_| ())
}
