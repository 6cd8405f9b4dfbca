//! Keys in every form they are handed out in, and signatures made by others.

use super::*;

const DOCUMENTED: &str = include_str!("../../../../tests/it/gateways/keys/documented.pem");
const ALIPAY: &str = include_str!("../../../../tests/it/gateways/keys/alipay.pem");
const CERTIFICATE: &str = include_str!("../../../../tests/it/gateways/keys/platform1.crt");
const PLATFORM: &str = include_str!("../../../../tests/it/gateways/keys/platform1.pem");
/// The public half of `alipay.pem`, as `openssl rsa -pubout` writes it.
const ALIPAY_PUBLIC: &str = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAt4KU59GfAoaB7LMQ4iMHn4016O+PktdTEyioF8ZfjnmbcJDxKIQ0Bdrr41sHX3lCdtCaV1s3AtfzvW8wrA51H/O7inJY50bZjH8/a5/UErViLjgO6/woyz5V0obpQk3/o6kqXYB2Vt3wCw2nK7ysM1n09FbTVyLhR3eJbmt6W90aapkqI22ofBxu5QO8JMZ/+OV4/F/VjsuR2uC4CHRdbCq+sLdJRvrn8/D988Ay1lYos3mMe82pNN7GxtJ2dz/iwEWePzeoh81ZZ1MogWwc4lwh9xraT3aiU29ehlLX0JVGYLBnC1sbEmfF7lO6zBblc/NrxK6uhCvuiPIPLgxL7QIDAQAB"; // ://

fn bare(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with("-----")).collect()
}

#[test]
fn keys_are_read_as_they_are_handed_out() {
    // PKCS#8 with its frame, PKCS#1 with it and without.
    for text in [DOCUMENTED.to_string(), ALIPAY.to_string(), bare(ALIPAY), bare(DOCUMENTED)] {
        assert!(Signer::read(&text).is_ok());
    }
    let alipay = Signer::read(ALIPAY).unwrap();
    let public = Verifier::read(ALIPAY_PUBLIC).unwrap();
    assert_eq!(alipay.verifier(), public);
    let framed = format!("-----BEGIN PUBLIC KEY-----\n{ALIPAY_PUBLIC}\n-----END PUBLIC KEY-----\n");
    assert_eq!(Verifier::read(&framed).unwrap(), public);
    for wrong in ["", "-----BEGIN PRIVATE KEY-----", "AAAA", "not base 64", CERTIFICATE] {
        assert!(Signer::read(wrong).is_err(), "{wrong}");
    }
    for wrong in ["", "AAAA", "MIIB", &bare(ALIPAY)[..40]] {
        assert!(Verifier::read(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_certificate_names_its_key_and_its_serial_number() {
    let found = Certificate::read(CERTIFICATE).unwrap();
    assert_eq!(found.serial, "5157F09EFDC096DE15EBE81A47057A7232F1B8E1");
    assert_eq!(found.key, Signer::read(PLATFORM).unwrap().verifier());
    // Cut anywhere, it is no certificate, and nothing breaks.
    let whole = bare(CERTIFICATE);
    for length in (0..whole.len() - 4).step_by(4) {
        if let Some(found) = Certificate::read(&whole[..length]) {
            panic!("{length}: {found:?}");
        }
    }
}

#[test]
fn what_was_signed_is_known_and_nothing_else_is() {
    let signer = Signer::read(ALIPAY).unwrap();
    let signature = signer.sign(b"tea");
    assert!(signer.verifier().is_right(b"tea", &signature));
    assert!(!signer.verifier().is_right(b"tee", &signature));
    let other = Signer::read(PLATFORM).unwrap();
    assert!(!other.verifier().is_right(b"tea", &signature));
    for wrong in ["", "AAAA", &signature[1..], &signature.replace('A', "B")] {
        assert!(!signer.verifier().is_right(b"tea", wrong));
    }
}

#[test]
fn what_is_sealed_is_opened_and_never_when_touched() {
    const KEY: &str = "0123456789abcdef0123456789abcdef";
    // Made with Python's `cryptography` 48 (AESGCM), an implementation that is not ours.
    let sealed = "q05Rql+CP90tOdpKefmMwphh1R17VFUeZ38Lsq3Po27nW3FYU/y1gQ==";
    let open_it = |key, nonce, besides, sealed: &str| open(key, nonce, besides, sealed);
    let found = open_it(KEY, "4de73afd28b6", "transaction", sealed).unwrap();
    assert_eq!(found, br#"{"out_trade_no":"pay_1"}"#);
    assert_eq!(seal(KEY, "4de73afd28b6", "transaction", &found).as_deref(), Some(sealed));
    let other = "1123456789abcdef0123456789abcdef";
    assert_eq!(open_it(other, "4de73afd28b6", "transaction", sealed), None);
    assert_eq!(open_it(KEY, "4de73afd28b7", "transaction", sealed), None);
    assert_eq!(open_it(KEY, "4de73afd28b6", "certificate", sealed), None);
    assert_eq!(open_it(KEY, "short", "transaction", sealed), None);
    assert_eq!(open_it("short", "4de73afd28b6", "transaction", sealed), None);
    assert_eq!(open_it(KEY, "4de73afd28b6", "transaction", &sealed.replace('q', "r")), None);
}

#[test]
fn a_mac_is_as_openssl_makes_it() {
    // printf '1492774577.{"id":"evt_1","object":"event"}' | openssl dgst -sha256 -hmac …
    let body = br#"{"id":"evt_1","object":"event"}"#;
    let mac = hmac_hex("whsec_test_secret", &[b"1492774577", b".", body]);
    assert_eq!(mac, "654b43d3508ecadb3f8cefc4bc7d3d2bdc5ba9e03bf2c89b2d0657a8e24e4543");
}
