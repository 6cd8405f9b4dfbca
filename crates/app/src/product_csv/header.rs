//! The columns of the product file, under the names of both generations.

use std::collections::HashMap;

use domain::catalog::Refusal;

/// A column we understand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    Handle,
    Title,
    Body,
    Vendor,
    Category,
    Type,
    Tags,
    Published,
    OptionName(usize),
    OptionValue(usize),
    Sku,
    Grams,
    Tracker,
    Quantity,
    Policy,
    Fulfillment,
    Price,
    CompareAt,
    Ships,
    Taxable,
    Barcode,
    Image,
    ImagePosition,
    ImageAlt,
    GiftCard,
    SeoTitle,
    SeoDescription,
    VariantImage,
    WeightUnit,
    TaxCode,
    Cost,
    Status,
}

use Column::*;

/// Each column with its legacy and its current name, in the order of the legacy file.
const NAMES: [(Column, &str, &str); 38] = [
    (Handle, "Handle", "URL handle"),
    (Title, "Title", "Title"),
    (Body, "Body (HTML)", "Description"),
    (Vendor, "Vendor", "Vendor"),
    (Category, "Product Category", "Product category"),
    (Type, "Type", "Type"),
    (Tags, "Tags", "Tags"),
    (Published, "Published", "Published on online store"),
    (OptionName(0), "Option1 Name", "Option1 name"),
    (OptionValue(0), "Option1 Value", "Option1 value"),
    (OptionName(1), "Option2 Name", "Option2 name"),
    (OptionValue(1), "Option2 Value", "Option2 value"),
    (OptionName(2), "Option3 Name", "Option3 name"),
    (OptionValue(2), "Option3 Value", "Option3 value"),
    (Sku, "Variant SKU", "SKU"),
    (Grams, "Variant Grams", "Weight value (grams)"),
    (Tracker, "Variant Inventory Tracker", "Inventory tracker"),
    (Quantity, "Variant Inventory Qty", "Inventory quantity"),
    (Policy, "Variant Inventory Policy", "Continue selling when out of stock"),
    (Fulfillment, "Variant Fulfillment Service", "Fulfillment service"),
    (Price, "Variant Price", "Price"),
    (CompareAt, "Variant Compare At Price", "Compare-at price"),
    (Ships, "Variant Requires Shipping", "Requires shipping"),
    (Taxable, "Variant Taxable", "Charge tax"),
    (Barcode, "Variant Barcode", "Barcode"),
    (Image, "Image Src", "Product image URL"),
    (ImagePosition, "Image Position", "Image position"),
    (ImageAlt, "Image Alt Text", "Image alt text"),
    (GiftCard, "Gift Card", "Gift card"),
    (SeoTitle, "SEO Title", "SEO title"),
    (SeoDescription, "SEO Description", "SEO description"),
    (VariantImage, "Variant Image", "Variant image URL"),
    (WeightUnit, "Variant Weight Unit", "Weight unit for display"),
    (TaxCode, "Variant Tax Code", "Tax code"),
    (Cost, "Cost per item", "Cost per item"),
    (Status, "Status", "Status"),
    // Names of older tools.
    (Body, "Body HTML", "Body"),
    (Category, "Standard Product Type", "Category"),
];

/// The columns of the current template, in its order.
const CURRENT: [Column; 36] = [
    Title,
    Handle,
    Body,
    Vendor,
    Category,
    Type,
    Tags,
    Published,
    Status,
    Sku,
    Barcode,
    OptionName(0),
    OptionValue(0),
    OptionName(1),
    OptionValue(1),
    OptionName(2),
    OptionValue(2),
    Price,
    CompareAt,
    Cost,
    Taxable,
    TaxCode,
    Tracker,
    Quantity,
    Policy,
    Grams,
    WeightUnit,
    Ships,
    Fulfillment,
    Image,
    ImagePosition,
    ImageAlt,
    VariantImage,
    GiftCard,
    SeoTitle,
    SeoDescription,
];

