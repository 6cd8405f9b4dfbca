//! Keys as providers hand them out, and what is done with them: RSA signatures and AES-GCM.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::rand::SystemRandom;
use ring::signature::{self, RsaKeyPair, UnparsedPublicKey};
use sha2::Sha256;

/// A private RSA key: it signs.
pub struct Signer(RsaKeyPair);

/// A public RSA key: it checks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verifier(Vec<u8>);

/// What a certificate says that matters here.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// In hexadecimal, upper case, as headers name it.
    pub serial: String,
    pub key: Verifier,
}

impl Signer {
    /// Reads PKCS#8 or PKCS#1, in PEM or as bare base 64.
    pub fn read(text: &str) -> Result<Signer, String> {
        let der = bytes(text).ok_or("the private key cannot be read")?;
        let pair = RsaKeyPair::from_pkcs8(&der).or_else(|_| RsaKeyPair::from_der(&der));
        Ok(Signer(pair.map_err(|error| format!("the private key cannot be used: {error}"))?))
    }

    /// SHA256withRSA (PKCS#1 v1.5), in base 64. The same text has the same signature.
    pub fn sign(&self, text: &[u8]) -> String {
        let mut made = vec![0; self.0.public().modulus_len()];
        // Chance only blinds the arithmetic against being measured; none of it is in the result.
        let chance = SystemRandom::new();
        let signed = self.0.sign(&signature::RSA_PKCS1_SHA256, &chance, text, &mut made);
        signed.expect("the buffer is as long as the modulus");
        STANDARD.encode(made)
    }

    /// The public half.
    pub fn verifier(&self) -> Verifier {
        use ring::signature::KeyPair;
        Verifier(self.0.public_key().as_ref().to_vec())
    }
}

impl Verifier {
    /// Reads a public key (SubjectPublicKeyInfo or PKCS#1), in PEM or as bare base 64.
    pub fn read(text: &str) -> Result<Verifier, String> {
        let der = bytes(text).ok_or("the public key cannot be read")?;
        let key = subject_key(&der).map(<[u8]>::to_vec).or_else(|| {
            // PKCS#1: a sequence of two numbers.
            let (0x30, body, _) = part(&der)? else { return None };
            let (first, ..) = part(body)?;
            (first == 0x02).then(|| der.clone())
        });
        key.map(Verifier).ok_or_else(|| "the public key is not an RSA key".into())
    }

    /// Whether `signature` (base 64) is this key's under the text.
    pub fn is_right(&self, text: &[u8], signature: &str) -> bool {
        let Ok(signature) = STANDARD.decode(signature.trim()) else { return false };
        let key = UnparsedPublicKey::new(&signature::RSA_PKCS1_2048_8192_SHA256, &self.0);
        key.verify(text, &signature).is_ok()
    }
}

impl Certificate {
    /// Reads an X.509 certificate in PEM.
    pub fn read(text: &str) -> Option<Certificate> {
        let der = bytes(text)?;
        let (0x30, outer, _) = part(&der)? else { return None };
        let (0x30, mut body, _) = part(outer)? else { return None };
        if body.first() == Some(&0xa0) {
            // Its version.
            body = part(body)?.2;
        }
        let (0x02, serial, rest) = part(body)? else { return None };
        // Signature algorithm, issuer, validity, subject; then the key.
        let mut rest = rest;
        for _ in 0..4 {
            rest = part(rest)?.2;
        }
        let key = subject_key(rest)?;
        let serial = serial.strip_prefix(&[0]).unwrap_or(serial);
        let serial = serial.iter().map(|byte| format!("{byte:02X}")).collect();
        Some(Certificate { serial, key: Verifier(key.to_vec()) })
    }
}

/// The bytes in PEM, or in base 64 without its frame.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let lines = text.lines().map(str::trim);
    let body: String = lines.filter(|line| !line.starts_with("-----")).collect();
    let body: String = body.chars().filter(|letter| !letter.is_whitespace()).collect();
    STANDARD.decode(body).ok().filter(|bytes| !bytes.is_empty())
}

/// A part of DER: its tag, its content, and what follows it.
fn part(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, mut rest) = rest.split_first()?;
    let mut length = usize::from(first);
    if first & 0x80 != 0 {
        let count = usize::from(first & 0x7f);
        if !(1..=4).contains(&count) || rest.len() < count {
            return None;
        }
        length = rest[..count].iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
        rest = &rest[count..];
    }
    if rest.len() < length {
        return None;
    }
    let (content, rest) = rest.split_at(length);
    Some((tag, content, rest))
}

/// The RSA key inside a SubjectPublicKeyInfo.
fn subject_key(der: &[u8]) -> Option<&[u8]> {
    /// 1.2.840.113549.1.1.1, rsaEncryption.
    const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
    let (0x30, body, _) = part(der)? else { return None };
    let (0x30, algorithm, rest) = part(body)? else { return None };
    let (0x06, name, _) = part(algorithm)? else { return None };
    let (0x03, bits, _) = part(rest)? else { return None };
    // No bit of the last byte is unused.
    let (0, key) = bits.split_first().map(|(unused, key)| (*unused, key))? else { return None };
    (name == RSA).then_some(key)
}

/// Opens what was sealed with AES-256-GCM; `None` when it was touched or is another's.
pub fn open(key: &str, nonce: &str, besides: &str, sealed: &str) -> Option<Vec<u8>> {
    let mut bytes = STANDARD.decode(sealed).ok()?;
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key.as_bytes()).ok()?);
    let nonce = Nonce::try_assume_unique_for_key(nonce.as_bytes()).ok()?;
    let opened = key.open_in_place(nonce, Aad::from(besides.as_bytes()), &mut bytes).ok()?;
    Some(opened.to_vec())
}

/// Seals with AES-256-GCM, as a provider does.
pub fn seal(key: &str, nonce: &str, besides: &str, open: &[u8]) -> Option<String> {
    let mut bytes = open.to_vec();
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key.as_bytes()).ok()?);
    let nonce = Nonce::try_assume_unique_for_key(nonce.as_bytes()).ok()?;
    key.seal_in_place_append_tag(nonce, Aad::from(besides.as_bytes()), &mut bytes).ok()?;
    Some(STANDARD.encode(bytes))
}

/// HMAC-SHA256 in hexadecimal.
pub fn hmac_hex(key: &str, parts: &[&[u8]]) -> String {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
