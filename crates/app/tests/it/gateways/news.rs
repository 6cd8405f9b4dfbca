//! What the three may tell us, and what strangers may tell us in their name.

use std::sync::Arc;

use app::clock::Held;
use app::config::Config;
use app::outside::Outside;
use app::outside::gateway::Envelope;
use app::payment;
use domain::order::Status;

use super::wechat::WeChatDouble;
use super::{Double, Scene, Twist, each};
use crate::support::{MORNING, sqlite_in};

const REFUSED: [Twist; 5] =
    [Twist::Forged, Twist::Altered, Twist::Old, Twist::OtherMerchant, Twist::OtherApp];

#[test]
fn nobody_but_the_provider_is_believed_and_nothing_of_it_is_kept() {
    each(|scene| {
        let paying = scene.paid_unheard(1);
        for twist in REFUSED {
            let answer = scene.tell(&paying, twist);
            let code = answer.unwrap_err().code();
            let foreign = matches!(twist, Twist::OtherMerchant | Twist::OtherApp);
            let want = if foreign { "payment.bad_notice" } else { "payment.bad_signature" };
            assert_eq!(code, want, "{} {twist:?}", scene.double.name());
        }
        // Nothing, half of it, something else, or another provider's.
        let right = scene.double.notice(&paying.payment.to_string(), Twist::Right);
        let cut = Envelope { body: right.body[..right.body.len() / 2].to_vec(), ..right.clone() };
        let bare = Envelope { headers: Vec::new(), ..right.clone() };
        let empty = Envelope::default();
        let wrong = Envelope { body: vec![0xff, 0xfe, b'&', b'='], ..right.clone() };
        let strange = if scene.double.name() == "alipay" { empty.clone() } else { bare };
        for sent in [cut, empty, wrong, strange] {
            let answer = payment::notice(&scene.shop.app, scene.double.name(), sent);
            assert!(answer.is_err_and(|failure| failure.is_answer()));
        }
        let answer = payment::notice(&scene.shop.app, "nobody", right);
        assert_eq!(answer.unwrap_err().code(), "not_found");
        assert_eq!(scene.status(paying.order), Status::PendingPayment);
        assert_eq!(scene.number("select count(*) from payment_notices"), 0);
        scene.tell(&paying, Twist::Right).unwrap();
        assert_eq!(scene.status(paying.order), Status::ToShip);
    });
}

#[test]
fn every_byte_of_a_notice_counts() {
    each(|scene| {
        let paying = scene.paid_unheard(1);
        let right = scene.double.notice(&paying.payment.to_string(), Twist::Right);
        // What a form writes in two ways is the same notice: bytes of its own are those of values.
        let form = scene.double.name() == "alipay";
        for at in (0..right.body.len()).step_by(7) {
            let mut body = right.body.clone();
            if form && !body[at].is_ascii_lowercase() {
                continue;
            }
            body[at] ^= 1;
            let sent = Envelope { body, ..right.clone() };
            let answer = payment::notice(&scene.shop.app, scene.double.name(), sent);
            assert!(answer.is_err(), "{} byte {at}", scene.double.name());
        }
        assert_eq!(scene.number("select count(*) from payment_notices"), 0);
    });
}

#[test]
fn money_of_another_amount_or_currency_is_a_case() {
    each(|scene| {
        for twist in [Twist::WrongAmount, Twist::OtherCurrency, Twist::StrangeCurrency] {
            let paying = scene.paid_unheard(1);
            scene.tell(&paying, twist).unwrap();
            assert_eq!(scene.status(paying.order), Status::PendingPayment, "{twist:?}");
            let sql = format!(
                "select count(*) from cases
                 where kind = 'amount_mismatch' and about_id = {}",
                paying.payment.0
            );
            assert_eq!(scene.number(&sql), 1, "{} {twist:?}", scene.double.name());
            // The right amount afterwards is right.
            scene.tell(&paying, Twist::Right).unwrap();
            assert_eq!(scene.status(paying.order), Status::ToShip);
        }
    });
}

#[test]
fn in_whatever_order_the_news_comes_it_ends_the_same() {
    each(|scene| {
        use Twist::{Again, Closed, Failed, Right, Unheard};
        let orders: [&[Twist]; 6] = [
            &[Right, Again, Right],
            &[Failed, Right],
            &[Right, Failed],
            &[Right, Closed, Again],
            &[Closed, Right],
            &[Unheard, Right, Unheard, Failed, Closed],
        ];
        for (n, order) in orders.iter().enumerate() {
            let paying = scene.paid_unheard(1);
            for twist in *order {
                scene.tell(&paying, *twist).unwrap();
            }
            assert_eq!(scene.status(paying.order), Status::ToShip, "{n}");
        }
        assert_eq!(scene.holds(), 6 * 12_000);
        assert_eq!(scene.number("select count(*) from refunds"), 0);
        assert_eq!(scene.number("select count(*) from cases"), 0);
    });
}

