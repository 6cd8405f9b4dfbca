//! The search against somebody who looks at every product: the same random changes of the shop,
//! and after each of them the same goods, and the same counts, as by hand.
//!
//! What is found beyond that, by its sound or in spite of a slip, is the engine's business; here
//! it only has to be for sale. `PINWHEEL_CASES` says how many lists of changes are tried.

use std::collections::BTreeMap;

use app::Visitor;
use app::catalog::{self, ProductInput, VariantInput};
use app::inventory::{self, Adjust};
use app::search::{self, FacetValue, FoundView, Look};
use domain::catalog::{Product, Status, Variant, is_shown};
use domain::id::Id;
use domain::money::{Currency, Money};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::support::{TestShop, on_postgres, on_sqlite};

const WORDS: [&str; 8] =
    ["teapot", "porcelain", "horse", "lantern", "silk", "绿茶", "灯笼", "丝巾"];
const BRANDS: [&str; 3] = ["", "Lin", "Mo"];
const TAGS: [&str; 3] = ["gift", "new", "茶"];

/// What staff do. Numbers choose among what there is.
#[derive(Clone, Debug)]
enum Step {
    Add { words: Vec<usize>, brand: usize, tags: u8, price: i64, units: i64 },
    Rename { which: usize, words: Vec<usize> },
    Retag { which: usize, brand: usize, tags: u8 },
    Reprice { which: usize, price: i64 },
    Show { which: usize, status: usize, published: bool },
    Receive { which: usize, units: i64 },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let words = || prop::collection::vec(0..WORDS.len(), 1..4);
    let (which, brand, tags, price) =
        (|| 0..100_usize, || 0..BRANDS.len(), || 0..8_u8, || 1..40_i64);
    let step = prop_oneof![
        4 => (words(), brand(), tags(), price(), 0..3_i64).prop_map(
            |(words, brand, tags, price, units)| Step::Add { words, brand, tags, price, units }
        ),
        2 => (which(), words()).prop_map(|(which, words)| Step::Rename { which, words }),
        1 => (which(), brand(), tags())
            .prop_map(|(which, brand, tags)| Step::Retag { which, brand, tags }),
        1 => (which(), price()).prop_map(|(which, price)| Step::Reprice { which, price }),
        2 => (which(), 0..3_usize, any::<bool>())
            .prop_map(|(which, status, published)| Step::Show { which, status, published }),
        2 => (which(), -2..3_i64).prop_map(|(which, units)| Step::Receive { which, units }),
    ];
    prop::collection::vec(step, 1..14)
}

/// A product on paper.
#[derive(Clone, Debug)]
struct Paper {
    id: Id<Product>,
    variant: Id<Variant>,
    version: i64,
    words: Vec<usize>,
    brand: usize,
    tags: u8,
    price: i64,
    units: i64,
    status: Status,
    published: bool,
}

impl Paper {
    fn tags(&self) -> impl Iterator<Item = &'static str> {
        let bits = self.tags;
        TAGS.into_iter().enumerate().filter(move |(n, _)| bits & (1 << n) != 0).map(|(_, tag)| tag)
    }

    fn input(&self, new: bool) -> ProductInput {
        let title: Vec<&str> = self.words.iter().map(|word| WORDS[*word]).collect();
        let price = Money::new(self.price * 100, Currency::Cny);
        let variant = serde_json::json!({
            "id": if new { None } else { Some(self.variant) }, "price": price,
        });
        let variant: VariantInput = serde_json::from_value(variant).unwrap();
        ProductInput {
            title: title.join(" "),
            handle: String::new(),
            body_html: String::new(),
            vendor: BRANDS[self.brand].into(),
            product_category: String::new(),
            product_type: String::new(),
            tags: self.tags().map(str::to_string).collect(),
            status: self.status,
            published: self.published,
            seller: None,
            options: Vec::new(),
            variants: vec![variant],
            pictures: None,
            categories: None,
            seo_title: String::new(),
            seo_description: String::new(),
            version: (!new).then_some(self.version),
        }
    }
}

