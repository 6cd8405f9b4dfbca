//! Search: what people type, found among the goods, with what helps them to choose and to go on.
//!
//! The engine's index is kept in memory, one for each language of the interface, and is made of the
//! database when the process starts. What changed since is read from the log and from the stock's
//! moves before a search is answered, at most so often that nobody waits for it; so an edit on any
//! node is found within a second, everywhere.

mod held;
mod store;

use describe::ToSchema;
use domain::catalog::Product;
use domain::id::{Id, Kind};
use domain::money::Currency;
use domain::person::Permission;
use domain::text::one_line;
use engine::search::{Facet, Filter, Found, PATH, Query, Source};
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::product_page::{self, OfferCard};
use crate::{App, Visitor, price_list, shop, staff_act};

pub use held::Searcher;

/// What is looked for. Everything given narrows it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Look {
    /// Words in Chinese or English, pinyin or its first letters, with slips.
    pub q: String,
    /// A category as the facet names it: `Tea > Oolong`.
    pub category: String,
    pub brand: String,
    pub tag: String,
    /// In minor units; a product's prices must touch the range.
    pub price_from: Option<i64>,
    pub price_to: Option<i64>,
    pub in_stock: bool,
    pub sort: Order,
    /// How many to leave out first, and how many to give: 1 to 100, 24 when it is not said.
    pub offset: usize,
    pub limit: Option<usize>,
}

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SearchOrder)]
pub enum Order {
    /// What fits best.
    #[default]
    Relevance,
    Sales,
    New,
    /// Cheapest first.
    Price,
    /// Dearest first.
    PriceDown,
}

/// A value that what was found can be narrowed to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FacetValue {
    pub value: String,
    /// How many there are, whatever else is chosen of the same facet.
    pub count: usize,
    pub chosen: bool,
}

/// What was found, on this page and in all.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = SearchResult)]
pub struct FoundView {
    pub total: usize,
    pub items: Vec<OfferCard>,
    pub categories: Vec<FacetValue>,
    pub brands: Vec<FacetValue>,
    pub tags: Vec<FacetValue>,
    /// How many of them are in stock.
    pub in_stock: usize,
    /// The lowest and the highest price, in minor units.
    pub price: Option<(i64, i64)>,
    /// What was probably meant.
    pub corrected: Option<String>,
    /// Words that were left out because nothing has them all.
    pub dropped: Vec<String>,
    /// When nothing was found even so: the nearest words there are.
    pub nearest: Vec<String>,
}

/// The most characters of what was typed that are looked at.
const LONGEST: usize = 100;

/// Looks for goods.
pub fn find(app: &App, visitor: &Visitor, look: &Look) -> Result<FoundView, Failure> {
    let locale = visitor.locale.as_str();
    let query = query_of(look);
    let found = app.search.ask(app, visitor, |index| index.search(&query))?;
    let ids: Vec<Id<Product>> = found.hits.iter().map(|hit| Id::new(hit.id)).collect();
    let shopper = price_list::shopper_of(app, visitor)?;
    let items = app.read(|tx| product_page::offer_cards(tx, &ids, locale, &shopper))?;
    Ok(view(look, found, items))
}

fn query_of(look: &Look) -> Query {
    use engine::search::Sort;
    let chosen =
        [(Facet::Category, &look.category), (Facet::Brand, &look.brand), (Facet::Tag, &look.tag)];
    let chosen = chosen.into_iter().filter(|(_, value)| !value.is_empty());
    Query {
        text: look.q.chars().take(LONGEST).collect(),
        filter: Filter {
            facets: chosen.map(|(facet, value)| (facet, vec![value.clone()])).collect(),
            price: (look.price_from, look.price_to),
            in_stock: look.in_stock,
        },
        sort: match look.sort {
            // Without words everything fits alike.
            Order::Relevance if look.q.trim().is_empty() => Sort::Popular,
            Order::Relevance => Sort::Relevance,
            Order::Sales => Sort::Sales,
            Order::New => Sort::Newest,
            Order::Price => Sort::PriceUp,
            Order::PriceDown => Sort::PriceDown,
        },
        offset: look.offset.min(10_000),
        limit: look.limit.unwrap_or(24).clamp(1, 100),
        counted: true,
    }
}

