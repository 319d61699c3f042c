//! The engine: one call's view of an endpoint, without the sizes of its memory.

use super::body::CONTROL_BODY_BYTES_MAX;
use super::control::{Control, KeptFrame};
use super::stats::{Stats, add};
use crate::observe::{Event, EventQueue};
use crate::profile::Policy;
use crate::secure::Channel;
use crate::session::{AnySession, CLOSE_BYTES, Failed, LAST_CLOSE_SEQUENCE, LastWords, Session};
use crate::stream::Streams;
use crate::transport::{BytePipe, Reassembler};
use crate::vocab::{
    ENVELOPE_OVERHEAD, EnvelopeClass, FailReason, Failure, FrameFacts, FrameKind, HEAD_BYTES, Lifecycle,
    MetadataClass, Role, SealRefusal,
};
use crate::wire::{self, FrameLimits, Header, frame_bytes};

/// The parts of an endpoint, borrowed for one call.
pub(super) struct Engine<'e, P> {
    pub policy: P,
    pub session: &'e mut AnySession<P>,
    pub control: &'e mut Control,
    pub stats: &'e mut Stats,
    pub pipe: BytePipe<'e>,
    pub slots: Reassembler<'e>,
    pub streams: Streams<'e>,
    pub events: &'e mut EventQueue,
}

