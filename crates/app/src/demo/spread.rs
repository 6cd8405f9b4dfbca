//! What is on in the demo: a campaign of each kind that friends win by, with some life in it.

use domain::campaign::Mechanic;
use domain::id::Id;
use domain::moment::Span;
use domain::money::Money;
use domain::person::Role;

use crate::campaign::{self, Creative, Offered, PutCampaign, Step};
use crate::failure::Failure;
use crate::{App, Visitor, assist, bargain, coupon, fission, wallet};

/// A campaign of a mechanic, as its owner would write and launch it.
fn launch(
    app: &App,
    owner: &Visitor,
    (mechanic, title, copy): (Mechanic, &str, &str),
    fit: impl FnOnce(&mut PutCampaign),
) -> Result<Id<domain::campaign::Campaign>, Failure> {
    let mut put = campaign::template(app, owner, mechanic)?;
    put.frame.title = title.into();
    put.creative = Creative { copy: copy.into(), picture: String::new() };
    put.ends_at = put.starts_at.plus(Span::days(30));
    fit(&mut put);
    let key = format!("demo-campaign-{}", mechanic.code());
    let made = campaign::create(app, &owner.clone().with_key(&key, title)?, put)?;
    campaign::step(app, owner, made.id, Step::Launch)?;
    Ok(made.id)
}

/// Where nothing cost what it costs long enough to be compared with, a demo of few days has no
/// prices of campaigns: it stays a draft.
fn launched<T>(tried: Result<T, Failure>) -> Result<Option<T>, Failure> {
    match tried {
        Err(Failure::Refused(refused)) if refused.code == "campaign.not_lawful" => Ok(None),
        other => other.map(Some),
    }
}

/// The cast who ask and help: ann asks.
fn friends(app: &App, owner: &Visitor) -> Result<Vec<Visitor>, Failure> {
    let mut friends = Vec::new();
    for name in ["ann", "bob", "lin"] {
        let found = wallet::owner(app, owner, &format!("{name}@example.com"))?;
        friends.extend(found.map(|id| Visitor::of(id, name, Role::Shopper)));
    }
    Ok(friends)
}

/// The dearest things that are there, down to 60 of 100: ann bargains for one, and friends help.
fn bargain_for_tea(app: &App, owner: &Visitor, friends: &[Visitor]) -> Result<(), Failure> {
    let sql = "select v.id, v.price from variants v join products p on p.id = v.product_id
         join stock s on s.variant_id = v.id
         where p.published = 1 and p.status = 'active' and v.archived = 0 and v.tracked = 1
           and p.seller_id is null and v.currency = 'CNY' and s.available >= 20
         order by v.price desc, v.id limit 3";
    let dear: Vec<(Id<domain::catalog::Variant>, i64)> =
        app.read(|tx| tx.all(sql, &[], |row| (row.get(0), row.get(1))))?;
    let Some((first, _)) = dear.first().copied() else { return Ok(()) };
    let hall = launched(launch(
        app,
        owner,
        (Mechanic::Bargain, "好友砍价，六折带走", "选一件心仪的，喊好友来砍，砍到六折。"),
        |put| {
            let offer = |(variant, price): (_, i64)| Offered {
                variant,
                price: price * 6 / 10,
                quota: Some(5),
            };
            put.offered = dear.iter().copied().map(offer).collect();
            if let campaign::Terms::Bargain(terms) = &mut put.terms {
                terms.cuts = 8;
                terms.life = Span::hours(72);
            }
        },
    ))?;
    let (Some(hall), [asks, helpers @ ..]) = (hall, friends) else { return Ok(()) };
    let key = |who: &Visitor, what: &str| who.clone().with_key(&format!("demo-{what}"), what);
    let asked = bargain::BeginBargain { variant: first };
    let begun = bargain::begin(app, &key(asks, "begins-bargain")?, hall, &asked)?;
    for friend in helpers {
        bargain::help(app, &key(friend, "cuts-a-price")?, begun.id)?;
    }
    Ok(())
}

