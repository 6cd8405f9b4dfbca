//! Where prices and tax meet the rest: wallets, payment by hand, likes, the front page, customers
//! who are made one.

use app::after_sale::{self, ApproveReturn};
use app::catalog::categories::{self, CategoryInput};
use app::checkout::What;
use app::content::{self, SectionView};
use app::currency::{self, Other};
use app::customer::{self, MergeCustomers};
use app::customer_group::{self, Who};
use app::favourite::{self, FavouriteView, SetFavourite};
use app::payment::offline::{self, Seen, Sent, Terms};
use app::payment::{self, Pay};
use app::price_list::PutList;
use app::{Visitor, order_desk, product_page, sandbox};
use domain::content::Part;
use domain::id::Id;
use domain::moment::Span;
use domain::money::Currency;
use domain::order::{Order, Status};
use domain::payment::Refund;
use domain::person::Person;
use domain::tax::Class;

use crate::after_sale::{KEEPS, code};
use crate::prices::{in_currency, list, now, off};
use crate::support::{TestShop, both_engines};
use crate::taxes::rule;
use crate::trade::Goods;
use crate::wallets::{give, holds, top_up, with_wallet};

fn id(who: &Visitor) -> Id<Person> {
    who.person.as_ref().unwrap().id
}

impl TestShop {
    /// Pays what the wallet does not, ships it and lets it arrive.
    fn arrives(&self, who: &Visitor, order: Id<Order>) {
        let begun = with_wallet(self, who, order).unwrap();
        if begun.provider == sandbox::NAME {
            sandbox::act(&self.app, &begun.payment.to_string(), sandbox::Act::Pay).unwrap();
            self.deliver();
        }
        self.ship_it(order);
        order_desk::confirm_receipt(&self.app, who, order).unwrap();
    }

    /// Gives back one unit of the first line that its buyer keeps.
    fn gives_back_one(&self, who: &Visitor, order: Id<Order>) -> i64 {
        let asked = self.ask(who, order, KEEPS, &[(0, 1)]).unwrap();
        after_sale::approve(&self.app, &self.mo, asked.id, &ApproveReturn::default()).unwrap();
        self.work();
        asked.amount.minor
    }

    fn tax_back(&self) -> i64 {
        self.number("select coalesce(sum(tax), 0) from refunds")
    }

    fn sells_in_euro(&self) {
        let rate = Some("0.125".to_string());
        let others = vec![Other { currency: Currency::Eur, rate, step: 1 }];
        let put = currency::Put { others, version: None };
        currency::put(&self.app, &self.zoe, put).unwrap();
    }
}

#[test]
fn tax_goes_back_once_over_every_purse_that_paid() {
    for settled in [false, true] {
        both_engines(|shop| {
            let tea = shop.goods("tea", 3_333, 10);
            shop.taxed(false, true, vec![rule("CN", Class::Standard, 1_300)]);
            give(shop, &shop.ann, 1_000).unwrap();
            top_up(shop, &shop.ann, 500);
            assert_eq!(shop.owed(), 0, "a top-up carries no tax");
            let placed = shop.order(&shop.ann, now(tea, 2)).unwrap();
            // 66.66 and 8.00, with 8.67 and 1.04 of tax.
            assert_eq!(placed.total.minor, 8_437);
            shop.arrives(&shop.ann, placed.order);
            assert_eq!(holds(shop, &shop.ann), (0, 0, 0));
            if settled {
                shop.later(Span::days(7));
                assert_eq!((shop.owed(), shop.earned()), (971, 7_466));
            }
            assert_eq!(shop.gives_back_one(&shop.ann, placed.order), 3_767);
            // 37.67 shared by 10.00, 5.00 and 69.37; 4.33 of tax by those shares.
            let parts = |of: &str| {
                ["store_credit", "prepaid", "sandbox"].map(|provider| {
                    shop.number(&format!(
                        "select r.{of} from refunds r join payments y on y.id = r.payment_id
                         where y.provider = '{provider}'"
                    ))
                })
            };
            assert_eq!(parts("amount"), [447, 223, 3_097]);
            assert_eq!(parts("tax"), [51, 26, 356]);
            assert_eq!(holds(shop, &shop.ann), (447, 223, 0));
            let done = "select count(*) from after_sales where status = 'refunded'";
            assert_eq!(shop.number(done), 1, "the return ends with the last of its refunds");
            assert_eq!(shop.gives_back_one(&shop.ann, placed.order), 3_766);
            assert_eq!(shop.tax_back(), 867);
            shop.later(Span::days(30));
            // What is left is the parcel with its tax.
            assert_eq!((shop.owed(), shop.earned()), (104, 800));
            assert_eq!(shop.see(&shop.ann, placed.order).refunded.minor, 7_533);
        });
    }
}

