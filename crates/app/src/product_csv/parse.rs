//! What the rows of one product say, and what is wrong with them.
//!
//! `None` is a column the file does not have: what the shop knows stays. A cell that is there and
//! empty says "nothing". Nothing here looks at the database.

use std::collections::BTreeMap;

use domain::catalog::Status;
use domain::money::{Currency, Money, NotMoney};
use domain::text::{Name, one_line};

use super::header::{self, Column, Header};
use super::rows::Row;
use super::{Fault, RowFault};
use crate::catalog::clean_story;
use crate::catalog::goods::DEFAULT_TITLE;

/// The rows of one product, in the order of the file.
pub struct Group {
    pub handle: String,
    pub rows: Vec<Row>,
}

/// What it says of the product itself.
#[derive(Default)]
pub struct Fields {
    pub title: Option<String>,
    pub body: Option<String>,
    pub vendor: Option<String>,
    pub category: Option<String>,
    pub kind: Option<String>,
    pub tags: Option<Vec<String>>,
    pub published: Option<bool>,
    pub status: Option<Status>,
    pub gift_card: Option<bool>,
    pub seo_title: Option<String>,
    pub seo_description: Option<String>,
    pub extra: BTreeMap<String, String>,
}

/// What it says of one variant.
pub struct GivenVariant {
    pub line: u64,
    /// `None` when the file has no columns for options.
    pub options: Option<[String; 3]>,
    pub sku: Option<String>,
    pub barcode: Option<String>,
    pub price: Option<Money>,
    pub compare_at: Option<Option<Money>>,
    pub cost: Option<Option<Money>>,
    pub grams: Option<i64>,
    pub weight_unit: Option<String>,
    pub tracked: Option<bool>,
    pub oversell: Option<bool>,
    pub ships: Option<bool>,
    pub taxable: Option<bool>,
    pub tax_code: Option<String>,
    pub fulfillment: Option<String>,
    pub picture: Option<String>,
    pub quantity: Option<i64>,
    pub extra: BTreeMap<String, String>,
}

/// What it says of one picture.
pub struct GivenPicture {
    pub src: String,
    pub alt: Option<String>,
    pub position: Option<i64>,
}

/// What is the same for all rows of a file.
pub struct Reading<'a> {
    pub header: &'a Header,
    pub currency: Currency,
    /// The shop's own address, which its uploaded pictures are exported with.
    pub base_url: &'a str,
}

/// One row that can be read at all: right in number and in UTF-8.
pub(super) struct Cells<'a> {
    pub(super) reading: &'a Reading<'a>,
    pub(super) line: u64,
    pub(super) handle: &'a str,
    pub(super) cells: Vec<&'a str>,
    pub(super) faults: Vec<RowFault>,
}

impl<'a> Reading<'a> {
    /// The row's cells, or why they cannot be read.
    pub(super) fn cells(
        &'a self,
        handle: &'a str,
        row: &'a Row,
    ) -> Result<Cells<'a>, Box<RowFault>> {
        let fault =
            |column: String, fault: Fault| Box::new(RowFault::new(row.line, handle, column, fault));
        let (found, expected) = (row.cells.len(), self.header.names.len());
        if found != expected {
            return Err(fault(String::new(), Fault::Columns { found, expected }));
        }
        let mut cells = Vec::with_capacity(found);
        for (place, cell) in row.cells.iter().enumerate() {
            match std::str::from_utf8(cell) {
                Ok(text) => cells.push(text),
                Err(_) => {
                    let found = String::from_utf8_lossy(cell).into_owned();
                    return Err(fault(self.header.names[place].clone(), Fault::Utf8 { found }));
                }
            }
        }
        Ok(Cells { reading: self, line: row.line, handle, cells, faults: Vec::new() })
    }

    /// Where a picture is. One of ours may be written with the shop's address before it.
    pub fn picture(&self, address: &str) -> Option<String> {
        let address = address.trim();
        let ours = address.strip_prefix(self.base_url).filter(|path| path.starts_with("/files/"));
        if let Some(path) = ours {
            return Some(path.to_string());
        }
        if address.starts_with("/demo/") || address.starts_with("/files/") {
            return Some(address.to_string());
        }
        let lower: String = address.chars().take(8).collect::<String>().to_ascii_lowercase();
        let rest = match address.strip_prefix("//") {
            Some(rest) => rest,
            None if lower.starts_with("https://") => &address[8..],
            None if lower.starts_with("http://") => &address[7..],
            None => return None,
        };
        let host = rest.split(['/', '?', '#']).next().unwrap_or("");
        let fits = !host.is_empty()
            && host.len() <= 255
            && !host.contains('@')
            && address.len() <= 2_048
            && !address.chars().any(|c| c.is_whitespace() || c.is_control());
        let whole =
            if address.starts_with("//") { format!("https:{address}") } else { address.into() };
        fits.then_some(whole)
    }
}

