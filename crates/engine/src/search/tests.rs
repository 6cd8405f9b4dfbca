//! The search as a whole, on a small shop of tea and ceramics, and on shops made by chance.

mod properties;

use super::evaluate::{Judged, evaluate};
use super::*;

/// Goods a line each: `title | brand | category | tags | colour | price | stock | popularity`.
const GOODS: &str = "\
Jasmine Tea 50 g | Lin | Tea > Green | gift, fresh | | 1200 | 5 | 10
Green Tea Sampler | Lin | Tea > Green | gift | | 2500 | 0 | 30
Teapot, red clay | Mo | Ceramics > Pots | | Red | 8900 | 2 | 20
Tea cup set of four | Mo | Ceramics > Cups | gift | Blue | 4500 | 9 | 5
Horse figurine | Zoe | Ceramics | | White | 3000 | 1 | 1
Doll's house tea set | Zoe | Toys | gift | Red | 1900 | 4 | 2
T-shirt 'tea time' | Zoe | Clothes | | Blue | 2100 | 4 | 3
不锈钢保温杯 500ml | 林 | 杯子 | 新品 | 绿 | 9900 | 7 | 40
青瓷茶杯 | 林 | 杯子 | 手工 | 绿 | 15900 | 3 | 8
茉莉花茶 礼盒 | 林 | 茶叶 | 礼物 | | 6800 | 6 | 25
苹果手机壳 | 莫 | 配件 | | 红 | 2900 | 8 | 4";

fn shop() -> Index {
    let documents = GOODS.lines().enumerate().map(|(id, line)| {
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        let list = |at: usize, by: &str| {
            let parts = parts[at].split(by).filter(|part| !part.is_empty());
            parts.map(str::to_string).collect::<Vec<_>>()
        };
        let price = parts[5].parse().unwrap();
        Document {
            id: id as i64,
            title: parts[0].into(),
            brand: parts[1].into(),
            category: list(2, PATH),
            tags: list(3, ", "),
            options: list(4, ",").into_iter().map(|value| ("Colour".into(), value)).collect(),
            skus: vec![format!("PW-{:04}-X", id * 37)],
            price: (price, price),
            in_stock: parts[6] != "0",
            added: id as i64,
            sold: 100 - id as u64,
            popularity: parts[7].parse().unwrap(),
            ..Document::default()
        }
    });
    Index::build(documents)
}

fn titles(index: &Index, found: &Found) -> String {
    let titles = found.hits.iter().map(|hit| index.title(hit.id).unwrap());
    titles.collect::<Vec<_>>().join("; ")
}

/// `query | titles in order`
#[track_caller]
fn check(line: &str) {
    let (query, want) = line.split_once(" | ").unwrap();
    let index = shop();
    assert_eq!(titles(&index, &index.search(&Query::of(query))), want, "{query}");
}

#[test]
fn words_are_found_whole_begun_and_bent() {
    check("horse | Horse figurine");
    check("jasmine tea | Jasmine Tea 50 g");
    check("figurines | Horse figurine");
    check("jas | Jasmine Tea 50 g");
    check("HORSE! | Horse figurine");
    check("PW-0037-X | Green Tea Sampler");
    check("pw0037x | Green Tea Sampler");
    check("0037 | Green Tea Sampler");
    check("tshirt | T-shirt 'tea time'");
    check("t shirt | T-shirt 'tea time'");
    check("dolls | Doll's house tea set");
    check("the horse | Horse figurine");
}

#[test]
fn slips_are_forgiven() {
    check("hrose | Horse figurine");
    check("jasmin | Jasmine Tea 50 g");
    check("figurnie | Horse figurine");
    check("figuirnie | Horse figurine");
    check("horsefigurine | Horse figurine");
    check("jasminetea | Jasmine Tea 50 g");
    check("500 ml | 不锈钢保温杯 500ml");
    check("pw0038x | ");
}

#[test]
fn guesses_take_turns() {
    check("hoese | Horse figurine; Doll's house tea set");
}

