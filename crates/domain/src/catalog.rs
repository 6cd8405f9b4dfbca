//! Products and their variants: what may be shown, and what may be sold.

use serde::{Deserialize, Serialize};

use crate::id::Kind;

/// Something the shop sells, in one or more variants.
pub struct Product;
impl Kind for Product {
    const PREFIX: &'static str = "prd";
}
crate::id::described!(Product);

/// One thing that can be put in a cart: a size, a colour, a set.
pub struct Variant;
impl Kind for Variant {
    const PREFIX: &'static str = "var";
}
crate::id::described!(Variant);

pub struct Category;
impl Kind for Category {
    const PREFIX: &'static str = "cat";
}
crate::id::described!(Category);

pub struct Picture;
impl Kind for Picture {
    const PREFIX: &'static str = "pic";
}
crate::id::described!(Picture);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = ProductStatus))]
pub enum Status {
    /// Being prepared: staff see it.
    Draft,
    /// Shown and sold.
    Active,
    /// Kept for the record, neither shown nor sold.
    Archived,
}

impl Status {
    pub const ALL: [Status; 3] = [Status::Draft, Status::Active, Status::Archived];

    pub fn code(self) -> &'static str {
        match self {
            Status::Draft => "draft",
            Status::Active => "active",
            Status::Archived => "archived",
        }
    }

    pub fn parse(code: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.code().eq_ignore_ascii_case(code))
    }
}

/// Why goods are not as they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The title is empty or too long.
    BadTitle,
    /// The handle is not lower-case letters, digits and hyphens.
    BadHandle,
    /// Another product has this handle.
    HandleTaken,
    /// A price is not an amount, or is negative.
    BadPrice,
    /// More than three options, 100 values or 2,048 variants, or two variants alike.
    BadOptions,
    /// Not a picture we can read, or larger than allowed.
    BadPicture,
    /// The product is not for sale at the moment.
    NotForSale,
    /// Somebody else changed it meanwhile.
    Stale,
    /// A category with this name does not exist.
    NoSuchCategory,
    /// The file is not a product table.
    NotAProductFile,
}

/// A product may have this many options, as in the Shopify product file.
pub const MOST_OPTIONS: usize = 3;
/// And this many variants.
pub const MOST_VARIANTS: usize = 2_048;

/// Whether people may see a product at all.
pub fn is_shown(status: Status, published: bool) -> bool {
    status == Status::Active && published
}
