//! A vector of the standard, what is left of it when it is cut or bent, and other kinds of keys.

use base64::engine::general_purpose::STANDARD;
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};

use super::*;

// Web Authentication Level 3, §16, "Packed Self-Attestation with ES256 Credential": what a device
// says when it makes a key, which that very key has signed.
const OBJECT: &str = "a363666d74667061636b65646761747453746d74a263616c6726637369675848304602\
    2100ae045923ded832b844cae4d5fc864277c0dc114ad713e271af0f0d371bd3ac540221009077a088ed51a673951ad\
    3ba2673d5029bab65b64f4ea67b234321f86fcfac5d68617574684461746158a4bfabc37432958b063360d3ad6461c9\
    c4735ae7f8edd46592a5e0f01452b2e4b55d00000000df850e09db6afbdfab51697791506cfc0020455ef34e2043a87\
    db3d4afeb39bbcb6cc32df9347c789a865ecdca129cbef58ca5010203262001215820eb151c8176b225cc651559fecf\
    07af450fd85802046656b34c18f6cf193843c5225820927b8aa427a2be1b8834d233a2d34f61f13bfd44119c325d589\
    6e183fee484f2";
const CLIENT_DATA: &str = "7b2274797065223a22776562617574686e2e637265617465222c226368616c6c656e\
    6765223a2265476e4374334c55745936366b336a506a796e6962506b31716e666644616966715a774c3341703239\
    2d55222c226f726967696e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e\
    223a66616c73652c22657874726144617461223a22636c69656e74446174614a534f4e206d61792062652065787465\
    6e6465642077697468206164646974696f6e616c206669656c647320696e20746865206675747572652c2073756368\
    20617320746869733a205539685458764b453255526b4d6e625f3078594856673d3d227d";
const CHALLENGE: &str = "eGnCt3LUtY66k3jPjynibPk1qnffDaifqZwL3Ap29-U";
/// Any RSA key.
const RSA: &str = include_str!("../../../tests/it/gateways/keys/documented.pem");
const SIGNATURE: std::ops::Range<usize> = 32..104;

fn unhex(text: &str) -> Vec<u8> {
    let pairs: Vec<char> = text.chars().filter(char::is_ascii_hexdigit).collect();
    let byte = |two: &[char]| u8::from_str_radix(&two.iter().collect::<String>(), 16).unwrap();
    pairs.chunks(2).map(byte).collect()
}

fn example() -> Party {
    Party::of("https://example.org").unwrap()
}

#[test]
fn a_key_of_the_standard_is_read_and_its_signature_holds() {
    let (object, client_data) = (unhex(OBJECT), unhex(CLIENT_DATA));
    assert_eq!(challenge(&client_data, Asked::Create, &example()).as_deref(), Ok(CHALLENGE));
    let raw = attested(&object).unwrap();
    let said = said(&raw, &example()).unwrap();
    assert_eq!((said.sign_count, said.synced), (0, true));
    let made = said.made.unwrap();
    assert_eq!(made.id[..4], [0x45, 0x5e, 0xf3, 0x4e]);
    let signature = &object[SIGNATURE];
    assert!(signed(&made.public_key, &raw, &client_data, signature));
    for at in [0, 40, raw.len() - 1] {
        let mut other = raw.clone();
        other[at] ^= 1;
        assert!(!signed(&made.public_key, &other, &client_data, signature));
    }
    let mut other = client_data.clone();
    other[60] ^= 1;
    assert!(!signed(&made.public_key, &raw, &other, signature));
    let elsewhere = Party::of("https://example.com").unwrap();
    assert!(challenge(&client_data, Asked::Create, &elsewhere).is_err());
    assert!(challenge(&client_data, Asked::Get, &example()).is_err());
    assert!(super::said(&raw, &elsewhere).is_err());
}

#[test]
fn whatever_is_cut_off_is_refused_and_nothing_falls_over() {
    let object = unhex(OBJECT);
    let raw = attested(&object).unwrap();
    // Without its end the key cannot be read; what stands behind it is extensions.
    for length in 0..raw.len() {
        assert!(said(&raw[..length], &example()).is_err(), "{length}");
    }
    for length in 0..object.len() {
        attested(&object[..length]).ok();
    }
    for at in 0..object.len() {
        for bit in [1, 128] {
            let mut other = object.clone();
            other[at] ^= bit;
            attested(&other).and_then(|raw| said(&raw, &example())).ok();
        }
    }
}

#[test]
fn the_other_two_kinds_of_keys_are_read_too() {
    let made = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
    let pair = Ed25519KeyPair::from_pkcs8(made.as_ref()).unwrap();
    let mut key = minicbor::Encoder::new(Vec::new());
    key.map(4).unwrap().i8(1).unwrap().i8(1).unwrap().i8(3).unwrap().i8(-8).unwrap();
    key.i8(-1).unwrap().i8(6).unwrap().i8(-2).unwrap();
    key.bytes(pair.public_key().as_ref()).unwrap();
    let key = key.into_writer();
    let message = [b"said".as_slice(), Sha256::digest(b"client").as_slice()].concat();
    let signature = pair.sign(&message);
    assert!(signed(&key, b"said", b"client", signature.as_ref()));
    assert!(!signed(&key, b"said", b"another", signature.as_ref()));

    let pem: String = RSA.lines().filter(|line| !line.starts_with("-----")).collect();
    let pair = RsaKeyPair::from_pkcs8(&STANDARD.decode(pem).unwrap()).unwrap();
    let public: ring::rsa::PublicKeyComponents<Vec<u8>> = pair.public().into();
    let mut key = minicbor::Encoder::new(Vec::new());
    key.map(4).unwrap().i8(1).unwrap().i8(3).unwrap().i8(3).unwrap().i16(-257).unwrap();
    key.i8(-1).unwrap().bytes(&public.n).unwrap().i8(-2).unwrap().bytes(&public.e).unwrap();
    let key = key.into_writer();
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &message, &mut signature).unwrap();
    assert!(signed(&key, b"said", b"client", &signature));
    assert!(!signed(&key, b"said", b"another", &signature));
}

#[test]
fn keys_are_for_names_and_for_this_machine() {
    let party = |base: &str| Party::of(base).map(|party| (party.id, party.origins.concat()));
    let of = |id: &str, origin: &str| Some((id.to_string(), origin.to_string()));
    assert_eq!(party("https://Shop.example"), of("shop.example", "https://shop.example"));
    assert_eq!(party("https://shop.example:8443"), of("shop.example", "https://shop.example:8443"));
    assert_eq!(party("http://127.0.0.1:8080"), of("localhost", "http://localhost:8080"));
    assert_eq!(party("http://[::1]:8080"), of("localhost", "http://localhost:8080"));
    assert_eq!(party("http://localhost:80"), of("localhost", "http://localhost:80"));
    for none in ["http://shop.example", "https://192.0.2.7", "https://[2001:db8::1]", "shop", ""] {
        assert_eq!(party(none), None, "{none}");
    }
}

#[test]
fn counts_grow_or_stay_away() {
    for (before, now, fine) in
        [(0, 0, true), (0, 1, true), (1, 2, true), (1, 1, false), (2, 1, false), (1, 0, false)]
    {
        assert_eq!(follows(before, now), fine, "{before} {now}");
    }
}
