//! The fields of a delivery address, in the order people write it.

use domain::division::{self, Doubt, Place};
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
    /// What is proposed for a line to write. With script, it is chosen from (`place.js`).
    pub offers: Option<Vec<Place>>,
    /// Where it is asked for: `home` in China, `abroad` elsewhere, empty everywhere.
    pub only: &'static str,
}

impl Field {
    /// Whether it is carried along and never seen.
    pub fn is_hidden(&self) -> bool {
        self.kind == "hidden"
    }
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

/// Why the form is shown once more before anything is done with it: whom no script helps asks for
/// the lists of what was chosen, or the place looks wrong.
pub fn pause(form: &Form, page: &Page) -> Option<Errors> {
    if form.get("do") == "places" {
        return Some(Errors::none());
    }
    Some(asked(form, page)).filter(|errors| !errors.is_empty())
}

/// Where an address is, for the form to say that this was asked about.
fn place_of(address: &Address) -> String {
    [&address.region, &address.city, &address.district].map(String::as_str).join("/")
}

/// What looks wrong about the place a form says, unless its writer was asked and sent it again: a
/// list is of some year, and who lives there knows better.
pub fn asked(form: &Form, page: &Page) -> Errors {
    let typed = read(form);
    let mut errors = Errors::none();
    let doubt = division::doubt(&typed).filter(|_| form.get("asked") != place_of(&typed));
    let region = |one: Province| {
        let name = if page.is_chinese() { one.name } else { one.name_en };
        name.to_string()
    };
    let place = |one: Place| match page.is_chinese() {
        true => one.name.to_string(),
        false => format!("{} ({})", one.sound, one.name),
    };
    let (field, what, there) = match doubt {
        Some(Doubt::City { city, province }) => ("city", city, region(province)),
        // A municipality is named once.
        Some(Doubt::District { district, city, province }) if province.name == city.name => {
            ("district", district, region(province))
        }
        Some(Doubt::District { district, city, province }) => {
            let there = match page.is_chinese() {
                true => format!("{}{}", province.name, city.name),
                false => format!("{}, {}", place(city), province.name_en),
            };
            ("district", district, there)
        }
        None => return errors,
    };
    let what = place(what);
    let said = page.locale.tell("store-place-asked", &[("place", &what), ("there", &there)]);
    errors.add(field, said);
    errors
}

/// The place of the address somebody uses: another one is likely to be near.
pub fn near(known: Option<&Address>) -> Address {
    known.map_or_else(Address::default, |known| Address {
        country: known.country.clone(),
        region: known.region.clone(),
        city: known.city.clone(),
        district: known.district.clone(),
        ..Address::default()
    })
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
            offers: None,
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
    let home = known.filter(|_| typed.country.is_empty() || typed.country == "CN");
    let cities = home.map_or(&[][..], division::cities);
    let within = home.and_then(|province| division::city(province, &typed.city));
    let city = Field {
        offers: Some(cities.iter().map(|city| city.place).collect()),
        ..field("city", "store-city", &typed.city, "address-level2", true)
    };
    let district = Field {
        offers: Some(within.map_or(Vec::new(), |city| city.districts.clone())),
        ..field("district", "store-district", &typed.district, "address-level3", false)
    };
    // What was asked about: sent again as it is, it stands.
    let doubted = errors.has("city") || errors.has("district");
    let place = if doubted { place_of(typed) } else { String::new() };
    let asked = Field { kind: "hidden", ..field("asked", "store-city", &place, "off", false) };
    let line1 = field("line1", "store-line1", &typed.line1, "address-line1", true);
    let line2 = field("line2", "store-line2", &typed.line2, "address-line2", false);
    let postcode = field("postcode", "store-postcode", &typed.postcode, "postal-code", false);
    let name = field("name", "store-receiver", &typed.name, "name", true);
    // From the large to the small in Chinese. In English the street comes first, and then what is
    // picked one after the other.
    if page.is_chinese() {
        vec![
            vec![name, phone],
            vec![country, province, region],
            vec![city, district],
            vec![line1],
            vec![line2, postcode],
            vec![asked],
        ]
    } else {
        vec![
            vec![name, phone],
            vec![line1],
            vec![line2],
            vec![country, province, region],
            vec![city, district],
            vec![postcode],
            vec![asked],
        ]
    }
}
