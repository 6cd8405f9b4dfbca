//! What people see of goods: cards and product pages for shoppers, the same with more for staff.

use describe::ToSchema;
use domain::catalog::{Category, Picture, Product, Status, Variant};
use domain::id::Id;
use domain::moment::Moment;
use domain::money::Money;
use domain::price::list::Why;
use domain::seller::Seller;
use domain::tax::Class;
use serde::{Deserialize, Serialize};

use crate::price_list::PriceTier;
use crate::seller;

/// A picture of a product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PictureView {
    pub id: Id<Picture>,
    /// Where it is shown from, up to 1,200 pixels wide; empty while we have no copy of our own.
    pub src: String,
    /// The same, up to 480 pixels.
    pub thumb: String,
    pub alt: String,
    pub width: Option<i64>,
    pub height: Option<i64>,
    /// The average colour: `#e8e2d6`.
    pub color: String,
    /// `remote` until it is fetched, then `stored`, or `failed`.
    pub state: String,
}

/// A product in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ProductCard {
    pub id: Id<Product>,
    pub handle: String,
    pub title: String,
    pub vendor: String,
    /// Its first picture, once there is a copy of it.
    pub picture: Option<PictureView>,
    /// The lowest and the highest price of its variants, for the visitor, for one.
    pub price: Money,
    pub price_to: Money,
    /// What the cheapest variant cost before, when it was more and there is evidence for it.
    pub compare_at: Option<Money>,
    /// No variant of it can be bought now.
    pub sold_out: bool,
    /// How many were paid for.
    pub sold: i64,
}

/// Products in a list, and where the next page begins.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ProductCards {
    pub items: Vec<ProductCard>,
    /// How many there are on all pages together.
    pub count: i64,
    /// Ask for it with `cursor`; none on the last page.
    pub next: Option<String>,
}

/// An option of a product, with the values its variants have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OptionView {
    pub name: String,
    pub values: Vec<String>,
}

/// A variant as shoppers see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct VariantView {
    pub id: Id<Variant>,
    /// `50 g / tin`; empty for the only variant of a product without options.
    pub title: String,
    /// One value for each of the product's options.
    pub options: Vec<String>,
    pub sku: String,
    /// What the visitor pays for one, in the currency they chose if it is for sale in it.
    pub price: Money,
    /// What it cost before, when that was more and there is evidence for it.
    pub compare_at: Option<Money>,
    /// What others pay, when the price is a group's.
    pub ordinary_price: Option<Money>,
    pub because: Why,
    /// What one costs from which quantity on; empty where more is no cheaper.
    pub tiers: Vec<PriceTier>,
    /// False: nothing gives it a price in the currency the visitor chose.
    pub for_sale: bool,
    /// How many are left; means little when `tracked` is false or `oversell` is true.
    pub available: i64,
    pub tracked: bool,
    pub oversell: bool,
    pub sold_out: bool,
    pub ships: bool,
    pub picture: Option<PictureView>,
}

/// A category where it is named in passing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CategoryRef {
    pub id: Id<Category>,
    pub slug: String,
    pub name: String,
}

/// A product as shoppers see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ProductView {
    pub id: Id<Product>,
    pub handle: String,
    pub title: String,
    /// Safe to show as it is: cleaned, and with pictures of our own only.
    pub body_html: String,
    pub vendor: String,
    pub product_type: String,
    pub tags: Vec<String>,
    pub options: Vec<OptionView>,
    pub variants: Vec<VariantView>,
    /// Those we have a copy of, in order.
    pub pictures: Vec<PictureView>,
    /// The categories it is in, each with those above it: outermost first.
    pub categories: Vec<CategoryRef>,
    pub seo_title: String,
    pub seo_description: String,
    pub price: Money,
    pub price_to: Money,
    pub sold_out: bool,
    pub sold: i64,
    /// Who sells it; none for the shop itself.
    pub seller: Option<seller::Card>,
    pub updated_at: Moment,
}

