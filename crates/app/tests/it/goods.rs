//! Goods: who sees what, who changes what, and what pages show of them.

use std::io::Cursor;
use std::sync::Arc;

use app::catalog::categories::{self, CategoryInput, CategoryTextInput};
use app::catalog::{
    self, Browse, PictureInput, ProductInput, ProductTextInput, Sort, StaffBrowse, VariantInput,
};
use app::failure::Failure;
use app::outside::{Fetch, Letter, Reply, Trouble};
use app::{file, product_csv, product_page, reports};
use domain::catalog::Status;
use domain::money::{Currency, Money};

use crate::support::{TestShop, both_engines, shop};

/// One white pixel.
const GIF: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\
    \x01\x00\x01\x00\x00\x02\x02D\x01\x00;";

fn yuan(minor: i64) -> Money {
    Money::new(minor, Currency::Cny)
}

fn variant(options: &[&str], price: i64) -> VariantInput {
    VariantInput {
        id: None,
        options: options.iter().map(|value| (*value).to_string()).collect(),
        sku: String::new(),
        barcode: String::new(),
        price: yuan(price),
        compare_at: None,
        tax: None,
        cost: None,
        grams: 50,
        tracked: false,
        oversell: false,
        ships: true,
        picture_src: String::new(),
    }
}

fn product(title: &str, options: &[&str], variants: Vec<VariantInput>) -> ProductInput {
    ProductInput {
        title: title.to_string(),
        handle: String::new(),
        body_html: "<p>好茶</p><script>x</script>".to_string(),
        vendor: "岚下茶坊".to_string(),
        product_category: String::new(),
        product_type: String::new(),
        tags: vec!["口粮茶".to_string()],
        status: Status::Active,
        published: true,
        options: options.iter().map(|name| (*name).to_string()).collect(),
        variants,
        pictures: None,
        categories: None,
        seller: None,
        seo_title: String::new(),
        seo_description: String::new(),
        version: None,
    }
}

fn codes(failure: Failure) -> &'static str {
    failure.code()
}

fn titles(shop: &TestShop, browse: Browse) -> Vec<String> {
    let found = catalog::browse(&shop.app, &shop.cast.ann, browse).unwrap();
    assert_eq!(found.count as usize, found.items.len());
    found.items.into_iter().map(|card| card.title).collect()
}

#[test]
fn staff_make_and_change_products_and_shoppers_see_what_is_active() {
    both_engines(|shop| {
        let (app, mo, ann) = (&shop.app, &shop.cast.mo, &shop.cast.ann);
        let sizes = vec![variant(&["50 克"], 4_800), variant(&["150 克"], 12_800)];
        let tea = product("安溪铁观音", &["规格"], sizes);
        assert_eq!(codes(catalog::create(app, ann, tea.clone()).unwrap_err()), "forbidden");
        let made = catalog::create(app, mo, tea.clone()).unwrap();
        assert_eq!((made.handle.as_str(), made.version), ("安溪铁观音", 1));
        assert_eq!(made.body_html, "<p>好茶</p>");
        let again = catalog::create(app, mo, tea).unwrap();
        assert_eq!(again.handle, "安溪铁观音-2");
        catalog::set_status(app, mo, &[again.id], Status::Draft).unwrap();
        assert!(matches!(catalog::find_product(app, ann, &again.handle), Err(Failure::NotFound)));
        let seen = catalog::find_product(app, ann, &made.id.to_string()).unwrap();
        assert_eq!((seen.price, seen.price_to), (yuan(4_800), yuan(12_800)));
        assert_eq!(seen.options[0].values, ["50 克", "150 克"]);

        // Two variants swap their options; one is new, none is lost.
        let mut edit = product("铁观音", &["规格"], vec![]);
        edit.version = Some(1);
        edit.variants = vec![
            VariantInput { id: Some(made.variants[0].id), ..variant(&["150 克"], 4_900) },
            VariantInput { id: Some(made.variants[1].id), ..variant(&["50 克"], 12_900) },
            variant(&["300 克"], 20_000),
        ];
        let changed = catalog::edit(app, mo, made.id, edit.clone()).unwrap();
        assert_eq!((changed.version, changed.variants.len()), (2, 3));
        assert_eq!(changed.handle, made.handle);
        assert_eq!(changed.variants[0].id, made.variants[0].id);
        assert!(matches!(catalog::edit(app, mo, made.id, edit.clone()), Err(Failure::Stale)));
        edit.version = Some(2);
        edit.variants.truncate(1);
        let fewer = catalog::edit(app, mo, made.id, edit).unwrap();
        assert_eq!(fewer.variants.len(), 1);
        let gone =
            app.read(|tx| catalog::variants_for_sale(tx, &[made.variants[1].id], "zh-CN")).unwrap();
        assert!(!gone[0].on_sale);
        let archived = catalog::archive(app, mo, made.id, 3).unwrap();
        assert_eq!(archived.status, Status::Archived);
        assert!(titles(shop, Browse::default()).is_empty());
        let list = catalog::staff_list(app, mo, StaffBrowse::default()).unwrap();
        assert_eq!((list.counts.draft, list.counts.archived), (1, 1));
    });
}

