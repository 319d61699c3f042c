//! A handshake that waits for its confirm.

use super::Path;
use crate::endpoint::control::KeptFrame;
use crate::endpoint::engine::{control_header, write_kept};
use crate::endpoint::{Endpoint, Storage};
use crate::profile::Policy;
use crate::session::{Securing, Session};
use crate::vocab::{FrameKind, Id, Role, Ticks};

/// One place of the table.
pub(super) struct HalfOpen<P> {
    pub(super) wait: Wait<P>,
    pub(super) class: u16,
    pub(super) path: Path,
    /// The end of the hello: its binder.
    pub(super) hello_tag: [u8; 32],
    pub(super) started: Ticks,
    /// Streams of both sides together, as the accept has told them: a later configuration does not take them back.
    pub(super) streams_max: u8,
    /// The frame to say now, and again for each repeat of the hello.
    pub(super) kept: KeptFrame,
    pub(super) kept_due: bool,
}

/// What a place is used for.
#[expect(clippy::large_enum_variant, reason = "a place has the room of a session; there is no heap")]
pub(super) enum Wait<P> {
    Free,
    /// The accept has been said under this secret.
    Confirm(Session<Securing, P>, Id),
    /// One frame has to leave, then the place is free: a refusal, or the last word of a session that gave up its memory.
    Parting,
}

impl<P> HalfOpen<P> {
    pub(super) const FREE: Self = Self {
        wait: Wait::Free,
        class: 0,
        path: Path(0),
        hello_tag: [0; 32],
        started: Ticks(0),
        streams_max: 0,
        kept: KeptFrame::new_const(),
        kept_due: false,
    };

    pub(super) const fn is_free(&self) -> bool {
        matches!(self.wait, Wait::Free)
    }

    pub(super) const fn waits_under(&self, class: u16) -> bool {
        matches!(self.wait, Wait::Confirm(..)) && self.class == class
    }

    /// Takes the session out; the place is free.
    pub(super) fn take(&mut self) -> Option<(Session<Securing, P>, Id)> {
        match core::mem::replace(&mut self.wait, Wait::Free) {
            Wait::Confirm(session, secret_id) => Some((session, secret_id)),
            other => {
                self.wait = other;
                None
            }
        }
    }
}

impl<P: Policy> HalfOpen<P> {
    /// Under which secret the accept was said, and to whom.
    pub(super) fn peer(&self) -> Option<(Id, Id)> {
        match &self.wait {
            Wait::Confirm(session, secret_id) => Some((*secret_id, session.peer())),
            Wait::Free | Wait::Parting => None,
        }
    }

    /// Keeps the last frame of a session that has ended and gives its memory away.
    pub(super) fn part_with<M: Storage>(&mut self, now: Ticks, path: Path, ended: &mut Endpoint<P, M>) {
        self.kept.clear();
        if let Some(frame) = ended.poll_transmit(now)
            && self.kept.try_extend_from_slice(frame.bytes()).is_ok()
        {
            (self.wait, self.path, self.started, self.kept_due) = (Wait::Parting, path, now, true);
        }
    }

    /// Puts the answer to a hello into its first control frame.
    pub(super) fn say(&mut self, policy: &P, message: &[u8]) {
        let header = control_header(FrameKind::Control, Role::Server, self.class, 0, 1);
        write_kept(&mut self.kept, policy, &header, message);
        self.kept_due = true;
    }
}