#[test]
fn han_is_found_as_written_only() {
    check("茶杯 | 青瓷茶杯");
    check("不锈钢杯 | 不锈钢保温杯 500ml");
    check("保温杯不锈钢 | 不锈钢保温杯 500ml");
    check("茶林 | 茉莉花茶 礼盒; 青瓷茶杯");
}

#[test]
fn han_is_found_by_sound_and_initials() {
    check("chabei | 青瓷茶杯");
    check("cha bei | 青瓷茶杯");
    check("cb | 青瓷茶杯");
    check("baowenbei | 不锈钢保温杯 500ml");
    check("bwb | 不锈钢保温杯 500ml");
    check("baow | 不锈钢保温杯 500ml");
    check("保温bei | 不锈钢保温杯 500ml");
    check("不xiu钢 | 不锈钢保温杯 500ml");
    check("molihuacha | 茉莉花茶 礼盒");
    check("ping guo | 苹果手机壳");
}

#[test]
fn synonyms_are_found_a_little_lower() {
    let mut index = shop();
    let both = Group::Same(vec!["mug".into(), "cup".into()]);
    index.set_synonyms(Synonyms::new([
        both,
        Group::Also("gift".into(), vec!["礼盒".into()]),
        Group::Same(vec!["杯".into(), "盏".into()]),
    ]));
    let found = |query: &str| titles(&index, &index.search(&Query::of(query)));
    assert_eq!(found("mug"), "Tea cup set of four");
    assert!(found("gift").contains("茉莉花茶 礼盒"));
    assert_eq!(found("礼盒"), "茉莉花茶 礼盒", "one way only");
    assert!(found("茶盏").contains("青瓷茶杯"));
}

#[test]
fn corrections_are_said() {
    let index = shop();
    let corrected = |query: &str| index.search(&Query::of(query)).corrected;
    assert_eq!(corrected("hrose"), Some("horse".into()));
    assert_eq!(corrected("jasmine taepot"), None, "nothing has both");
    assert_eq!(corrected("rde teapot"), Some("red teapot".into()));
    assert_eq!(corrected("horsefigurine"), Some("horse figurine".into()));
    assert_eq!(corrected("tea pot"), Some("teapot".into()));
    assert_eq!(corrected("horse"), None);
    assert_eq!(corrected("chabei"), None);
}

#[test]
fn nothing_found_gets_help() {
    let index = shop();
    let found = index.search(&Query::of("jasmine horse unicorn"));
    assert!(found.total > 0 && found.dropped[0] == "unicorn", "{found:?}");
    let found = index.search(&Query::of("green horse tea"));
    assert_eq!((titles(&index, &found).as_str(), found.dropped.join(" ").as_str()), {
        ("Green Tea Sampler; Jasmine Tea 50 g", "horse")
    });
    let found = index.search(&Query::of("苹果保温杯"));
    assert!(found.total > 0 && !found.dropped.is_empty(), "{found:?}");
    let found = index.search(&Query::of("figgurrrne"));
    assert_eq!((found.total, found.nearest.join(" ").as_str()), (0, "figurine"));
    assert_eq!(index.search(&Query::of("!?")), Found::default());
    assert_eq!(index.search(&Query::of("🎁")).total, 0);
}

#[test]
fn nothing_typed_finds_everything() {
    let index = shop();
    let found = index.search(&Query::of("  "));
    assert_eq!(found.total, index.len());
    assert!(titles(&index, &found).starts_with("不锈钢保温杯 500ml; Green Tea Sampler"));
    let page = Query { offset: 9, limit: 5, ..Query::of("") };
    assert_eq!(index.search(&page).hits.len(), 2);
    let beyond = Query { offset: usize::MAX, limit: 5, ..Query::of("") };
    assert_eq!(index.search(&beyond).hits.len(), 0);
    assert_eq!(Index::default().search(&Query::of("tea")), Found::default());
}

