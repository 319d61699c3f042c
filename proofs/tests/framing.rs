//! Where one field ends and the next begins is part of every hash: two splits of the same bytes never come to the same value.

use kurdistan::secure::{Channel, Prk, Secret, Transcript};
use kurdistan::vocab::{ChecksumClass, Id, ReplayLimits, ReplayPolicy, Role, Suite};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

fn prk(client: &str, server: Option<&str>) -> Prk {
    let secret = Secret::new(b"an arbitrary secret of the tests").expect("a legal secret");
    let id = |text| Id::new(text).expect("a legal id");
    Prk::new(&secret, id(client), server.map(id))
}

/// What a session exports that ended with this transcript.
fn export(label: &str, context: &[u8], bytes: usize) -> Vec<u8> {
    let replay = ReplayLimits { policy: ReplayPolicy::WindowedReplay, width: 64 };
    let prk = prk("client", None);
    let channel = Channel::new(Role::Client, Suite::ChaCha20Poly1305, &prk, &[2; 32], &[3; 32], replay);
    let mut out = vec![0; bytes];
    channel.expect("the suite of every build").export(label, context, &mut out).expect("a legal length");
    out
}

proptest! {
    /// Hello and accept side by side, the boundary in two places.
    #[test]
    fn transcripts_of_two_splits_differ(text in vec(any::<u8>(), 1..300), first: Index, second: Index) {
        let [first, second] = [first, second].map(|split| split.index(text.len() + 1));
        prop_assume!(first != second);
        let hash = |at: usize, class| Transcript::new(class, &text[..at]).accept(&text[at..]);
        for class in ChecksumClass::ALL {
            let [(one, th1), (other, other_th1)] = [hash(first, *class), hash(second, *class)];
            prop_assert_ne!(th1, other_th1);
            // What follows does not bring them together again.
            prop_assert_ne!(one.server_tag(&[7; 32]).1, other.server_tag(&[7; 32]).1);
        }
        let hashes: std::collections::HashSet<_> =
            ChecksumClass::ALL.iter().map(|class| hash(first, *class).1).collect();
        prop_assert_eq!(hashes.len(), ChecksumClass::ALL.len());
    }

    /// The tag behind the accept is no part of it: its bytes may not move over.
    #[test]
    fn a_tag_is_not_the_end_of_an_accept(accept in vec(any::<u8>(), 0..200), tag: [u8; 32], more in 1_usize..32) {
        let whole = [&accept[..], &tag].concat();
        let (_, th2) = Transcript::new(ChecksumClass::Crc32c, b"hello").accept(&accept).0.server_tag(&tag);
        let (_, longer) = Transcript::new(ChecksumClass::Crc32c, b"hello").accept(&whole);
        prop_assert_ne!(th2, longer);
        let moved = Transcript::new(ChecksumClass::Crc32c, b"hello").accept(&whole[..accept.len() + more]).0;
        let mut rest = [0; 32];
        rest[..32 - more].copy_from_slice(&tag[more..]);
        prop_assert_ne!(th2, moved.server_tag(&rest).1);
    }

    /// The two ids in ipsk, of which the second may be missing.
    #[test]
    fn ids_of_two_splits_make_different_keys(text in "[a-z0-9]{2,16}", first: Index, second: Index) {
        let [first, second] = [first, second].map(|split| split.index(text.len()) + 1);
        prop_assume!(first != second);
        let binder = |at: usize| {
            let server = Some(&text[at..]).filter(|server| !server.is_empty());
            prk(&text[..at], server).binder(b"hello")
        };
        prop_assert_ne!(binder(first), binder(second));
    }

    /// Label and context of an export, and its length.
    #[test]
    fn exports_of_two_splits_differ(text in "[ -~]{1,200}", first: Index, second: Index, bytes in 16_usize..100) {
        let [first, second] = [first, second].map(|split| split.index(text.len() + 1));
        let value = |at: usize, bytes| export(&text[..at], &text.as_bytes()[at..], bytes);
        if first != second {
            prop_assert_ne!(value(first, bytes), value(second, bytes));
        }
        let longer = value(first, bytes + 1);
        prop_assert_ne!(value(first, bytes), &longer[..bytes], "a shorter export is no prefix of a longer one");
    }
}