/// A flash sale, all day long, of a few things there are plenty of.
fn flash(app: &App, owner: &Visitor) -> Result<(), Failure> {
    let goods = app.read(|tx| {
        tx.all(
            "select v.id, v.price from variants v join stock s on s.variant_id = v.id
             join products p on p.id = v.product_id
             where v.archived = 0 and v.tracked = 1 and v.price > 2000 and s.available >= 30
               and p.seller_id is null and p.published = 1 and p.status = 'active'
               and not exists (select 1 from variants o where o.product_id = p.id and o.id < v.id)
             order by v.id limit 3",
            &[],
            |row| (row.get(0), row.get::<i64>(1)),
        )
    })?;
    // Seven tenths of what it costs alone, to the whole yuan.
    let offer = |(variant, price): &(_, i64)| Offered {
        variant: *variant,
        price: price * 7 / 1_000 * 100,
        quota: Some(12),
    };
    launched(launch(
        app,
        owner,
        (Mechanic::FlashSale, "今日秒杀", "每款十二件，每人两件，抢完可以候补。"),
        |put| {
            put.offered = goods.iter().map(offer).collect();
            if let campaign::Terms::FlashSale(terms) = &mut put.terms {
                terms.slots = Vec::new();
            }
        },
    ))?;
    Ok(())
}

/// A coupon of ¥30 for six: ann shares one, and a few took their part.
fn share(app: &App, owner: &Visitor, friends: &[Visitor]) -> Result<(), Failure> {
    let Some(kind) = app.read(|tx| coupon::by_name(tx, "好友分享券"))? else { return Ok(()) };
    let words = (
        Mechanic::FissionCoupon,
        "三十元好友券，六人分",
        "发给好友，每人领一份，手气好的多领一点。",
    );
    let hall = launch(app, owner, words, |put| {
        put.frame.budget = Some(Money::new(60_000, domain::money::Currency::Cny));
        if let campaign::Terms::FissionCoupon(terms) = &mut put.terms {
            (terms.coupon, terms.total, terms.count) = (Some(kind), 3_000, 6);
            (terms.least, terms.per_taker, terms.life) = (200, 3, Span::days(3));
        }
    })?;
    let keyed = |who: &Visitor, what: &str| {
        let id = who.person.as_ref().map_or(String::new(), |person| person.id.to_string());
        who.clone().with_key(&format!("demo-fission-{what}-{id}"), what)
    };
    let [asks, others @ ..] = friends else { return Ok(()) };
    let open = fission::begin(app, &keyed(asks, "begins")?, hall)?.value;
    let strangers = app.read(|tx| {
        let sql = "select id, name from people where role = 'shopper'
             and coalesce(email, '') not in ('ann@example.com', 'bob@example.com',
               'eve@example.com', 'lin@example.com') order by id desc limit 7";
        tx.all(sql, &[], |row| Visitor::of(row.get(0), &row.get::<String>(1), Role::Shopper))
    })?;
    for who in strangers.iter().take(2) {
        fission::take(app, &keyed(who, "takes")?, open.id)?;
    }
    // Another one that is all taken.
    let Some(other) = others.first() else { return Ok(()) };
    let full = fission::begin(app, &keyed(other, "begins")?, hall)?.value;
    for who in std::iter::once(other).chain(strangers.iter().skip(1).take(5)) {
        fission::take(app, &keyed(who, "takes-again")?, full.id)?;
    }
    Ok(())
}

/// Launches them, and lets friends come.
pub fn begin(app: &App, owner: &Visitor) -> Result<(), Failure> {
    let yuan = |minor| Some(Money::new(minor, domain::money::Currency::Cny));
    let helped = launch(
        app,
        owner,
        (Mechanic::Assist, "三位好友，十元到手", "找三位好友帮你点一下，十元立刻到账。"),
        |put| {
            put.frame.budget = yuan(100_000);
            if let campaign::Terms::Assist(terms) = &mut put.terms {
                terms.steps[0].need = 3;
                terms.life = Span::hours(72);
            }
        },
    )?;
    launch(
        app,
        owner,
        (
            Mechanic::InviteReward,
            "请朋友来，双方各得十元",
            "朋友首单收货且过了退货期，你们都有礼。",
        ),
        |put| put.frame.budget = yuan(200_000),
    )?;
    flash(app, owner)?;
    let friends = friends(app, owner)?;
    let [asks, helpers @ ..] = friends.as_slice() else { return Ok(()) };
    let keyed = |who: &Visitor, what: &str| {
        let id = who.person.as_ref().map_or(String::new(), |person| person.id.to_string());
        who.clone().with_key(&format!("demo-{what}-{id}"), what)
    };
    bargain_for_tea(app, owner, friends.as_slice())?;
    share(app, owner, friends.as_slice())?;
    let asked = assist::begin(app, &keyed(asks, "begins-assist")?, helped)?;
    for friend in helpers.iter().take(2) {
        assist::help(app, &keyed(friend, "helps-a-friend")?, asked.id)?;
    }
    Ok(())
}
