//! Games in the demo: a wheel that is on, a draw that is over and can be checked, red packets, a
//! coupon drop, a price to guess and a quiz. People play them by the same actions as everybody.

use domain::campaign::limit::Limits;
use domain::campaign::{Campaign, Frame};
use domain::coupon::{self as coupons, Issuer, Life};
use domain::coupon_drop::Terms as Drop;
use domain::draw::{self as draws, Face, Gives, Offered, Prize, Source};
use domain::id::Id;
use domain::moment::Span;
use domain::money::Money;
use domain::person::Role;
use domain::promotion::{Off, Scope};
use domain::red_packet::{Split, Terms as PacketTerms};
use domain::{guess as guesses, quiz as quizzes};

use crate::campaign::{self, Creative, PutCampaign, Step, Terms};
use crate::coupon::{self, PutTemplate};
use crate::draw::{self, DrawOnce};
use crate::failure::Failure;
use crate::guess::{self, MakeGuess};
use crate::{App, Visitor, coupon_drop, packet, quiz, shop};

/// How many people play.
const PLAYERS: i64 = 40;

/// Sets the games up and lets people play them.
pub fn play(app: &App, owner: &Visitor) -> Result<(), Failure> {
    let players = app.read(|tx| {
        // Whoever looks at the demo comes in as one of the cast, and wants to play too.
        let sql = "select id, name from people where role = 'shopper'
             and coalesce(email, '') not in ('ann@example.com', 'bob@example.com',
               'eve@example.com', 'lin@example.com') order by id limit $1";
        tx.all(sql, &[PLAYERS.into()], |row| {
            Visitor::of(row.get(0), &row.get::<String>(1), Role::Shopper)
        })
    })?;
    let keyed = |who: &Visitor, what: &str, at: usize| {
        who.clone().with_key(&format!("demo-game-{what}-{at:04}"), "demo")
    };
    let over = launch(app, owner, "九宫格试手气", "上周老友专场，已经开奖", lottery(Face::Grid))?;
    let wheel = launch(app, owner, "周末转一转", "每天来一次，转一次", lottery(Face::Wheel))?;
    let card = launch(app, owner, "刮一张", "拿一张卡，慢慢刮", lottery(Face::Scratch))?;
    for (at, who) in players.iter().enumerate() {
        let salt = DrawOnce { salt: format!("demo{at}") };
        draw::draw(app, &keyed(who, "over", at)?, over, &salt)?;
        if at % 2 == 0 {
            draw::draw(app, &keyed(who, "wheel", at)?, wheel, &salt)?;
        }
        if at % 5 == 0 {
            draw::draw(app, &keyed(who, "card", at)?, card, &salt)?;
        }
    }
    campaign::step(app, &keyed(owner, "over-end", 0)?, over, Step::End)?;
    let random = PacketTerms { count: 12, ..PacketTerms::usual(8_800) };
    let full = launch(app, owner, "开门红包", "先到先得", Terms::RedPacket(random))?;
    let alike = PacketTerms { count: 30, split: Split::Equal, ..PacketTerms::usual(6_000) };
    let open = launch(app, owner, "茶友红包", "一人一份", Terms::RedPacket(alike))?;
    for (at, who) in players.iter().take(12).enumerate() {
        packet::take(app, &keyed(who, "packet", at)?, full)?;
        if at < 7 {
            packet::take(app, &keyed(who, "packet-two", at)?, open)?;
        }
    }
    let friday = launch(app, owner, "周五限量券", "六十张，先到先得", few(app, owner)?)?;
    for (at, who) in players.iter().enumerate().filter(|(at, _)| at % 6 != 5) {
        match coupon_drop::claim(app, &keyed(who, "drop", at)?, friday) {
            // Of a household one has it already.
            Err(failure) if failure.code() == "campaign.limit_shared" => {}
            taken => _ = taken?,
        }
    }
    let game =
        guesses::Game {
            what: "一把手作紫砂壶".into(), answer: 46_800, ..guesses::Game::usual()
        };
    let guess = launch(app, owner, "猜猜这把壶", "最接近的十位有奖", Terms::Guess(game))?;
    let game = launch(app, owner, "茶知识小测", "五题答对三题", Terms::Quiz(questions()))?;
    for (at, who) in players.iter().take(15).enumerate() {
        let amount = 19_900 + 3_700 * at as i64;
        guess::guess(app, &keyed(who, "guess", at)?, guess, MakeGuess { amount })?;
        if at % 3 == 0 {
            let attempt = quiz::begin(app, &keyed(who, "quiz", at)?, game)?.value;
            let answers = vec![at / 3 % 2; attempt.questions.len()];
            let all = quiz::AnswerAll { answers };
            quiz::answer(app, &keyed(who, "answer", at)?, attempt.id, &all)?;
        }
    }
    Ok(())
}

