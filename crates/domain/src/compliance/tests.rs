//! Each rule is tried by something it has to find; many texts by all of them; and answers hold for
//! what they were given to and nothing else.

use std::sync::OnceLock;

use proptest::prelude::*;

use super::*;
use crate::campaign::favour::Field;
use crate::campaign::{Channel, Mechanic};
use crate::moment::Span;

mod real;

fn china() -> &'static Pack {
    static PACK: OnceLock<Pack> = OnceLock::new();
    PACK.get_or_init(|| Pack::parse(CHINA).unwrap())
}

fn now() -> Moment {
    Moment::parse("2026-11-23T00:00:00Z").unwrap()
}

fn draft<'a>(texts: &'a [Text]) -> Draft<'a> {
    Draft {
        mechanic: Mechanic::Promotion,
        traits: &[],
        texts,
        published: &[],
        figures: &[],
        reductions: &[],
        counters: &[],
        channels: &[],
        changes: &[],
        names: &[],
    }
}

fn copy(text: &str) -> Text {
    Text { field: "copy".into(), text: text.into() }
}

/// What rules about words find in a text.
fn words(text: &str, names: &[&str]) -> Vec<Finding> {
    let texts = [copy(text)];
    let names: Vec<String> = names.iter().map(|name| name.to_string()).collect();
    let draft = Draft { names: &names, ..draft(&texts) };
    let mut found = check(china(), &draft, now());
    found.retain(|finding| finding.field == "copy");
    found
}

fn told(found: &[Finding]) -> Vec<String> {
    found.iter().map(|one| format!("{} {}", one.rule, one.about)).collect()
}

#[test]
fn the_pack_is_whole() {
    let pack = china();
    assert_eq!((pack.place.as_str(), pack.version.as_str()), ("CN", "2026-11-23"));
    assert!(pack.rules.len() >= 28, "{}", pack.rules.len());
    for rule in &pack.rules {
        assert!(rule.id.starts_with("CN-") && rule.is_in_force(now()), "{}", rule.id);
    }
}

#[test]
fn words_that_have_to_be_found() {
    let check = |text: &str, want: &[&str]| assert_eq!(told(&words(text, &[])), want, "{text}");
    check("国家级品质，人人放心", &["CN-AD-02 国家级"]);
    check("全国第一的茶", &["CN-AD-02 全国第一"]);
    check("這是最佳的選擇", &["CN-AD-02 最佳"]);
    check("國家級品質", &["CN-AD-02 國家級"]);
    // Hidden, widened, and in another case.
    check("最·佳之选", &["CN-AD-02 最·佳"]);
    check("最 佳之选", &["CN-AD-02 最 佳"]);
    check("最\u{200b}佳之选", &["CN-AD-02 最\u{200b}佳"]);
    check("ＮＯ．１ 品牌", &["CN-AD-02 ＮＯ．１"]);
    check("Top1 单品", &["CN-AD-02 Top1"]);
    check("Top10 单品和 No.12 茶壶", &[]);
    // A clause ends what stands before it: striving for one thing, claiming another.
    check("追求品质，最好的茶", &["CN-AD-02 最好"]);
    check("追求最好的品质", &[]);
    check("本店最新款", &[]);
    check("全网最低价！", &["CN-AD-02 全网最低价"]);
    check("月入3万不是梦", &["CN-MLM-09 月入3万"]);
    check("月入三万不是梦", &["CN-MLM-09 月入三万"]);
    check("躺着赚钱，稳赚不赔", &["CN-MLM-09 躺着赚", "CN-MLM-09 稳赚不赔"]);
    check("根治失眠，7天见效", &["CN-AD-09 根治", "CN-AD-09 治失眠", "CN-AD-09 7天见效"]);
    check("不是最便宜的，却是最好的", &["CN-AD-02 最好"]);
    check("仅剩3件", &["CN-PRO-12a 仅剩3件"]);
    check("已有1,234人购买", &["CN-PRO-12a 已有1,234人购买"]);
    check("好评返3元", &["CN-REV-03 好评返3"]);
    check("假一赔十,正品", &["CN-RET-03 假一赔十"]);
    check("恭喜您中奖了", &["CN-PRO-02b 恭喜您中奖"]);
    check("荣获驰名商标", &["CN-AD-02 驰名商标", "CN-AD-10 驰名商标"]);
    // Each place counts.
    check("最好的茶，最好的水", &["CN-AD-02 最好", "CN-AD-02 最好"]);
}

#[test]
fn a_registered_name_is_no_claim() {
    assert_eq!(told(&words("永久牌链条，独一无二", &[])), ["CN-AD-02 独一无二"]);
    assert_eq!(told(&words("独一无二牌雨伞", &["独一无二牌"])), Vec::<String>::new());
    assert_eq!(told(&words("独一无二的雨伞", &["独一无二牌"])), ["CN-AD-02 独一无二"]);
}

