//! Invoices on both engines: who may ask, what is on them, numbers without gaps, and taking back.

use app::failure::Failure;
use app::invoice::desk::{self, Because, IssueMany, Wanted};
use app::invoice::{self, AskInvoice, InvoiceView, OrderInvoices, Seller, SettingsView, settings};
use app::legal::{self, LicenceView, PublishLegal};
use app::{Visitor, order_desk, sandbox, work};
use domain::id::Id;
use domain::invoice::{InvoiceRequest, State, Title, TitleKind};
use domain::legal::{LegalKind, Licence};
use domain::moment::Span;
use domain::order::Order;
use domain::tax::Class;

use crate::after_sale::{SENDS, code};
use crate::prices::now;
use crate::races::{at_once, expect};
use crate::support::{TestShop, both_engines};
use crate::taxes::rule;
use crate::trade::Goods;
use crate::wallets::{give, holds, top_up, with_wallet};

pub fn company() -> Title {
    Title {
        kind: TitleKind::Company,
        name: "杭州茶馆有限公司".into(),
        tax_number: "91330100799655058B".into(),
        address: String::new(),
    }
}

fn person() -> Title {
    Title { name: "Ann".into(), ..Title::default() }
}

fn why(reason: &str) -> Because {
    Because { reason: reason.into() }
}

impl TestShop {
    /// The shop issues invoices from now on.
    pub fn invoices(&self, automatic: bool) -> SettingsView {
        let before = settings::get(&self.app, &self.zoe).unwrap();
        let seller = Seller { name: "风车茶馆".into(), ..Seller::default() };
        let new = SettingsView { seller, prefix: "FP".into(), automatic, ..before };
        settings::put(&self.app, &self.zoe, &new).unwrap()
    }

    pub fn ask_invoice(
        &self,
        who: &Visitor,
        order: Id<Order>,
        title: Title,
    ) -> Result<Id<InvoiceRequest>, Failure> {
        let asked = invoice::ask(&self.app, &self.keyed(who), order, AskInvoice { title })?;
        Ok(asked.value.id)
    }

    pub fn issue_invoice(&self, id: Id<InvoiceRequest>) -> Result<InvoiceView, Failure> {
        Ok(desk::issue(&self.app, &self.keyed(&self.zoe), id)?.value)
    }

    fn invoiced(&self, who: &Visitor, order: Id<Order>) -> OrderInvoices {
        invoice::of_order(&self.app, who, order).unwrap()
    }

    fn bought(&self, who: &Visitor, goods: Goods, quantity: i64) -> Id<Order> {
        let order = self.order(who, now(goods, quantity)).unwrap().order;
        self.pay(who, order).unwrap();
        order
    }
}

