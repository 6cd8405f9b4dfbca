//! What a shop must say: its terms, its privacy policy and the like, kept version by version; and
//! the licences it shows (RULES CN-ECL-01, CN-ECL-04).

use serde::{Deserialize, Serialize};

use crate::content::check_link;
use crate::text::one_line;

/// What a text is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum LegalKind {
    /// What buyer and shop agree on. Each order remembers which version that was.
    Terms,
    Privacy,
    /// Returning goods, and money back.
    Refunds,
    Shipping,
    /// Who runs the shop.
    Imprint,
}

impl LegalKind {
    pub const ALL: [LegalKind; 5] = [
        LegalKind::Terms,
        LegalKind::Privacy,
        LegalKind::Refunds,
        LegalKind::Shipping,
        LegalKind::Imprint,
    ];

    /// Also the end of its address: `/legal/terms`.
    pub fn code(self) -> &'static str {
        match self {
            LegalKind::Terms => "terms",
            LegalKind::Privacy => "privacy",
            LegalKind::Refunds => "refunds",
            LegalKind::Shipping => "shipping",
            LegalKind::Imprint => "imprint",
        }
    }

    pub fn parse(code: &str) -> Option<LegalKind> {
        LegalKind::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// What the shop is allowed to do and where that is written. What is empty is not shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = LicenceText))]
pub struct Licence {
    /// The name on the business licence.
    pub name: String,
    /// Its unified social credit code or register number.
    pub number: String,
    /// Where the register shows it.
    pub link: String,
    /// The ICP filing: `浙ICP备12345678号-1`.
    pub icp: String,
    /// The filing with the police: `浙公网安备33010002000001号`.
    pub police: String,
    /// Further permits, or why none is needed.
    pub permits: String,
}

/// Why something of it cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing is written.
    Empty,
    TooLong,
    /// The field is too long, or no link.
    BadLicence(&'static str),
}

impl Licence {
    pub fn is_empty(&self) -> bool {
        *self == Licence::default()
    }

    /// The licence as it is kept.
    pub fn checked(&self) -> Result<Licence, Refusal> {
        let licence = Licence {
            name: one_line(&self.name),
            number: one_line(&self.number),
            link: self.link.trim().to_string(),
            icp: one_line(&self.icp),
            police: one_line(&self.police),
            permits: one_line(&self.permits),
        };
        let lines = [
            ("name", &licence.name, 100),
            ("number", &licence.number, 40),
            ("icp", &licence.icp, 40),
            ("police", &licence.police, 40),
            ("permits", &licence.permits, 300),
        ];
        if let Some((field, ..)) = lines.iter().find(|(_, text, most)| text.chars().count() > *most)
        {
            return Err(Refusal::BadLicence(field));
        }
        if !licence.link.is_empty() && check_link(&licence.link).is_err() {
            return Err(Refusal::BadLicence("link"));
        }
        Ok(licence)
    }

    /// Where the police show their filing: by the digits in it. Empty where there are none.
    pub fn police_link(&self) -> String {
        let digits: String = self.police.chars().filter(char::is_ascii_digit).collect();
        match digits.len() {
            10..=20 => format!("https://beian.mps.gov.cn/#/query/webSearch?code={digits}"),
            _ => String::new(),
        }
    }
}

/// Where the ministry shows filings.
pub const ICP_LINK: &str = "https://beian.miit.gov.cn/";

/// The longest text, in bytes.
pub const LONGEST: usize = 200_000;

/// Whether a text in the shop's language and its English can be published.
pub fn check_text(body: &str, body_en: &str) -> Result<(), Refusal> {
    if body.trim().is_empty() {
        return Err(Refusal::Empty);
    }
    let long = body.len() > LONGEST || body_en.len() > LONGEST;
    if long { Err(Refusal::TooLong) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_their_limits() {
        assert_eq!(check_text("<p>x</p>", ""), Ok(()));
        assert_eq!(check_text(" ", "x"), Err(Refusal::Empty));
        assert_eq!(check_text(&"x".repeat(LONGEST + 1), ""), Err(Refusal::TooLong));
        assert_eq!(check_text("x", &"x".repeat(LONGEST + 1)), Err(Refusal::TooLong));
        assert!(LegalKind::ALL.into_iter().all(|kind| LegalKind::parse(kind.code()) == Some(kind)));
        assert_eq!(LegalKind::parse("agb"), None);
    }

    #[test]
    fn licences_are_one_line_each_and_lead_where_they_are_shown() {
        let licence = Licence {
            name: " 风车\n茶馆 ".into(),
            police: "浙公网安备33010002000001号".into(),
            ..Licence::default()
        };
        let kept = licence.checked().unwrap();
        assert_eq!(kept.name, "风车 茶馆");
        let link = "https://beian.mps.gov.cn/#/query/webSearch?code=33010002000001";
        assert_eq!(kept.police_link(), link);
        assert!(Licence::default().is_empty() && Licence::default().police_link().is_empty());
        let bad = |licence: Licence| licence.checked().unwrap_err();
        let far = Licence { icp: "x".repeat(41), ..kept.clone() };
        assert_eq!(bad(far), Refusal::BadLicence("icp"));
        let inside = Licence { link: "javascript:alert(1)".into(), ..kept };
        assert_eq!(bad(inside), Refusal::BadLicence("link"));
    }
}