#[test]
fn what_cannot_be_sold_is_refused() {
    let shop = shop();
    let (app, mo) = (&shop.app, &shop.cast.mo);
    let refused = |input: ProductInput| codes(catalog::create(app, mo, input).unwrap_err());
    assert_eq!(refused(product(" ", &[], vec![variant(&[], 1)])), "catalog.bad_title");
    assert_eq!(refused(product("a", &[], vec![])), "catalog.bad_options");
    assert_eq!(refused(product("a", &["x"], vec![variant(&[], 1)])), "catalog.bad_options");
    let twice = vec![variant(&["s"], 1), variant(&["s"], 2)];
    assert_eq!(refused(product("a", &["x"], twice)), "catalog.bad_options");
    assert_eq!(refused(product("a", &[], vec![variant(&[], -1)])), "catalog.bad_price");
    let dollars = VariantInput { price: Money::new(1, Currency::Usd), ..variant(&[], 1) };
    assert_eq!(refused(product("a", &[], vec![dollars])), "catalog.bad_price");
    let mut handle = product("a", &[], vec![variant(&[], 1)]);
    handle.handle = "A b".into();
    assert_eq!(refused(handle.clone()), "catalog.bad_handle");
    handle.handle = "a-b".into();
    catalog::create(app, mo, handle.clone()).unwrap();
    assert_eq!(refused(handle), "catalog.handle_taken");
}

#[test]
fn lists_are_searched_sorted_and_paged() {
    both_engines(|shop| {
        let (app, mo, ann) = (&shop.app, &shop.cast.mo, &shop.cast.ann);
        let tea = CategoryInput {
            name: "茶".into(),
            slug: "tea".into(),
            texts: vec![CategoryTextInput {
                locale: "en".into(),
                name: "Tea".into(),
                blurb: String::new(),
            }],
            ..CategoryInput::default()
        };
        let tea = categories::create(app, mo, tea).unwrap();
        let parent = Some(tea.id);
        let oolong = CategoryInput { name: "乌龙茶".into(), parent, ..CategoryInput::default() };
        let oolong = categories::create(app, mo, oolong).unwrap();
        for (n, title) in ["铁观音", "大红袍", "100% 手工皂"].into_iter().enumerate() {
            let mut input = product(title, &[], vec![variant(&[], 1_000 * (3 - n as i64))]);
            if n < 2 {
                input.categories = Some(vec![oolong.id]);
            }
            let made = catalog::create(app, mo, input).unwrap();
            if n == 0 {
                let text = ProductTextInput {
                    locale: "en".into(),
                    title: "Iron Goddess".into(),
                    body_html: "<p>good</p>".into(),
                    words: [("口粮茶".to_string(), "Everyday tea".to_string())].into(),
                };
                catalog::translate(app, mo, made.id, text).unwrap();
            }
        }
        let by = |sort| titles(shop, Browse { sort, ..Browse::default() });
        assert_eq!(by(Sort::Price), ["100% 手工皂", "大红袍", "铁观音"]);
        assert_eq!(by(Sort::PriceDown), ["铁观音", "大红袍", "100% 手工皂"]);
        assert_eq!(by(Sort::New)[0], "100% 手工皂");
        let find = |q: &str| titles(shop, Browse { q: q.into(), ..Browse::default() });
        assert_eq!(find("iron GODDESS"), ["铁观音"]);
        assert_eq!(find("everyday"), ["铁观音"]);
        assert_eq!(find("岚下 红袍"), ["大红袍"]);
        assert_eq!(find("100%"), ["100% 手工皂"]);
        assert_eq!(find("0%0"), Vec::<String>::new());
        let within = titles(shop, Browse { category: "tea".into(), ..Browse::default() });
        assert_eq!(within.len(), 2);
        assert_eq!(titles(shop, Browse { tag: "口粮茶".into(), ..Browse::default() }).len(), 3);

        let mut seen = Vec::new();
        let mut cursor = None;
        loop {
            let browse = Browse { sort: Sort::Price, limit: Some(1), cursor, ..Browse::default() };
            let page = catalog::browse(app, ann, browse).unwrap();
            assert_eq!(page.count, 3);
            seen.extend(page.items.into_iter().map(|card| card.title));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, by(Sort::Price));

        let mut english = ann.clone();
        english.locale = "en".into();
        let tree = categories::list(app, &english).unwrap();
        let names: Vec<_> = tree.iter().map(|c| (c.name.as_str(), c.depth, c.products)).collect();
        assert_eq!(names, [("Tea", 0, Some(2)), ("乌龙茶", 1, Some(2))]);
        let view = catalog::find_product(app, &english, "铁观音").unwrap();
        assert_eq!((view.title.as_str(), view.tags[0].as_str()), ("Iron Goddess", "Everyday tea"));
        assert_eq!(view.categories.len(), 2);
        let page = product_page::list(
            app,
            &english,
            Browse { category: oolong.slug.clone(), ..Browse::default() },
        )
        .unwrap();
        assert_eq!((page.above.len(), page.goods.count), (1, 2));
        let home = product_page::home(app, &english).unwrap();
        assert_eq!((home.newest.len(), home.categories.len()), (3, 1));
        assert_eq!(product_page::show(app, ann, "大红袍").unwrap().similar.len(), 2);
        categories::remove(app, mo, tea.id).unwrap();
        assert_eq!(categories::list(app, ann).unwrap()[0].depth, 0);
    });
}