#[test]
fn a_buyer_asks_and_staff_issue() {
    both_engines(|shop| {
        shop.taxed(false, false, vec![rule("CN", Class::Standard, 1_300)]);
        let goods = shop.goods("tea", 3_000, 50);
        let order = shop.order(&shop.ann, now(goods, 2)).unwrap().order;
        let ask = |order, title| shop.ask_invoice(&shop.ann, order, title);
        assert_eq!(code(ask(order, person())), "invoice.not_offered");
        let set = shop.invoices(false);
        assert_eq!(code(ask(order, person())), "invoice.not_paid");
        // What is not paid shows no amount.
        assert_eq!(shop.invoiced(&shop.ann, order).invoiceable, None);
        shop.pay(&shop.ann, order).unwrap();
        let total = shop.see(&shop.ann, order).total;
        assert_eq!(shop.invoiced(&shop.ann, order).invoiceable, Some(total));
        let wrong = Title { tax_number: "91330100799655058A".into(), ..company() };
        assert_eq!(code(ask(order, wrong)), "invoice.bad_tax_number");
        let asked = ask(order, company()).unwrap();
        assert_eq!(code(ask(order, person())), "invoice.already_asked");
        // Staff see it, and issue it once.
        let mine = Wanted { state: Some(State::Asked), limit: 10, ..Wanted::default() };
        let waiting = desk::list(&shop.app, &shop.zoe, &mine).unwrap();
        assert_eq!((waiting.len(), waiting[0].request.id), (1, asked));
        assert_eq!(desk::waiting(&shop.app, &shop.zoe).unwrap(), 1);
        assert_eq!(code(desk::list(&shop.app, &shop.ann, &mine)), "forbidden");
        let keyed = shop.keyed(&shop.zoe);
        let issued = desk::issue(&shop.app, &keyed, asked).unwrap().value;
        assert!(desk::issue(&shop.app, &keyed, asked).unwrap().replayed);
        assert_eq!(code(shop.issue_invoice(asked)), "invoice.not_now");
        assert_eq!((issued.sums.total, issued.title.clone()), (total, company()));
        assert_eq!(issued.sums.tax.minor, 780);
        assert_eq!(issued.lines[0].quantity, 2);
        assert!(issued.number.starts_with("FP20") && issued.number.ends_with("-000001"));
        let found = Wanted { text: issued.number.to_lowercase(), ..mine.clone() };
        let found = Wanted { state: Some(State::Issued), ..found };
        let found = desk::list(&shop.app, &shop.zoe, &found).unwrap();
        assert_eq!(found[0].total, Some(total));
        // Its buyer reads it and nobody else; the title is known the next time.
        assert_eq!(invoice::get(&shop.app, &shop.ann, issued.id).unwrap(), issued);
        assert_eq!(code(invoice::get(&shop.app, &shop.bob, issued.id)), "not_found");
        assert_eq!(code(invoice::of_order(&shop.app, &shop.bob, order)), "not_found");
        assert_eq!(code(shop.ask_invoice(&shop.bob, order, person())), "not_found");
        assert_eq!(code(desk::get(&shop.app, &shop.bob, issued.id)), "forbidden");
        let titles = invoice::titles(&shop.app, &shop.ann).unwrap();
        assert_eq!((titles.len(), titles[0].title.clone()), (1, company()));
        let theirs = invoice::forget_title(&shop.app, &shop.bob, titles[0].id);
        assert_eq!(code(theirs), "not_found");
        invoice::forget_title(&shop.app, &shop.ann, titles[0].id).unwrap();
        assert_eq!(code(ask(order, person())), "invoice.already_issued");
        // Who issues may change; what was issued does not.
        let seller = Seller { name: "风车二店".into(), ..Seller::default() };
        let new = SettingsView { seller, prefix: "B-".into(), ..set.clone() };
        settings::put(&shop.app, &shop.zoe, &new).unwrap();
        assert_eq!(code(settings::put(&shop.app, &shop.zoe, &new)), "stale");
        assert_eq!(invoice::get(&shop.app, &shop.ann, issued.id).unwrap(), issued);
    });
}

#[test]
fn what_is_declined_or_withdrawn_can_be_asked_for_again() {
    both_engines(|shop| {
        shop.invoices(false);
        let goods = shop.goods("tea", 3_000, 50);
        let order = shop.bought(&shop.ann, goods, 1);
        let asked = shop.ask_invoice(&shop.ann, order, person()).unwrap();
        let decline =
            |id, because: &Because| desk::decline(&shop.app, &shop.keyed(&shop.zoe), id, because);
        assert_eq!(code(decline(asked, &why(" "))), "invoice.no_reason");
        let declined = decline(asked, &why("the name is missing")).unwrap().value;
        assert_eq!((declined.state, declined.title), (State::Declined, Title::default()));
        assert_eq!(code(shop.issue_invoice(asked)), "invoice.not_now");
        let asked = shop.ask_invoice(&shop.ann, order, person()).unwrap();
        assert_eq!(code(invoice::withdraw(&shop.app, &shop.bob, asked)), "not_found");
        invoice::withdraw(&shop.app, &shop.ann, asked).unwrap();
        assert_eq!(code(invoice::withdraw(&shop.app, &shop.ann, asked)), "invoice.not_now");
        let asked = shop.ask_invoice(&shop.ann, order, person()).unwrap();
        let none = Id::new(1);
        let many = IssueMany { requests: vec![asked] };
        let done = desk::issue_many(&shop.app, &shop.keyed(&shop.zoe), &many).unwrap().value;
        assert!(done[0].number.is_some() && done[0].refused.is_none());
        let again = desk::issue_many(&shop.app, &shop.keyed(&shop.zoe), &many).unwrap().value;
        assert_eq!(again[0].refused.as_deref(), Some("invoice.not_now"));
        let missing = IssueMany { requests: vec![none] };
        let missing = desk::issue_many(&shop.app, &shop.keyed(&shop.zoe), &missing);
        assert_eq!(code(missing), "not_found");
    });
}