/// The shop and the paper side by side.
struct Pair<'s> {
    shop: &'s TestShop,
    paper: Vec<Paper>,
}

impl Pair<'_> {
    fn take(&mut self, step: Step) {
        let at = match &step {
            Step::Add { .. } => None,
            Step::Rename { which, .. }
            | Step::Retag { which, .. }
            | Step::Reprice { which, .. }
            | Step::Show { which, .. }
            | Step::Receive { which, .. } => which.checked_rem(self.paper.len()),
        };
        match (step, at.map(|at| self.paper[at].clone())) {
            (Step::Add { words, brand, tags, price, units }, _) => {
                let (status, published) = (Status::Active, true);
                let (id, variant, version) = (Id::new(0), Id::new(0), 0);
                let mut one = Paper {
                    id,
                    variant,
                    version,
                    words,
                    brand,
                    tags,
                    price,
                    units,
                    status,
                    published,
                };
                let zoe = self.shop.keyed(&self.shop.zoe);
                let made = catalog::create(&self.shop.app, &zoe, one.input(true)).unwrap();
                (one.id, one.variant) = (made.id, made.variants[0].id);
                one.version = made.version;
                self.paper.push(one);
                self.receive(self.paper.len() - 1, units);
            }
            (Step::Receive { units, .. }, Some(one)) => {
                let units = units.max(-one.units);
                let at = at.unwrap_or(0);
                self.paper[at].units += units;
                self.receive(at, units);
            }
            (Step::Rename { words, .. }, Some(one)) => self.write(at, Paper { words, ..one }),
            (Step::Retag { brand, tags, .. }, Some(one)) => {
                self.write(at, Paper { brand, tags, ..one });
            }
            (Step::Reprice { price, .. }, Some(one)) => self.write(at, Paper { price, ..one }),
            (Step::Show { status, published, .. }, Some(one)) => {
                let status = [Status::Draft, Status::Active, Status::Archived][status];
                self.write(at, Paper { status, published, ..one });
            }
            _ => (),
        }
        self.compare();
    }

    fn receive(&self, at: usize, units: i64) {
        if units == 0 {
            return;
        }
        let variant = self.paper[at].variant;
        let adjust = Adjust { variant, change: units, reason: "a parcel came".into() };
        let zoe = self.shop.keyed(&self.shop.zoe);
        inventory::adjust(&self.shop.app, &zoe, adjust).unwrap();
    }

    fn write(&mut self, at: Option<usize>, after: Paper) {
        let zoe = &self.shop.zoe;
        let written = catalog::edit(&self.shop.app, zoe, after.id, after.input(false)).unwrap();
        self.paper[at.unwrap_or(0)] = Paper { version: written.version, ..after };
    }

    fn find(&self, look: &Look) -> FoundView {
        // Whoever has just written misses nothing.
        let ann = Visitor { fresh: true, ..self.shop.ann.clone() };
        search::find(&self.shop.app, &ann, look).unwrap()
    }

    /// What is for sale, in any order.
    fn shown(&self) -> Vec<&Paper> {
        self.paper.iter().filter(|one| is_shown(one.status, one.published)).collect()
    }

    fn compare(&self) {
        self.shop.app.search.prepare(&self.shop.app).unwrap();
        let shown = self.shown();
        for (number, word) in WORDS.iter().enumerate() {
            let look = Look { q: (*word).into(), limit: Some(100), ..Look::default() };
            let found = self.find(&look);
            assert_eq!(found.total, found.items.len(), "{word}: what is counted is shown");
            let of = |item: &app::product_page::OfferCard| {
                let id = item.product.id;
                let known = shown.iter().find(|one| one.id == id);
                *known.unwrap_or_else(|| panic!("{word}: {id} is not for sale"))
            };
            let got: Vec<&Paper> = found.items.iter().map(of).collect();
            for one in shown.iter().filter(|one| one.words.contains(&number)) {
                assert!(got.iter().any(|got| got.id == one.id), "{word} misses {one:?}");
            }
            self.counted(&format!("{word:?}"), &look, &found, &got);
        }
        // Without words everything is found that fits the choice: no more, and no less.
        let all = Look { limit: Some(1), ..Look::default() };
        let looks = [
            all.clone(),
            Look { brand: "Lin".into(), ..all.clone() },
            Look { tag: "gift".into(), ..all.clone() },
            Look { tag: "茶".into(), brand: "Mo".into(), in_stock: true, ..all.clone() },
            Look { price_from: Some(1_000), price_to: Some(2_500), ..all.clone() },
            Look { in_stock: true, price_to: Some(2_000), ..all },
        ];
        for look in looks {
            let found = self.find(&look);
            let fits = shown.iter().filter(|one| misses(one, &look).is_empty()).count();
            assert_eq!(found.total, fits, "{look:?}");
            self.counted(&format!("{look:?}"), &look, &found, &shown);
        }
    }

    /// The counts beside what was found, over goods that words do not leave out.
    fn counted(&self, about: &str, look: &Look, found: &FoundView, among: &[&Paper]) {
        // A choice of a kind does not narrow what is counted of that kind.
        let but = |kind: &str| -> Vec<&Paper> {
            let fits = |one: &&&Paper| misses(one, look).iter().all(|missed| *missed == kind);
            among.iter().filter(fits).copied().collect()
        };
        let mut tags: BTreeMap<String, usize> = BTreeMap::new();
        for tag in but("tag").into_iter().flat_map(Paper::tags) {
            *tags.entry(tag.into()).or_default() += 1;
        }
        assert_eq!(told(&found.tags), tags, "tags of {about}");
        let mut brands: BTreeMap<String, usize> = BTreeMap::new();
        for one in but("brand").into_iter().filter(|one| one.brand > 0) {
            *brands.entry(BRANDS[one.brand].into()).or_default() += 1;
        }
        assert_eq!(told(&found.brands), brands, "brands of {about}");
        let there = but("stock").iter().filter(|one| one.units > 0).count();
        assert_eq!(found.in_stock, there, "in stock of {about}");
        let prices: Vec<i64> = but("price").iter().map(|one| one.price * 100).collect();
        let range = prices.iter().min().copied().zip(prices.iter().max().copied());
        assert_eq!(found.price, range, "prices of {about}");
    }
}

