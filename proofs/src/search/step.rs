//! What can happen.

use kurdistan::vocab::Role;

use super::Fault;

/// One step. The role is that of the side that acts; of a frame or a fault, that of the frame's sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The oldest frame in the pipe moves onto the link.
    Transmit(Role),
    /// The oldest frame on the link arrives.
    Deliver(Role),
    /// The application opens its stream and sends a first message.
    Open(Role),
    /// It sends the next message on this stream.
    Send(Role, u8),
    /// It finishes its half of this stream.
    Finish(Role, u8),
    /// It resets this stream.
    Reset(Role, u8),
    /// It reads what is there first: one message or end.
    Read(Role),
    /// It closes the session.
    Close(Role),
    /// It gives up.
    Abort(Role),
    /// Time passes to the next deadline of either side, and both look at the clock.
    Tick,
    /// The link does something to what this side has sent.
    Fault(Fault, Role),
}