/// A category with what is below it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CategoryView {
    pub id: Id<Category>,
    pub slug: String,
    pub name: String,
    pub blurb: String,
    pub parent: Option<Id<Category>>,
    /// 0 at the top.
    pub depth: i64,
    pub position: i64,
    /// How many products can be seen in it and below it; none where that was not counted.
    pub products: Option<i64>,
    /// A picture of the most popular of them, where it is looked for.
    pub picture: Option<PictureView>,
}

/// A product in the staff's list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StaffProduct {
    pub id: Id<Product>,
    pub handle: String,
    pub title: String,
    pub vendor: String,
    pub product_type: String,
    pub status: Status,
    pub published: bool,
    pub picture: Option<PictureView>,
    pub price: Money,
    pub price_to: Money,
    pub variants: i64,
    /// Units left of its counted variants; none when none is counted.
    pub available: Option<i64>,
    /// A counted variant has fewer than five units left.
    pub low: bool,
    pub sold: i64,
    /// The names of its categories.
    pub categories: Vec<String>,
    pub updated_at: Moment,
    pub version: i64,
}

/// The staff's list of products.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StaffProducts {
    pub items: Vec<StaffProduct>,
    pub next: Option<String>,
    pub counts: StatusCounts,
}

/// How many products there are in each status, whatever the filter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StatusCounts {
    pub active: i64,
    pub draft: i64,
    pub archived: i64,
}

/// A product with all that staff may change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ProductDetail {
    pub id: Id<Product>,
    pub handle: String,
    pub title: String,
    pub body_html: String,
    pub vendor: String,
    pub product_category: String,
    pub product_type: String,
    pub status: Status,
    pub published: bool,
    pub gift_card: bool,
    pub tags: Vec<String>,
    /// Names of up to three options; none for a product with one variant only.
    pub options: Vec<String>,
    pub variants: Vec<VariantDetail>,
    /// In every state, in order.
    pub pictures: Vec<PictureDetail>,
    pub categories: Vec<CategoryRef>,
    pub seo_title: String,
    pub seo_description: String,
    /// Whose it is; the shop's own without.
    pub seller: Option<Id<Seller>>,
    pub sold: i64,
    pub texts: Vec<ProductText>,
    pub created_at: Moment,
    pub updated_at: Moment,
    /// Send it back with an edit.
    pub version: i64,
}

/// A variant with all that staff may change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct VariantDetail {
    pub id: Id<Variant>,
    pub title: String,
    pub options: Vec<String>,
    pub sku: String,
    pub barcode: String,
    pub price: Money,
    pub compare_at: Option<Money>,
    pub cost: Option<Money>,
    pub grams: i64,
    pub weight_unit: String,
    pub tracked: bool,
    pub oversell: bool,
    pub ships: bool,
    pub tax: Class,
    pub available: i64,
    /// The picture that shows it, by where that came from.
    pub picture_src: String,
}

/// A picture as staff see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PictureDetail {
    pub picture: PictureView,
    /// Where it came from.
    pub src: String,
    /// Why it could not be fetched.
    pub error: Option<String>,
}

/// A product in another language than the shop's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ProductText {
    pub locale: String,
    pub title: String,
    pub body_html: String,
    /// The shop's words and this language's: option names and values, tags, vendor, picture texts.
    pub words: std::collections::BTreeMap<String, String>,
}

/// What trade needs to know of a variant, in one language.
#[derive(Clone, Debug, PartialEq)]
pub struct ForSale {
    pub variant: Id<Variant>,
    pub product: Id<Product>,
    pub handle: String,
    pub title: String,
    pub variant_title: String,
    pub sku: String,
    /// Where its picture is shown from, small; empty without one.
    pub picture: String,
    pub price: Money,
    pub tax: Class,
    pub ships: bool,
    /// What one weighs.
    pub grams: i64,
    /// Whether its units are counted and must be there: tracked, and not sold beyond the stock.
    pub counted: bool,
    /// Whether it can be bought at all just now (stock aside).
    pub on_sale: bool,
    /// Whose it is; the shop's own without.
    pub seller: Option<Id<Seller>>,
}
