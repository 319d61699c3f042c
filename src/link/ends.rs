//! One thing for each end of a link.

use crate::vocab::Role;

/// What a device keeps of the frames to the client, and of those to the server.
#[derive(Debug)]
pub(super) struct Ends<T> {
    client: T,
    server: T,
}

impl<T> Ends<T> {
    pub(super) const fn new(client: T, server: T) -> Self {
        Self { client, server }
    }

    pub(super) const fn of(&self, to: Role) -> &T {
        match to {
            Role::Client => &self.client,
            Role::Server => &self.server,
        }
    }

    pub(super) const fn of_mut(&mut self, to: Role) -> &mut T {
        match to {
            Role::Client => &mut self.client,
            Role::Server => &mut self.server,
        }
    }
}
