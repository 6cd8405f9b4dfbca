//! Where: the address a parcel goes to.

use serde::{Deserialize, Serialize};

use crate::text::{Phone, one_line};

/// A delivery address. Every field is one line; `line2` and `postcode` may be empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Address {
    pub name: String,
    pub phone: String,
    /// ISO 3166-1 alpha-2, such as `CN`.
    pub country: String,
    /// Province or state.
    pub region: String,
    pub city: String,
    /// District or county; may be empty outside China.
    #[serde(default)]
    pub district: String,
    pub line1: String,
    #[serde(default)]
    pub line2: String,
    #[serde(default)]
    pub postcode: String,
}

/// Which field of an address is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadAddress {
    Name,
    Phone,
    Country,
    Region,
    City,
    Line1,
    /// Some field has more than 200 characters.
    TooLong,
}

impl Address {
    /// The address with its fields trimmed, its phone in E.164 and nothing missing.
    pub fn checked(self) -> Result<Address, BadAddress> {
        let phone = Phone::new(&self.phone).map_err(|_| BadAddress::Phone)?.to_string();
        let country = one_line(&self.country).to_uppercase();
        let address = Address {
            name: one_line(&self.name),
            phone,
            country,
            region: one_line(&self.region),
            city: one_line(&self.city),
            district: one_line(&self.district),
            line1: one_line(&self.line1),
            line2: one_line(&self.line2),
            postcode: one_line(&self.postcode),
        };
        let fields = [
            (&address.name, Some(BadAddress::Name)),
            (&address.region, Some(BadAddress::Region)),
            (&address.city, Some(BadAddress::City)),
            (&address.district, None),
            (&address.line1, Some(BadAddress::Line1)),
            (&address.line2, None),
            (&address.postcode, None),
        ];
        for (text, missing) in fields {
            if text.chars().count() > 200 {
                return Err(BadAddress::TooLong);
            }
            if let (true, Some(missing)) = (text.is_empty(), missing) {
                return Err(missing);
            }
        }
        let letters = address.country.bytes().all(|b| b.is_ascii_uppercase());
        if address.country.len() != 2 || !letters {
            return Err(BadAddress::Country);
        }
        Ok(address)
    }

    /// Who fetches goods: the name and the phone alone, checked.
    pub fn contact(self) -> Result<Address, BadAddress> {
        let phone = Phone::new(&self.phone).map_err(|_| BadAddress::Phone)?.to_string();
        let name = one_line(&self.name);
        match name.chars().count() {
            0 => Err(BadAddress::Name),
            1..=200 => Ok(Address { name, phone, ..Address::default() }),
            _ => Err(BadAddress::TooLong),
        }
    }

    /// The address on one line, largest place first, as a courier in China reads it.
    pub fn in_one_line(&self) -> String {
        [&self.region, &self.city, &self.district, &self.line1, &self.line2, &self.postcode]
            .into_iter()
            .filter(|part| !part.is_empty())
            .cloned()
            .collect::<Vec<_>>()
            .join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ann() -> Address {
        Address {
            name: "Ann".into(),
            phone: "13800000001".into(),
            country: "cn".into(),
            region: "浙江".into(),
            city: "杭州".into(),
            line1: " 龙井路\n1 号 ".into(),
            ..Address::default()
        }
    }

    #[test]
    fn an_address_is_tidied() {
        let address = ann().checked().unwrap();
        assert_eq!(address.phone, "+8613800000001");
        assert_eq!(address.country, "CN");
        assert_eq!(address.in_one_line(), "浙江 杭州 龙井路 1 号");
    }

    #[test]
    fn what_is_missing_is_named() {
        let without = |edit: fn(&mut Address)| {
            let mut address = ann();
            edit(&mut address);
            address.checked().unwrap_err()
        };
        assert_eq!(without(|a| a.name.clear()), BadAddress::Name);
        assert_eq!(without(|a| a.phone = "1".into()), BadAddress::Phone);
        assert_eq!(without(|a| a.country = "China".into()), BadAddress::Country);
        assert_eq!(without(|a| a.line1 = " ".into()), BadAddress::Line1);
        assert_eq!(without(|a| a.line2 = "x".repeat(201)), BadAddress::TooLong);
    }
}