impl<P: Policy> Engine<'_, P> {
    pub(super) fn lifecycle(&self) -> Option<Lifecycle> {
        self.session.lifecycle()
    }

    pub(super) fn has_keys(&self) -> bool {
        self.session.channel().is_some()
    }

    /// Data envelopes sealed so far.
    pub(super) fn data_sealed(&self) -> u64 {
        self.session.channel().map_or(0, Channel::data_sealed)
    }

    /// Data envelopes of the peer that have opened.
    pub(super) fn data_opened(&self) -> u64 {
        self.session.channel().map_or(0, Channel::data_opened)
    }

    /// Data envelopes of the peer below the highest that have not opened.
    pub(super) fn data_missing(&self) -> u64 {
        self.session.channel().map_or(0, Channel::data_missing)
    }

    /// Puts a session of another state into the slot.
    pub(super) fn enter(&mut self, session: impl Into<AnySession<P>>) {
        *self.session = session.into();
        if let Some(state) = self.session.lifecycle() {
            self.events.note(Event::State(state));
        }
    }

    /// Ends the session for a reason of this side.
    pub(super) fn fail(&mut self, reason: FailReason) {
        let ignored = match (&*self.session, reason) {
            (AnySession::Negotiating(session), FailReason::HandshakeTimeout) => session.last_reject(),
            (AnySession::Securing(session), FailReason::HandshakeTimeout) => session.last_reject(),
            _ => None,
        };
        self.fail_with(Failure { ignored, ..Failure::local(reason) });
    }

    /// Ends the session. What was queued is dropped; one last frame may tell the peer why.
    pub(super) fn fail_with(&mut self, failure: Failure) {
        let failed = match self.session.take() {
            AnySession::New(session) => session.fail_with(failure),
            AnySession::Negotiating(session) => session.fail_with(failure),
            AnySession::Securing(session) => session.fail_with(failure),
            AnySession::Open(session) => session.fail_with(failure),
            AnySession::Draining(session) => session.fail_with(failure),
            ended => {
                *self.session = ended;
                return;
            }
        };
        self.enter_failed(failed);
    }

    /// Takes a session that has failed by itself.
    pub(super) fn enter_failed(&mut self, failed: Session<Failed, P>) {
        let reason = failed.reason();
        self.pipe.clear();
        self.slots.clear();
        self.streams.clear();
        (self.control.waiting, self.control.turn) = (false, None);
        self.control.kept.clear();
        match failed.last_words() {
            LastWords::None => {}
            LastWords::Refusal(message) => {
                let header =
                    self.control_header(FrameKind::Control, 0, self.control.sequence.saturating_add(1));
                self.keep(&header, message);
            }
            LastWords::Close(envelope) => {
                let header = self.control_header(FrameKind::Close, 0, LAST_CLOSE_SEQUENCE);
                self.keep(&header, envelope);
            }
        }
        self.control.kept_due = !self.control.kept.is_empty();
        self.enter(failed);
        self.events.note(Event::Ended(reason.bucket()));
        self.flush_kept();
    }

    /// The header of a control frame.
    pub(super) fn control_header(&self, kind: FrameKind, stream: u32, sequence: u64) -> Header {
        control_header(kind, self.control.limits.role, self.control.class, stream, sequence)
    }

    /// Encodes a frame that may have to be said again.
    pub(super) fn keep(&mut self, header: &Header, payload: &[u8]) {
        write_kept(&mut self.control.kept, &self.policy, header, payload);
    }

    /// Queues the kept frame if it is due and there is room.
    pub(super) fn flush_kept(&mut self) {
        let kept = &self.control.kept;
        let kind = FrameKind::Control;
        if !self.control.kept_due || self.pipe.free(&self.policy, kind) < kept.len() {
            return;
        }
        let write = |place: &mut [u8]| {
            place.copy_from_slice(kept);
            Ok::<_, core::convert::Infallible>(())
        };
        self.control.kept_due = self.pipe.push(&self.policy, kind, kept.len(), write).is_err();
    }

    /// Seals a control envelope and queues its frame; `false` when there is no room for it now.
    pub(super) fn tell(&mut self, class: EnvelopeClass, stream: u32, body: &[u8]) -> bool {
        self.tell_and_keep(class, stream, body, false)
    }

    /// [`tell`](Self::tell), and keeps the frame to be said again.
    pub(super) fn tell_and_keep(
        &mut self,
        class: EnvelopeClass,
        stream: u32,
        body: &[u8],
        keep: bool,
    ) -> bool {
        let spec = *self.policy.spec();
        let kind = class.frame_kind();
        let payload_bytes = body.len().saturating_add(ENVELOPE_OVERHEAD);
        let bytes = frame_bytes(spec.checksum, payload_bytes);
        if self.pipe.free(&self.policy, kind) < bytes {
            return false;
        }
        let sequence = self.control.sequence.saturating_add(1);
        let facts = FrameFacts { stream, kind, metadata: MetadataClass::Runtime, first_sequence: sequence };
        let mut envelope = [0; ENVELOPE_OVERHEAD + CONTROL_BODY_BYTES_MAX];
        let Some(text) = envelope.get_mut(HEAD_BYTES..).and_then(|rest| rest.get_mut(..body.len())) else {
            return false;
        };
        text.copy_from_slice(body);
        let Some(channel) = self.session.channel_mut() else { return false };
        let sealed = match channel.seal(&self.policy, class, &facts, text) {
            Ok(sealed) => sealed,
            Err(SealRefusal::KeyLimit) => {
                self.fail(FailReason::KeyLimit);
                return false;
            }
            Err(_) => return false,
        };
        let tag_at = HEAD_BYTES.saturating_add(body.len());
        for (place, byte) in envelope.iter_mut().zip(sealed.head) {
            *place = byte;
        }
        for (place, byte) in envelope.iter_mut().skip(tag_at).zip(sealed.tag) {
            *place = byte;
        }
        let payload = envelope.get(..payload_bytes).unwrap_or(&[]);
        let header = self.control_header(kind, stream, sequence);
        self.control.sequence = sequence;
        if keep {
            self.keep(&header, payload);
        }
        let limits = spec.frame_limits(self.control.limits.role.peer());
        let write = |place: &mut [u8]| {
            let fill = |place: &mut [u8]| place.copy_from_slice(payload);
            wire::encode(&header, spec.checksum, payload_bytes, &limits, &self.policy, place, fill)
                .map(|_| ())
        };
        let queued = matches!(self.pipe.push(&self.policy, kind, bytes, write), Ok(Ok(())));
        debug_assert!(queued, "room was asked for");
        queued
    }

    /// Opens a control envelope that came in `payload`.
    pub(super) fn open_control(
        &mut self,
        facts: &FrameFacts,
        payload: &[u8],
    ) -> Result<([u8; CONTROL_BODY_BYTES_MAX], usize), crate::vocab::EnvelopeReject> {
        use crate::vocab::EnvelopeReject;
        let mut envelope = [0; ENVELOPE_OVERHEAD + CONTROL_BODY_BYTES_MAX];
        let place = envelope.get_mut(..payload.len()).ok_or(EnvelopeReject::Shape)?;
        place.copy_from_slice(payload);
        let channel = self.session.channel_mut().ok_or(EnvelopeReject::WrongSession)?;
        let opened = channel.open(&self.policy, facts, false, place)?;
        if opened.class.is_data() {
            return Err(EnvelopeReject::HeaderMismatch);
        }
        let text = place.get(opened.body).unwrap_or(&[]);
        let mut body = [0; CONTROL_BODY_BYTES_MAX];
        for (place, byte) in body.iter_mut().zip(text) {
            *place = *byte;
        }
        Ok((body, text.len()))
    }

    /// Counts a frame that leaves.
    pub(super) fn count_sent(&mut self, bytes: usize) {
        add(&mut self.stats.frames_sent, 1);
        add(&mut self.stats.bytes_sent, bytes);
    }
}

/// The header of a control frame of `sender`.
pub(super) const fn control_header(
    kind: FrameKind,
    sender: Role,
    session_class: u16,
    stream: u32,
    sequence: u64,
) -> Header {
    Header {
        kind,
        is_final: false,
        direction: sender.sends(),
        metadata: MetadataClass::Runtime,
        session_class,
        fragment_index: 0,
        fragment_count: 1,
        fragment_offset: 0,
        stream,
        sequence,
    }
}

/// Encodes a frame that is kept.
pub(super) fn write_kept<P: Policy>(kept: &mut KeptFrame, policy: &P, header: &Header, payload: &[u8]) {
    let spec = policy.spec();
    let limits = FrameLimits { direction: Some(header.direction), ..spec.frame_limits(Role::Client) };
    kept.clear();
    while kept.try_push(0).is_ok() {}
    let fill = |place: &mut [u8]| place.copy_from_slice(payload);
    let written =
        wire::encode(header, spec.checksum, payload.len(), &limits, policy, kept, fill).unwrap_or(0);
    debug_assert!(written != 0, "a kept frame is legal and fits");
    kept.truncate(written);
}

const _: () = assert!(CLOSE_BYTES <= CONTROL_BODY_BYTES_MAX);