#[test]
fn twins_at_once_are_one_payment() {
    each(|scene| {
        let paying = scene.paid_unheard(1);
        let notice = scene.double.notice(&paying.payment.to_string(), Twist::Right);
        std::thread::scope(|threads| {
            for _ in 0..8 {
                let (app, name) = (&scene.shop.app, scene.double.name());
                let sent = notice.clone();
                threads.spawn(move || payment::notice(app, name, sent).unwrap());
            }
        });
        assert_eq!((scene.status(paying.order), scene.holds()), (Status::ToShip, 12_000));
        assert_eq!(scene.number("select count(*) from payment_notices"), 1);
    });
}

/// What is kept of a notice is what the payment needs, and nothing of the person.
#[test]
fn nothing_of_the_person_is_kept() {
    each(|scene| {
        scene.paid(1);
        let sql = "select count(*) from payment_notices
                   where body like '%buyer%' or body like '%2088102116773037%'
                      or body like '%email%' or body not like '%pay_%'";
        assert_eq!(scene.number(sql), 0);
    });
}

#[test]
fn certificates_change_and_strangers_do_not_make_us_ask() {
    let clock = Arc::new(Held::at(MORNING));
    let double = Arc::new(WeChatDouble::open(Arc::clone(&clock)));
    let mut config = Config::plain("http://127.0.0.1:3000");
    config.sandbox = false;
    let outside = Outside { gateways: vec![double.gateway()], ..Outside::remembered() };
    let shop = sqlite_in(config, outside);
    let tea = shop.goods("tea", 12_000, 100);
    let shared: Box<dyn Double> = Box::new(Shared(Arc::clone(&double)));
    let scene = Scene { shop, clock, double: shared, tea };
    scene.paid(1);
    assert_eq!(double.asked(), 1, "the first answer of all");
    // Serial numbers nobody has: asked for once a minute at most.
    let paying = scene.paid_unheard(1);
    let right = double.notice(&paying.payment.to_string(), Twist::Right);
    scene.wait(domain::moment::Span::minutes(2));
    for n in 0..20 {
        let mut sent = double.notice(&paying.payment.to_string(), Twist::Right);
        sent.headers[0].1 = format!("{n:040}");
        assert!(payment::notice(&scene.shop.app, "wechat", sent).is_err());
    }
    assert_eq!(double.asked(), 2);
    // The next certificate: notices and answers of both are right while they change.
    double.change_certificate();
    scene.wait(domain::moment::Span::minutes(2));
    scene.tell(&paying, Twist::Right).unwrap();
    assert_eq!((double.asked(), scene.status(paying.order)), (3, Status::ToShip));
    scene.paid(1);
    assert_eq!(double.asked(), 3);
    drop(right);
}

/// One double for two hands.
struct Shared(Arc<WeChatDouble>);

impl Double for Shared {
    fn name(&self) -> &'static str {
        self.0.name()
    }
    fn gateway(&self) -> Arc<dyn app::outside::Gateway> {
        self.0.gateway()
    }
    fn set_away(&self, away: bool) {
        self.0.set_away(away);
    }
    fn pay(&self, reference: &str, url: &str) -> super::Paid {
        self.0.pay(reference, url)
    }
    fn pay_behind(&self, reference: &str, minor: i64) {
        self.0.pay_behind(reference, minor);
    }
    fn notice(&self, reference: &str, twist: Twist) -> Envelope {
        self.0.notice(reference, twist)
    }
    fn slow_refunds(&self, slow: bool) {
        self.0.slow_refunds(slow);
    }
    fn end_refund(&self, key: &str, well: bool) -> Envelope {
        self.0.end_refund(key, well)
    }
    fn refunded(&self, reference: &str) -> i64 {
        self.0.refunded(reference)
    }
    fn split(&self, reference: &str) -> (i64, String) {
        self.0.split(reference)
    }
    fn damage(&self, change: &mut dyn FnMut(&mut Vec<super::Row>)) {
        self.0.damage(change);
    }
    fn zone(&self) -> domain::moment::Span {
        self.0.zone()
    }
}
