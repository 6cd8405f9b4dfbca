//! What holds for every shop and every query.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

const WORDS: [&str; 18] = [
    "tea",
    "teapot",
    "pot",
    "red",
    "cups",
    "cup",
    "horse",
    "house",
    "茶杯",
    "保温杯",
    "茶",
    "绿茶",
    "bei",
    "t-shirt",
    "AB-12",
    "50g",
    "café",
    "of",
];

fn words(most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&WORDS[..]), 1..=most).prop_map(|all| all.join(" "))
}

prop_compose! {
    fn document()(
        id in 0i64..12, title in words(4), brief in words(6), brand in 0..3u8, tags in 0..8u8,
        path in 1..3usize, red in any::<bool>(), low in 1i64..50, more in 0i64..20,
        in_stock in any::<bool>(), popularity in 0u32..4,
    ) -> Document {
        let set = |bit: u8, tag: &str| (tags & bit != 0).then(|| tag.to_string());
        Document {
            id, title, brief, in_stock, popularity,
            brand: ["", "Lin", "Mo"][brand as usize].into(),
            tags: [set(1, "gift"), set(2, "new"), set(4, "茶")].into_iter().flatten().collect(),
            category: ["Home", "Cups"][..path].iter().map(|part| part.to_string()).collect(),
            options: vec![("Colour".into(), if red { "Red" } else { "Blue" }.into())],
            price: (low, low + more),
            ..Document::default()
        }
    }
}

fn filter() -> impl Strategy<Value = Filter> {
    let values = |all: &'static [&'static str]| {
        prop::collection::vec(prop::sample::select(all).prop_map(str::to_string), 0..3)
    };
    let facets = (values(&["Lin", "Mo"]), values(&["gift", "none"]), values(&["Red"]));
    (facets, values(&["Home", "Home > Cups"]), any::<bool>(), 0i64..60, 0i64..60).prop_map(
        |((brands, tags, colours), paths, in_stock, low, high)| Filter {
            facets: vec![
                (Facet::Brand, brands),
                (Facet::Tag, tags),
                (Facet::Option("Colour".into()), colours),
                (Facet::Category, paths),
            ],
            price: ((low > 20).then_some(low), (high > 20).then_some(high)),
            in_stock,
        },
    )
}

/// The latest of each id.
fn latest(documents: &[Document]) -> BTreeMap<i64, Document> {
    documents.iter().map(|document| (document.id, document.clone())).collect()
}

fn values(document: &Document, facet: &Facet) -> Vec<String> {
    let mut values = match facet {
        Facet::Brand => vec![document.brand.clone()],
        Facet::Tag => document.tags.clone(),
        Facet::Option(_) => document.options.iter().map(|(_, value)| value.clone()).collect(),
        Facet::Category => {
            (1..=document.category.len()).map(|n| document.category[..n].join(PATH)).collect()
        }
    };
    values.retain(|value| !value.is_empty());
    values
}

