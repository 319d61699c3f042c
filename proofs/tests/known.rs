//! Known answers of others: Wycheproof's for every suite of this build and for HKDF-SHA256, RFC 5869's, and the catalogue's of
//! the checksums.
//!
//! The suites are asked through [`SealingKey`], the way a session seals: with index 0 the nonce is the base. HKDF is asked
//! directly, in the version that the key schedule uses: the schedule frames every label, so no published info fits through it,
//! and the handshakes of `tests/vectors` hold the framing.

use hkdf::Hkdf;
use kurdistan::secure::SealingKey;
use kurdistan::vocab::{ChecksumClass, Suite, SuiteSet};
use kurdistan::wire::checksum;
use sha2::Sha256;
use wycheproof::TestResult;
use wycheproof::aead::{Test, TestName, TestSet};

/// What a set of tests came to.
#[derive(Debug, Default, PartialEq, Eq)]
struct Count {
    valid: usize,
    invalid: usize,
    /// Key, nonce or tag of a length that the suite does not have.
    foreign: usize,
}

fn run(suite: Suite, name: TestName) -> Count {
    let set = TestSet::load(name).expect("the tests of the crate");
    let mut count = Count::default();
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let key = SealingKey::new(suite, &test.key, &test.nonce);
        match (key, <[u8; 16]>::try_from(&test.tag[..])) {
            (Some(key), Ok(tag)) => {
                judge(&key, test, &tag);
                *(if test.result == TestResult::Valid { &mut count.valid } else { &mut count.invalid }) += 1;
            }
            _ => count.foreign += 1,
        }
    }
    count
}

fn judge(key: &SealingKey, test: &Test, tag: &[u8; 16]) {
    let mut body = test.ct.to_vec();
    let opened = key.open(0, &test.aad, &mut body, tag);
    match test.result {
        TestResult::Valid => {
            assert!(opened && body == test.pt[..], "test {}", test.tc_id);
            let sealed = key.seal(0, &test.aad, &mut body).expect("a body of legal length");
            assert!(sealed == *tag && body == test.ct[..], "test {}", test.tc_id);
        }
        TestResult::Invalid | TestResult::Acceptable => {
            assert!(!opened, "test {}", test.tc_id);
            assert!(body.iter().all(|byte| *byte == 0), "test {} leaves something", test.tc_id);
        }
    }
}

#[test]
fn every_suite_of_this_build_has_the_answers_of_wycheproof() {
    for (suite, name, expected) in [
        (Suite::ChaCha20Poly1305, TestName::ChaCha20Poly1305, Count { valid: 256, invalid: 60, foreign: 9 }),
        (Suite::AsconAead128, TestName::AsconAead128, Count { valid: 128, invalid: 124, foreign: 0 }),
        (Suite::Aes256Gcm, TestName::AesGcm, Count { valid: 39, invalid: 27, foreign: 250 }),
    ] {
        if SuiteSet::COMPILED.has(suite) {
            assert_eq!(run(suite, name), expected, "{suite}");
        }
    }
}

#[test]
fn hkdf_has_the_answers_of_wycheproof() {
    use wycheproof::hkdf::{TestName, TestSet};
    let set = TestSet::load(TestName::HkdfSha256).expect("the tests of the crate");
    let mut count = Count::default();
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let mut okm = vec![0; test.size];
        let expanded = Hkdf::<Sha256>::new(Some(&test.salt), &test.ikm).expand(&test.info, &mut okm);
        assert_eq!(expanded.is_ok(), test.result == TestResult::Valid, "test {}", test.tc_id);
        if expanded.is_ok() {
            assert!(okm == test.okm[..], "test {}", test.tc_id);
            count.valid += 1;
        } else {
            count.invalid += 1;
        }
    }
    assert_eq!(count, Count { valid: 83, invalid: 3, foreign: 0 });
}

fn bytes(range: std::ops::RangeInclusive<u8>) -> Vec<u8> {
    range.collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// RFC 5869 appendix A, the three cases with SHA-256.
#[test]
fn hkdf_has_the_answers_of_rfc_5869() {
    let cases = [
        (
            vec![0x0b; 22],
            bytes(0..=0x0c),
            bytes(0xf0..=0xf9),
            "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        ),
        (
            bytes(0..=0x4f),
            bytes(0x60..=0xaf),
            bytes(0xb0..=0xff),
            "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c\
             59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71\
             cc30c58179ec3e87c14c01d5c1f3434f1d87",
        ),
        (
            vec![0x0b; 22],
            Vec::new(),
            Vec::new(),
            "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
        ),
    ];
    for (ikm, salt, info, prk, okm) in cases {
        let (found, hkdf) = Hkdf::<Sha256>::extract(Some(&salt), &ikm);
        assert_eq!(hex(&found), prk);
        let mut out = vec![0; okm.len() / 2];
        hkdf.expand(&info, &mut out).expect("a legal length");
        assert_eq!(hex(&out), okm);
    }
}

/// The catalogue of parametrised CRC algorithms: the check over `123456789`, and the residue that is left of any message with
/// its own checksum behind it.
#[test]
fn checksums_have_the_checks_and_residues_of_the_catalogue() {
    for (class, check, residue) in [
        (ChecksumClass::Crc16, 0x906e, 0xf0b8),
        (ChecksumClass::Crc32c, 0xe306_9283, 0xb798_b438),
        (ChecksumClass::Crc32Autosar, 0x1697_d06a, 0x904c_ddbf),
    ] {
        assert_eq!(checksum(class, b"123456789"), check, "{class}");
        let ones = u32::MAX >> (32 - 8 * class.bytes());
        for length in 0..70 {
            let mut message: Vec<u8> = (0..length).map(|at: u8| at.wrapping_mul(11) ^ 5).collect();
            let sum = checksum(class, &message).to_le_bytes();
            message.extend_from_slice(&sum[..class.bytes()]);
            assert_eq!(checksum(class, &message) ^ ones, residue, "{class} of {length} bytes");
        }
    }
}
