//! A frame that comes between those of a link.

use super::frame::Held;
use super::{Link, LinkFrame};
use crate::vocab::Role;

/// Room for one more frame to one end, and which frame that end gets next: chosen once, it stays until it is popped.
#[derive(Debug)]
pub(super) struct Aside<const FRAME: usize> {
    frame: Option<Held<FRAME>>,
    next: Next,
}

/// Which frame is delivered next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    Unknown,
    /// The link's own.
    Link,
    /// The one that comes between.
    Aside,
}

impl<const FRAME: usize> Aside<FRAME> {
    pub(super) const EMPTY: Self = Self { frame: None, next: Next::Unknown };

    pub(super) const fn is_free(&self) -> bool {
        self.frame.is_none()
    }

    /// Whether the frame that is next has not been chosen.
    pub(super) fn is_undecided(&self) -> bool {
        self.next == Next::Unknown
    }

    /// Delivered next, unless the link's own was chosen before.
    pub(super) fn put(&mut self, frame: Held<FRAME>) {
        self.frame = Some(frame);
    }

    pub(super) fn front<'l, L: Link>(&'l mut self, link: &'l mut L, to: Role) -> Option<LinkFrame<'l>> {
        self.settle(link, to);
        match self.next {
            Next::Unknown => None,
            Next::Link => link.front(to),
            Next::Aside => self.frame.as_ref().map(Held::lend),
        }
    }

    /// Takes the next frame, and says which it was.
    pub(super) fn pop<L: Link>(&mut self, link: &mut L, to: Role) -> Next {
        self.settle(link, to);
        let popped = core::mem::replace(&mut self.next, Next::Unknown);
        match popped {
            Next::Unknown => {}
            Next::Link => {
                link.pop(to);
            }
            Next::Aside => self.frame = None,
        }
        popped
    }

    pub(super) fn clear(&mut self) {
        *self = Self::EMPTY;
    }

    fn settle<L: Link>(&mut self, link: &mut L, to: Role) {
        if self.next != Next::Unknown {
            return;
        }
        if self.frame.is_some() {
            self.next = Next::Aside;
        } else if link.front(to).is_some() {
            self.next = Next::Link;
        }
    }
}