fn launch(
    app: &App,
    owner: &Visitor,
    title: &str,
    copy: &str,
    terms: Terms,
) -> Result<Id<Campaign>, Failure> {
    let own = app.read(shop::get)?.currency;
    let mut frame = Frame::usual(terms.mechanic(), title, Some(Money::new(100_000, own)));
    if frame.limits.per_person > 1 {
        frame.limits = Limits { per_person: 500, per_cluster: 500, per_day: None, total: None };
    }
    let put = PutCampaign {
        starts_at: app.now(),
        ends_at: app.now().plus(Span::days(7)),
        frame,
        terms,
        offered: Vec::new(),
        creative: Creative { copy: copy.into(), picture: String::new() },
        version: None,
    };
    // A key is of plain letters, and titles are not.
    let sum = title.bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31) ^ u32::from(byte));
    let keyed = |what: &str| owner.clone().with_key(&format!("demo-game-{what}-{sum:010}"), title);
    let made = campaign::create(app, &keyed("make")?, put)?;
    campaign::step(app, &keyed("launch")?, made.id, Step::Launch)?;
    Ok(made.id)
}

/// Sixty coupons of a kind that is had nowhere else.
fn few(app: &App, owner: &Visitor) -> Result<Terms, Failure> {
    let put = PutTemplate {
        name: "周五限量券 ¥15".into(),
        name_en: "Friday’s few: ¥15".into(),
        issuer: Issuer::Merchant,
        currency: None,
        gives: coupons::Gives::Goods { off: Off::Amount { minor: 1_500 } },
        threshold: 9_900,
        scope: Scope::default(),
        stacks: None,
        life: Life::After { span: Span::days(7) },
        claim_from: None,
        claim_until: None,
        total: None,
        per_person: 1,
        per_cluster: None,
        back_on_refund: true,
        active: true,
        listed: false,
        link: None,
        version: None,
    };
    let keyed = owner.clone().with_key("demo-game-coupons-of-friday", "friday")?;
    let template = Some(coupon::add(app, &keyed, &put)?.id);
    Ok(Terms::CouponDrop(Drop { template, count: 60 }))
}

fn lottery(face: Face) -> Terms {
    let prize = |name: &str, gives, weight, stock, value| Offered {
        prize: Prize { name: name.into(), weight, stock, value },
        gives,
    };
    Terms::Draw(draws::Terms {
        face,
        prizes: vec![
            prize("紫砂壶", Gives::Thing, 1, Some(1), 46_800),
            prize("茶杯", Gives::Thing, 150, Some(6), 3_900),
            prize("¥10", Gives::Credit, 60, Some(12), 1_000),
            prize("¥2", Gives::Credit, 180, Some(50), 200),
            prize("谢谢参与", Gives::Nothing, 609, None, 0),
        ],
        sources: vec![Source::Daily { chances: 1 }, Source::Order { chances: 1 }, Source::Staff],
    })
}

fn questions() -> quizzes::Game {
    let all = [
        ("哪一种是绿茶？", ["龙井", "普洱", "白毫银针"], 0),
        ("泡绿茶的水，多少度合适？", ["80 ℃", "100 ℃", "40 ℃"], 0),
        ("普洱产自哪里？", ["浙江", "云南", "福建"], 1),
        ("白茶要炒青吗？", ["要", "不要", "炒两次"], 1),
        ("红茶是哪一类茶？", ["全发酵", "半发酵", "不发酵"], 0),
        ("紫砂壶用哪里的泥？", ["宜兴", "景德镇", "龙泉"], 0),
    ];
    let asked = all.map(|(text, options, right)| quizzes::Asked {
        text: text.into(),
        options: options.map(String::from).to_vec(),
        right,
    });
    let rule = quizzes::Terms { ask: 5, pass: 3, time: Span::seconds(90), per_day: 3 };
    quizzes::Game { rule, questions: asked.to_vec(), reward: 300 }
}