#[test]
fn a_wallet_alone_pays_tax_and_gets_it_back() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 11_300, 10);
        shop.taxed(true, false, vec![rule("*", Class::Standard, 1_300)]);
        give(shop, &shop.ann, 4_000).unwrap();
        top_up(shop, &shop.ann, 30_000);
        let kept = shop.order(&shop.ann, now(tea, 1)).unwrap();
        shop.arrives(&shop.ann, kept.order);
        let back = shop.order(&shop.ann, now(tea, 1)).unwrap();
        with_wallet(shop, &shop.ann, back.order).unwrap();
        order_desk::cancel(&shop.app, &shop.ann, back.order).unwrap();
        shop.work();
        let seen = shop.see(&shop.ann, back.order);
        assert_eq!((seen.status, seen.refunded), (Status::Refunded, seen.total));
        assert_eq!((shop.tax_back(), seen.tax_inside.minor), (1_300, 1_300));
        assert_eq!(holds(shop, &shop.ann), (0, 34_000 - kept.total.minor, 0));
        shop.later(Span::days(7));
        assert_eq!((shop.owed(), shop.earned()), (1_300, kept.total.minor - 1_300));
    });
}

#[test]
fn a_team_that_grows_gives_back_to_every_purse() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 5_000, 10);
        shop.taxed(false, false, vec![rule("CN", Class::Standard, 1_000)]);
        let group_buy = shop.group_buy(tea, 4_000, None, |settings| {
            settings.need = 2;
            let tier = app::group_buy::TierSettings { size: 3, off_basis_points: 1_250 };
            settings.tiers = vec![tier];
        });
        // What a provider brings is less than what goes back: the purses take their share.
        let team = shop.open_team(&shop.bob, group_buy, tea);
        give(shop, &shop.ann, 2_000).unwrap();
        top_up(shop, &shop.ann, 2_300);
        let what = |variant| What::JoinTeam { team, variant, quantity: 1 };
        let placed = shop.order(&shop.ann, what(tea.variant)).unwrap();
        assert_eq!(placed.total.minor, 5_200);
        let begun = with_wallet(shop, &shop.ann, placed.order).unwrap();
        assert_eq!(begun.amount.minor, 900);
        sandbox::act(&shop.app, &begun.payment.to_string(), sandbox::Act::Pay).unwrap();
        shop.deliver();
        shop.join(&shop.eve, team, tea).unwrap();
        shop.later(Span::days(8));
        let back = "select coalesce(sum(amount), 0) from refunds where reason = 'tier'";
        assert_eq!((shop.number(back), shop.tax_back()), (3 * 550, 3 * 50));
        assert_eq!(holds(shop, &shop.ann), (212, 243, 0));
    });
}

#[test]
fn what_is_paid_by_hand_is_due_with_its_tax() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 10_000, 10);
        shop.taxed(false, true, vec![rule("CN", Class::Standard, 1_300)]);
        let how = "Bank 6228 0000".to_string();
        let terms = Terms { active: true, how: how.clone(), how_en: how, days: 3 };
        offline::set(&shop.app, &shop.zoe, terms).unwrap();
        let placed = shop.order(&shop.ann, now(tea, 2)).unwrap();
        let pay = Pay { method: Some(offline::NAME.into()), ..Pay::default() };
        let begun = payment::begin_with(&shop.app, &shop.ann, placed.order, pay).unwrap();
        assert_eq!((begun.amount.minor, placed.total.minor), (22_600, 22_600));
        let saw = |amount| {
            let seen = Seen { amount, proof: "transfer 7".into() };
            offline::received(&shop.app, &shop.keyed(&shop.zoe), placed.order, seen)
        };
        let without = domain::money::Money::new(20_000, Currency::Cny);
        assert_eq!(code(saw(without)), "payment.not_due");
        saw(placed.total).unwrap();
        shop.ship_it(placed.order);
        order_desk::confirm_receipt(&shop.app, &shop.ann, placed.order).unwrap();
        shop.later(Span::days(7));
        assert_eq!((shop.owed(), shop.earned()), (2_600, 20_000));
        assert_eq!(shop.gives_back_one(&shop.ann, placed.order), 11_300);
        // It is promised now, and gone when staff say so.
        assert_eq!((shop.owed(), shop.earned()), (1_300, 10_000));
        let refund: Id<Refund> =
            Id::new(shop.number("select id from refunds where status = 'pending'"));
        let sent = Sent { proof: "transfer 8".into() };
        offline::sent_back(&shop.app, &shop.keyed(&shop.zoe), refund, sent).unwrap();
        assert_eq!((shop.owed(), shop.tax_back()), (1_300, 1_300));
        assert_eq!(shop.see(&shop.ann, placed.order).refunded.minor, 11_300);
    });
}

