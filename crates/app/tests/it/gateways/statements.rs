//! Statements of each provider, asked for and brought: all of twenty planted differences are found,
//! and none where there is none.

use std::collections::BTreeMap;

use app::reconciliation::{self, DifferenceView, Look};
use app::sandbox;
use domain::moment::Span;
use domain::order::Status;
use domain::reconciliation::{Agreed, Day, What};

use super::{Row, Scene, each, each_with};
use crate::support::both_engines;

fn open(scene: &Scene) -> Vec<DifferenceView> {
    let look = Look { state: Some("open".into()), limit: 1_000, ..Look::default() };
    reconciliation::differences(&scene.shop.app, &scene.shop.mo, &look).unwrap()
}

/// The provider's day that is now.
fn today(scene: &Scene) -> Day {
    Day::of(scene.shop.app.now(), scene.double.zone())
}

/// Statements of the days around, read one after the other.
fn read(scene: &Scene, day: Day) {
    for day in [day.plus(-1), day, day.plus(1)] {
        let name = scene.double.name();
        reconciliation::fetch(&scene.shop.app, &scene.shop.zoe, name, &day.to_string()).unwrap();
    }
}

/// Everybody's clock goes on to noon of the day after the next.
fn two_days_on(scene: &Scene) {
    scene.later(Span::hours(40));
    scene.later(Span::hours(12));
}

#[test]
fn twenty_planted_differences_are_found_and_no_other() {
    let fees = |config: &mut app::config::Config| {
        config.payments.stripe.fee = Agreed::parse("2.9%");
        config.payments.wechat.fee = Agreed::parse("0.6%");
        config.payments.alipay.fee = Agreed::parse("0.6%");
    };
    each_with(&fees, |scene| {
        let (shop, day) = (&scene.shop, today(scene));
        let paid: Vec<_> = (0..30).map(|n| scene.paid(1 + n % 4)).collect();
        for paying in &paid[20..] {
            let who = shop.keyed(&shop.mo);
            app::order_desk::refund(&shop.app, &who, paying.order, "sorry").unwrap();
        }
        scene.later(Span::seconds(1));
        // Closed here and paid there all the same, of which nobody told us.
        let closed: Vec<_> = (0..2).map(|_| scene.begin(scene.order(1))).collect();
        scene.later(Span::minutes(31));
        let mut want: BTreeMap<What, usize> = BTreeMap::new();
        let mut planted = 0;
        scene.double.damage(&mut |rows: &mut Vec<Row>| {
            let now = rows[0].at;
            let mut hurt = |what: What, count: usize| {
                *want.entry(what).or_default() += count;
                planted += count;
            };
            let refunds: Vec<usize> =
                (0..rows.len()).filter(|at| rows[*at].kind == "refund").collect();
            // Two that never were here: a payment and a refund.
            for (kind, name) in [("payment", "pay_3w5e11264sgs0"), ("refund", "ref_3w5e11264sgs0")]
            {
                let (reference, theirs) = (name.to_string(), format!("theirs-{name}"));
                rows.push(Row { reference, theirs, ..Row::new(kind, 100, 0, now) });
            }
            hurt(What::MissingHere, 2);
            for paying in &closed {
                let reference = paying.payment.to_string();
                let theirs = format!("theirs-{reference}");
                rows.push(Row { reference, theirs, ..Row::new("payment", 12_000, 72, now) });
            }
            hurt(What::Status, closed.len());
            // Amounts: two payments and a refund.
            rows[0].minor += 1;
            rows[1].minor -= 100;
            rows[refunds[0]].minor += 1;
            for row in [0, 1] {
                rows[row].fee = rows[row].minor * 6 / 1_000;
            }
            hurt(What::Amount, 3);
            if scene.double.name() == "alipay" {
                // Its lists have no currency.
                rows[2].minor += 7;
                rows[3].minor += 7;
                hurt(What::Amount, 2);
            } else {
                rows[2].currency = "USD".into();
                rows[refunds[1]].currency = "HKD".into();
                hurt(What::Currency, 2);
            }
            // Fees that are too high.
            rows[4].fee = rows[4].minor / 10;
            rows[5].fee += 30 + rows[5].minor / 20;
            hurt(What::Fee, 2);
            // Twice: a payment and a refund.
            rows.push(rows[6].clone());
            rows.push(rows[refunds[2]].clone());
            hurt(What::Twice, 2);
            // Money that is neither.
            let odd = Row { theirs: "dispute-1".into(), ..Row::new("odd", 500, 0, now) };
            rows.push(Row { reference: odd.theirs.clone(), ..odd });
            hurt(What::Unexpected, 1);
            // On no statement at all.
            let mut gone = vec![7, 8, 9, 10, refunds[3], refunds[4]];
            hurt(What::MissingThere, gone.len());
            gone.sort();
            for at in gone.into_iter().rev() {
                rows.remove(at);
            }
        });
        assert_eq!(planted, 20, "{want:?}");
        two_days_on(scene);
        assert_eq!(scene.status(closed[0].order), Status::Cancelled);
        read(scene, day);
        let found = open(scene);
        let mut got: BTreeMap<What, usize> = BTreeMap::new();
        for one in &found {
            *got.entry(one.what).or_default() += 1;
        }
        let name = scene.double.name();
        assert_eq!(got, want, "{name}: {found:#?}");
        // Reading it again finds nothing more; settling says who and why.
        read(scene, day);
        assert_eq!(open(scene).len(), found.len());
        let one = &found[0];
        let settle = |note: &str| reconciliation::settle(&shop.app, &shop.mo, one.id, note);
        assert_eq!(settle(" ").unwrap_err().code(), "reconciliation.no_note");
        let settled = settle("their mistake, they will mend it").unwrap();
        assert_eq!((settled.state.as_str(), settled.ended_by.as_deref()), ("settled", Some("mo")));
        assert_eq!(settle("again").unwrap_err().code(), "reconciliation.not_open");
        read(scene, day);
        assert_eq!(open(scene).len(), found.len() - 1, "what is settled stays so");
        // The provider mends its statement: what does not show any more is gone.
        scene.double.damage(&mut |rows| rows.retain(|row| row.kind != "odd"));
        read(scene, day);
        let left = open(scene);
        let odd = usize::from(one.what != What::Unexpected);
        assert_eq!(left.len(), found.len() - 1 - odd);
        let nobody = reconciliation::differences(&shop.app, &shop.ann, &Look::default());
        assert_eq!(nobody.unwrap_err().code(), "forbidden");
    });
}

