//! Sharing by channel: what a friend does within an app whose rules forbid rewarded links is not
//! rewarded there (RULES CN-PRO-17), is nowhere else in the way, and counts where a merchant has
//! switched it on.

use app::bargain::BeginBargain;
use app::campaign::{AnswerFinding, CampaignDesk, Offered, PutCampaign, Step, Terms};
use app::clock::Clock;
use app::failure::Failure;
use app::{Visitor, assist, audit, bargain, campaign, fission, invite, session, share, task};
use domain::campaign::{Campaign, Channel, ChannelUse, Mechanic};
use domain::compliance::Ground;
use domain::id::Id;
use domain::moment::Span;
use domain::share::Object;
use domain::task::Deed;

use crate::campaigns::{draft, launched, licensed, seen};
use crate::fissions;
use crate::support::{TestShop, both_engines};

const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) MicroMessenger/8.0";

fn within(who: &Visitor) -> Visitor {
    Visitor { within: Some(Channel::Wechat), ..who.clone() }
}

/// How often anybody helped or took a part.
fn helped(shop: &TestShop) -> i64 {
    shop.number(
        "select cast((select count(*) from assist_helpers)
           + (select coalesce(sum(taken), 0) from bargains)
           + (select coalesce(sum(taken), 0) from fissions) as bigint)",
    )
}

/// Refused within WeChat and nothing is lost; done in a browser.
fn in_a_browser_only(
    shop: &TestShop,
    id: Id<Campaign>,
    what: impl Fn(&Visitor) -> Option<Failure>,
) {
    let before = helped(shop);
    let there = within(&shop.bob);
    assert_eq!(campaign::silent_in(&shop.app, &there, id).unwrap(), Some(Channel::Wechat));
    assert_eq!(what(&there).map(|failure| failure.code()), Some("campaign.silent"));
    assert_eq!(helped(shop), before);
    assert_eq!(campaign::silent_in(&shop.app, &shop.bob, id).unwrap(), None);
    assert!(what(&shop.bob).is_none());
    assert_eq!(helped(shop), before + 1);
}

#[test]
fn friends_help_and_take_in_a_browser_where_an_app_allows_no_reward() {
    both_engines(|shop| {
        licensed(shop);
        let tea = shop.goods("tea", 10_000, 9);

        let id = launched(shop, draft(shop, Mechanic::Assist, 5_000));
        // To ask is not to be rewarded: that goes anywhere.
        let asked = assist::begin(&shop.app, &shop.keyed(&within(&shop.ann)), id).unwrap();
        in_a_browser_only(shop, id, |who| {
            assist::help(&shop.app, &shop.keyed(who), asked.id).err()
        });

        shop.later(Span::days(8));
        let mut put = draft(shop, Mechanic::Bargain, 0);
        put.offered = vec![Offered { variant: tea.variant, price: 6_000, quota: None }];
        let id = launched(shop, put);
        let wish = BeginBargain { variant: tea.variant };
        let begun = bargain::begin(&shop.app, &shop.keyed(&shop.ann), id, &wish).unwrap();
        in_a_browser_only(shop, id, |who| {
            bargain::help(&shop.app, &shop.keyed(who), begun.id).err()
        });

        let id = fissions::starts(shop, fissions::terms(&fissions::kind(shop)), 5_000);
        let begun = fissions::begin(shop, &within(&shop.ann), id).unwrap();
        // One's own part is no friend's.
        fission::take(&shop.app, &shop.keyed(&within(&shop.ann)), begun.id).unwrap();
        in_a_browser_only(shop, id, |who| fissions::take(shop, who, begun.id).err());
    });
}

#[test]
fn a_visit_within_an_app_is_no_deed_of_a_task_there() {
    both_engines(|shop| {
        licensed(shop);
        let mut put = draft(shop, Mechanic::Tasks, 5_000);
        let Terms::Tasks(terms) = &mut put.terms else { unreachable!() };
        terms.list.truncate(1);
        terms.list[0].deed = Deed::ShareVisited;
        terms.list[0].count = 2;
        launched(shop, put);
        let link = share::link(&shop.app, &shop.ann, Object::Home, 0).unwrap();
        let done = || task::show(&shop.app, &shop.ann).unwrap()[0].tasks[0].done;
        let comes = |within| {
            let guest = session::start_guest(&shop.app).unwrap();
            let guest = Visitor { session: Some(guest.session), within, ..Visitor::default() };
            share::visit(&shop.app, &guest, &link.code, PHONE).unwrap();
        };
        comes(Some(Channel::Wechat));
        assert_eq!(done(), 0);
        comes(Some(Channel::Douyin));
        assert_eq!(done(), 1);
        comes(None);
        assert_eq!(done(), 2);
    });
}

fn by_a_link(shop: &TestShop, id: Id<Campaign>) -> Visitor {
    let link = share::link(&shop.app, &shop.ann, Object::Campaign, id.0).unwrap();
    let guest = session::start_guest(&shop.app).unwrap();
    let guest = Visitor { session: Some(guest.session), ..Visitor::default() };
    share::visit(&shop.app, &guest, &link.code, PHONE).unwrap();
    shop.clock.advance(Span::minutes(1));
    Visitor { session: guest.session, ..shop.shopper(&format!("friend of {id}")) }
}

