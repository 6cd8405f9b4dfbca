//! What the search engine costs with 100,000 products: time to build, to answer, to change; memory.
//!
//! `cargo run --profile dist -p engine --example search_speed`, with the judged catalogues in
//! `PINWHEEL_SHARED` (or beside the repository). The products are made from their titles, with
//! words exchanged, brands, tags, categories, options, article numbers and briefs; every run makes
//! the same. Times are of the processor, one thread. It prints a table and asserts nothing.
#![allow(clippy::disallowed_types, reason = "measurements are fractions")]

use std::path::PathBuf;
use std::time::Duration;

use engine::search::{Document, Facet, Filter, Index, Query, Sort};

const PRODUCTS: usize = 100_000;

fn main() {
    let english = column("catalog_en_online_retail.csv", b',', 1);
    let chinese = column("catalog_zh_litemall.csv", b',', 1);
    let documents = made(&english, &chinese, PRODUCTS);
    let before = resident();
    let (index, took) = timed(|| Index::build(documents.iter().cloned()));
    let held = resident().saturating_sub(before);
    println!("| what | |\n|---|---|");
    println!("| build of {} products | {:.2} s |", index.len(), took.as_secs_f64());
    let each = held as f64 / index.len() as f64;
    println!("| memory | {} MB, {each:.0} bytes a product |", held >> 20);
    println!("| memory as counted | {} MB |", index.bytes() >> 20);
    println!("\n| queries | number | found | hit@10 | p50 | p99 | longest |");
    println!("|---|---|---|---|---|---|---|");
    let typos = pairs("en_typo.dev.tsv");
    let sounds = pairs("zh_pinyin.dev.tsv");
    asked("misspelt English", &index, &documents, &typos);
    asked("Han, pinyin, initials", &index, &documents, &sounds);
    let words = |count| titles(&documents, count);
    asked("two words of a title", &index, &documents, &words(2));
    asked("three words of a title", &index, &documents, &words(3));
    let slipped: Vec<(String, String)> =
        words(3).into_iter().map(|(query, title)| (slip(&query), title)).collect();
    asked("three words, one misspelt", &index, &documents, &slipped);
    let typing: Vec<(String, String)> = words(2)
        .into_iter()
        .flat_map(|(query, title)| {
            let ends: Vec<usize> = query.char_indices().map(|(at, c)| at + c.len_utf8()).collect();
            ends.into_iter().map(move |end| (query[..end].to_string(), title.clone()))
        })
        .take(3000)
        .collect();
    asked("typed letter by letter", &index, &documents, &typing);
    let strange: Vec<(String, String)> =
        strange().into_iter().map(|q| (q, "\u{0}".into())).collect();
    asked("strange", &index, &documents, &strange);
    narrowed(&index);
    suggested(&index, &typing);
    changed(index, documents);
}

/// Asks every query, and prints how often a title with the original words is among the first ten.
fn asked(name: &str, index: &Index, documents: &[Document], queries: &[(String, String)]) {
    let mut times = Vec::new();
    let (mut found, mut hits) = (0, 0);
    for (query, original) in queries {
        let query = Query { limit: 10, ..Query::of(query) };
        times.push(fastest(|| index.search(&query)));
        let answer = index.search(&query);
        found += usize::from(answer.total > 0);
        let words: Vec<String> = original.to_lowercase().split(' ').map(str::to_string).collect();
        let right = |title: &str| words.iter().all(|word| title.to_lowercase().contains(word));
        hits += usize::from(answer.hits.iter().any(|hit| right(&documents[hit.id as usize].title)));
    }
    let share = |count: usize| count as f64 / queries.len().max(1) as f64;
    let row = format!("{} | {:.3} | {:.3}", queries.len(), share(found), share(hits));
    println!("| {name} | {row} | {} |", spread(times));
}

fn narrowed(index: &Index) {
    let mut times = Vec::new();
    for sort in [Sort::Relevance, Sort::Newest, Sort::PriceUp, Sort::Sales] {
        for text in ["", "bag", "red", "set of", "杯"] {
            let filter = Filter {
                facets: vec![(Facet::Option("Colour".into()), vec!["Red".into(), "Blue".into()])],
                price: (Some(200), Some(5_000)),
                in_stock: true,
            };
            let query = Query { filter, sort, offset: 40, ..Query::of(text) };
            times.push(fastest(|| index.search(&query)));
        }
    }
    println!("| narrowed and sorted | {} | | | {} |", times.len(), spread(times));
}

fn suggested(index: &Index, typing: &[(String, String)]) {
    let times: Vec<Duration> =
        typing.iter().map(|(typed, _)| fastest(|| index.suggest(typed, 8))).collect();
    println!("| suggestions | {} | | | {} |", times.len(), spread(times));
}

fn changed(mut index: Index, documents: Vec<Document>) {
    let mut chance = Chance(7);
    let mut times = Vec::new();
    for _ in 0..5_000 {
        let mut document = documents[chance.below(documents.len())].clone();
        document.title.push_str(" renewed");
        times.push(timed(|| index.put(document)).1);
    }
    println!("| edits | {} | | | {} |", times.len(), spread(times));
}

fn spread(mut times: Vec<Duration>) -> String {
    times.sort();
    let shown = |at: usize| format!("{:.2} ms", times[at].as_secs_f64() * 1e3);
    let last = times.len() - 1;
    format!("{} | {} | {}", shown(last / 2), shown(last * 99 / 100), shown(last))
}

/// What comes out, and the processor time it took: other work on the machine counts as little as
/// can be.
fn timed<T>(run: impl FnOnce() -> T) -> (T, Duration) {
    let start = processor();
    let result = run();
    (result, processor().saturating_sub(start))
}

