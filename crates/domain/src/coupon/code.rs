//! Codes one types in to get a coupon: hard to guess, and hard to mistype.
//!
//! Twelve of Crockford's base-32 digits: eleven of chance and a check digit over GF(32), which
//! finds every wrong digit and every two that changed places.

use std::fmt;

/// How many bits of chance a code takes: one guess in 3.6 × 10^16 hits a given code.
pub const CODE_BITS: u32 = 55;
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 12;

/// A code as it is kept: twelve digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(String);

impl Code {
    /// The code of these bits of chance; those beyond `CODE_BITS` do not count.
    pub fn of(bits: u64) -> Code {
        let digit = |place: usize| (bits >> (5 * place)) as u8 & 31;
        let mut digits: Vec<u8> = (0..LENGTH - 1).rev().map(digit).collect();
        digits.push(times_x(check(&digits)));
        let text = digits.iter().map(|digit| DIGITS[usize::from(*digit)] as char).collect();
        Code(text)
    }

    /// Reads what somebody typed: small letters, spaces and hyphens, `o` for zero and `i` or `l`
    /// for one are forgiven. `None` when it cannot be a code, so that no table need be asked.
    pub fn parse(typed: &str) -> Option<Code> {
        let typed = typed.chars().filter(|c| !c.is_whitespace() && *c != '-');
        let mut digits = Vec::with_capacity(LENGTH);
        for c in typed {
            let c = match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                c => c,
            };
            let digit = DIGITS.iter().position(|digit| *digit as char == c)?;
            if digits.len() == LENGTH {
                return None;
            }
            digits.push(digit as u8);
        }
        if digits.len() != LENGTH || check(&digits) != 0 {
            return None;
        }
        Some(Code(digits.iter().map(|digit| DIGITS[usize::from(*digit)] as char).collect()))
    }

    /// As it is kept.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// As it is printed: `4F7K-9Q2M-X0TD`.
impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}-{}-{}", &self.0[..4], &self.0[4..8], &self.0[8..])
    }
}

/// The value of the digits as a polynomial at x.
fn check(digits: &[u8]) -> u8 {
    digits.iter().fold(0, |sum, digit| times_x(sum) ^ digit)
}

/// Times x in GF(32), modulo x^5 + x^2 + 1.
fn times_x(value: u8) -> u8 {
    let shifted = value << 1;
    if shifted & 32 == 0 { shifted } else { (shifted ^ 0b10_0101) & 31 }
}
