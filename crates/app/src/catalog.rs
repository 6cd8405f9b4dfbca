//! Goods: products with their variants, pictures, categories, tags and translations.
//!
//! Shoppers see what is active and published; staff see and change everything. A product is read
//! and written whole (`Goods`), by the console and by the product file alike, so that there is one
//! place that decides what a change is.

pub(crate) mod body;
mod browse;
pub mod categories;
mod desk;
mod edit;
pub mod goods;
pub mod pictures;
mod sought;
mod store;
mod text;
mod view;

pub use body::{LONGEST as LONGEST_STORY, clean as clean_story};
pub use browse::{
    Browse, Sort, browse, cards, find_product, page, product, tags, variants_for_sale,
};
pub use desk::{LOW, StaffBrowse, detail, staff_list};
pub use edit::{PictureInput, ProductInput, VariantInput, archive, create, edit, set_status};
pub use sought::{Sought, sought};
pub use text::{ProductTextInput, put as put_text, translate};
pub use view::*;