#[test]
fn credit_is_on_no_invoice_and_topped_up_money_is_once() {
    both_engines(|shop| {
        shop.invoices(false);
        let goods = shop.goods("tea", 3_000, 50);
        give(shop, &shop.ann, 1_000).unwrap();
        top_up(shop, &shop.ann, 500);
        // A part by the shop's credit, a part topped up, the rest at the provider.
        let order = shop.order(&shop.ann, now(goods, 1)).unwrap();
        let begun = with_wallet(shop, &shop.ann, order.order).unwrap();
        sandbox::act(&shop.app, &begun.payment.to_string(), sandbox::Act::Pay).unwrap();
        shop.deliver();
        let left = shop.invoiced(&shop.ann, order.order).invoiceable.unwrap();
        assert_eq!(left.minor, order.total.minor - 1_000);
        let asked = shop.ask_invoice(&shop.ann, order.order, person()).unwrap();
        assert_eq!(shop.issue_invoice(asked).unwrap().sums.total, left);
        assert_eq!(holds(shop, &shop.ann), (0, 0, 0));
        // An order that the shop's credit paid has none.
        give(shop, &shop.bob, 100_000).unwrap();
        let order = shop.order(&shop.bob, now(goods, 1)).unwrap().order;
        with_wallet(shop, &shop.bob, order).unwrap();
        assert_eq!(code(shop.ask_invoice(&shop.bob, order, person())), "invoice.nothing_left");
    });
}

#[test]
fn what_goes_back_is_on_no_invoice() {
    both_engines(|shop| {
        shop.invoices(false);
        shop.taxed(true, true, vec![rule("CN", Class::Standard, 1_300)]);
        let (tea, cup) = (shop.goods("tea", 3_000, 50), shop.goods("cup", 2_001, 50));
        let order = shop.arrived(&shop.ann, &[(tea, 3), (cup, 1)]);
        let total = shop.see(&shop.ann, order).total;
        let asked = shop.ask_invoice(&shop.ann, order, company()).unwrap();
        let first = shop.issue_invoice(asked).unwrap();
        assert_eq!(first.sums.total, total);
        // One of three goes back: the old one is taken back whole, another stands for the rest.
        let back = shop.ask(&shop.ann, order, SENDS, &[(0, 1)]).unwrap();
        shop.agree(back.id).unwrap();
        shop.comes_back(&shop.ann, back.id, &[1]);
        let seen = shop.invoiced(&shop.ann, order);
        assert_eq!(seen.invoices.len(), 3);
        let (new, red, old) = (&seen.invoices[0], &seen.invoices[1], &seen.invoices[2]);
        assert_eq!((red.reverses, old.reversed_by), (Some(first.id), Some(red.id)));
        assert!(red.sums.total.plus(first.sums.total).is_zero());
        assert!(red.lines.iter().all(|line| line.quantity < 0 && line.amount.minor < 0));
        assert_eq!(new.sums.total.minor, total.minor - 3_000);
        assert_eq!((new.lines[0].quantity, new.title.clone()), (2, company()));
        assert_eq!(seen.requests[0].state, State::Issued);
        // A second part, and an invoice asked for in between sees what is on its way back.
        let back = shop.ask(&shop.ann, order, SENDS, &[(1, 1)]).unwrap();
        shop.agree(back.id).unwrap();
        shop.comes_back(&shop.ann, back.id, &[1]);
        assert_eq!(shop.invoiced(&shop.ann, order).invoices.len(), 5);
        // Everything of another goes back before it was sent: only a red one is left.
        let order = shop.bought(&shop.bob, tea, 1);
        let asked = shop.ask_invoice(&shop.bob, order, person()).unwrap();
        shop.issue_invoice(asked).unwrap();
        order_desk::refund(&shop.app, &shop.zoe, order, "out of tea").unwrap();
        shop.work();
        let seen = shop.invoiced(&shop.bob, order);
        assert_eq!((seen.invoices.len(), seen.requests[0].state), (2, State::Red));
        assert_eq!(code(shop.ask_invoice(&shop.bob, order, person())), "invoice.nothing_left");
    });
}

