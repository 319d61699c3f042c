//! The whole path, through endpoints.

mod allocations;
mod capabilities;
mod config_live;
mod faults;
mod happy;
mod manager;
mod pair;
mod priorities;
mod retire;
mod rogue;
mod rules_clock;
mod rules_close;
mod rules_config;
mod rules_gap;
mod rules_handshake;
mod rules_late;
mod rules_link;
mod rules_memory;
mod rules_read;
mod rules_reassembly;
mod rules_send;
mod rules_stats;
mod rules_streams;
mod rules_violations;
mod rules_wire;
mod targets;
