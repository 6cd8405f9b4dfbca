//! The fields of a delivery address, in the order people write it.

use domain::place::Address;
use domain::region::{PROVINCES, Province};

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
    /// Where it is asked for: `home` in China, `abroad` elsewhere, empty everywhere.
    pub only: &'static str,
}

/// The countries we offer; an address from elsewhere keeps its own.
const COUNTRIES: [&str; 7] = ["CN", "HK", "SG", "JP", "US", "GB", "DE"];

/// The address a form says.
pub fn read(form: &Form) -> Address {
    let text = |name: &str| form.get(name).to_string();
    let country = form.maybe("country").unwrap_or("CN").to_string();
    // Both are on the page, and the country says which of them is seen.
    let province = form.maybe("province").filter(|_| country == "CN");
    Address {
        name: text("name"),
        phone: text("phone"),
        country,
        region: province.unwrap_or(form.get("region")).to_string(),
        city: text("city"),
        district: text("district"),
        line1: text("line1"),
        line2: text("line2"),
        postcode: text("postcode"),
    }
}

/// An address in two lines: who, and where.
pub fn in_short(address: &Address, page: &Page) -> (String, String) {
    let who = format!("{} {}", address.name, address.phone);
    if page.is_chinese() {
        return (who, address.in_one_line());
    }
    let region = Province::find(&address.region).filter(|_| address.country == "CN");
    let region = region.map_or(address.region.as_str(), |province| province.name_en);
    let parts = [&address.line2, &address.line1, &address.district, &address.city];
    let parts = parts.into_iter().map(String::as_str).chain([region, &address.postcode]);
    (who, parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "))
}

/// What is missing of an address that cannot be sent to, each with its field.
pub fn missing(typed: &Address, page: &Page) -> Errors {
    let mut errors = Errors::none();
    for field in rows(typed, &Errors::none(), page, true).into_iter().flatten() {
        let home = typed.country.is_empty() || typed.country == "CN";
        let province = field.name == "province" && home;
        if (field.required || province) && field.value.is_empty() {
            // A province is kept as a region.
            let name = if province { "region" } else { field.name };
            errors.add(name, field.wrong);
        }
    }
    errors
}

/// The form's fields with what was typed and what was wrong. They are `needed` unless something
/// else can be chosen instead.
pub fn rows(typed: &Address, errors: &Errors, page: &Page, needed: bool) -> Vec<Row> {
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
            required: required && needed,
            error: errors.get(name).to_string(),
            choices: Vec::new(),
            only: "",
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
    let known = Province::find(&typed.region);
    let mut provinces = vec![("", page.t("store-province-choose"))];
    provinces.extend(PROVINCES.map(|province| {
        let said = if page.is_chinese() { province.name } else { province.name_en };
        (province.name, said.to_string())
    }));
    let chosen = known.map_or("", |province| province.name);
    let province = Field {
        choices: provinces,
        only: "home",
        error: errors.get("region").to_string(),
        ..field("province", "store-province", chosen, "address-level1", false)
    };
    // What is no province of ours was typed elsewhere.
    let elsewhere = if known.is_some() { "" } else { &typed.region };
    let region = Field {
        only: "abroad",
        ..field("region", "store-region", elsewhere, "address-level1", false)
    };
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
            vec![country, province, region],
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
            vec![province, region, country],
        ]
    }
}
