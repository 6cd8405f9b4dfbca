//! Texts to begin with. They are no legal advice: each says at its head that a lawyer must see it
//! before it is published, and marks what only the merchant knows.

use domain::legal::LegalKind;

/// A text to begin with, in Chinese and in English.
pub fn text(kind: LegalKind) -> (&'static str, &'static str) {
    match kind {
        LegalKind::Terms => {
            (include_str!("starter/terms.zh.html"), include_str!("starter/terms.en.html"))
        }
        LegalKind::Privacy => {
            (include_str!("starter/privacy.zh.html"), include_str!("starter/privacy.en.html"))
        }
        LegalKind::Refunds => {
            (include_str!("starter/refunds.zh.html"), include_str!("starter/refunds.en.html"))
        }
        LegalKind::Shipping => {
            (include_str!("starter/shipping.zh.html"), include_str!("starter/shipping.en.html"))
        }
        LegalKind::Imprint => {
            (include_str!("starter/imprint.zh.html"), include_str!("starter/imprint.en.html"))
        }
    }
}
