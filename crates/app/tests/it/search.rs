//! The search over a real shop: what is typed is found, and follows every change.

use app::catalog::{self, categories};
use app::inventory::{self, Adjust};
use app::search::{self, FoundView, Look, NewSynonyms};
use app::{App, Visitor};

use crate::support::{TestShop, both_engines};
use crate::trade::Goods;

fn named(shop: &TestShop, handle: &str, title: &str, price: i64) -> Goods {
    let goods = shop.goods(handle, price, 10);
    rename(shop, goods, title);
    goods
}

fn rename(shop: &TestShop, goods: Goods, title: &str) {
    let sql = "update products set title = $2, version = version + 1 where id = $1";
    let tell = |tx: &mut app::db::Tx| {
        tx.run(sql, &[goods.product.into(), title.into()])?;
        tx.tell(domain::event::Fact::ProductChanged { product: goods.product })
    };
    shop.app.write(tell).unwrap();
}

/// Somebody who has just written something looks: they miss nothing.
fn look(app: &App, who: &Visitor, look: Look) -> FoundView {
    let who = Visitor { fresh: true, ..who.clone() };
    search::find(app, &who, &look).unwrap()
}

fn titles(shop: &TestShop, q: &str) -> Vec<String> {
    let found = look(&shop.app, &shop.ann, Look { q: q.into(), ..Look::default() });
    found.items.iter().map(|item| item.product.title.clone()).collect()
}

#[test]
fn what_is_typed_is_found_and_follows_every_change() {
    both_engines(|shop| {
        assert!(!shop.app.search.is_ready());
        let tea = named(shop, "longjing", "西湖龙井绿茶", 3_900);
        named(shop, "cup", "Blue porcelain teacup", 1_900);
        shop.app.search.prepare(&shop.app).unwrap();
        for typed in ["龙井", "longjing", "xihu", "xhlj", "绿茶"] {
            assert_eq!(titles(shop, typed), ["西湖龙井绿茶"], "{typed}");
        }
        for typed in ["teacup", "porcelian", "blue tea cup"] {
            assert_eq!(titles(shop, typed), ["Blue porcelain teacup"], "{typed}");
        }
        rename(shop, tea, "碧螺春");
        assert!(titles(shop, "龙井").iter().all(|title| title != "西湖龙井绿茶"));
        assert_eq!(titles(shop, "碧螺春"), ["碧螺春"]);
        named(shop, "pot", "Cast iron teapot", 9_900);
        assert_eq!(titles(shop, "teapot")[0], "Cast iron teapot");
        // What shoppers may not see is found by nobody.
        catalog::archive(&shop.app, &shop.zoe, tea.product, 3).unwrap();
        assert!(!titles(shop, "碧螺春").contains(&"碧螺春".to_string()));
    });
}

#[test]
fn what_was_found_is_narrowed_and_ordered() {
    both_engines(|shop| {
        named(shop, "one", "Green tea one", 1_000);
        let two = named(shop, "two", "Green tea two", 2_000);
        named(shop, "three", "Green tea three", 3_000);
        shop.app.search.prepare(&shop.app).unwrap();
        let green = || Look { q: "green tea".into(), ..Look::default() };
        let all = look(&shop.app, &shop.ann, green());
        assert_eq!((all.total, all.in_stock, all.price), (3, 3, Some((1_000, 3_000))));
        let dear = Look { price_from: Some(1_500), sort: search::Order::PriceDown, ..green() };
        let dear = look(&shop.app, &shop.ann, dear);
        let titles: Vec<&str> = dear.items.iter().map(|item| item.product.title.as_str()).collect();
        assert_eq!(titles, ["Green tea three", "Green tea two"]);
        let gone = Adjust { variant: two.variant, change: -10, reason: "broken".into() };
        inventory::adjust(&shop.app, &shop.keyed(&shop.zoe), gone).unwrap();
        let there = look(&shop.app, &shop.ann, Look { in_stock: true, ..green() });
        assert_eq!((there.total, there.in_stock), (2, 2));
        let page = look(&shop.app, &shop.ann, Look { limit: Some(2), offset: 2, ..green() });
        assert_eq!((page.items.len(), page.total), (1, 3));
    });
}

#[test]
fn words_of_the_merchant_find_each_other() {
    both_engines(|shop| {
        named(shop, "sofa", "Grey sofa", 99_900);
        shop.app.search.prepare(&shop.app).unwrap();
        assert!(titles(shop, "settee").is_empty());
        let new = |words: &[&str]| NewSynonyms {
            words: words.iter().map(|word| word.to_string()).collect(),
            one_way: false,
        };
        let add = |who: &Visitor, new| search::add_synonyms(&shop.app, &shop.keyed(who), new);
        let made = add(&shop.zoe, new(&["sofa", "settee", "沙发"])).unwrap();
        assert_eq!(titles(shop, "settee"), ["Grey sofa"]);
        assert_eq!(titles(shop, "沙发"), ["Grey sofa"]);
        assert_eq!(add(&shop.zoe, new(&["sofa"])).unwrap_err().code(), "search.bad_synonyms");
        assert_eq!(add(&shop.ann, new(&["a", "b"])).unwrap_err().code(), "forbidden");
        search::remove_synonyms(&shop.app, &shop.zoe, made.id).unwrap();
        assert!(titles(shop, "settee").is_empty());
    });
}

#[test]
fn a_category_is_a_facet_and_suggestions_go_on() {
    both_engines(|shop| {
        let tea = named(shop, "longjing", "西湖龙井绿茶", 3_900);
        named(shop, "cup", "Blue porcelain teacup", 1_900);
        let input = |name: &str| categories::CategoryInput { name: name.into(), ..<_>::default() };
        let kind = categories::create(&shop.app, &shop.zoe, input("茶")).unwrap();
        categories::assign(&shop.app, &shop.zoe, tea.product, &[kind.id]).unwrap();
        shop.app.search.prepare(&shop.app).unwrap();
        let inside = Look { category: "茶".into(), ..Look::default() };
        let found = look(&shop.app, &shop.ann, inside);
        assert_eq!((found.total, found.categories[0].chosen), (1, true));
        let go_on = |typed: &str| -> Vec<String> {
            let found = search::suggest(&shop.app, &shop.ann, typed, 8).unwrap();
            found.into_iter().map(|suggestion| suggestion.text).collect()
        };
        assert!(go_on("xihu").contains(&"西湖龙井绿茶".to_string()));
        assert!(go_on("porc").iter().any(|text| text.to_lowercase().contains("porcelain")));
        assert!(go_on("").is_empty());
    });
}
