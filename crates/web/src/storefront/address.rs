//! The fields of a delivery address, in the order people write it.

use domain::place::Address;

use crate::form::{Errors, Form};
use crate::page::Page;

/// Fields that stand beside each other.
pub type Row = Vec<Field>;

/// One field of the form.
pub struct Field {
    pub name: &'static str,
    pub label: String,
    pub value: String,
    pub kind: &'static str,
    pub autocomplete: &'static str,
    pub most: i64,
    pub required: bool,
    pub error: String,
    /// What to say when it is left empty.
    pub wrong: String,
    /// The values to choose from; empty for a line to write.
    pub choices: Vec<(&'static str, String)>,
}

/// The countries we offer; an address from elsewhere keeps its own.
const COUNTRIES: [&str; 7] = ["CN", "HK", "SG", "JP", "US", "GB", "DE"];

/// The address a form says.
pub fn read(form: &Form) -> Address {
    let text = |name: &str| form.get(name).to_string();
    Address {
        name: text("name"),
        phone: text("phone"),
        country: form.maybe("country").unwrap_or("CN").to_string(),
        region: text("region"),
        city: text("city"),
        district: text("district"),
        line1: text("line1"),
        line2: text("line2"),
        postcode: text("postcode"),
    }
}

/// The form's fields with what was typed and what was wrong.
pub fn rows(typed: &Address, errors: &Errors, page: &Page) -> Vec<Row> {
    let field = |name: &'static str, id: &str, value: &str, autocomplete, required| {
        let label = page.t(id);
        Field {
            name,
            wrong: page.t1("store-field-missing", "field", &label),
            label,
            value: value.to_string(),
            kind: "text",
            autocomplete,
            most: 200,
            required,
            error: errors.get(name).to_string(),
            choices: Vec::new(),
        }
    };
    let phone =
        Field { kind: "tel", most: 40, ..field("phone", "store-phone", &typed.phone, "tel", true) };
    let country = if typed.country.is_empty() { "CN" } else { &typed.country };
    let country = Field {
        choices: COUNTRIES
            .into_iter()
            .map(|code| (code, page.t(&format!("store-country-{code}"))))
            .collect(),
        ..field("country", "store-country", country, "country", true)
    };
    let region = field("region", "store-province", &typed.region, "address-level1", true);
    let city = field("city", "store-city", &typed.city, "address-level2", true);
    let district = field("district", "store-district", &typed.district, "address-level3", false);
    let line1 = field("line1", "store-line1", &typed.line1, "address-line1", true);
    let line2 = field("line2", "store-line2", &typed.line2, "address-line2", false);
    let postcode = field("postcode", "store-postcode", &typed.postcode, "postal-code", false);
    let name = field("name", "store-receiver", &typed.name, "name", true);
    // From the large to the small in Chinese, the other way round in English.
    if page.is_chinese() {
        vec![
            vec![name, phone],
            vec![country, region],
            vec![city, district],
            vec![line1],
            vec![line2, postcode],
        ]
    } else {
        vec![
            vec![name, phone],
            vec![line1],
            vec![line2, district],
            vec![city, postcode],
            vec![region, country],
        ]
    }
}