#[test]
fn an_invitation_is_taken_there_once_somebody_answers_for_it() {
    both_engines(|shop| {
        licensed(shop);
        // What nobody chose is as usual.
        let mut put = draft(shop, Mechanic::InviteReward, 5_000);
        put.frame.channels = vec![Channel::Shop.usual()];
        let silent = launched(shop, put);
        let friend = within(&by_a_link(shop, silent));
        let refused = invite::accept(&shop.app, &shop.keyed(&friend)).unwrap_err();
        assert_eq!(refused.code(), "campaign.silent");
        assert!(invite::desk(&shop.app, &friend).unwrap().invited_by.is_some(), "still theirs");
        campaign::step(&shop.app, &shop.zoe, silent, Step::End).unwrap();

        // Switched on, it is launched once a person says on which ground.
        let mut put = draft(shop, Mechanic::InviteReward, 5_000);
        put.frame.channels = vec![ChannelUse { channel: Channel::Wechat, rewarded: true }];
        let on = campaign::create(&shop.app, &shop.keyed(&shop.zoe), put).unwrap().id;
        let refused = campaign::step(&shop.app, &shop.zoe, on, Step::Launch).unwrap_err();
        assert_eq!(refused.code(), "campaign.not_lawful");
        let check = campaign::check(&shop.app, &shop.zoe, on).unwrap();
        let found = check.findings.iter().find(|one| one.rule == "CN-PRO-17").unwrap();
        let answer = AnswerFinding {
            rule: found.rule.clone(),
            field: found.field.clone(),
            about: found.about.clone(),
            sentence: found.sentence.clone(),
            ground: Ground::Approved,
            evidence: vec!["平台书面同意 2026-11-02".into()],
        };
        campaign::answer(&shop.app, &shop.zoe, on, answer).unwrap();
        campaign::step(&shop.app, &shop.zoe, on, Step::Launch).unwrap();
        let friend = within(&by_a_link(shop, on));
        assert!(invite::accept(&shop.app, &shop.keyed(&friend)).unwrap().taken);
    });
}

/// Switches rewarded sharing in a channel, whatever state the campaign is in.
pub fn switched(
    shop: &TestShop,
    id: Id<Campaign>,
    channel: Channel,
    rewarded: bool,
) -> Result<(), Failure> {
    let CampaignDesk { starts_at, ends_at, mut frame, terms, offered, creative, .. } =
        seen(shop, id);
    frame.channels.retain(|one| one.channel != channel);
    frame.channels.push(ChannelUse { channel, rewarded });
    let put = PutCampaign { starts_at, ends_at, frame, terms, offered, creative, version: None };
    campaign::change(&shop.app, &shop.zoe, id, put).map(|_| ())
}

#[test]
fn a_channel_is_switched_off_at_once_and_on_by_nobody_under_way() {
    both_engines(|shop| {
        licensed(shop);
        let id = launched(shop, draft(shop, Mechanic::Assist, 5_000));
        let asked = assist::begin(&shop.app, &shop.keyed(&shop.ann), id).unwrap();
        let in_douyin = |who: &Visitor| Visitor { within: Some(Channel::Douyin), ..who.clone() };
        let help = |who| assist::help(&shop.app, &shop.keyed(&in_douyin(who)), asked.id);
        help(&shop.bob).unwrap();

        let switched = |channel, rewarded| switched(shop, id, channel, rewarded);
        let refused = switched(Channel::Wechat, true).unwrap_err();
        assert_eq!(refused.code(), "campaign.frozen");
        switched(Channel::Douyin, false).unwrap();
        let eve = shop.shopper("eve");
        shop.clock.advance(Span::minutes(2));
        assert_eq!(help(&eve).unwrap_err().code(), "campaign.silent");
        let refused = switched(Channel::Douyin, true).unwrap_err();
        assert_eq!(refused.code(), "campaign.frozen");
        assist::help(&shop.app, &shop.keyed(&eve), asked.id).unwrap();
    });
}

#[test]
fn the_audit_knows_where_a_reward_came_from() {
    both_engines(|shop| {
        licensed(shop);
        let id = launched(shop, draft(shop, Mechanic::Assist, 5_000));
        let sql = "insert into campaign_channel_helps (campaign_id, channel, person_id, at)
                   values ($1, $2, $3, $4)";
        let bob = shop.bob.person.as_ref().unwrap().id;
        let offends = |channel: Channel| {
            let at = shop.clock.now().plus(Span::minutes(2));
            let what = [id.into(), channel.code().into(), bob.into(), at.into()];
            shop.app.write(|tx| tx.run(sql, &what)).unwrap();
            let report = audit::run(&shop.app, audit::GRACE).unwrap();
            report.broken().any(|check| check.id == "Z7")
        };
        assert!(!offends(Channel::Douyin));
        assert!(offends(Channel::Wechat));
        shop.app.write(|tx| tx.run("delete from campaign_channel_helps", &[])).unwrap();
    });
}
