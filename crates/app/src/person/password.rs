//! Staff passwords: Argon2id with the recommended costs. Slow on purpose, never in a transaction.

use argon2::{Argon2, PasswordHasher, PasswordVerifier};

use crate::dice::Dice;
use crate::failure::Failure;

/// The hash that is kept. The salt comes from the dice, like all chance.
pub fn hash(dice: &dyn Dice, password: &str) -> Result<String, Failure> {
    let mut salt = [0; 16];
    dice.fill(&mut salt);
    let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
    hash.map(|hash| hash.to_string()).map_err(Failure::broken)
}

/// Whether `password` is the one. Without a kept hash it works as long and says no, so that time
/// does not tell which names there are.
pub fn matches(kept: Option<&str>, password: &str) -> Result<bool, Failure> {
    match kept {
        Some(kept) => Ok(Argon2::default().verify_password(password.as_bytes(), kept).is_ok()),
        None => {
            let work =
                Argon2::default().hash_password_with_salt(password.as_bytes(), b"nobody of a name");
            work.map(|_| false).map_err(Failure::broken)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Seeded;

    #[test]
    fn only_the_password_opens() {
        let kept = hash(&Seeded::new(1), "a long enough one").unwrap();
        assert!(kept.starts_with("$argon2id$"));
        assert!(matches(Some(&kept), "a long enough one").unwrap());
        assert!(!matches(Some(&kept), "another long one").unwrap());
        assert!(!matches(None, "a long enough one").unwrap());
    }
}
