//! The handshake of both sides, and the key schedule.

use std::hint::black_box;

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use kurdistan::profile::{Fixed, Profile, SPEC_BYTES, Standard};
use kurdistan::secure::{Channel, Fresh, Prk, Secret};
use kurdistan::session::{Config, Open, Session};
use kurdistan::vocab::{Id, Role, Suite};
use sha2::{Digest, Sha256};

use crate::measure::Case;

const SECRET: &[u8] = b"32 random bytes, not these ones!";

type Side = Session<Open, Fixed<Standard>>;

pub fn config(role: Role) -> Config {
    let name = match role {
        Role::Client => "sensor",
        Role::Server => "host",
    };
    let id = |text| Id::new(text).expect("a legal id");
    Config::new(role, id(name), id("key-1"), Secret::new(SECRET).expect("a legal secret"))
}

/// Two open sessions, client and server, after all three messages.
#[inline]
pub fn open_pair() -> (Side, Side) {
    let side = |role, random| {
        let fresh = Fresh::from_random(black_box([random; 32]));
        Session::new(Fixed::<Standard>::new(), config(role), fresh).expect("a legal configuration")
    };
    let (client, hello) = side(Role::Client, 1).start().expect("a hello");
    let server = side(Role::Server, 2).listen().expect("a listener");
    let answered = server.receive(hello.as_bytes()).ok().and_then(|step| step.into_next());
    let (server, accept) = answered.expect("an accept");
    let answered = client.receive(accept.as_bytes()).ok().and_then(|step| step.into_next());
    let (client, confirm) = answered.expect("a confirm");
    let opened = server.receive(confirm.as_bytes()).ok().and_then(|step| step.into_next());
    (client.confirmed().expect("an open client"), opened.expect("an open server"))
}

/// The whole handshake against the hashes that its values are defined by, each computed once a side.
pub struct Handshake;

impl Case for Handshake {
    #[inline]
    fn operate(&mut self, _: usize) {
        let _ = black_box(open_pair());
    }

    #[inline]
    fn limit(&mut self, _: usize) {
        black_box([1, 2].map(one_side));
    }
}

/// Every output of a finished transcript against the expansions alone.
pub struct Schedule {
    own: Prk,
    hkdf: Hkdf<Sha256>,
    hash: [u8; 32],
}

impl Schedule {
    pub fn new() -> Self {
        let secret = Secret::new(SECRET).expect("a legal secret");
        let own = Prk::new(&secret, Id::new("sensor").expect("a legal id"), None);
        Self { own, hkdf: Hkdf::new(None, SECRET), hash: [9; 32] }
    }
}

impl Case for Schedule {
    #[inline]
    fn operate(&mut self, _: usize) {
        let hash = black_box(&self.hash);
        let limits = Standard::SPEC.replay_limits();
        let suite = Suite::ChaCha20Poly1305;
        black_box(Channel::new(Role::Client, suite, &self.own, hash, hash, limits));
    }

    #[inline]
    fn limit(&mut self, _: usize) {
        outputs(&self.hkdf, black_box(&self.hash));
    }
}

/// What one side of a handshake hashes: lengths and calls as the key schedule of `secure` defines them, nothing twice. A
/// label stands with its framing in one piece.
fn one_side(random: u8) -> [u8; 32] {
    let (hello, accept) = ([random; 150], [random; 123]);
    let mut nonce = [0; 32];
    let fresh = extract(b"kurdistan/1 nonce", &[random; 32]);
    expand(&fresh, b"   kurdistan/1 nonce ", &[0; 24], &mut nonce);
    let profile = Sha256::new().chain_update(b"kurdistan/1 profile").chain_update([0; 2 + SPEC_BYTES]);
    black_box(profile.finalize());

    let import = extract(b"kurdistan/1 import", black_box(SECRET));
    let names = Sha256::digest(black_box(b"\x06sensor\x00\x01"));
    let mut ipsk = [0; 32];
    expand(&import, b"   kurdistan/1 ipsk ", &names, &mut ipsk);
    let prk = extract(b"kurdistan/1 hkdf_sha256", &ipsk);
    black_box(tag(&prk, b"   kurdistan/1 binder ", b"", &hello[..118]));

    let transcript = Sha256::new().chain_update(b"kurdistan/1 transcript").chain_update([0; 2 + 2]);
    let transcript = transcript.chain_update(hello).chain_update([0; 2]).chain_update(&accept[..91]);
    let th1 = transcript.clone().finalize();
    let server_tag = tag(&prk, b"   kurdistan/1 server confirm ", &th1, &th1);
    let transcript = transcript.chain_update(server_tag);
    let th2 = transcript.clone().finalize();
    let client_tag = tag(&prk, b"   kurdistan/1 client confirm ", &th2, &th2);
    let th3 = transcript.chain_update([0; 4]).chain_update(client_tag).finalize();
    outputs(&prk, &th3.into());
    nonce
}

/// Four keys, four bases, the session id and the exporter.
#[inline]
fn outputs(prk: &Hkdf<Sha256>, hash: &[u8; 32]) {
    const KEYS: [&[u8]; 4] = [
        b"   kurdistan/1 chacha20_poly1305 client data key ",
        b"   kurdistan/1 chacha20_poly1305 server data key ",
        b"   kurdistan/1 chacha20_poly1305 client control key ",
        b"   kurdistan/1 chacha20_poly1305 server control key ",
    ];
    const BASES: [&[u8]; 4] = [
        b"   kurdistan/1 chacha20_poly1305 client data base ",
        b"   kurdistan/1 chacha20_poly1305 server data base ",
        b"   kurdistan/1 chacha20_poly1305 client control base ",
        b"   kurdistan/1 chacha20_poly1305 server control base ",
    ];
    for (key_label, base_label) in KEYS.into_iter().zip(BASES) {
        let (mut key, mut base) = ([0; 32], [0; 12]);
        expand(prk, key_label, hash, &mut key);
        expand(prk, base_label, hash, &mut base);
        black_box((key, base));
    }
    let (mut session_id, mut exporter) = ([0; 16], [0; 32]);
    expand(prk, b"   kurdistan/1 session id ", hash, &mut session_id);
    expand(prk, b"   kurdistan/1 exporter ", hash, &mut exporter);
    black_box((session_id, exporter));
}

#[inline]
fn extract(label: &[u8], secret: &[u8]) -> Hkdf<Sha256> {
    Hkdf::new(Some(&Sha256::digest(label)), black_box(secret))
}

#[inline]
fn expand(prk: &Hkdf<Sha256>, label: &[u8], context: &[u8], out: &mut [u8]) {
    prk.expand_multi_info(&[label, context], out).expect("a short output");
}

#[inline]
fn tag(prk: &Hkdf<Sha256>, label: &[u8], context: &[u8], text: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    expand(prk, label, context, &mut key);
    let mac = Hmac::<Sha256>::new_from_slice(&key).expect("any length of key");
    mac.chain_update(text).finalize().into_bytes().into()
}
