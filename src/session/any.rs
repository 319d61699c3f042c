//! A session in any state, for a `static` or a struct.

use super::{Closed, Draining, Failed, Negotiating, New, Open, Securing, Session};
use crate::secure::Channel;
use crate::vocab::Lifecycle;

/// A session in whatever state it is, or a free slot.
///
/// ```
/// use kurdistan::{profile::{Fixed, Standard}, session::AnySession};
/// static SLOT: std::sync::Mutex<AnySession<Fixed<Standard>>> = std::sync::Mutex::new(AnySession::Vacant);
/// assert!(SLOT.lock().unwrap().lifecycle().is_none());
/// ```
#[derive(Default)]
pub enum AnySession<P> {
    /// A free slot.
    #[default]
    Vacant,
    /// Configured.
    New(Session<New, P>),
    /// Waits for the peer's first message.
    Negotiating(Session<Negotiating, P>),
    /// Has keys, waits for proof.
    Securing(Session<Securing, P>),
    /// Carries data.
    Open(Session<Open, P>),
    /// Is being closed.
    Draining(Session<Draining, P>),
    /// Ended cleanly.
    Closed(Session<Closed, P>),
    /// Ended for a reason.
    Failed(Session<Failed, P>),
}

/// Shows the session, or that there is none.
impl<P> core::fmt::Debug for AnySession<P> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Vacant => f.write_str("Vacant"),
            Self::New(session) => session.fmt(f),
            Self::Negotiating(session) => session.fmt(f),
            Self::Securing(session) => session.fmt(f),
            Self::Open(session) => session.fmt(f),
            Self::Draining(session) => session.fmt(f),
            Self::Closed(session) => session.fmt(f),
            Self::Failed(session) => session.fmt(f),
        }
    }
}

impl<P> AnySession<P> {
    /// The state, by name; `None` for a free slot.
    #[must_use]
    pub const fn lifecycle(&self) -> Option<Lifecycle> {
        match self {
            Self::Vacant => None,
            Self::New(_) => Some(Lifecycle::New),
            Self::Negotiating(_) => Some(Lifecycle::Negotiating),
            Self::Securing(_) => Some(Lifecycle::Securing),
            Self::Open(_) => Some(Lifecycle::Open),
            Self::Draining(_) => Some(Lifecycle::Draining),
            Self::Closed(_) => Some(Lifecycle::Closed),
            Self::Failed(_) => Some(Lifecycle::Failed),
        }
    }

    /// The channel of a session with keys.
    pub(crate) const fn channel(&self) -> Option<&Channel> {
        match self {
            Self::Open(session) => Some(&session.state.channel),
            Self::Draining(session) => Some(&session.state.channel),
            _ => None,
        }
    }

    /// The same, to seal and open.
    pub(crate) const fn channel_mut(&mut self) -> Option<&mut Channel> {
        match self {
            Self::Open(session) => Some(&mut session.state.channel),
            Self::Draining(session) => Some(&mut session.state.channel),
            _ => None,
        }
    }

    /// Takes the session out and leaves a free slot.
    #[must_use]
    pub fn take(&mut self) -> Self {
        core::mem::take(self)
    }
}

macro_rules! routes {
    ($($state:ident, $down:ident, $name:literal;)+) => {
        $(
            impl<P> From<Session<$state, P>> for AnySession<P> {
                fn from(session: Session<$state, P>) -> Self { Self::$state(session) }
            }

            impl<P> AnySession<P> {
                #[doc = concat!("The session, if it is ", $name, ".")]
                ///
                /// # Errors
                /// The session comes back as it is.
                #[expect(clippy::result_large_err, reason = "the session comes back by value; there is no heap")]
                pub fn $down(self) -> Result<Session<$state, P>, Self> {
                    match self { Self::$state(session) => Ok(session), other => Err(other) }
                }
            }
        )+
    };
}

routes! {
    New, into_new, "new";
    Negotiating, into_negotiating, "negotiating";
    Securing, into_securing, "securing";
    Open, into_open, "open";
    Draining, into_draining, "draining";
    Closed, into_closed, "closed";
    Failed, into_failed, "failed";
}
