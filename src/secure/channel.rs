//! The secured channel of one session: keys, counters and windows of both directions.

use super::envelope::{associated_data, head, sequence_of};
use super::keys::{AEAD_TAG_BYTES, SealingKey};
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

/// Keys, counters and windows. Neither `Clone` nor `Debug`; every key is wiped when the channel is dropped.
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
    opened: u64,
    forged: u64,
    window: W,
}

/// The 64 sequences up to the highest, as bits.
struct ControlWindow {
    highest: u64,
    bits: u64,
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
        Self { seal, open, sealed: 0, opened: 0, forged: 0, window }
    }
}

impl Channel {
    /// The channel of `role` for a finished transcript.
    #[must_use]
    pub fn new(role: Role, suite: Suite, prk: &Prk, th2: &Hash, th3: &Hash, replay: ReplayLimits) -> Self {
        let Traffic { data, control, session_id } = prk.traffic(suite, th2);
        Self {
            role,
            replay,
            session_id,
            th3: *th3,
            exporter: prk.exporter(th3),
            data: Domain::new(role, data, ReplayRing::EMPTY),
            control: Domain::new(role, control, ControlWindow { highest: 0, bits: 0 }),
        }
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
        let (key, sealed) = if class.is_data() {
            (&self.data.seal, &mut self.data.sealed)
        } else {
            (&self.control.seal, &mut self.control.sealed)
        };
        let bytes =
            u16::try_from(body.len().saturating_add(ENVELOPE_OVERHEAD)).map_err(|_| SealRefusal::TooLong)?;
        let sequence = rules.next_envelope_sequence(*sealed)?;
        let head = head(class, sequence);
        let bound = associated_data(head, &self.session_id, self.role.sends(), &self.th3, frame, bytes);
        let bound = bound.get(..rules.bound_bytes(bound.len())).unwrap_or(&[]);
        let tag = key.seal(rules.nonce_index(sequence), bound, body).ok_or(SealRefusal::TooLong)?;
        *sealed = sequence;
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

    /// Both counts: what a close tells.
    #[must_use]
    pub const fn counts(&self) -> Counts {
        Counts { sealed: self.data.sealed, opened: self.data.opened }
    }

    /// Whether either key has refused as many forgeries as it may.
    #[must_use]
    pub fn forgery_limit_reached<R: Guards + ?Sized>(&self, rules: &R) -> bool {
        !rules.forgeries_left(self.data.forged, self.data.open.forgeries_max())
            || !rules.forgeries_left(self.control.forged, self.control.open.forgeries_max())
    }

    /// Fills `out` with bytes that only the two peers of this session know.
    ///
    /// # Errors
    /// [`ExportError`] when the label or the output is too long.
    pub fn export(&self, label: &str, context: &[u8], out: &mut [u8]) -> Result<(), ExportError> {
        self.exporter.export(label, context, out)
    }
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