#[test]
fn staff_take_an_invoice_back_and_its_buyer_asks_anew() {
    both_engines(|shop| {
        shop.invoices(false);
        let goods = shop.goods("tea", 3_000, 50);
        let order = shop.bought(&shop.ann, goods, 2);
        let asked = shop.ask_invoice(&shop.ann, order, person()).unwrap();
        let issued = shop.issue_invoice(asked).unwrap();
        let red = |id| desk::red(&shop.app, &shop.keyed(&shop.zoe), id, &why("a wrong name"));
        let back = red(issued.id).unwrap().value;
        assert_eq!((back.reverses, back.reason.as_str()), (Some(issued.id), "a wrong name"));
        assert_eq!(code(red(issued.id)), "invoice.not_now");
        assert_eq!(code(red(back.id)), "invoice.not_now");
        let asked = shop.ask_invoice(&shop.ann, order, company()).unwrap();
        let anew = shop.issue_invoice(asked).unwrap();
        assert!(anew.number.ends_with("-000003"));
        let told = app::notice::list(&shop.app, &shop.ann, None, 50).unwrap();
        let of = |kind: &str| told.iter().filter(|notice| notice.kind == kind).count();
        assert_eq!((of("invoice_issued"), of("invoice_red")), (2, 1));
    });
}

#[test]
fn what_is_received_is_invoiced_by_itself() {
    both_engines(|shop| {
        shop.invoices(true);
        let goods = shop.goods("tea", 3_000, 50);
        let order = shop.shipped(&shop.ann, &[(goods, 1)]);
        shop.ask_invoice(&shop.ann, order, person()).unwrap();
        shop.work();
        assert!(shop.invoiced(&shop.ann, order).invoices.is_empty());
        order_desk::confirm_receipt(&shop.app, &shop.ann, order).unwrap();
        shop.work();
        assert_eq!(shop.invoiced(&shop.ann, order).invoices.len(), 1);
        // What has arrived already is issued at once.
        let order = shop.arrived(&shop.bob, &[(goods, 1)]);
        shop.ask_invoice(&shop.bob, order, person()).unwrap();
        assert_eq!(shop.invoiced(&shop.bob, order).requests[0].state, State::Issued);
        // A team that may still fail has none yet.
        let group_buy = shop.group_buy(goods, 2_000, None, |_| ());
        let team = shop.open_team(&shop.eve, group_buy, goods);
        let sql = format!("select id from orders where team_id = {}", team.0);
        let order = Id::new(shop.number(&sql));
        let asked = shop.ask_invoice(&shop.eve, order, person()).unwrap();
        assert_eq!(code(shop.issue_invoice(asked)), "invoice.awaits_team");
        shop.later(Span::days(3));
        assert_eq!(code(shop.issue_invoice(asked)), "invoice.nothing_left");
        work::drain(&shop.app).unwrap();
    });
}

#[test]
fn numbers_follow_each_other_however_many_are_issued_at_once() {
    both_engines(|shop| {
        shop.invoices(false);
        let goods = shop.goods("tea", 3_000, 500);
        let asked: Vec<_> = (0..12)
            .map(|n| {
                let who = shop.shopper(&format!("buyer-{n}"));
                let order = shop.bought(&who, goods, 1);
                shop.ask_invoice(&who, order, person()).unwrap()
            })
            .collect();
        // Two members of staff at every request, and some of what is refused in between.
        let results = at_once(24, |n| {
            let staff = if n % 2 == 0 { &shop.zoe } else { &shop.mo };
            desk::issue(&shop.app, &shop.keyed(staff), asked[n / 2])
        });
        expect(shop, &results, &[("ok", 12), ("invoice.not_now", 12)]);
        assert_eq!(shop.number("select max(seq) from invoices"), 12);
        assert_eq!(shop.number("select count(distinct number) from invoices"), 12);
    });
}

