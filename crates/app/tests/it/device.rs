//! A device that holds passkeys, in software: it makes keys and signs as an authenticator does, and
//! does each thing wrong that a test asks for.

use app::passkey::{
    AddPasskey, NewPasskeyOptions, PasskeyMade, PasskeyOptions, PasskeySigned, SignInWithPasskey,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use minicbor::Encoder;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::json;
use sha2::{Digest, Sha256};

pub fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// One key on a device.
pub struct Device {
    pair: EcdsaKeyPair,
    pub id: Vec<u8>,
    pub origin: String,
    pub party: String,
    /// Present and verified; what else is said is added where it belongs.
    pub flags: u8,
    pub count: u32,
    /// Whose it says it is.
    pub handle: String,
    pub cross_origin: bool,
}

impl Device {
    pub fn new(origin: &str, party: &str) -> Device {
        let chance = SystemRandom::new();
        let kind = &ECDSA_P256_SHA256_ASN1_SIGNING;
        let made = EcdsaKeyPair::generate_pkcs8(kind, &chance).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(kind, made.as_ref(), &chance).unwrap();
        let id = Sha256::digest(pair.public_key().as_ref())[..20].to_vec();
        let (origin, party) = (origin.to_string(), party.to_string());
        let handle = String::new();
        Device { pair, id, origin, party, flags: 5, count: 0, handle, cross_origin: false }
    }

    fn client_data(&self, kind: &str, challenge: &str) -> Vec<u8> {
        let cross = self.cross_origin;
        let said = json!({
            "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": cross,
        });
        said.to_string().into_bytes()
    }

    fn says(&self, flags: u8) -> Vec<u8> {
        let mut said = Sha256::digest(self.party.as_bytes()).to_vec();
        said.push(self.flags | flags);
        said.extend_from_slice(&self.count.to_be_bytes());
        said
    }

    /// Its public half in COSE.
    fn cose(&self) -> Vec<u8> {
        let point = self.pair.public_key().as_ref();
        let mut key = Encoder::new(Vec::new());
        key.map(5).unwrap().i8(1).unwrap().i8(2).unwrap().i8(3).unwrap().i8(-7).unwrap();
        key.i8(-1).unwrap().i8(1).unwrap();
        key.i8(-2).unwrap().bytes(&point[1..33]).unwrap();
        key.i8(-3).unwrap().bytes(&point[33..]).unwrap();
        key.into_writer()
    }

    /// Makes its key for whoever is asked for.
    pub fn make(&mut self, options: &NewPasskeyOptions) -> AddPasskey {
        self.handle = options.user.id.clone();
        self.make_for(&options.challenge, "webauthn.create")
    }

    pub fn make_for(&self, challenge: &str, kind: &str) -> AddPasskey {
        let mut said = self.says(1 << 6);
        said.extend_from_slice(&[0; 16]);
        said.extend_from_slice(&(self.id.len() as u16).to_be_bytes());
        said.extend_from_slice(&self.id);
        said.extend_from_slice(&self.cose());
        let mut object = Encoder::new(Vec::new());
        object.map(3).unwrap().str("fmt").unwrap().str("none").unwrap();
        object.str("attStmt").unwrap().map(0).unwrap();
        object.str("authData").unwrap().bytes(&said).unwrap();
        let response = PasskeyMade {
            client_data: text(&self.client_data(kind, challenge)),
            attestation: text(&object.into_writer()),
        };
        AddPasskey { name: "Phone".into(), response }
    }

    /// Signs what it is given.
    pub fn sign(&mut self, options: &PasskeyOptions) -> SignInWithPasskey {
        self.count += 1;
        self.sign_for(&options.challenge, "webauthn.get")
    }

    pub fn sign_for(&self, challenge: &str, kind: &str) -> SignInWithPasskey {
        let (client_data, said) = (self.client_data(kind, challenge), self.says(0));
        let mut message = said.clone();
        message.extend_from_slice(&Sha256::digest(&client_data));
        let signature = self.pair.sign(&SystemRandom::new(), &message).unwrap();
        let response = PasskeySigned {
            client_data: text(&client_data),
            authenticator_data: text(&said),
            signature: text(signature.as_ref()),
            user_handle: Some(self.handle.clone()),
        };
        SignInWithPasskey { id: text(&self.id), response }
    }
}