#[test]
fn pictures_are_drawn_anew_and_only_staff_add_them() {
    both_engines(|shop| {
        let (app, mo) = (&shop.app, &shop.cast.mo);
        let made = catalog::create(app, mo, product("茶", &[], vec![variant(&[], 1_000)])).unwrap();
        let upload = catalog::pictures::upload;
        let failure = upload(app, mo, made.id, b"<svg/>", "x").unwrap_err();
        assert_eq!(failure.code(), "catalog.bad_picture");
        assert_eq!(codes(upload(app, &shop.cast.ann, made.id, GIF, "").unwrap_err()), "forbidden");
        let picture = upload(app, mo, made.id, GIF, "一点").unwrap();
        let hash = picture.src.strip_prefix("/files/").unwrap();
        assert_eq!(file::get(app, hash).unwrap().mime, "image/jpeg");
        assert!(matches!(file::get(app, "0"), Err(Failure::NotFound)));
        let card = &product_page::home(app, &shop.cast.ann).unwrap().newest[0];
        assert_eq!(card.product.picture.as_ref().unwrap().alt, "一点");
        let mut edit = product("茶", &[], vec![variant(&[], 1_000)]);
        edit.variants[0].id = Some(made.variants[0].id);
        edit.version = Some(2);
        edit.pictures = Some(vec![PictureInput { id: picture.id, alt: "两点".into() }]);
        let changed = catalog::edit(app, mo, made.id, edit).unwrap();
        assert_eq!(changed.pictures[0].picture.alt, "两点");
        catalog::pictures::remove(app, mo, picture.id).unwrap();
        let seen = catalog::find_product(app, &shop.cast.ann, "茶").unwrap();
        assert!(seen.pictures.is_empty());
    });
}

/// Somebody else's host: one picture, one refusal, silence for the rest.
struct Host;

impl Fetch for Host {
    fn get(&self, url: &str, _: usize) -> Result<Vec<u8>, Trouble> {
        match url {
            "https://x.example/tea.gif" => Ok(GIF.to_vec()),
            "https://x.example/page.html" => Ok(b"<html></html>".to_vec()),
            "https://x.example/private" => Err(Trouble::Refused("a private address".into())),
            _ => Err(Trouble::Away("nobody there".into())),
        }
    }
    fn post(&self, _: &str, _: &[(&str, &str)], _: &str) -> Result<u16, Trouble> {
        Ok(200)
    }
    fn tell(&self, _: &Letter) -> Result<Reply, Trouble> {
        Err(Trouble::Away("nobody listens".into()))
    }
}

