//! What a browser and its authenticator send, read and judged as Web Authentication Level 3 says in
//! §7.1 and §7.2. Pure: nothing here knows who is asked or when.
//!
//! No attestation is asked for, so whoever makes a key may make it with anything. What counts is
//! that the same device signs again, here, for us, and that its owner was there.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::person::Refusal;
use minicbor::data::Type;
use minicbor::decode::Decoder;
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// For whom a key signs: a name, and the addresses its pages are seen at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    pub id: String,
    pub origins: Vec<String>,
}

impl Party {
    /// The shop at `base_url`. Browsers keep keys for names only: a shop at the number of this
    /// machine goes by `localhost`, one at any other number has none.
    pub fn of(base_url: &str) -> Option<Party> {
        let (scheme, rest) = base_url.split_once("://")?;
        let host = rest.split('/').next()?;
        let origin = format!("{scheme}://{host}").to_ascii_lowercase();
        let (name, port) = match host.strip_prefix('[') {
            Some(six) => {
                let (name, port) = six.split_once(']')?;
                (name, port.strip_prefix(':'))
            }
            None => host.split_once(':').map_or((host, None), |(name, port)| (name, Some(port))),
        };
        let Ok(address) = name.parse::<std::net::IpAddr>() else {
            let id = name.to_ascii_lowercase();
            // Elsewhere browsers want https.
            let fit = scheme == "https" || id == "localhost" || id.ends_with(".localhost");
            return (fit && !id.is_empty()).then(|| Party { id, origins: vec![origin] });
        };
        if !address.is_loopback() {
            return None;
        }
        let port = port.map_or(String::new(), |port| format!(":{port}"));
        let here = format!("{scheme}://localhost{port}");
        Some(Party { id: "localhost".into(), origins: vec![here] })
    }
}

/// What somebody was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A new key.
    Create,
    /// A signature of one that is known.
    Get,
}

impl Asked {
    fn says(self) -> &'static str {
        match self {
            Asked::Create => "webauthn.create",
            Asked::Get => "webauthn.get",
        }
    }
}

#[derive(Deserialize)]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(default, rename = "crossOrigin")]
    cross_origin: bool,
}

/// Base64 of addresses, as all of this travels; padding is forgiven.
pub fn bytes(text: &str) -> Result<Vec<u8>, Refusal> {
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).map_err(|_| Refusal::BadPasskey)
}

/// The same the other way round.
pub fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The challenge that the browser says it was given, when it was given it for this, here.
pub fn challenge(raw: &[u8], asked: Asked, party: &Party) -> Result<String, Refusal> {
    let said: ClientData = serde_json::from_slice(raw).map_err(|_| Refusal::BadPasskey)?;
    let here = party.origins.contains(&said.origin.to_ascii_lowercase());
    planted!("passkey_any_origin", return Ok(said.challenge));
    if said.kind != asked.says() || !here || said.cross_origin {
        return Err(Refusal::BadPasskey);
    }
    Ok(said.challenge)
}

/// What an authenticator says of a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub sign_count: u32,
    /// Whether the key is kept with a provider now.
    pub synced: bool,
    /// The new key, when there is one.
    pub made: Option<Made>,
}

/// A key that was made: what it is called, and its public half in COSE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    pub id: Vec<u8>,
    pub public_key: Vec<u8>,
}

const PRESENT: u8 = 1;
const VERIFIED: u8 = 1 << 2;
const BACKED_UP: u8 = 1 << 4;
const WITH_KEY: u8 = 1 << 6;
/// The longest name a key may have.
const LONGEST_ID: usize = 1023;

/// Reads authenticator data (§6.1), which must be for this party, with its owner there and proved.
pub fn said(raw: &[u8], party: &Party) -> Result<Said, Refusal> {
    read(raw, party).ok_or(Refusal::BadPasskey)
}

fn read(raw: &[u8], party: &Party) -> Option<Said> {
    let (party_hash, rest) = raw.split_at_checked(32)?;
    let (flags, rest) = rest.split_first()?;
    let (count, rest) = rest.split_at_checked(4)?;
    let there = flags & PRESENT != 0 && flags & VERIFIED != 0;
    if party_hash != Sha256::digest(party.id.as_bytes()).as_slice() || !there {
        return None;
    }
    let made = if flags & WITH_KEY != 0 { Some(made(rest)?) } else { None };
    let sign_count = u32::from_be_bytes(count.try_into().ok()?);
    Some(Said { sign_count, synced: flags & BACKED_UP != 0, made })
}

