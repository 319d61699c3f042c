//! The secured channel of one session: keys, counters and windows of both directions.

use super::envelope::{AD_BYTES, associated_data, head, sequence_of};
use super::keys::{AEAD_TAG_BYTES, BASE_BYTES_MAX, SealingKey};
use super::schedule::{Exporter, Prk, Traffic};
use super::{ExportError, Hash, Opened, ReplayRing, Sealed};
use crate::guard::Guards;
use crate::guard::lifecycle::Counts;
use crate::vocab::{
    ENVELOPE_OVERHEAD, EnvelopeClass, EnvelopeReject, FrameFacts, HEAD_BYTES, ReplayLimits, ReplayPolicy,
    Role, SealRefusal, Suite,
};

/// Control envelopes are restated, never retransmitted: a short window is enough.
const CONTROL: ReplayLimits = ReplayLimits { policy: ReplayPolicy::WindowedReplay, width: 64 };

/// Keys, counters and windows. Not `Clone`; printing it shows counters and windows, and no key, base, id or hash. Every key is
/// wiped when the channel is dropped.
pub struct Channel {
    role: Role,
    replay: ReplayLimits,
    session_id: [u8; 16],
    th3: Hash,
    exporter: Exporter,
    data: Domain<ReplayRing>,
    control: Domain<ControlWindow>,
}

const _: () = assert!(size_of::<Channel>() <= 528);

/// The keys of one domain, for both directions.
struct Domain<W> {
    seal: SealingKey,
    open: SealingKey,
    sealed: u64,
    /// Bytes that the sealing key has worked through.
    bytes: u64,
    opened: u64,
    forged: u64,
    window: W,
}

/// The 64 sequences up to the highest, as bits.
#[derive(Debug)]
struct ControlWindow {
    highest: u64,
    bits: u64,
}

impl core::fmt::Debug for Channel {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Channel")
            .field("replay", &self.replay)
            .field("data", &self.data)
            .field("control", &self.control)
            .finish_non_exhaustive()
    }
}

impl<W: core::fmt::Debug> core::fmt::Debug for Domain<W> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Domain")
            .field("sealed", &self.sealed)
            .field("opened", &self.opened)
            .field("forged", &self.forged)
            .field("window", &self.window)
            .finish_non_exhaustive()
    }
}

/// What both windows can do.
trait Window {
    fn peek<R: Guards + ?Sized>(
        &self,
        limits: ReplayLimits,
        sequence: u64,
        rules: &R,
    ) -> Result<(), EnvelopeReject>;
    fn commit(&mut self, sequence: u64);
}

impl Window for ReplayRing {
    #[inline]
    fn peek<R: Guards + ?Sized>(
        &self,
        limits: ReplayLimits,
        sequence: u64,
        rules: &R,
    ) -> Result<(), EnvelopeReject> {
        Self::peek(self, limits.policy, limits.width, sequence, rules)
    }

    #[inline]
    fn commit(&mut self, sequence: u64) {
        Self::commit(self, sequence);
    }
}

impl Window for ControlWindow {
    fn peek<R: Guards + ?Sized>(
        &self,
        limits: ReplayLimits,
        sequence: u64,
        rules: &R,
    ) -> Result<(), EnvelopeReject> {
        let ReplayLimits { policy, width } = limits;
        let back = u32::try_from(self.highest.saturating_sub(sequence)).unwrap_or(u32::MAX);
        let seen = sequence <= self.highest && 1_u64.unbounded_shl(back) & self.bits != 0;
        let highest = self.highest;
        rules.replay(crate::guard::envelope::ReplayFacts { policy, width, highest, sequence, seen })
    }

    fn commit(&mut self, sequence: u64) {
        if let Some(ahead) = sequence.checked_sub(self.highest) {
            self.bits = self.bits.unbounded_shl(u32::try_from(ahead).unwrap_or(u32::MAX)) | 1;
            self.highest = sequence;
        } else {
            let back = u32::try_from(self.highest.saturating_sub(sequence)).unwrap_or(u32::MAX);
            self.bits |= 1_u64.unbounded_shl(back);
        }
    }
}