#[test]
fn a_wallet_pays_in_its_own_currency_alone() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 4_000, 10);
        shop.sells_in_euro();
        give(shop, &shop.ann, 50_000).unwrap();
        let ann = in_currency(&shop.ann, Currency::Eur);
        // It is not offered, and refused where it is asked for all the same.
        assert_eq!(
            payment::choice(&shop.app, &shop.ann, false, None).unwrap().wallet.minor,
            50_000
        );
        let choice = payment::choice(&shop.app, &ann, false, None).unwrap();
        assert_eq!((choice.wallet.minor, choice.wallet.currency), (0, Currency::Eur));
        // A group buy is in the shop's own.
        assert_eq!(payment::choice(&shop.app, &ann, true, None).unwrap().wallet.minor, 50_000);
        let placed = shop.order(&ann, now(tea, 1)).unwrap();
        assert_eq!(placed.total.currency, Currency::Eur);
        assert_eq!(code(with_wallet(shop, &ann, placed.order)), "wallet.other_currency");
        assert_eq!(code(with_wallet(shop, &shop.ann, placed.order)), "wallet.other_currency");
        let choice = payment::choice_for(&shop.app, &ann, placed.order).unwrap();
        assert_eq!((choice.wallet.minor, choice.wallet.currency), (0, Currency::Eur));
        assert_eq!(holds(shop, &shop.ann), (50_000, 0, 0));
        shop.pay(&ann, placed.order).unwrap();
        let own = shop.order(&shop.ann, now(tea, 1)).unwrap();
        with_wallet(shop, &shop.ann, own.order).unwrap();
        // Staff see both, and never a sum over both.
        let seen = customer::profile(&shop.app, &shop.mo, id(&shop.ann)).unwrap();
        assert_eq!((seen.paid_orders, seen.spent), (2, own.total));
        assert_eq!(seen.average, Some(own.total));
        let totals: Vec<_> = seen.orders.iter().map(|order| order.total).collect();
        assert_eq!(totals, [own.total, placed.total]);
    });
}