#[test]
fn remote_pictures_are_fetched_by_a_job_and_shown_when_they_are_ours() {
    let mut shop = shop();
    Arc::get_mut(&mut shop.app).unwrap().outside.fetch = Arc::new(Host);
    let rows = "Handle,Title,Variant Price,Image Src\n\
                tea,Tea,1,https://x.example/tea.gif\ntea,,,https://x.example/page.html\n\
                tea,,,https://x.example/private\ntea,,,https://x.example/away\n\
                tea,,,/demo/pictures/tea.svg\n";
    let (app, mo) = (&shop.app, &shop.cast.mo);
    let file = Cursor::new(rows.as_bytes().to_vec());
    let report = product_csv::import(app, mo, "tea.csv", file, false, &mut |_| {}).unwrap();
    assert_eq!(report.pictures, 4);
    shop.work();
    shop.work();
    let seen = catalog::find_product(app, &shop.cast.ann, "tea").unwrap();
    let shown: Vec<_> = seen.pictures.iter().map(|picture| picture.src.as_str()).collect();
    assert_eq!(shown.len(), 2);
    assert!(shown[0].starts_with("/files/"), "{shown:?}");
    assert_eq!(shown[1], "/demo/pictures/tea.svg");
    let detail = catalog::detail(app, mo, seen.id).unwrap();
    let states: Vec<_> =
        detail.pictures.iter().map(|picture| picture.picture.state.as_str()).collect();
    assert_eq!(states, ["stored", "failed", "failed", "remote", "stored"]);
    assert_eq!(detail.pictures[2].error.as_deref(), Some("a private address"));
    // Doing it again changes nothing.
    catalog::pictures::fetch(app, detail.pictures[0].picture.id).unwrap();
    catalog::pictures::retry(app, mo, detail.pictures[1].picture.id).unwrap();
    let again = catalog::detail(app, mo, seen.id).unwrap();
    assert_eq!(again.pictures[1].picture.state, "remote");
    assert_eq!(again.pictures[0], detail.pictures[0]);
}

#[test]
fn pages_and_the_overview_show_a_running_group_buy() {
    both_engines(|shop| {
        let (app, ann, bob) = (&shop.app, &shop.cast.ann, &shop.cast.bob);
        let goods = shop.goods("tea", 5_000, 20);
        let group_buy = shop.group_buy(goods, 3_900, None, |_| {});
        let team = shop.open_team(ann, group_buy, goods);
        let page = product_page::show(app, bob, "tea").unwrap();
        let prices = &page.group_buys[0].prices[0];
        assert_eq!((prices.alone, prices.together), (yuan(5_000), yuan(3_900)));
        assert_eq!((page.teams.len(), page.open_teams, page.teams[0].id), (1, 1, team));
        assert_eq!(page.teams[0].members.len(), 1);
        let home = product_page::home(app, bob).unwrap();
        assert_eq!(home.hero.unwrap().together.unwrap().price, yuan(3_900));
        assert_eq!((home.together.len(), home.teams.len()), (1, 1));
        for _ in 1..page.group_buys[0].need {
            let people = shop.number("select count(*) from people");
            let friend = shop.shopper(&format!("friend{people}"));
            shop.join(&friend, team, goods).unwrap();
        }
        shop.work();
        assert!(product_page::show(app, bob, "tea").unwrap().teams.is_empty());
        let need = page.group_buys[0].need;
        let view = reports::overview(app, &shop.cast.zoe).unwrap();
        let today = view.today;
        assert_eq!((today.orders, today.paid, today.buyers), (need, need, need));
        assert_eq!((today.teams_opened, today.teams_succeeded, today.teams_failed), (1, 1, 0));
        assert_eq!(today.gmv.minor, view.days.last().unwrap().gmv.minor);
        let by_hour: i64 = view.hours_today.iter().map(|hour| hour.gmv.minor).sum();
        assert_eq!(by_hour, today.gmv.minor);
        assert_eq!((view.needs.to_ship, view.top[0].units), (need, need));
        assert_eq!(view.yesterday.orders, 0);
    });
}

#[test]
fn the_overview_of_a_quiet_shop_is_zeros_in_its_own_zone() {
    both_engines(|shop| {
        let view = reports::overview(&shop.app, &shop.cast.zoe).unwrap();
        assert_eq!((view.zone_minutes, view.days.len()), (480, 30));
        assert_eq!(view.days.last().unwrap().day, "2026-11-21");
        // It is four in the afternoon in Shanghai.
        assert_eq!((view.hours_today.len(), view.hours_yesterday.len()), (17, 24));
        assert_eq!((view.today.orders, view.today.people), (0, 4));
        assert_eq!(view.days.last().unwrap().people, 4);
        assert_eq!(codes(reports::overview(&shop.app, &shop.cast.ann).unwrap_err()), "forbidden");
    });
}