impl<W> Domain<W> {
    fn new(role: Role, [client, server]: [SealingKey; 2], window: W) -> Self {
        let (seal, open) = match role {
            Role::Client => (client, server),
            Role::Server => (server, client),
        };
        Self { seal, open, sealed: 0, bytes: 0, opened: 0, forged: 0, window }
    }
}

impl Channel {
    /// The channel of `role` for a finished transcript; `None` when this build does not have the suite.
    #[must_use]
    pub fn new(
        role: Role,
        suite: Suite,
        prk: &Prk,
        th2: &Hash,
        th3: &Hash,
        replay: ReplayLimits,
    ) -> Option<Self> {
        let Traffic { data, control, session_id } = prk.traffic(suite, th2)?;
        Some(Self {
            role,
            replay,
            session_id,
            th3: *th3,
            exporter: prk.exporter(th3),
            data: Domain::new(role, data, ReplayRing::EMPTY),
            control: Domain::new(role, control, ControlWindow { highest: 0, bits: 0 }),
        })
    }

    /// Seals `body` in place. A sequence is used up exactly when this succeeds.
    ///
    /// # Errors
    /// [`SealRefusal`]; the body is unchanged.
    #[inline]
    pub fn seal<R: Guards + ?Sized>(
        &mut self,
        rules: &R,
        class: EnvelopeClass,
        frame: &FrameFacts,
        body: &mut [u8],
    ) -> Result<Sealed, SealRefusal> {
        let (key, sealed, key_bytes) = if class.is_data() {
            (&self.data.seal, &mut self.data.sealed, &mut self.data.bytes)
        } else {
            (&self.control.seal, &mut self.control.sealed, &mut self.control.bytes)
        };
        let bytes =
            u16::try_from(body.len().saturating_add(ENVELOPE_OVERHEAD)).map_err(|_| SealRefusal::TooLong)?;
        let limits = key.limits();
        let sequence = rules.next_envelope_sequence(*sealed, limits.envelopes)?;
        let worked = rules.key_bytes(*key_bytes, worked_bytes(body.len()), limits.bytes)?;
        let head = head(class, sequence);
        let bound = associated_data(head, &self.session_id, self.role.sends(), &self.th3, frame, bytes);
        let bound = bound.get(..rules.bound_bytes(bound.len())).unwrap_or(&[]);
        let tag = key.seal(rules.nonce_index(sequence), bound, body).ok_or(SealRefusal::TooLong)?;
        *sealed = sequence;
        *key_bytes = worked;
        Ok(Sealed { head, tag })
    }

    /// Opens a whole envelope in place: shape, replay (look), AEAD, fit of class and frame, replay (mark).
    ///
    /// # Errors
    /// [`EnvelopeReject`]. Nothing but the count of forgeries has changed, except for `Gap`, `HeaderMismatch`, which only a
    /// genuine envelope brings about; on `OpenFailed` the envelope is wiped.
    #[inline]
    pub fn open<R: Guards + ?Sized>(
        &mut self,
        rules: &R,
        frame: &FrameFacts,
        is_final: bool,
        envelope: &mut [u8],
    ) -> Result<Opened, EnvelopeReject> {
        let class = rules.envelope_class(envelope.first().copied().unwrap_or(0))?;
        let bytes = u16::try_from(envelope.len()).map_err(|_| EnvelopeReject::Shape)?;
        let binding = Binding { session_id: &self.session_id, th3: &self.th3, role: self.role, frame, bytes };
        if class.is_data() {
            open(rules, &mut self.data, self.replay, &binding, class, is_final, envelope)
        } else {
            open(rules, &mut self.control, CONTROL, &binding, class, is_final, envelope)
        }
    }

