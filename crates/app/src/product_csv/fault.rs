//! What can be wrong with a row, told by stable codes that both languages have words for.

use std::collections::BTreeMap;

use describe::ToSchema;
use serde::{Deserialize, Serialize};

/// Why a row was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RowFault {
    /// The line of the file the row begins on; the header is on line 1.
    pub line: u64,
    pub handle: String,
    /// The column as the file calls it; empty when it is about the whole row.
    pub column: String,
    /// A stable code, one of `REASONS`.
    pub reason: String,
    /// What the cell holds, shortened.
    pub found: String,
    /// What the message needs, by name.
    pub args: BTreeMap<String, String>,
}

/// Every reason a row can be left out for: the texts of both languages must know each.
pub const REASONS: &[&str] = &[
    "columns",
    "invalid_utf8",
    "handle_missing",
    "handle_bad",
    "title_missing",
    "text_too_long",
    "status_bad",
    "boolean_bad",
    "price_missing",
    "price_bad",
    "price_negative",
    "price_decimals",
    "price_too_large",
    "quantity_bad",
    "policy_bad",
    "weight_bad",
    "weight_unit_bad",
    "image_url_bad",
    "image_position_bad",
    "option_name_missing",
    "option_value_missing",
    "variant_twice",
    "too_many_variants",
    "too_many_pictures",
    "product_rejected",
];

/// The same as values, while a row is read.
pub enum Fault {
    Columns {
        found: usize,
        expected: usize,
    },
    Utf8 {
        found: String,
    },
    HandleMissing,
    Handle {
        found: String,
    },
    TitleMissing,
    TooLong {
        found: String,
        longest: usize,
    },
    Status {
        found: String,
    },
    Boolean {
        found: String,
    },
    PriceMissing,
    Price {
        found: String,
    },
    PriceNegative {
        found: String,
    },
    PriceDecimals {
        found: String,
        most: u32,
    },
    PriceTooLarge {
        found: String,
    },
    Quantity {
        found: String,
    },
    Policy {
        found: String,
    },
    Weight {
        found: String,
    },
    WeightUnit {
        found: String,
    },
    ImageUrl {
        found: String,
    },
    ImagePosition {
        found: String,
    },
    /// An option has a value, and its product no name for it.
    OptionName,
    /// A variant has no value for one of its product's options.
    OptionValue,
    /// The same options as the row on this line.
    Twice {
        line: u64,
        found: String,
    },
    TooManyVariants {
        most: usize,
    },
    TooManyPictures {
        most: usize,
    },
    /// The row that names the product, on this line, was left out.
    Product {
        line: u64,
    },
}

impl Fault {
    fn parts(self) -> (&'static str, String, Vec<(&'static str, String)>) {
        use Fault::*;
        let found = |reason, found: String| (reason, found, Vec::new());
        let bare = |reason, args| (reason, String::new(), args);
        match self {
            Columns { found, expected } => bare(
                "columns",
                vec![("found", found.to_string()), ("expected", expected.to_string())],
            ),
            Utf8 { found: text } => found("invalid_utf8", text),
            HandleMissing => bare("handle_missing", vec![]),
            Handle { found: text } => found("handle_bad", text),
            TitleMissing => bare("title_missing", vec![]),
            TooLong { found, longest } => {
                ("text_too_long", found, vec![("most", longest.to_string())])
            }
            Status { found: text } => found("status_bad", text),
            Boolean { found: text } => found("boolean_bad", text),
            PriceMissing => bare("price_missing", vec![]),
            Price { found: text } => found("price_bad", text),
            PriceNegative { found: text } => found("price_negative", text),
            PriceDecimals { found, most } => {
                ("price_decimals", found, vec![("most", most.to_string())])
            }
            PriceTooLarge { found: text } => found("price_too_large", text),
            Quantity { found: text } => found("quantity_bad", text),
            Policy { found: text } => found("policy_bad", text),
            Weight { found: text } => found("weight_bad", text),
            WeightUnit { found: text } => found("weight_unit_bad", text),
            ImageUrl { found: text } => found("image_url_bad", text),
            ImagePosition { found: text } => found("image_position_bad", text),
            OptionName => bare("option_name_missing", vec![]),
            OptionValue => bare("option_value_missing", vec![]),
            Twice { line, found } => ("variant_twice", found, vec![("line", line.to_string())]),
            TooManyVariants { most } => bare("too_many_variants", vec![("most", most.to_string())]),
            TooManyPictures { most } => bare("too_many_pictures", vec![("most", most.to_string())]),
            Product { line } => bare("product_rejected", vec![("line", line.to_string())]),
        }
    }
}

impl RowFault {
    pub fn new(line: u64, handle: &str, column: String, fault: Fault) -> RowFault {
        let (reason, found, args) = fault.parts();
        RowFault {
            line,
            handle: shortened(handle),
            column,
            reason: reason.to_string(),
            found: shortened(&found),
            args: args.into_iter().map(|(name, value)| (name.to_string(), value)).collect(),
        }
    }
}

fn shortened(text: &str) -> String {
    const LONGEST: usize = 80;
    if text.chars().count() <= LONGEST {
        return text.to_string();
    }
    text.chars().take(LONGEST - 1).chain(['…']).collect()
}