#[test]
fn a_day_that_fits_has_no_difference_and_is_read_by_itself() {
    each(|scene| {
        let day = today(scene);
        for n in 0..12 {
            scene.paid(1 + n % 3);
            scene.wait(Span::minutes(20));
        }
        two_days_on(scene);
        reconciliation::ask_due(&scene.shop.app).unwrap();
        scene.shop.work();
        let app = &scene.shop.app;
        let read = reconciliation::list(app, &scene.shop.mo, None, None, 10).unwrap();
        assert!(read.iter().any(|one| one.day == day.to_string() && one.lines >= 1), "{read:?}");
        assert_eq!(read.iter().map(|one| one.lines).sum::<i64>(), 12);
        assert_eq!(open(scene).len(), 0);
        let before = read.len();
        reconciliation::ask_due(app).unwrap();
        scene.shop.work();
        let again = reconciliation::list(app, &scene.shop.mo, None, None, 10).unwrap();
        assert_eq!(again.len(), before, "a day is asked for once");
        let cases = "select count(*) from cases where kind = 'statement_differs'";
        assert_eq!(scene.number(cases), 0);
    });
}

#[test]
fn a_file_may_be_brought_instead() {
    each(|scene| {
        let (app, zoe) = (&scene.shop.app, &scene.shop.zoe);
        let name = scene.double.name();
        let paying = scene.paid(1);
        let reference = paying.payment.to_string();
        let file = match name {
            "stripe" => format!(
                "balance_transaction_id,created_utc,currency,gross,fee,net,reporting_category,\
                 source_id,payment_metadata[reference],refund_metadata[reference]\n\
                 txn_1,2026-11-21 08:00:00,cny,120.00,3.48,116.52,charge,ch_1,{reference},\n\
                 txn_2,2026-11-21 09:00:00,cny,-100.00,0.00,-100.00,payout,po_1,,\n"
            ),
            "wechat" => format!(
                "交易时间,商户订单号,微信订单号,交易状态,货币种类,订单金额,手续费,费率\n\
                 `2026-11-21 16:00:00,`{reference},`4200,`SUCCESS,`CNY,`120.00,`0.72,`0.60%\n"
            ),
            _ => format!(
                "#x\n支付宝交易号,商户订单号,业务类型,完成时间,订单金额（元）,服务费（元）\n\
                 2026,{reference},交易,2026-11-21 16:00:00,120.00,-0.72\n#x\n"
            ),
        };
        let bring = |day: Option<&str>, file: &str| {
            reconciliation::upload(app, zoe, name, day, file.as_bytes())
        };
        let early = bring(None, &file).unwrap_err();
        assert_eq!(early.code(), "reconciliation.bad_day", "the day is not over");
        two_days_on(scene);
        let wrong = bring(Some("2026-11-20"), &file).unwrap_err();
        assert_eq!(wrong.code(), "reconciliation.not_a_statement");
        assert_eq!(bring(None, "a,b\n").unwrap_err().code(), "reconciliation.not_a_statement");
        assert_eq!(bring(Some("x"), &file).unwrap_err().code(), "reconciliation.bad_day");
        let read = bring(None, &file).unwrap();
        assert_eq!((read.lines, read.open), (1, 0), "{name}");
        let dear = file.replace("120.00,", "120.01,");
        assert_eq!(bring(Some("2026-11-21"), &dear).unwrap().open, 1);
        assert_eq!(bring(Some("2026-11-21"), &file).unwrap().open, 0, "gone again");
        let acts = "select count(*) from staff_acts where action = 'statement.upload'";
        assert_eq!(scene.number(acts), 3);
    });
}

#[test]
fn the_sandbox_has_statements_too() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 12_000, 100);
        let order = |who: &app::Visitor| {
            let what = app::checkout::What::Now { variant: tea.variant, quantity: 1 };
            let placed = shop.order(who, what).unwrap();
            shop.pay(who, placed.order).unwrap();
            placed.order
        };
        order(&shop.ann);
        let back = order(&shop.bob);
        let who = shop.keyed(&shop.mo);
        app::order_desk::refund(&shop.app, &who, back, "sorry").unwrap();
        shop.work();
        shop.later(Span::hours(30));
        let fetch = |day: &str| reconciliation::fetch(&shop.app, &shop.zoe, sandbox::NAME, day);
        let read = fetch("2026-11-21").unwrap();
        assert_eq!((read.lines, read.open), (3, 0));
        assert_eq!(fetch("2026-11-22").unwrap_err().code(), "reconciliation.bad_day");
    });
}
