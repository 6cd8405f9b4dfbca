//! What the merchant writes and arranges: read by everybody, changed by staff alone.

use app::content::{self, Look, NewDetour, PutPage, SectionView};
use app::failure::Failure;
use app::product_page;
use domain::content::{Menu, Part};

use crate::support::both_engines;

fn about(slug: &str) -> PutPage {
    PutPage {
        slug: slug.into(),
        title: "关于我们".into(),
        title_en: "About us".into(),
        body_html: "<p>茶</p><script>alert(1)</script>".into(),
        body_html_en: String::new(),
        published: true,
        menu: Menu::Foot,
        ..PutPage::default()
    }
}

#[test]
fn a_page_is_written_read_moved_and_taken_away() {
    both_engines(|shop| {
        let (app, zoe) = (&shop.app, &shop.zoe);
        let refused = content::add_page(app, &shop.keyed(&shop.ann), about("about"));
        assert!(matches!(refused, Err(Failure::Forbidden)));
        let made = content::add_page(app, &shop.keyed(zoe), about("about")).unwrap();
        let again = content::add_page(app, &shop.keyed(zoe), about("about"));
        assert_eq!(again.unwrap_err().code(), "content.slug_taken");
        let seen = content::page(app, &shop.ann, "about").unwrap();
        assert_eq!((seen.title.as_str(), seen.body_html.as_str()), ("关于我们", "<p>茶</p>"));
        let mut english = shop.ann.clone();
        english.locale = "en".into();
        assert_eq!(content::page(app, &english, "about").unwrap().title, "About us");
        let around = content::around(app, &shop.ann).unwrap();
        assert_eq!(around.menu[0].href, "/pages/about");
        // It moves, and moves on: whoever comes by an old address finds it.
        let moved = PutPage { version: 1, ..about("who-we-are") };
        content::change_page(app, zoe, made.id, moved.clone()).unwrap();
        assert!(matches!(content::change_page(app, zoe, made.id, moved), Err(Failure::Stale)));
        let moved = PutPage { version: 2, ..about("story") };
        content::change_page(app, zoe, made.id, moved).unwrap();
        for old in ["/pages/about", "/pages/who-we-are"] {
            assert_eq!(content::onward(app, old).unwrap().as_deref(), Some("/pages/story"));
        }
        // And back: nothing leads in a circle.
        let back = PutPage { version: 3, ..about("about") };
        content::change_page(app, zoe, made.id, back).unwrap();
        assert_eq!(content::onward(app, "/pages/about").unwrap(), None);
        assert_eq!(content::onward(app, "/pages/story").unwrap().as_deref(), Some("/pages/about"));
        let hidden = PutPage { version: 4, published: false, ..about("about") };
        content::change_page(app, zoe, made.id, hidden).unwrap();
        assert!(matches!(content::page(app, &shop.ann, "about"), Err(Failure::NotFound)));
        assert!(content::around(app, &shop.ann).unwrap().menu.is_empty());
        content::remove_page(app, zoe, made.id).unwrap();
        assert!(content::pages(app, zoe).unwrap().is_empty());
    });
}

#[test]
fn the_front_page_is_as_the_merchant_arranges_it() {
    both_engines(|shop| {
        let (app, zoe) = (&shop.app, &shop.zoe);
        let parts = || -> Vec<Part> {
            let home = product_page::home(app, &shop.ann).unwrap();
            home.sections.iter().map(|one| one.section.part).collect()
        };
        assert_eq!(parts(), Part::USUAL);
        let words = SectionView { title: "新茶到了".into(), ..SectionView::of(Part::Words) };
        let wanted = vec![words, SectionView::of(Part::Newest)];
        assert!(content::arrange(app, &shop.ann, wanted.clone()).is_err());
        content::arrange(app, zoe, wanted.clone()).unwrap();
        assert_eq!(parts(), [Part::Words, Part::Newest]);
        let twice = vec![SectionView::of(Part::Newest), SectionView::of(Part::Newest)];
        let refused = content::arrange(app, zoe, twice).unwrap_err();
        assert_eq!(refused.code(), "content.bad_part");
        let link = "javascript:alert(1)".to_string();
        let bad = vec![SectionView { link, ..wanted[0].clone() }];
        assert_eq!(content::arrange(app, zoe, bad).unwrap_err().code(), "content.bad_link");
        assert_eq!(parts(), [Part::Words, Part::Newest]);
        content::arrange(app, zoe, Vec::new()).unwrap();
        assert_eq!(parts(), Part::USUAL);
    });
}

#[test]
fn a_look_is_changed_by_whoever_saw_it_last() {
    both_engines(|shop| {
        let (app, zoe) = (&shop.app, &shop.zoe);
        let look = content::look(app, zoe).unwrap();
        let new = Look { colour: "#1F8A70".into(), announcement: "春茶".into(), ..look };
        let kept = content::set_look(app, zoe, new.clone()).unwrap();
        assert_eq!((kept.colour.as_str(), kept.version), ("#1f8a70", 2));
        assert!(matches!(content::set_look(app, zoe, new), Err(Failure::Stale)));
        let bad = Look { colour: "red".into(), ..kept };
        assert_eq!(content::set_look(app, zoe, bad).unwrap_err().code(), "content.bad_colour");
        assert_eq!(content::around(app, &shop.ann).unwrap().look.announcement, "春茶");
    });
}

#[test]
fn old_addresses_lead_on_and_never_in_a_circle() {
    both_engines(|shop| {
        let (app, zoe) = (&shop.app, &shop.zoe);
        let add = |from: &str, to: &str| {
            content::add_detour(app, zoe, NewDetour { from: from.into(), to: to.into() })
        };
        let made = add("/old", "/products/tea").unwrap();
        assert_eq!(content::onward(app, "/old").unwrap().as_deref(), Some("/products/tea"));
        assert_eq!(add("/cart", "/").unwrap_err().code(), "content.bad_from");
        assert_eq!(add("/older", "/old").unwrap_err().code(), "content.loop");
        // Elsewhere now, still one.
        add("/old", "/discover").unwrap();
        assert_eq!(content::detours(app, zoe).unwrap().len(), 1);
        content::remove_detour(app, zoe, made.id).unwrap();
        assert_eq!(content::onward(app, "/old").unwrap(), None);
    });
}