fn view(look: &Look, mut found: Found, items: Vec<OfferCard>) -> FoundView {
    let mut values = |facet: Facet, chosen: &str| -> Vec<FacetValue> {
        let counted = found.counts.facets.remove(&facet).unwrap_or_default();
        let of = |(value, count): (String, usize)| {
            planted!("facet_of_the_page", {
                let count = count.min(items.len());
                return FacetValue { chosen: value == chosen, value, count };
            });
            FacetValue { chosen: value == chosen, value, count }
        };
        counted.into_iter().map(of).take(30).collect()
    };
    FoundView {
        categories: values(Facet::Category, &look.category),
        brands: values(Facet::Brand, &look.brand),
        tags: values(Facet::Tag, &look.tag),
        total: found.total,
        items,
        in_stock: found.counts.in_stock,
        price: found.counts.price,
        corrected: found.corrected,
        dropped: found.dropped,
        nearest: found.nearest,
    }
}

/// The last part of a category's path: what it is called.
pub fn category_name(path: &str) -> &str {
    path.rsplit(PATH).next().unwrap_or(path)
}

/// What somebody may go on to type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = SearchSuggestion)]
pub struct SuggestionView {
    pub text: String,
    /// `query`, `word` or `title`.
    pub source: String,
}

/// Up to `most` ways to go on from what is typed.
pub fn suggest(
    app: &App,
    visitor: &Visitor,
    typed: &str,
    most: usize,
) -> Result<Vec<SuggestionView>, Failure> {
    let typed: String = typed.chars().take(LONGEST).collect();
    let most = most.clamp(1, 20);
    let found = app.search.ask(app, visitor, |index| index.suggest(&typed, most))?;
    let shown = |suggestion: engine::search::Suggestion| SuggestionView {
        text: suggestion.text,
        source: match suggestion.source {
            Source::Query => "query",
            Source::Word => "word",
            Source::Title => "title",
        }
        .into(),
    };
    Ok(found.into_iter().map(shown).collect())
}

/// Words that mean the same.
pub struct Synonym;
impl Kind for Synonym {
    const PREFIX: &'static str = "syn";
}
domain::id::described!(Synonym);

/// Words that find each other.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Synonyms)]
pub struct SynonymView {
    pub id: Id<Synonym>,
    pub words: Vec<String>,
    /// The first word finds the others, and not the other way round.
    pub one_way: bool,
}

/// Words that are to find each other.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct NewSynonyms {
    /// Two to twenty words or short phrases.
    pub words: Vec<String>,
    #[serde(default)]
    pub one_way: bool,
}

/// How many groups a shop may have.
const MOST: usize = 500;

/// Every group of words, the newest first.
pub fn synonyms(app: &App, visitor: &Visitor) -> Result<Vec<SynonymView>, Failure> {
    visitor.staff_reader(Permission::Goods)?;
    app.read(store::synonyms)
}

/// Makes words mean the same.
pub fn add_synonyms(
    app: &App,
    visitor: &Visitor,
    new: NewSynonyms,
) -> Result<SynonymView, Failure> {
    let actor = visitor.staff(Permission::Goods)?;
    let mut words: Vec<String> = new.words.iter().map(|word| one_line(word)).collect();
    words.retain(|word| !word.is_empty());
    words.dedup();
    let fit = words.iter().all(|word| word.chars().count() <= 40);
    if !(2..=20).contains(&words.len()) || !fit {
        return Err(Failure::field("search.bad_synonyms", "words"));
    }
    let answer = app.once(visitor, "search.add_synonyms", |tx| {
        if store::synonyms(tx)?.len() >= MOST {
            return Err(Failure::with("search.too_many", serde_json::json!({ "most": MOST })));
        }
        let id: Id<Synonym> = tx.id();
        let made = SynonymView { id, words: words.clone(), one_way: new.one_way };
        store::add_synonyms(tx, &made)?;
        staff_act::record(tx, actor, "search.synonyms", ("synonyms", id.0), &words.join(", "))?;
        Ok((made, id.0))
    })?;
    Ok(answer.value)
}

/// Forgets that words mean the same.
pub fn remove_synonyms(app: &App, visitor: &Visitor, id: Id<Synonym>) -> Result<(), Failure> {
    let actor = visitor.staff(Permission::Goods)?;
    app.write_for(visitor, |tx| {
        if !store::remove_synonyms(tx, id)? {
            return Err(Failure::NotFound);
        }
        staff_act::record(tx, actor, "search.synonyms_removed", ("synonyms", id.0), "")
    })
}

/// The currency prices are looked for in.
pub fn currency(app: &App) -> Result<Currency, Failure> {
    app.read(|tx| Ok(shop::get(tx)?.currency))
}