/// Drafts that break every rule that looks at something else than words, and some that keep them.
#[test]
fn every_other_rule_finds_what_it_is_for() {
    let say = str::to_string;
    let found = |edit: &dyn Fn(&mut Draft)| -> Vec<String> {
        let mut draft = draft(&[]);
        edit(&mut draft);
        let found = check(china(), &draft, now());
        found.iter().map(|one| format!("{} {} {}", one.rule, one.field, one.about)).collect()
    };
    let has = |found: &[String], want: &str| found.iter().any(|one| one == want);
    // Particulars that have to be published.
    let draw = found(&|d| d.mechanic = Mechanic::Draw);
    for need in ["prize_kinds", "odds_or_count", "redeem_how", "organiser", "contact", "forfeiture"]
    {
        assert!(has(&draw, &format!("CN-PRO-02 published {need}")), "{need}: {draw:?}");
    }
    assert!(has(&draw, "CN-PRO-04 published seed_hash"));
    assert!(
        has(&draw, "CN-PRO-01 top_prize "),
        "a prize that is not told is not known to be small"
    );
    let assist = found(&|d| d.mechanic = Mechanic::Assist);
    assert!(has(&assist, "CN-PRO-02a published conditions"));
    let packet = found(&|d| d.mechanic = Mechanic::RedPacket);
    assert!(has(&packet, "CN-PRO-15 published cluster_limit"));
    assert!(!packet.iter().any(|one| one.starts_with("CN-PRO-01 ")));
    // A random packet for a purchase is a lottery.
    let traits = [say("random"), say("after_purchase")];
    let lottery = |traits| {
        let texts = [];
        let draft = Draft { mechanic: Mechanic::RedPacket, traits, ..draft(&texts) };
        told(&check(china(), &draft, now())).iter().any(|one| one.starts_with("CN-PRO-01 "))
    };
    assert!(lottery(&traits) && !lottery(&traits[..1]));
    let gift = [say("gift_with_purchase")];
    let gift = check(china(), &Draft { traits: &gift, ..draft(&[]) }, now());
    assert!(told(&gift).contains(&say("CN-PRO-10 gift_value")));
    for (one, rule) in [
        ("inside_winners", ""),
        ("hidden_charge", "CN-PRO-09"),
        ("preselected_extras", "CN-PRO-09"),
        ("price_by_person", "CN-PRO-11"),
        ("tobacco", "CN-AD-06"),
        ("paid_content", "CN-AD-01"),
        ("special_goods", "CN-AD-05"),
    ] {
        let traits = [say(one)];
        let found = check(china(), &Draft { traits: &traits, ..draft(&[]) }, now());
        let hit = found.iter().any(|finding| finding.rule == rule);
        assert_eq!(hit, !rule.is_empty(), "{one}");
    }
    let inside = [say("inside_winners")];
    let inside = Draft { mechanic: Mechanic::Draw, traits: &inside, ..draft(&[]) };
    assert!(told(&check(china(), &inside, now())).contains(&say("CN-PRO-04a inside_winners")));
    // Invitations.
    let figures = [(Figure::InviteLevels, 2), (Figure::InvitesAMonth, 11)];
    let invite = Draft { mechanic: Mechanic::InviteReward, figures: &figures, ..draft(&[]) };
    let invited = told(&check(china(), &invite, now()));
    assert!(invited.contains(&say("CN-MLM-07 2")) && invited.contains(&say("CN-MLM-07a 11")));
    let traits = [say("paid_on_registration"), say("reward_is_credit")];
    let paid = check(china(), &Draft { traits: &traits, ..invite }, now());
    let paid: Vec<(&str, Severity)> =
        paid.iter().map(|one| (one.rule.as_str(), one.severity)).collect();
    assert!(paid.contains(&("CN-MLM-07b", Severity::Block)));
    assert!(paid.contains(&("CN-MLM-07c", Severity::Warn)));
    // Cuts that do not come to the price gap.
    let bargain = |sum| {
        let figures = [(Figure::CutSum, sum), (Figure::PriceGap, 5_000)];
        let texts = [];
        let draft = Draft { mechanic: Mechanic::Bargain, figures: &figures, ..draft(&texts) };
        let found = told(&check(china(), &draft, now()));
        assert!(found.contains(&say("CN-PRO-13a helpers")));
        found.contains(&format!("CN-PRO-13 {sum}"))
    };
    assert!(bargain(4_999) && bargain(5_001) && !bargain(5_000));
    // Rewarded sharing in WeChat.
    let wechat = [crate::campaign::ChannelUse { channel: Channel::Wechat, rewarded: true }];
    let share = |mechanic, channels| {
        let texts = [];
        let found = check(china(), &Draft { mechanic, channels, ..draft(&texts) }, now());
        told(&found).contains(&say("CN-PRO-17 wechat"))
    };
    assert!(share(Mechanic::Assist, &wechat) && share(Mechanic::Bargain, &wechat));
    assert!(!share(Mechanic::FlashSale, &wechat));
    assert!(!share(Mechanic::Assist, &[Channel::Wechat.usual()]));
    // What was promised may not be worse.
    let change = |field, from, to| {
        let changes = [Change { field, from, to }];
        let found = check(china(), &Draft { changes: &changes, ..draft(&[]) }, now());
        found.iter().any(|one| one.rule == "CN-PRO-03")
    };
    assert!(change(Field::PrizeStock, 5, 4) && !change(Field::PrizeStock, 4, 5));
    assert!(change(Field::Threshold, 4, 5) && !change(Field::Title, 0, 1));
}