    /// Data envelopes sealed so far, which is also the last data sequence.
    #[inline]
    #[must_use]
    pub const fn data_sealed(&self) -> u64 {
        self.data.sealed
    }

    /// Data envelopes of the peer that have opened.
    #[inline]
    #[must_use]
    pub const fn data_opened(&self) -> u64 {
        self.data.opened
    }

    /// Data envelopes of the peer below the highest that have not opened. Under `ordered_only` they never will.
    #[must_use]
    pub const fn data_missing(&self) -> u64 {
        self.data.window.highest().saturating_sub(self.data.opened)
    }

    /// Both counts: what a close tells.
    #[must_use]
    pub const fn counts(&self) -> Counts {
        Counts { sealed: self.data.sealed, opened: self.data.opened }
    }

    /// Whether either key has refused as many forgeries as it may.
    #[must_use]
    pub fn forgery_limit_reached<R: Guards + ?Sized>(&self, rules: &R) -> bool {
        !rules.forgeries_left(self.data.forged, self.data.open.limits().forgeries)
            || !rules.forgeries_left(self.control.forged, self.control.open.limits().forgeries)
    }

    /// Fills `out` with bytes that only the two peers of this session know.
    ///
    /// # Errors
    /// [`ExportError`] when the label or the output is too long.
    pub fn export(&self, label: &str, context: &[u8], out: &mut [u8]) -> Result<(), ExportError> {
        self.exporter.export(label, context, out)
    }
}

/// The bytes that a key works through for one envelope: nonce, associated data and body, once to seal it and once to open it.
#[inline]
const fn worked_bytes(body: usize) -> u64 {
    let once = BASE_BYTES_MAX.saturating_add(AD_BYTES).saturating_add(body);
    (once as u64).saturating_mul(2)
}

/// What an envelope is bound to, besides its head.
struct Binding<'c> {
    session_id: &'c [u8; 16],
    th3: &'c Hash,
    role: Role,
    frame: &'c FrameFacts,
    bytes: u16,
}

#[inline]
fn open<R: Guards + ?Sized, W: Window>(
    rules: &R,
    domain: &mut Domain<W>,
    limits: ReplayLimits,
    binding: &Binding<'_>,
    class: EnvelopeClass,
    is_final: bool,
    envelope: &mut [u8],
) -> Result<Opened, EnvelopeReject> {
    let length = envelope.len();
    let (head, rest) = envelope.split_first_chunk_mut::<HEAD_BYTES>().ok_or(EnvelopeReject::Shape)?;
    let (body, tag) = rest.split_last_chunk_mut::<AEAD_TAG_BYTES>().ok_or(EnvelopeReject::Shape)?;
    let sequence = sequence_of(*head);
    // A gap is only true when the envelope is genuine: the verdict waits for the tag.
    let gap = match domain.window.peek(limits, sequence, rules) {
        Ok(()) => false,
        Err(EnvelopeReject::Gap) => true,
        Err(reject) => return Err(reject),
    };
    let direction = binding.role.receives();
    let bound =
        associated_data(*head, binding.session_id, direction, binding.th3, binding.frame, binding.bytes);
    let bound = bound.get(..rules.bound_bytes(bound.len())).unwrap_or(&[]);
    let verified = domain.open.open(rules.nonce_index(sequence), bound, body, tag);
    if let Err(reject) = rules.envelope_tag(verified) {
        domain.forged = domain.forged.saturating_add(1);
        envelope.fill(0);
        return Err(reject);
    }
    if gap {
        return Err(EnvelopeReject::Gap);
    }
    rules.envelope_header(class, binding.frame.kind, is_final)?;
    domain.window.commit(sequence);
    domain.opened = domain.opened.saturating_add(1);
    Ok(Opened { class, body: HEAD_BYTES..length.saturating_sub(AEAD_TAG_BYTES) })
}