#[test]
fn order_is_what_was_asked_for() {
    let index = shop();
    let first = |sort| {
        let found = index.search(&Query { sort, limit: 1, ..Query::of("gift") });
        titles(&index, &found)
    };
    assert_eq!(first(Sort::PriceUp), "Jasmine Tea 50 g");
    assert_eq!(first(Sort::PriceDown), "Tea cup set of four");
    assert_eq!(first(Sort::Newest), "Doll's house tea set");
    assert_eq!(first(Sort::Sales), "Jasmine Tea 50 g");
    assert_eq!(first(Sort::Popular), "Green Tea Sampler");
}

#[test]
fn facets_narrow_and_count() {
    let index = shop();
    let colour = Facet::Option("Colour".into());
    let filter = Filter {
        facets: vec![(colour.clone(), vec!["Red".into()])],
        price: (Some(1_000), Some(5_000)),
        in_stock: true,
    };
    let found = index.search(&Query { filter, ..Query::of("tea") });
    assert_eq!(titles(&index, &found), "Doll's house tea set");
    let values = |facet: &Facet| found.counts.facets.get(facet).cloned().unwrap_or_default();
    assert_eq!(values(&colour), [("Blue".into(), 2), ("Red".into(), 1)]);
    assert_eq!(values(&Facet::Category), [("Toys".into(), 1)]);
    assert_eq!(found.counts.in_stock, 1);
    assert_eq!(found.counts.price, Some((1_900, 8_900)), "whatever price was chosen");
    let tea =
        Filter { facets: vec![(Facet::Category, vec!["Tea > Green".into()])], ..Filter::default() };
    let found = index.search(&Query { filter: tea, ..Query::of("") });
    assert_eq!(found.total, 2);
}

#[test]
fn what_matched_is_marked() {
    let index = shop();
    let marked = |query: &str| {
        let hit = &index.search(&Query::of(query)).hits[0];
        let title = index.title(hit.id).unwrap();
        let marked = hit.marked.iter().map(|span| &title[span.clone()]);
        marked.collect::<Vec<_>>().join(",")
    };
    assert_eq!(marked("figurnie"), "figurine");
    assert_eq!(marked("dolls"), "Doll's");
    assert_eq!(marked("chabei"), "茶杯");
    assert_eq!(marked("不锈钢保温杯"), "不锈钢保温杯");
    assert_eq!(marked("jas tea"), "Tea");
}

#[test]
fn suggestions_go_on_from_what_is_typed() {
    let mut index = shop();
    index.set_popular([("tea set".to_string(), 90), ("保温杯".into(), 70), ("茶叶".into(), 50)]);
    let of = |typed: &str| {
        let all = index.suggest(typed, 4).into_iter().map(|suggestion| suggestion.text);
        all.collect::<Vec<_>>().join("; ")
    };
    assert!(of("te").starts_with("tea set; tea"), "{}", of("te"));
    assert!(of("green te").starts_with("green tea; Green Tea Sampler"));
    assert!(of("bw").starts_with("保温杯; 不锈钢保温杯 500ml"), "{}", of("bw"));
    assert!(of("baowen").starts_with("保温杯"));
    assert!(of("茶").starts_with("茶叶"));
    assert_eq!(of(""), "");
}

#[test]
fn edits_are_seen_at_once() {
    let mut index = shop();
    index.put(Document { id: 4, title: "Donkey figurine".into(), ..Document::default() });
    assert_eq!(titles(&index, &index.search(&Query::of("horse"))), "Doll's house tea set");
    assert_eq!(index.search(&Query::of("donkey")).total, 1);
    assert!(index.remove(4) && !index.remove(4));
    assert_eq!(index.search(&Query::of("figurine")).total, 0);
    assert_eq!(index.len(), 10);
}

#[test]
fn the_judge_counts_places() {
    let index = shop();
    let judged = |query: &str, relevant: i64| Judged {
        query: query.into(),
        kind: "a".into(),
        relevant: vec![relevant],
    };
    let report = evaluate(&index, &[judged("horse", 4), judged("hoese", 5), judged("horse", 9)]);
    assert_eq!((report.all.hit, report.all.mrr), (2.0 / 3.0, 0.5));
    assert_eq!(report.missed, [judged("horse", 9)]);
    assert_eq!(report.kinds["a"], report.all);
}
