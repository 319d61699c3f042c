//! What every link does.

use super::{LinkFrame, LinkRecord, LinkRefusal};
use crate::vocab::{Role, Ticks};

/// Carries whole frames both ways, first in, first out where it has no faults.
///
/// The loop at the sending end stops at the first refusal and keeps the frame; the loop at the receiving end runs until
/// nothing is left:
///
/// ```text
/// while let Some(frame) = endpoint.poll_transmit(now) { if link.send(role, frame.bytes()).is_err() { break } frame.sent(); }
/// while let Some(frame) = link.front(role) { endpoint.receive(now, frame.bytes); link.pop(role); }
/// ```
///
/// Where the link takes time, the loop calls [`advance`](Self::advance) first, and sleeps no longer than to
/// [`next_deadline`](Self::next_deadline).
pub trait Link {
    /// The longest frame that the link can hold, in bytes.
    const FRAME_BYTES_MAX: usize;

    /// Takes a frame from `from` and returns what a trace may tell of it.
    ///
    /// # Errors
    /// [`LinkRefusal`]; nothing has changed.
    fn send(&mut self, from: Role, frame: &[u8]) -> Result<LinkRecord, LinkRefusal>;

    /// The next frame for `to`, which stays next until it is popped.
    fn front(&mut self, to: Role) -> Option<LinkFrame<'_>>;

    /// Takes the next frame for `to` off the link; `false` when there is none.
    fn pop(&mut self, to: Role) -> bool;

    /// Drops every frame of both directions, as a cut wire does.
    fn clear(&mut self);

    /// Time has passed: frames that were held may be delivered now. A link that takes no time does nothing.
    fn advance(&mut self, now: Ticks) {
        let _ = now;
    }

    /// When [`advance`](Self::advance) is to be called next; `None` while no frame waits for its time.
    fn next_deadline(&self) -> Option<Ticks> {
        None
    }
}