/// Whether a document passes, not looking at one facet.
fn passes(document: &Document, filter: &Filter, but: Option<&Facet>) -> bool {
    let (low, high) = filter.price;
    let chosen =
        filter.facets.iter().filter(|(facet, wanted)| Some(facet) != but && !wanted.is_empty());
    (!filter.in_stock || document.in_stock)
        && low.is_none_or(|low| document.price.1 >= low)
        && high.is_none_or(|high| document.price.0 <= high)
        && chosen.fold(true, |all, (facet, wanted)| {
            all && values(document, facet).iter().any(|value| wanted.contains(value))
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// After any changes the index answers like one built afresh.
    #[test]
    fn changed_is_rebuilt(
        changes in prop::collection::vec((document(), prop::bool::weighted(0.3)), 0..30),
        query in words(3), cut in 0usize..9, filter in filter(),
    ) {
        let mut index = Index::default();
        let mut kept = BTreeMap::new();
        for (document, gone) in changes {
            if gone {
                let was = kept.remove(&document.id).is_some();
                prop_assert_eq!(index.remove(document.id), was);
            } else {
                kept.insert(document.id, document.clone());
                index.put(document);
            }
        }
        let rebuilt = Index::build(kept.into_values());
        let begun: String = query.chars().take(cut).collect();
        for text in [query, begun, "hoese".into(), "chabe".into(), "cb".into(), "".into()] {
            let query = Query { filter: filter.clone(), ..Query::of(&text) };
            prop_assert_eq!(index.search(&query), rebuilt.search(&query), "{}", text);
            prop_assert_eq!(index.suggest(&text, 5), rebuilt.suggest(&text, 5), "{}", text);
        }
    }

    /// Whoever types a whole title finds it before any other.
    #[test]
    fn a_title_finds_its_document(documents in prop::collection::vec(document(), 1..12)) {
        let documents = latest(&documents);
        let index = Index::build(documents.values().cloned());
        for document in documents.values() {
            let found = index.search(&Query::of(&document.title));
            let first = index.title(found.hits[0].id).unwrap();
            prop_assert_eq!(text::folded(first, 64), text::folded(&document.title, 64));
            prop_assert!(found.hits.iter().any(|hit| hit.id == document.id));
        }
    }

    /// What passes and what is counted is what the definition says.
    #[test]
    fn filters_and_counts_are_exact(
        documents in prop::collection::vec(document(), 0..20), filter in filter(), word in words(1),
    ) {
        let documents = latest(&documents);
        let index = Index::build(documents.values().cloned());
        for text in [word.as_str(), ""] {
            let all = index.search(&Query { limit: 99, ..Query::of(text) });
            let matched: Vec<&Document> = all.hits.iter().map(|hit| &documents[&hit.id]).collect();
            let query = Query { filter: filter.clone(), limit: 99, ..Query::of(text) };
            let found = index.search(&query);
            let right = matched.iter().filter(|d| passes(d, &filter, None)).count();
            prop_assert_eq!((found.total, found.hits.len()), (right, right));
            for hit in &found.hits {
                prop_assert!(passes(&documents[&hit.id], &filter, None));
            }
            let mut counted: BTreeMap<Facet, BTreeMap<String, usize>> = BTreeMap::new();
            for (facet, _) in &filter.facets {
                for document in matched.iter().filter(|d| passes(d, &filter, Some(facet))) {
                    for value in values(document, facet) {
                        let values = counted.entry(facet.clone()).or_default();
                        *values.entry(value).or_default() += 1;
                    }
                }
            }
            let told: BTreeMap<Facet, BTreeMap<String, usize>> = found.counts.facets.into_iter()
                .map(|(facet, values)| (facet, values.into_iter().collect())).collect();
            prop_assert_eq!(told, counted);
            let elsewhere = Filter { price: (None, None), ..filter.clone() };
            let prices = matched.iter().filter(|d| passes(d, &elsewhere, None)).map(|d| d.price);
            let range = prices.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
            prop_assert_eq!(found.counts.price, range);
            let elsewhere = Filter { in_stock: false, ..filter.clone() };
            let stocked = matched.iter().filter(|d| d.in_stock && passes(d, &elsewhere, None));
            prop_assert_eq!(found.counts.in_stock, stocked.count());
        }
    }

    /// Pages put together are the whole list.
    #[test]
    fn pages_are_parts_of_one_list(
        documents in prop::collection::vec(document(), 0..20), word in words(1), size in 1usize..6,
    ) {
        let index = Index::build(documents);
        for text in [word.as_str(), "hoese", "cb"] {
            let whole = index.search(&Query { limit: 99, ..Query::of(text) }).hits;
            let mut pages = Vec::new();
            for offset in (0..whole.len()).step_by(size) {
                pages.extend(index.search(&Query { offset, limit: size, ..Query::of(text) }).hits);
            }
            prop_assert_eq!(pages, whole);
        }
    }

    /// Nothing that can be typed or sold is too strange; what is marked can be cut out.
    #[test]
    fn nothing_is_too_strange(
        query in any::<String>(), title in any::<String>(), times in 1usize..400,
        part in "\\PC|[a-z茶杯 .'’…½ﬁ\u{301}\u{200d}\u{202e}0-9-]{1,4}",
    ) {
        let long = part.repeat(times);
        let title = format!("{title} {long} 茶杯 teapot");
        let mut index = shop();
        let (words, brief) = (title.clone(), query.clone());
        index.put(Document { id: 99, title: words, brief, ..Document::default() });
        for text in [&query, &title, &long, &format!("tea{query}"), &format!("{part} cha")] {
            let found = index.search(&Query::of(text));
            for hit in &found.hits {
                let title = index.title(hit.id).unwrap();
                prop_assert!(hit.marked.iter().all(|span| title.get(span.clone()).is_some()));
            }
            index.suggest(text, 5);
        }
        prop_assert!(index.remove(99));
    }
}