#[test]
fn one_order_is_asked_for_once() {
    both_engines(|shop| {
        shop.invoices(true);
        let goods = shop.goods("tea", 3_000, 500);
        let order = shop.arrived(&shop.ann, &[(goods, 1)]);
        let results = at_once(8, |_| shop.ask_invoice(&shop.ann, order, person()));
        expect(shop, &results, &[("ok", 1), ("invoice.already_issued", 7)]);
        assert_eq!(shop.number("select count(*) from invoices"), 1);
    });
}

#[test]
fn a_file_is_the_same_bytes_for_the_same_invoice() {
    both_engines(|shop| {
        shop.invoices(false);
        let goods = shop.goods("tea", 3_000, 500);
        let order = shop.bought(&shop.ann, goods, 2);
        let asked = shop.ask_invoice(&shop.ann, order, company()).unwrap();
        let issued = shop.issue_invoice(asked).unwrap();
        let file = |view: &InvoiceView| invoice::pdf::file(view).unwrap();
        let first = file(&issued);
        assert_eq!(first, file(&invoice::get(&shop.app, &shop.ann, issued.id).unwrap()));
        assert!(first.starts_with(b"%PDF-1.") && first.ends_with(b"%%EOF"));
        let text = String::from_utf8_lossy(&first);
        assert!(text.contains(&format!("({})", issued.number)), "the title is the number");
        let because = why("a wrong name");
        let red = desk::red(&shop.app, &shop.keyed(&shop.zoe), issued.id, &because).unwrap().value;
        assert_ne!(first, file(&red));
        // Many lines go on, on further pages.
        let line = issued.lines[0].clone();
        let long = InvoiceView { lines: vec![line; 80], ..issued };
        assert!(file(&long).len() > first.len());
    });
}

#[test]
fn terms_are_kept_and_orders_remember_theirs() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 3_000, 500);
        let terms = |order: Id<Order>| {
            shop.number(&format!("select coalesce(terms, 0) from orders where id = {}", order.0))
        };
        let none = shop.order(&shop.ann, now(goods, 1)).unwrap().order;
        let publish = |kind, text: &str, after| {
            let new = PublishLegal { body_html: text.into(), body_html_en: String::new(), after };
            legal::publish(&shop.app, &shop.keyed(&shop.zoe), kind, new)
        };
        assert_eq!(code(legal::get(&shop.app, &shop.ann, LegalKind::Terms, None)), "not_found");
        // There is something to begin with, which says what it is.
        let begin = legal::desk_one(&shop.app, &shop.zoe, LegalKind::Terms).unwrap();
        assert!(begin.number == 0 && begin.body_html_en.contains("lawyer"));
        assert_eq!(code(publish(LegalKind::Terms, " ", 0)), "legal.empty");
        publish(LegalKind::Terms, "<p>one</p><script>x</script>", 0).unwrap();
        let first = shop.order(&shop.ann, now(goods, 1)).unwrap().order;
        assert_eq!(code(publish(LegalKind::Terms, "<p>late</p>", 0)), "stale");
        publish(LegalKind::Terms, "<p>two</p>", 1).unwrap();
        publish(LegalKind::Privacy, "<p>little</p>", 0).unwrap();
        let second = shop.order(&shop.ann, now(goods, 1)).unwrap().order;
        assert_eq!((terms(none), terms(first), terms(second)), (0, 1, 2));
        let read = |number| legal::get(&shop.app, &shop.ann, LegalKind::Terms, number).unwrap();
        assert_eq!((read(None).body_html.as_str(), read(None).number), ("<p>two</p>", 2));
        assert_eq!(
            (read(Some(1)).body_html.as_str(), read(Some(1)).current),
            ("<p>one</p>", false)
        );
        assert_eq!(read(None).versions.len(), 2);
        assert_eq!(code(legal::get(&shop.app, &shop.ann, LegalKind::Terms, Some(3))), "not_found");
        let licence = Licence { name: "风车茶馆".into(), ..Licence::default() };
        let put = LicenceView { licence, version: 1, ..LicenceView::default() };
        assert_eq!(code(legal::set_licence(&shop.app, &shop.ann, &put)), "forbidden");
        legal::set_licence(&shop.app, &shop.zoe, &put).unwrap();
        assert_eq!(code(legal::set_licence(&shop.app, &shop.zoe, &put)), "stale");
        assert_eq!(legal::licence(&shop.app, &shop.ann).unwrap().licence.name, "风车茶馆");
    });
}
