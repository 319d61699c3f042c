//! The whole path, through endpoints.

mod faults;
mod happy;
mod pair;
