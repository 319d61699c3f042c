//! The plaintexts of the envelopes that the endpoint itself writes; the normative table stands in
//! [`secure`](crate::secure#envelope-normative).

use crate::guard::lifecycle::Counts;
use crate::session::CloseBody;
use crate::stream::StreamEnd;
use crate::vocab::{CloseReason, EnvelopeClass, FailReason, FrameKind};

/// Longest body of a control envelope, in bytes.
pub(super) const CONTROL_BODY_BYTES_MAX: usize = 17;

/// The plaintext of the end of a stream, in a buffer of the longer form, and its length.
pub(super) const fn end(end: StreamEnd, sent_bytes: u64) -> ([u8; 10], usize) {
    let [a, b, c, d, e, f, g, h] = sent_bytes.to_le_bytes();
    match end {
        StreamEnd::Error(code) => {
            let [i, j] = code.to_le_bytes();
            ([a, b, c, d, e, f, g, h, i, j], 10)
        }
        StreamEnd::Finished | StreamEnd::Reset(_) => ([a, b, c, d, e, f, g, h, 0, 0], 8),
    }
}

/// The end of a stream and its byte count, from a plaintext.
pub(super) fn parse_end(body: &[u8]) -> Option<(StreamEnd, u64)> {
    match *body {
        [a, b, c, d, e, f, g, h] => Some((StreamEnd::Finished, u64::from_le_bytes([a, b, c, d, e, f, g, h]))),
        [a, b, c, d, e, f, g, h, i, j] => {
            let code = u16::from_le_bytes([i, j]);
            Some((StreamEnd::Error(code), u64::from_le_bytes([a, b, c, d, e, f, g, h])))
        }
        _ => None,
    }
}

/// What a control envelope says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    Reset(u16),
    Credit(u64),
    Probe(u64),
    Answer(u64),
    Pressure(bool),
    Close(CloseReason, Counts),
    Failed(FailReason),
}

impl Said {
    /// The class of the envelope that says it.
    pub(super) const fn class(self) -> EnvelopeClass {
        match self {
            Self::Reset(_) => EnvelopeClass::Reset,
            Self::Credit(_) => EnvelopeClass::Credit,
            Self::Probe(_) | Self::Answer(_) => EnvelopeClass::Ping,
            Self::Pressure(_) => EnvelopeClass::Pressure,
            Self::Close(..) | Self::Failed(_) => EnvelopeClass::Close,
        }
    }
}

/// The meaning of a control envelope of this kind of frame.
pub(super) fn parse_control(kind: FrameKind, body: &[u8]) -> Option<Said> {
    match (kind, body) {
        (FrameKind::Reset, &[a, b]) => Some(Said::Reset(u16::from_le_bytes([a, b]))),
        (FrameKind::Control, &[a, b, c, d, e, f, g, h]) => {
            Some(Said::Credit(u64::from_le_bytes([a, b, c, d, e, f, g, h])))
        }
        (FrameKind::Control, &[answer, a, b, c, d, e, f, g, h]) => {
            let last = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
            match answer {
                0 => Some(Said::Probe(last)),
                1 => Some(Said::Answer(last)),
                _ => None,
            }
        }
        (FrameKind::Backpressure, &[raised @ (0 | 1)]) => Some(Said::Pressure(raised == 1)),
        (FrameKind::Close, body) => {
            let close = CloseBody::decode(body)?;
            match (close.reason(), close.failure()) {
                (Some(reason), _) => Some(Said::Close(reason, close.counts)),
                (None, Some(reason)) => Some(Said::Failed(reason)),
                (None, None) => None,
            }
        }
        _ => None,
    }
}

/// The plaintext of a ping.
pub(super) const fn ping(answer: bool, last: u64) -> [u8; 9] {
    let [a, b, c, d, e, f, g, h] = last.to_le_bytes();
    [answer as u8, a, b, c, d, e, f, g, h]
}