#[test]
fn a_prize_is_worth_fifty_thousand_at_most() {
    let prize = |fen| {
        let figures = [(Figure::TopPrize, fen)];
        let texts = [];
        let draft = Draft { mechanic: Mechanic::Draw, figures: &figures, ..draft(&texts) };
        check(china(), &draft, now()).iter().any(|one| one.rule == "CN-PRO-01")
    };
    assert!(!prize(5_000_000), "50,000.00 is allowed");
    assert!(prize(5_000_001), "50,000.01 is not");
}

#[test]
fn former_prices_need_evidence_and_counters_a_query() {
    let day = |n: i64| Moment(0).plus(Span::days(n));
    let cut = |claimed, from| Reduction {
        variant: Id::new(1),
        price: 4_000,
        claimed,
        begins: day(100),
        past: vec![Charged { price: 6_000, from: day(from), until: None }],
    };
    let evidence = |reduction: Reduction| {
        let reductions = [reduction];
        let texts = [];
        let draft = Draft { reductions: &reductions, ..draft(&texts) };
        check(china(), &draft, now()).iter().any(|one| one.rule == "CN-PRO-06")
    };
    assert!(!evidence(cut(6_000, 0)) && !evidence(cut(5_000, 0)));
    assert!(evidence(cut(9_000, 0)), "more than was charged");
    assert!(evidence(cut(6_000, 95)), "raised shortly before");
    let counter = |query: Option<&str>| {
        let counters = [Counter { shows: "left".into(), query: query.map(str::to_string) }];
        let texts = [];
        let draft = Draft { counters: &counters, ..draft(&texts) };
        check(china(), &draft, now()).iter().any(|one| one.rule == "CN-PRO-12")
    };
    assert!(counter(None) && counter(Some(" ")) && !counter(Some("flash_left")));
}