#[cfg(test)]
mod limit_tests;

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::guard::Sound;
    use crate::secure::Secret;
    use crate::vocab::{FrameKind, Id, MetadataClass};
    use std::collections::BTreeSet;
    use std::vec::Vec;

    pub(super) const DATA: FrameFacts = FrameFacts {
        stream: 1,
        kind: FrameKind::Data,
        metadata: MetadataClass::Unspecified,
        first_sequence: 1,
    };
    pub(super) const CREDIT: FrameFacts =
        FrameFacts { kind: FrameKind::Control, metadata: MetadataClass::Runtime, ..DATA };
    pub(super) const WINDOWED: ReplayLimits =
        ReplayLimits { policy: ReplayPolicy::WindowedReplay, width: 128 };

    /// The channels of both sides, the client's first.
    pub(super) fn channels_of(suite: Suite, replay: ReplayLimits) -> [Channel; 2] {
        let secret = Secret::new(b"an arbitrary secret of the tests").unwrap();
        let prk = Prk::new(&secret, Id::new("client").unwrap(), None);
        [Role::Client, Role::Server]
            .map(|role| Channel::new(role, suite, &prk, &[2; 32], &[3; 32], replay).unwrap())
    }

    fn channels(replay: ReplayLimits) -> [Channel; 2] {
        channels_of(Suite::ChaCha20Poly1305, replay)
    }

    pub(super) fn sealed(from: &mut Channel, class: EnvelopeClass, facts: &FrameFacts) -> Vec<u8> {
        let mut body = *b"some text";
        let Sealed { head, tag } = from.seal(&Sound, class, facts, &mut body).unwrap();
        [&head[..], &body, &tag].concat()
    }

    pub(super) fn opens(to: &mut Channel, facts: &FrameFacts, envelope: &[u8]) -> Result<(), EnvelopeReject> {
        let mut envelope = Vec::from(envelope);
        let opened = to.open(&Sound, facts, false, &mut envelope)?;
        assert_eq!(&envelope[opened.body], b"some text");
        Ok(())
    }

    pub(super) fn forged(envelope: &[u8]) -> Vec<u8> {
        let mut forged = Vec::from(envelope);
        *forged.last_mut().unwrap() ^= 1;
        forged
    }

    #[test]
    fn the_control_window_agrees_with_a_set_of_64() {
        let (mut window, mut seen, mut state) =
            (ControlWindow { highest: 0, bits: 0 }, BTreeSet::new(), 7_u64);
        for _ in 0..50_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let sequence = (window.highest + (state >> 33) % 150).saturating_sub(120 + (state >> 60));
            let highest = seen.last().copied().unwrap_or(0);
            let fresh = sequence > 0 && sequence + 64 > highest && !seen.contains(&sequence);
            let verdict = window.peek(CONTROL, sequence, &Sound);
            assert_eq!(verdict.is_ok(), fresh, "{sequence} below {highest}");
            if fresh {
                window.commit(sequence);
                seen.insert(sequence);
                assert_eq!(window.peek(CONTROL, sequence, &Sound), Err(EnvelopeReject::Duplicate));
            }
        }
        assert!(seen.len() > 1_000);
    }

    #[test]
    fn the_edges_of_the_control_window() {
        let mut window = ControlWindow { highest: 0, bits: 0 };
        assert_eq!(window.peek(CONTROL, 0, &Sound), Err(EnvelopeReject::Old));
        for (sequence, verdict) in [
            (100, Ok(())),
            (37, Ok(())),
            (36, Err(EnvelopeReject::Old)),
            (37, Err(EnvelopeReject::Duplicate)),
            (101, Ok(())),
            (37, Err(EnvelopeReject::Old)),
            (38, Ok(())),
            (100, Err(EnvelopeReject::Duplicate)),
            (1 << 50, Ok(())),
            (101, Err(EnvelopeReject::Old)),
            ((1 << 50) - 63, Ok(())),
            ((1 << 50) - 64, Err(EnvelopeReject::Old)),
        ] {
            let found = window.peek(CONTROL, sequence, &Sound);
            assert_eq!(found, verdict, "{sequence}");
            if found.is_ok() {
                window.commit(sequence);
            }
        }
    }

    #[test]
    fn control_envelopes_open_once_whatever_the_profile_says_of_data() {
        for policy in [ReplayPolicy::StrictNoReorder, ReplayPolicy::WindowedReplay] {
            let [mut client, mut server] = channels(ReplayLimits { policy, width: 32 });
            let envelopes: Vec<_> =
                (0..3).map(|_| sealed(&mut client, EnvelopeClass::Credit, &CREDIT)).collect();
            for place in [2, 0, 1] {
                assert_eq!(opens(&mut server, &CREDIT, &envelopes[place]), Ok(()));
                let again = opens(&mut server, &CREDIT, &envelopes[place]);
                assert_eq!(again, Err(EnvelopeReject::Duplicate), "{place}");
            }
            assert_eq!(server.counts(), Counts { sealed: 0, opened: 0 }, "control is not counted");
        }
    }

    #[test]
    fn only_a_tag_that_does_not_verify_is_a_forgery() {
        let [mut client, mut server] = channels(WINDOWED);
        let envelope = sealed(&mut client, EnvelopeClass::Data, &DATA);
        opens(&mut server, &DATA, &envelope).unwrap();
        assert_eq!(opens(&mut server, &DATA, &forged(&envelope)), Err(EnvelopeReject::Duplicate));
        assert_eq!(opens(&mut server, &DATA, &envelope[..23]), Err(EnvelopeReject::Shape));
        assert_eq!(opens(&mut server, &DATA, &[]), Err(EnvelopeReject::Shape));
        assert_eq!((server.data.forged, server.control.forged), (0, 0));
    }

    #[test]
    fn a_strict_gap_waits_for_the_tag_and_marks_nothing() {
        let strict = ReplayLimits { policy: ReplayPolicy::StrictNoReorder, width: 32 };
        let [mut client, mut server] = channels(strict);
        let [first, second] = [(), ()].map(|()| sealed(&mut client, EnvelopeClass::Data, &DATA));
        let refused = opens(&mut server, &DATA, &forged(&second));
        assert_eq!(refused, Err(EnvelopeReject::OpenFailed), "a forged gap is a forgery");
        assert_eq!(server.data.forged, 1);
        assert_eq!(opens(&mut server, &DATA, &second), Err(EnvelopeReject::Gap));
        assert_eq!((server.data_opened(), server.data.forged), (0, 1));
        assert_eq!(opens(&mut server, &DATA, &first), Ok(()));
        assert_eq!(opens(&mut server, &DATA, &second), Ok(()));
        assert_eq!(server.data_opened(), 2);
    }

    #[test]
    fn a_misplaced_envelope_is_neither_marked_nor_counted() {
        let [mut client, mut server] = channels(WINDOWED);
        let envelope = sealed(&mut client, EnvelopeClass::Data, &DATA);
        let misplaced = server.open(&Sound, &DATA, true, &mut envelope.clone());
        assert_eq!(misplaced, Err(EnvelopeReject::HeaderMismatch));
        assert_eq!((server.data_opened(), server.data.forged), (0, 0));
        assert_eq!(opens(&mut server, &DATA, &envelope), Ok(()));
        assert_eq!(server.data_opened(), 1);
    }

    #[test]
    fn what_is_too_long_uses_no_sequence() {
        let [mut client, _] = channels(WINDOWED);
        let mut long = std::vec![1; usize::from(u16::MAX) - ENVELOPE_OVERHEAD + 1];
        let refused = client.seal(&Sound, EnvelopeClass::Data, &DATA, &mut long);
        assert_eq!(refused, Err(SealRefusal::TooLong));
        assert_eq!((client.data_sealed(), long[0]), (0, 1));
        long.pop();
        assert!(client.seal(&Sound, EnvelopeClass::Data, &DATA, &mut long).is_ok());
        assert_eq!(client.data_sealed(), 1);
    }
}