/// The legacy columns, in their order.
pub fn legacy() -> Vec<(Column, &'static str)> {
    NAMES[..36].iter().map(|(column, name, _)| (*column, *name)).collect()
}

/// The columns of the current template, in their order.
pub fn current() -> Vec<(Column, &'static str)> {
    let name = |column: Column| {
        let found = NAMES.iter().find(|(other, _, _)| *other == column);
        (column, found.map_or("", |(_, _, name)| *name))
    };
    CURRENT.into_iter().map(name).collect()
}

/// Where each column of a file is.
pub struct Header {
    pub names: Vec<String>,
    known: HashMap<Column, usize>,
    /// Columns we do not know, kept as they are.
    pub extra: Vec<usize>,
}

impl Header {
    /// Reads the first row. A product file names its products by handle or title.
    pub fn read(cells: &[String]) -> Result<Header, Refusal> {
        let names: Vec<String> = cells.iter().map(|name| name.trim().to_string()).collect();
        let mut known = HashMap::new();
        let mut extra = Vec::new();
        for (place, name) in names.iter().enumerate() {
            let same = |other: &str| other.eq_ignore_ascii_case(name);
            let found = NAMES.iter().find(|(_, legacy, current)| same(legacy) || same(current));
            match found {
                Some((column, ..)) if !known.contains_key(column) => {
                    known.insert(*column, place);
                }
                // A second column of the same meaning would have to agree with the first.
                Some(_) => return Err(Refusal::NotAProductFile),
                None if name.is_empty() => {}
                None => extra.push(place),
            }
        }
        // A file of titles alone would be any table at all.
        let named = known.contains_key(&Handle) || known.contains_key(&Title);
        if named && known.len() > 1 {
            Ok(Header { names, known, extra })
        } else {
            Err(Refusal::NotAProductFile)
        }
    }

    pub fn place(&self, column: Column) -> Option<usize> {
        self.known.get(&column).copied()
    }

    pub fn has(&self, column: Column) -> bool {
        self.known.contains_key(&column)
    }

    /// What the file calls a column; the legacy name when it has none.
    pub fn name(&self, column: Column) -> String {
        match self.place(column) {
            Some(place) => self.names[place].clone(),
            None => {
                let found = NAMES.iter().find(|(other, ..)| *other == column);
                found.map_or(String::new(), |(_, legacy, _)| legacy.to_string())
            }
        }
    }
}

/// Whether an unknown column is about a variant rather than about its product.
pub fn is_of_variant(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let starts =
        ["variant ", "price / ", "compare at price / ", "compare-at price / ", "unit price "];
    starts.iter().any(|start| name.starts_with(start)) || name.contains("(variant.metafields")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cells: &str) -> Result<Header, Refusal> {
        let cells: Vec<String> = cells.split('|').map(str::to_string).collect();
        Header::read(&cells)
    }

    #[test]
    fn both_generations_are_understood_in_any_case() {
        for names in
            ["Handle|Title|Variant Price|Image Src", "URL HANDLE|title|price|Product image url"]
        {
            let header = read(names).unwrap();
            let places: Vec<_> =
                [Handle, Title, Price, Image].into_iter().map(|c| header.place(c)).collect();
            assert_eq!(places, [Some(0), Some(1), Some(2), Some(3)], "{names}");
        }
        assert_eq!(legacy().len(), current().len());
        assert!(current().iter().all(|(_, name)| !name.is_empty()));
    }

    #[test]
    fn unknown_columns_are_kept_and_other_tables_refused() {
        let header = read("Handle|Title|Colour (product.metafields.x.y)|").unwrap();
        assert_eq!(header.extra, [2]);
        assert!(read("Order|Name|Total").is_err());
        assert!(read("Title").is_err());
        assert!(read("Handle|Title|Price|Variant Price").is_err());
        assert!(is_of_variant("Price / International") && !is_of_variant("Included / China"));
    }
}
