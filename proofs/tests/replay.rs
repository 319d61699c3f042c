//! The body `replay` on random scripts, every short run of a narrow window, and the edges of wide ones.

mod harness;

use kurdistan::guard::Sound;
use kurdistan::secure::ReplayRing;
use kurdistan::vocab::{EnvelopeReject, ReplayPolicy, SEQUENCE_MAX};
use proofs::replay::{Script, check};
use proptest::strategy::Strategy;

fn scripts() -> impl Strategy<Value = Script> {
    harness::scripts::<{ Script::HEAD }, { Script::STEP }, _>(Script::STEPS, Script::from_bytes)
}

#[test]
fn holds_on_random_scripts() {
    harness::holds(scripts(), check);
}

#[test]
fn the_scripts_reach_every_branch() {
    harness::reaches(scripts(), check, &["accepted", "duplicate", "old", "gap"]);
}

/// Width of the narrow window.
const NARROW: u16 = 4;
/// Sequences that may come to it, from 0.
const SEQUENCES: u64 = 10;

/// Sequences that have opened, as a set of bits.
#[derive(Clone, Copy, Default)]
struct Opened(u16);

impl Opened {
    fn verdict(self, sequence: u64) -> Result<(), EnvelopeReject> {
        let highest = u64::from(self.0.checked_ilog2().unwrap_or(0));
        if self.0 & 1 << sequence != 0 {
            return Err(EnvelopeReject::Duplicate);
        }
        let old = sequence == 0 || sequence + u64::from(NARROW) <= highest;
        if old { Err(EnvelopeReject::Old) } else { Ok(()) }
    }
}

/// Tries every sequence, and after each every run of `more` others; the number of runs.
fn runs(ring: &ReplayRing, opened: Opened, more: u32) -> u64 {
    let each = |sequence| {
        let verdict = ring.peek(ReplayPolicy::WindowedReplay, NARROW, sequence, &Sound);
        assert_eq!(verdict, opened.verdict(sequence), "{sequence} after {:#012b}", opened.0);
        let (mut ring, mut opened) = (ring.clone(), opened);
        if verdict.is_ok() {
            ring.commit(sequence);
            opened.0 |= 1 << sequence;
        }
        if more == 0 { 1 } else { runs(&ring, opened, more - 1) }
    };
    (0..SEQUENCES).map(each).sum()
}

/// Ten million runs of seven; those with a common beginning share it.
#[test]
fn a_window_of_four_is_a_set_on_every_run_of_seven() {
    let length = 7;
    assert_eq!(runs(&ReplayRing::EMPTY, Opened::default(), length - 1), SEQUENCES.pow(length));
}

/// Takes each sequence in turn; whether it opened must be as told.
fn takes(width: u16, start: &[u64], steps: &[(u64, bool)]) {
    let mut ring = ReplayRing::EMPTY;
    start.iter().for_each(|sequence| ring.commit(*sequence));
    for (at, (sequence, fresh)) in steps.iter().enumerate() {
        let verdict = ring.peek(ReplayPolicy::WindowedReplay, width, *sequence, &Sound);
        assert_eq!(verdict.is_ok(), *fresh, "width {width}, step {at}: {sequence}");
        if verdict.is_ok() {
            ring.commit(*sequence);
        }
    }
}

const WIDTHS: [u16; 8] = [32, 33, 63, 64, 65, 128, 1_023, 1_024];

#[test]
fn a_window_ends_exactly_at_its_width() {
    for width in WIDTHS {
        let w = u64::from(width);
        takes(
            width,
            &[w],
            &[(1, true), (1, false), (w + 1, true), (1, false), (2, true), (2, false), (0, false)],
        );
        takes(width, &[2 * w], &[(w, false), (w + 1, true), (w + 2, true), (w + 1, false), (w - 1, false)]);
        takes(width, &[3 * w - 1], &[(2 * w - 1, false), (2 * w, true), (2 * w, false), (3 * w - 2, true)]);
    }
}

#[test]
fn a_jump_leaves_behind_what_it_must() {
    for width in WIDTHS {
        let w = u64::from(width);
        for jump in [1, w - 1, w, w + 1, 2 * w - 1, 2 * w, 2 * w + 1, 1_023, 1_024, 1_025, 2_048, 1 << 40] {
            let (seen, unseen, top) = (1_000_000, 999_999, 1_000_000 + jump);
            let near = |sequence: u64| sequence + w > top;
            takes(
                width,
                &[seen],
                &[
                    (top, true),
                    (top, false),
                    (seen, false),
                    (unseen, near(unseen)),
                    (unseen, false),
                    (top - w, false),
                    // The oldest place of the window is free, unless it is the one that was seen.
                    (top - w + 1, ![seen, unseen, top].contains(&(top - w + 1))),
                    (top + 1, true),
                    (top - w + 1, false),
                ],
            );
        }
    }
}

#[test]
fn forwards_every_sequence_opens_and_backwards_exactly_a_window() {
    for width in WIDTHS {
        let w = u64::from(width);
        let forwards: Vec<_> = (1..=2 * w).map(|sequence| (sequence, true)).collect();
        takes(width, &[], &forwards);
        let backwards: Vec<_> = (1..=2 * w).rev().map(|sequence| (sequence, sequence > w)).collect();
        takes(width, &[], &backwards);
        // A gap of one at the edge closes when the window moves over it.
        let holes: Vec<_> = (2..=w).map(|sequence| (sequence, true)).collect();
        takes(width, &[], &[&holes[..], &[(w + 1, true), (1, false)]].concat());
        takes(width, &[], &[&holes[..], &[(1, true), (w + 1, true), (1, false)]].concat());
    }
}

#[test]
fn the_last_sequences_are_like_the_first() {
    for width in WIDTHS {
        let w = u64::from(width);
        for last in [SEQUENCE_MAX, u64::MAX] {
            let steps = [
                (last - 1, true),
                (last, true),
                (last, false),
                (last - 1, false),
                (last - w, false),
                (1, false),
            ];
            takes(width, &[], &steps);
            takes(
                width,
                &[last - 2],
                &[(last - w, true), (last, true), (last - w + 1, true), (last - w, false)],
            );
        }
    }
}