#[test]
fn likes_and_the_front_page_show_what_one_pays() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 4_000, 10);
        let kind = CategoryInput { name: "Tea".into(), ..CategoryInput::default() };
        let kind = categories::create(&shop.app, &shop.zoe, kind).unwrap();
        shop.app.write(|tx| categories::put(tx, tea.product, &[kind.id])).unwrap();
        let part = SectionView { category: Some(kind.id), ..SectionView::of(Part::Category) };
        content::arrange(&shop.app, &shop.zoe, vec![part]).unwrap();
        shop.sells_in_euro();
        let fresh = |who: &Visitor| Visitor { fresh: true, ..who.clone() };
        let (ann, bob) = (fresh(&shop.ann), fresh(&shop.bob));
        let euro = in_currency(&ann, Currency::Eur);
        let liked = SetFavourite { liked: true };
        favourite::set(&shop.app, &ann, "tea", &liked).unwrap();
        favourite::set(&shop.app, &in_currency(&bob, Currency::Eur), "tea", &liked).unwrap();
        let members = shop.group("members", &[&shop.ann]);
        let put = PutList { groups: vec![members.id], cuts: off(2_500), ..list("members") };
        shop.list(put, &[]);
        let mine =
            |who: &Visitor| -> FavouriteView { favourite::list(&shop.app, who).unwrap().remove(0) };
        let seen = mine(&ann);
        assert_eq!((seen.price_then.minor, seen.product.price.minor), (4_000, 3_000));
        assert_eq!(seen.cheaper_by.map(|less| less.minor), Some(1_000));
        // Amounts in two currencies are not compared.
        let seen = mine(&euro);
        assert_eq!((seen.product.price.minor, seen.product.price.currency), (375, Currency::Eur));
        assert_eq!((seen.price_then.currency, seen.cheaper_by), (Currency::Cny, None));
        let seen = mine(&bob);
        assert_eq!((seen.price_then.minor, seen.price_then.currency), (500, Currency::Eur));
        assert_eq!((seen.product.price.minor, seen.cheaper_by), (4_000, None));
        let home = |who: &Visitor| {
            let home = product_page::home(&shop.app, who).unwrap();
            home.sections[0].goods[0].product.price.minor
        };
        assert_eq!((home(&bob), home(&ann), home(&euro)), (4_000, 3_000, 375));
        let given = app::consent::SetConsent {
            purpose: domain::customer::Purpose::BrowsingHistory,
            given: true,
            version: None,
        };
        app::consent::set(&shop.app, &ann, "account", &given).unwrap();
        app::browsing::saw(&shop.app, &ann, tea.product).unwrap();
        let recent = app::browsing::recent(&shop.app, &ann, None, 5).unwrap();
        assert_eq!(recent[0].price.minor, 3_000);
        assert_eq!(
            app::browsing::history(&shop.app, &euro).unwrap().seen[0].product.price.minor,
            375
        );
    });
}

#[test]
fn whoever_is_made_one_has_the_groups_of_both() {
    both_engines(|shop| {
        let tea: Goods = shop.goods("tea", 4_000, 10);
        let trade = shop.group("trade", &[&shop.bob]);
        let both = shop.group("friends", &[&shop.ann, &shop.bob]);
        let put = PutList { groups: vec![trade.id], cuts: off(2_500), ..list("trade") };
        shop.list(put, &[]);
        let pays = |who: &Visitor| shop.quote(who, now(tea, 1)).unwrap().subtotal.minor;
        assert_eq!((pays(&shop.ann), pays(&shop.bob)), (4_000, 3_000));
        let two = MergeCustomers { survivor: id(&shop.ann), other: id(&shop.bob) };
        let merged = customer::merge(&shop.app, &shop.keyed(&shop.mo), &two).unwrap();
        let names: Vec<&str> = merged.groups.iter().map(|group| group.name.as_str()).collect();
        assert_eq!(names, ["trade", "friends"]);
        assert_eq!(pays(&shop.ann), 3_000);
        let in_group = |group| {
            let members = customer_group::members(&shop.app, &shop.zoe, group, 0, 50).unwrap();
            members.into_iter().map(|one| one.person).collect::<Vec<_>>()
        };
        assert_eq!(
            (in_group(trade.id), in_group(both.id)),
            (vec![id(&shop.ann)], vec![id(&shop.ann)])
        );
        assert!(
            customer_group::list(&shop.app, &shop.zoe).unwrap().iter().all(|one| one.members == 1)
        );
        // Whoever is named by the other's contact or number is the one.
        for person in ["bob@example.com".to_string(), id(&shop.bob).to_string()] {
            let put = customer_group::put_in(&shop.app, &shop.zoe, trade.id, &Who { person });
            assert_eq!(put.unwrap().person, id(&shop.ann));
        }
        shop.later(Span::minutes(10));
        assert_eq!(pays(&shop.ann), 3_000);
        let merge = merged.merges[0].id;
        customer::undo(&shop.app, &shop.keyed(&shop.mo), merge).unwrap();
        assert_eq!((pays(&shop.ann), pays(&shop.bob)), (4_000, 3_000));
        assert_eq!(in_group(both.id).len(), 2);
        // Made one again and taken out: the other's membership does not bring it back.
        customer::merge(&shop.app, &shop.keyed(&shop.mo), &two).unwrap();
        customer_group::take_out(&shop.app, &shop.zoe, both.id, id(&shop.ann)).unwrap();
        shop.later(Span::minutes(10));
        assert!(in_group(both.id).is_empty());
    });
}