#[test]
fn every_rule_is_tried_by_some_fixture() {
    let here = include_str!("tests.rs");
    let missing: Vec<String> = china()
        .rules
        .iter()
        .map(|rule| rule.id.clone())
        .filter(|id| {
            let ends = [' ', '"'];
            !ends.iter().any(|end| here.contains(&format!("{id}{end}")))
        })
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn a_rule_holds_while_it_is_in_force() {
    let found = |day: &str| {
        let now = Moment::parse(&format!("{day}T00:00:00Z")).unwrap();
        let figures = [(Figure::TopPrize, 6_000_000)];
        let texts = [];
        let draft = Draft { mechanic: Mechanic::Draw, figures: &figures, ..draft(&texts) };
        check(china(), &draft, now).iter().any(|one| one.rule == "CN-PRO-01")
    };
    assert!(!found("2025-10-14") && found("2025-10-15") && found("2030-01-01"));
    let ended = CHINA.replace("from 2025-10-15", "from 2025-10-15\nuntil 2027-01-01");
    let pack = Pack::parse(&ended).unwrap();
    let rule = pack.rule("CN-PRO-01").unwrap();
    let at = |day: &str| Moment::parse(&format!("{day}T00:00:00Z")).unwrap();
    assert!(rule.is_in_force(at("2026-12-31")) && !rule.is_in_force(at("2027-01-01")));
}

#[test]
fn packs_that_cannot_be_read_say_where() {
    let whole = "pack CN 2026-11-23\nrule A\nsource s\nfrom 2020-01-01\nread 2020-01-01\n\
        does warn\ncheck words\nwords x\n";
    assert_eq!(Pack::parse(whole).unwrap().rules.len(), 1);
    let check = |from: &str, to: &str, line: usize| {
        let bad = Pack::parse(&whole.replace(from, to)).unwrap_err();
        assert_eq!(bad.line, line, "{to}: {}", bad.why);
    };
    check("pack CN 2026-11-23", "pack CN", 1);
    check("pack CN 2026-11-23", "pack CN yesterday", 1);
    check("pack CN 2026-11-23", "", 1);
    check("source s", "", 2);
    check("from 2020-01-01", "from 2020-13-01", 2);
    check("read 2020-01-01", "", 2);
    check("does warn", "does nothing", 2);
    check("check words", "check weather", 2);
    check("words x", "", 2);
    check("words x", "words x\nanswer because", 2);
    check("words x", "words x\nuntil never", 2);
    check("words x", "words x\nfolded y", 2);
    check("rule A", "fold abc\nrule A", 2);
    check("rule A", "source before\nrule A", 2);
    check("rule A", "treat a b\nrule A", 2);
    check("words x\n", "words x\nrule A\n", 9);
}

#[test]
fn an_answer_holds_for_its_sentence_and_no_other() {
    let signed = Signed { by: Id::new(7), at: Moment(1) };
    let paper = || vec!["certificate.pdf".to_string()];
    let found = words("本茶获评最佳绿茶。欢迎品尝。", &[]);
    assert_eq!(told(&found), ["CN-AD-02 最佳"]);
    assert_eq!(found[0].sentence, "本茶获评最佳绿茶");
    assert!(!judge(&found, &[]).may_launch());
    let given = answer(&found[0], Ground::Award, paper(), signed).unwrap();
    assert_eq!(answer(&found[0], Ground::Approved, paper(), signed), Err(BadAnswer::Ground));
    let nothing = |evidence| answer(&found[0], Ground::Award, evidence, signed);
    assert_eq!(nothing(Vec::new()), Err(BadAnswer::NoEvidence));
    assert_eq!(nothing(vec![" ".into()]), Err(BadAnswer::NoEvidence));
    let answers = [given];
    let verdict = judge(&found, &answers);
    assert!(verdict.may_launch());
    assert_eq!((verdict.answered.len(), verdict.answered[0].1.signed), (1, signed));
    // More around it changes nothing; another claim with the same words does.
    assert!(judge(&words("新茶！本茶获评最佳绿茶。", &[]), &answers).may_launch());
    assert!(!judge(&words("本茶是全球最佳绿茶。", &[]), &answers).may_launch());
    // Income claims can only be mended.
    let income = words("月入过万", &[]);
    assert_eq!(
        answer(&income[0], Ground::Approved, paper(), signed),
        Err(BadAnswer::NotAnswerable)
    );
    // A warning keeps nothing from starting.
    let warned = words("假一赔十", &[]);
    let verdict = judge(&warned, &[]);
    assert!(verdict.may_launch() && verdict.warns.len() == 1);
}

proptest! {
    /// Whatever people write, the check reads it, and quotes what is really there.
    #[test]
    fn any_text_is_read(text in "[ -~最佳第一，。·！级国家0-9\u{200b}\n保本赚]{0,60}|.{0,40}") {
        for finding in words(&text, &["佳第"]) {
            prop_assert!(!finding.about.is_empty() && text.contains(&finding.about));
            prop_assert!(text.contains(&finding.sentence));
        }
    }

    /// Whatever a file says, it is a pack or it says where it is none.
    #[test]
    fn any_pack_is_read_or_refused(
        lines in proptest::collection::vec("(rule|fold|treat|words|from|pack)? ?.{0,20}", 0..12),
    ) {
        if let Err(bad) = Pack::parse(&lines.join("\n")) {
            prop_assert!(bad.line >= 1 && !bad.why.is_empty());
        }
    }
}

/// False alarms, counted: clean texts of ours in which nothing should be found.
#[test]
fn clean_texts_are_let_pass() {
    let texts: Vec<&str> = include_str!("tests/clean.txt").lines().collect();
    assert!(texts.len() >= 200, "{}", texts.len());
    let mut alarms = Vec::new();
    for text in &texts {
        alarms.extend(words(text, &[]).iter().map(|one| format!("{} in {text}", one.about)));
    }
    eprintln!("clean texts: {} of {} with a false alarm", alarms.len(), texts.len());
    assert!(alarms.is_empty(), "{}", alarms.join("\n"));
}

/// Texts that are allowed for a reason: each is found, and passes once it is shown.
#[test]
fn exempt_texts_pass_with_their_evidence() {
    let signed = Signed { by: Id::new(7), at: Moment(1) };
    for line in include_str!("tests/exempt.txt").lines() {
        let (ground, text) = line.split_once(" | ").unwrap();
        let ground = Ground::parse(ground).unwrap();
        let found = words(text, &[]);
        assert!(!found.is_empty(), "nothing to answer in {text}");
        assert!(!judge(&found, &[]).may_launch(), "{text}");
        let answers: Vec<Answer> = found
            .iter()
            .map(|one| answer(one, ground, vec!["paper".into()], signed).unwrap())
            .collect();
        assert!(judge(&found, &answers).may_launch(), "{text}");
    }
}