/// Attested credential data (§6.5.1): 16 bytes about the model, the key's name, the key.
fn made(raw: &[u8]) -> Option<Made> {
    let (_model, rest) = raw.split_at_checked(16)?;
    let (length, rest) = rest.split_at_checked(2)?;
    let length = usize::from(u16::from_be_bytes(length.try_into().ok()?));
    if length == 0 || length > LONGEST_ID {
        return None;
    }
    let (id, rest) = rest.split_at_checked(length)?;
    let mut key = Decoder::new(rest);
    key.skip().ok()?;
    let public_key = rest[..key.position()].to_vec();
    Key::read(&public_key)?;
    Some(Made { id: id.to_vec(), public_key })
}

/// The authenticator data inside an attestation object (§6.5).
pub fn attested(raw: &[u8]) -> Result<Vec<u8>, Refusal> {
    let find = || {
        let mut object = Decoder::new(raw);
        for _ in 0..object.map().ok()?? {
            if object.str().ok()? == "authData" {
                return Some(object.bytes().ok()?.to_vec());
            }
            object.skip().ok()?;
        }
        None
    };
    find().ok_or(Refusal::BadPasskey)
}

/// A public key (RFC 9053) of one of the three kinds that are asked for.
#[derive(Debug, PartialEq, Eq)]
enum Key<'b> {
    /// ES256: a point, uncompressed.
    P256([u8; 65]),
    Ed25519(&'b [u8]),
    /// RS256: modulus and exponent.
    Rsa(&'b [u8], &'b [u8]),
}

/// The kinds of keys that are asked for, the best first: EdDSA, ES256, RS256.
pub const KINDS: [i64; 3] = [-8, -7, -257];

impl Key<'_> {
    fn read(raw: &[u8]) -> Option<Key<'_>> {
        let (mut kind, mut algorithm, mut curve) = (0, 0, 0);
        let (mut one, mut two): (&[u8], &[u8]) = (&[], &[]);
        let mut map = Decoder::new(raw);
        for _ in 0..map.map().ok()?? {
            match (map.i64().ok()?, map.datatype().ok()?) {
                (1, _) => kind = map.i64().ok()?,
                (3, _) => algorithm = map.i64().ok()?,
                (-1, Type::Bytes) => one = map.bytes().ok()?,
                (-1, _) => curve = map.i64().ok()?,
                (-2, Type::Bytes) => (one, two) = two_of(kind, one, map.bytes().ok()?),
                (-3, Type::Bytes) => two = map.bytes().ok()?,
                _ => map.skip().ok()?,
            }
        }
        match (kind, algorithm, curve) {
            (2, -7, 1) if one.len() == 32 && two.len() == 32 => {
                let mut point = [4; 65];
                point[1..33].copy_from_slice(one);
                point[33..].copy_from_slice(two);
                Some(Key::P256(point))
            }
            (1, -8, 6) if one.len() == 32 => Some(Key::Ed25519(one)),
            (3, -257, 0) if one.len() >= 256 && !two.is_empty() => Some(Key::Rsa(one, two)),
            _ => None,
        }
    }

    fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Key::P256(point) => UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_ASN1, point)
                .verify(message, signature)
                .is_ok(),
            Key::Ed25519(key) => {
                UnparsedPublicKey::new(&signature::ED25519, key).verify(message, signature).is_ok()
            }
            Key::Rsa(n, e) => RsaPublicKeyComponents { n, e }
                .verify(&signature::RSA_PKCS1_2048_8192_SHA256, message, signature)
                .is_ok(),
        }
    }
}

/// Where the bytes labelled -2 belong: the exponent of an RSA key, the first number of the others.
fn two_of<'b>(kind: i64, one: &'b [u8], bytes: &'b [u8]) -> (&'b [u8], &'b [u8]) {
    if kind == 3 { (one, bytes) } else { (bytes, &[]) }
}

/// Whether a key signed what its authenticator and the browser said.
pub fn signed(public_key: &[u8], said: &[u8], client_data: &[u8], signature: &[u8]) -> bool {
    let mut message = said.to_vec();
    message.extend_from_slice(&Sha256::digest(client_data));
    Key::read(public_key).is_some_and(|key| key.signed(&message, signature))
}

/// Whether a count follows on the one before: it grows, or the key does not count at all. One that
/// stands still or falls was signed by a copy.
pub fn follows(before: i64, now: u32) -> bool {
    let now = i64::from(now);
    planted!("passkey_copies", return true);
    now > before || (now == 0 && before == 0)
}

#[cfg(test)]
mod tests;