fn told(values: &[FacetValue]) -> BTreeMap<String, usize> {
    values.iter().map(|value| (value.value.clone(), value.count)).collect()
}

/// The choices that a product does not fit.
fn misses(one: &Paper, look: &Look) -> Vec<&'static str> {
    let price = one.price * 100;
    let checks = [
        ("tag", look.tag.is_empty() || one.tags().any(|tag| tag == look.tag)),
        ("brand", look.brand.is_empty() || BRANDS[one.brand] == look.brand),
        ("stock", !look.in_stock || one.units > 0),
        (
            "price",
            look.price_from.is_none_or(|from| price >= from)
                && look.price_to.is_none_or(|to| price <= to),
        ),
    ];
    checks.into_iter().filter(|(_, fits)| !fits).map(|(kind, _)| kind).collect()
}

fn finds_the_same(cases: u32, shop: impl Fn() -> TestShop) {
    let asked = |name: &str| std::env::var(name).ok().and_then(|number| number.parse().ok());
    let config = Config {
        cases: asked("PINWHEEL_CASES").unwrap_or(cases),
        source_file: Some(file!()),
        max_shrink_iters: asked("PINWHEEL_SHRINKS").unwrap_or(200),
        ..Config::default()
    };
    TestRunner::new(config)
        .run(&steps(), |steps| {
            let shop = shop();
            let mut pair = Pair { shop: &shop, paper: Vec::new() };
            for step in steps {
                pair.take(step);
            }
            shop.finish();
            Ok(())
        })
        .unwrap();
}

#[test]
fn who_looks_at_everything_finds_the_same() {
    finds_the_same(24, on_sqlite);
}

#[test]
fn who_looks_at_everything_finds_the_same_on_postgres() {
    if on_postgres().is_some() {
        finds_the_same(4, || on_postgres().expect("it was there a moment ago"));
    }
}