impl Cells<'_> {
    /// The text of a column, trimmed; `None` when the file has no such column.
    pub(super) fn get(&self, column: Column) -> Option<&str> {
        self.reading.header.place(column).map(|place| self.cells[place].trim())
    }

    pub(super) fn filled(&self, column: Column) -> bool {
        self.get(column).is_some_and(|text| !text.is_empty())
    }

    pub(super) fn fault(&mut self, column: Column, fault: Fault) {
        let name = self.reading.header.name(column);
        self.faults.push(RowFault::new(self.line, self.handle, name, fault));
    }

    /// One line of at most `longest` characters.
    fn line_of(&mut self, column: Column, longest: usize) -> Option<String> {
        let text = one_line(self.get(column)?);
        if text.chars().count() > longest {
            self.fault(column, Fault::TooLong { found: text, longest });
            return Some(String::new());
        }
        Some(text)
    }

    fn boolean(&mut self, column: Column) -> Option<bool> {
        let text = self.get(column)?.to_lowercase();
        match text.as_str() {
            "" => None,
            "true" | "yes" | "1" | "是" => Some(true),
            "false" | "no" | "0" | "否" => Some(false),
            _ => {
                self.fault(column, Fault::Boolean { found: text });
                None
            }
        }
    }

    /// An amount; the outer `None` is a missing column, the inner one an empty cell.
    fn money(&mut self, column: Column) -> Option<Option<Money>> {
        let text = self.get(column)?.to_string();
        let currency = self.reading.currency;
        match Money::parse(&text, currency) {
            Ok(money) if money.minor < 0 => {
                self.fault(column, Fault::PriceNegative { found: text })
            }
            Ok(money) => return Some(Some(money)),
            Err(NotMoney::Empty) => return Some(None),
            Err(NotMoney::NotANumber) => self.fault(column, Fault::Price { found: text }),
            Err(NotMoney::TooManyDecimals) => {
                let most = currency.decimals();
                self.fault(column, Fault::PriceDecimals { found: text, most });
            }
            Err(NotMoney::TooLarge) => self.fault(column, Fault::PriceTooLarge { found: text }),
        }
        Some(None)
    }

    /// Columns we do not know: those about variants, or the others.
    fn extra(&self, of_variant: bool) -> BTreeMap<String, String> {
        let header = self.reading.header;
        let wanted = |place: &&usize| header::is_of_variant(&header.names[**place]) == of_variant;
        let cell = |place: &usize| {
            let text: String = self.cells[*place].chars().filter(|c| *c != '\0').collect();
            (header.names[*place].clone(), text)
        };
        header.extra.iter().filter(wanted).map(cell).collect()
    }

    /// What the row says of its product.
    pub(super) fn fields(&mut self) -> Fields {
        let body = self.get(Column::Body).map(str::to_string);
        let body = body.map(|html| clean_story(&html));
        if let Some(story) = &body
            && story.len() > crate::catalog::LONGEST_STORY
        {
            let longest = crate::catalog::LONGEST_STORY;
            self.fault(Column::Body, Fault::TooLong { found: String::new(), longest });
        }
        let mut status = None;
        let mut published = self.boolean(Column::Published);
        match self.get(Column::Status).unwrap_or("").to_lowercase().as_str() {
            "" => {}
            // For sale by its address, and in no list.
            "unlisted" => {
                status = Some(Status::Active);
                published = Some(false);
            }
            text => match Status::parse(text) {
                Some(known) => status = Some(known),
                None => {
                    let found = text.to_string();
                    self.fault(Column::Status, Fault::Status { found });
                }
            },
        }
        Fields {
            title: self.line_of(Column::Title, Name::LONGEST),
            body,
            vendor: self.line_of(Column::Vendor, Name::LONGEST),
            category: self.line_of(Column::Category, 1_000),
            kind: self.line_of(Column::Type, Name::LONGEST),
            tags: self.tags(),
            published,
            status,
            gift_card: self.boolean(Column::GiftCard),
            seo_title: self.line_of(Column::SeoTitle, Name::LONGEST),
            seo_description: self.line_of(Column::SeoDescription, 1_000),
            extra: self.extra(false),
        }
    }

    fn tags(&mut self) -> Option<Vec<String>> {
        let mut tags: Vec<String> = Vec::new();
        for tag in self.get(Column::Tags)?.split(',').map(one_line) {
            if !tag.is_empty() && !tags.contains(&tag) {
                tags.push(tag);
            }
        }
        if tags.len() > 250 || tags.iter().any(|tag| tag.chars().count() > Name::LONGEST) {
            self.fault(
                Column::Tags,
                Fault::TooLong { found: String::new(), longest: Name::LONGEST },
            );
            return Some(Vec::new());
        }
        Some(tags)
    }

    /// The names of the product's options that this row gives; `None` when it gives none.
    pub(super) fn option_names(&mut self) -> Option<Vec<String>> {
        let names = [0, 1, 2].map(|i| self.line_of(Column::OptionName(i), Name::LONGEST));
        let names = names.map(Option::unwrap_or_default);
        if names.iter().all(String::is_empty) {
            return None;
        }
        let value = self.get(Column::OptionValue(0)).unwrap_or("");
        let only = names[0] == "Title" && (value == DEFAULT_TITLE || value.is_empty());
        if only && names[1].is_empty() && names[2].is_empty() {
            return Some(Vec::new());
        }
        let count = names.iter().filter(|name| !name.is_empty()).count();
        for (i, name) in names.iter().enumerate() {
            if name.is_empty() && i < count {
                self.fault(Column::OptionName(i), Fault::OptionName);
            }
        }
        Some(names.into_iter().filter(|name| !name.is_empty()).collect())
    }

    /// Whether the row is about a variant (and not only about one more picture).
    pub(super) fn is_variant(&self) -> bool {
        let telling = [Column::Sku, Column::Price, Column::Barcode, Column::Quantity, Column::Cost];
        telling.into_iter().any(|column| self.filled(column))
            || (0..3).any(|i| self.filled(Column::OptionValue(i)))
    }

    /// What the row says of its variant, given the options of its product.
    pub(super) fn variant(&mut self, options: &[String]) -> GivenVariant {
        let extra = self.extra(true);
        GivenVariant {
            line: self.line,
            options: self.option_values(options),
            sku: self.line_of(Column::Sku, Name::LONGEST),
            barcode: self.line_of(Column::Barcode, Name::LONGEST),
            price: self.money(Column::Price).flatten(),
            compare_at: self.money(Column::CompareAt).map(|m| m.filter(|was| was.minor > 0)),
            cost: self.money(Column::Cost),
            grams: self.grams(),
            weight_unit: self.weight_unit(),
            tracked: self.get(Column::Tracker).map(|tracker| !tracker.is_empty()),
            oversell: self.policy(),
            ships: self.boolean(Column::Ships),
            taxable: self.boolean(Column::Taxable),
            tax_code: self.line_of(Column::TaxCode, Name::LONGEST),
            fulfillment: self
                .line_of(Column::Fulfillment, Name::LONGEST)
                .filter(|service| !service.is_empty()),
            picture: self.variant_picture(),
            quantity: self.quantity(),
            extra,
        }
    }

    fn option_values(&mut self, options: &[String]) -> Option<[String; 3]> {
        if (0..3).all(|i| !self.reading.header.has(Column::OptionValue(i))) {
            return None;
        }
        let values = [0, 1, 2].map(|i| self.line_of(Column::OptionValue(i), Name::LONGEST));
        let mut values = values.map(Option::unwrap_or_default);
        if options.is_empty() {
            if values[0] == DEFAULT_TITLE {
                values[0].clear();
            }
            if let Some(i) = values.iter().position(|value| !value.is_empty()) {
                self.fault(Column::OptionName(i), Fault::OptionName);
            }
            return Some(values);
        }
        for (i, value) in values.iter().enumerate() {
            match (i < options.len(), value.is_empty()) {
                (true, true) => self.fault(Column::OptionValue(i), Fault::OptionValue),
                (false, false) => self.fault(Column::OptionName(i), Fault::OptionName),
                _ => {}
            }
        }
        Some(values)
    }

    /// Whole grams; a fraction is rounded half up.
    fn grams(&mut self) -> Option<i64> {
        let text = self.get(Column::Grams)?.to_string();
        if text.is_empty() {
            return None;
        }
        let (whole, part) = text.split_once('.').unwrap_or((&text, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let up = i64::from(part.as_bytes().first().is_some_and(|digit| *digit >= b'5'));
        match whole.parse::<i64>() {
            Ok(grams) if digits(whole) && digits(part) && grams <= 100_000_000 => Some(grams + up),
            _ => {
                self.fault(Column::Grams, Fault::Weight { found: text });
                None
            }
        }
    }

    fn weight_unit(&mut self) -> Option<String> {
        let text = self.get(Column::WeightUnit)?.to_lowercase();
        if !["", "g", "kg", "oz", "lb"].contains(&text.as_str()) {
            self.fault(Column::WeightUnit, Fault::WeightUnit { found: text });
            return None;
        }
        Some(text)
    }

    fn policy(&mut self) -> Option<bool> {
        let text = self.get(Column::Policy)?.to_lowercase();
        match text.as_str() {
            "" => None,
            "deny" | "false" => Some(false),
            "continue" | "true" => Some(true),
            _ => {
                self.fault(Column::Policy, Fault::Policy { found: text });
                None
            }
        }
    }

    fn quantity(&mut self) -> Option<i64> {
        let text = self.get(Column::Quantity)?.to_string();
        if text.is_empty() {
            return None;
        }
        match text.parse::<i64>() {
            Ok(quantity) if (0..=9_999_999).contains(&quantity) => Some(quantity),
            _ => {
                self.fault(Column::Quantity, Fault::Quantity { found: text });
                None
            }
        }
    }

    /// The address of a picture; empty when there is none.
    fn address(&mut self, column: Column) -> Option<String> {
        let text = self.get(column)?.to_string();
        if text.is_empty() {
            return Some(text);
        }
        let picture = self.reading.picture(&text);
        if picture.is_none() {
            self.fault(column, Fault::ImageUrl { found: text });
        }
        Some(picture.unwrap_or_default())
    }

    /// The variant's picture. Shops have all sorts of things in this column: what is no address is
    /// kept for the next export and shows nothing.
    fn variant_picture(&self) -> Option<String> {
        let text = self.get(Column::VariantImage)?;
        let address = self.reading.picture(text);
        Some(address.unwrap_or_else(|| one_line(text).chars().take(2_048).collect()))
    }

    /// The picture the row names.
    pub(super) fn picture(&mut self) -> Option<GivenPicture> {
        let src = self.address(Column::Image).filter(|src| !src.is_empty())?;
        let text = self.get(Column::ImagePosition).unwrap_or("").to_string();
        let position = text.parse::<i64>().ok().filter(|place| (1..=10_000).contains(place));
        if !text.is_empty() && position.is_none() {
            self.fault(Column::ImagePosition, Fault::ImagePosition { found: text });
        }
        Some(GivenPicture { src, alt: self.line_of(Column::ImageAlt, 512), position })
    }
}
