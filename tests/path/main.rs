//! The whole path, through endpoints.

mod allocations;
mod faults;
mod happy;
mod pair;
mod retire;