/// The best of three, so that a cold cache or an interruption does not count.
fn fastest<T>(run: impl Fn() -> T) -> Duration {
    (0..3).map(|_| timed(&run).1).min().unwrap_or_default()
}

fn processor() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// How many bytes of this process are in memory.
fn resident() -> usize {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: usize = text.split(' ').nth(1).and_then(|n| n.parse().ok()).unwrap_or(0);
    pages * 4096
}

fn rows(file: &str, delimiter: u8) -> Vec<csv::StringRecord> {
    let shared = std::env::var("PINWHEEL_SHARED")
        .map(PathBuf::from)
        .unwrap_or_else(|_| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    let path = shared.join("data/search_tests").join(file);
    let reader = csv::ReaderBuilder::new().delimiter(delimiter).from_path(path);
    let mut reader = reader.expect("the judged catalogues are in PINWHEEL_SHARED");
    reader.records().map(|record| record.expect("the files are well formed")).collect()
}

fn column(file: &str, delimiter: u8, at: usize) -> Vec<String> {
    rows(file, delimiter).iter().map(|row| row[at].to_string()).collect()
}

/// Queries with what they were made of.
fn pairs(file: &str) -> Vec<(String, String)> {
    rows(file, b'\t').iter().map(|row| (row[0].to_string(), row[2].to_string())).collect()
}

/// Numbers that look drawn and are always the same.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        (self.0 >> 33) as usize % limit
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }
}

fn made(english: &[String], chinese: &[String], count: usize) -> Vec<Document> {
    let mut chance = Chance(1);
    let colours = ["Red", "Blue", "Green", "White", "Black", "Pink", "Ivory", "Silver"];
    let sizes = ["S", "M", "L", "XL"];
    let syllables = ["ka", "lo", "mi", "ren", "to", "vas", "ul", "be", "ni", "dor"];
    let one = |id: usize| {
        let titles = if id % 10 < 7 { english } else { chinese };
        let other = titles[chance.below(titles.len())].clone();
        let title = mixed(&titles[chance.below(titles.len())], &other, &mut chance);
        let brand: String = (0..3).map(|_| chance.of(&syllables)).collect();
        let options = (0..2 + chance.below(3)).flat_map(|_| {
            let colour = ("Colour".to_string(), chance.of(&colours).to_string());
            [colour, ("Size".to_string(), chance.of(&sizes).to_string())]
        });
        let options = options.collect();
        let price = 50 + chance.below(20_000) as i64;
        let more = titles[chance.below(titles.len())].clone();
        Document {
            id: id as i64,
            title,
            brand,
            tags: vec![format!("tag{}", chance.below(60)), format!("tag{}", chance.below(60))],
            category: vec![
                format!("Department {}", chance.below(12)),
                format!("Shelf {}", chance.below(20)),
            ],
            options,
            skus: (0..2).map(|n| format!("PW-{id:06}-{n}")).collect(),
            brief: format!("{other}, {more}"),
            price: (price, price + chance.below(900) as i64),
            in_stock: chance.below(10) > 0,
            added: id as i64,
            sold: chance.below(1_000) as u64,
            popularity: chance.below(1_000) as u32,
            ..Document::default()
        }
    };
    (0..count).map(one).collect()
}

/// A title with one of its words, or a stretch of its characters, taken from another.
fn mixed(title: &str, other: &str, chance: &mut Chance) -> String {
    let mut words: Vec<&str> = title.split(' ').collect();
    let others: Vec<&str> = other.split(' ').collect();
    if title.is_ascii() {
        let at = chance.below(words.len());
        words[at] = others[chance.below(others.len())];
        return words.join(" ");
    }
    let half: String = other.chars().take(2 + chance.below(3)).collect();
    format!("{half}{title}")
}

/// Words of every fortieth English title, with the words they are.
fn titles(documents: &[Document], count: usize) -> Vec<(String, String)> {
    let english = documents.iter().filter(|document| document.title.is_ascii());
    let picked = english.step_by(40).filter_map(|document| {
        let words: Vec<&str> = document.title.split_whitespace().collect();
        let kept = words.get(words.len().checked_sub(count)?..)?.join(" ").to_lowercase();
        Some((kept.clone(), kept))
    });
    picked.collect()
}

/// The query with two letters of its longest word swapped.
fn slip(query: &str) -> String {
    let longest = query.split(' ').max_by_key(|word| word.len()).unwrap_or_default();
    let mut letters: Vec<char> = longest.chars().collect();
    if letters.len() > 3 {
        letters.swap(1, 2);
    }
    query.replace(longest, &letters.into_iter().collect::<String>())
}

fn strange() -> Vec<String> {
    let mut all: Vec<String> =
        ["a", "的", "🎁", "e\u{301}", "\u{202e}א", "\u{0}", "1", "xian", "-"]
            .iter()
            .flat_map(|part| [1, 10, 200, 10_000].map(|times| part.repeat(times)))
            .collect();
    let letters = "abcdefghijklmnopqrstuvwxyz";
    all.extend(letters.chars().map(|c| c.to_string()));
    all.extend(letters.chars().map(|c| vec![c.to_string(); 60].join(" ")));
    all.push((0..100).map(|n| format!("{}x ", &letters[n % 20..n % 20 + 5])).collect());
    all.push("保温杯不锈钢床上四件套".repeat(20));
    all.push("bao wen bei bu xiu gang ".repeat(8));
    all.push("the of a with set bag heart red ".repeat(6));
    all
}
