//! What bytes without proof must not move.

use std::collections::BTreeMap;
use std::fmt::Debug;

/// What an endpoint prints of itself, in parts. Counters are left out: statistics, forgeries, the name of the last reject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// Lifecycle, keys, windows, timers, dues, streams, credit, events.
    pub state: String,
    /// A stored frame is to be said.
    pub kept_due: bool,
    /// The outgoing queue.
    pub pipe: String,
    /// Frames in it.
    pub frames: usize,
    /// Bytes in it.
    pub bytes: usize,
    /// Slots in use, each by its number.
    pub groups: BTreeMap<String, String>,
}

impl Digest {
    /// The digest of an endpoint.
    pub fn of(side: &impl Debug) -> Self {
        let mut text = without_numbers(format!("{side:?}"), &["forged: ", "last_reject: "]);
        // An ended side remembers which frame it has answered last, so that it answers none twice in a row.
        if text.contains("state: Closed") || text.contains("state: Failed") {
            text = without_numbers(text, &["peer_tag: "]);
        }
        cut(&mut text, " stats: ");
        let pipe = cut(&mut text, " pipe: ");
        let mut slots = cut(&mut text, " slots: ");
        let kept_due = text.contains("kept_due: true");
        let state = text.replace("kept_due: true", "kept_due: false");
        let mut groups = BTreeMap::new();
        while let Some(at) = slots.find(": Group {") {
            let slot = slots[..at].rsplit(['{', ' ']).next().unwrap_or_default().to_owned();
            groups.insert(slot, cut(&mut slots, ": Group "));
        }
        Self {
            state,
            kept_due,
            frames: number(&pipe, "frames: "),
            bytes: number(&pipe, "queued: "),
            pipe,
            groups,
        }
    }

    /// Nothing at all has changed.
    pub fn assert_same(&self, before: &Self, why: &dyn Debug) {
        assert_eq!(self, before, "moved by bytes without proof: {why:?}");
    }

    /// Nothing has changed but a stored frame that is to be said, or is queued, of at most so many bytes.
    pub fn assert_says_at_most(&self, before: &Self, bytes: usize, why: &dyn Debug) {
        assert_eq!(
            (&self.state, &self.groups),
            (&before.state, &before.groups),
            "more than an answer: {why:?}"
        );
        let (frames, grown) = (self.frames.checked_sub(before.frames), self.bytes.checked_sub(before.bytes));
        assert!(frames.is_some_and(|frames| frames <= 1), "more than one frame: {why:?}");
        assert!(grown.is_some_and(|grown| grown <= bytes), "more bytes out than in: {why:?}");
    }

    /// Nothing has changed but one group that is incomplete, if that: a fragment that was taken has begun it or joined it, and one
    /// that was refused has ended it.
    pub fn assert_one_group_at_most(&self, before: &Self, taken: bool, why: &dyn Debug) {
        let rest = |of: &Self| Self { groups: BTreeMap::new(), ..of.clone() };
        assert_eq!(rest(self), rest(before), "more than a group: {why:?}");
        let slots = self.groups.keys().chain(before.groups.keys());
        let mut changed: Vec<_> =
            slots.filter(|slot| self.groups.get(*slot) != before.groups.get(*slot)).collect();
        changed.sort();
        changed.dedup();
        assert!(changed.len() <= 1, "groups {changed:?}: {why:?}");
        for slot in changed {
            let sides = [self.groups.get(slot), before.groups.get(slot)];
            let assembling = sides.iter().flatten().all(|group| group.contains("used: Assembling"));
            assert!(assembling, "an opened message: {why:?}");
            assert_eq!(sides[0].is_some(), taken, "what a fragment has left: {why:?}");
            if let [Some(after), Some(before)] = sides {
                let deadline = |group: &str| number(group, "deadline: Ticks(");
                assert_eq!(deadline(after), deadline(before), "a group that lives on: {why:?}");
            }
        }
    }
}

/// Takes the value after a name out of a text: what stands in its braces.
fn cut(text: &mut String, name: &str) -> String {
    let Some(start) = text.find(name) else { panic!("no `{name}` in {text}") };
    let mut depth = 0_usize;
    let from = start + name.len();
    for (at, letter) in text[from..].char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 1 => {
                let value = text[from..=from + at].to_owned();
                text.replace_range(start..=from + at, "");
                return value;
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
    panic!("an end of `{name}` in {text}")
}

/// The text without what follows these names, up to the next comma or brace.
pub fn without_numbers(mut text: String, names: &[&str]) -> String {
    for name in names {
        let mut from = 0;
        while let Some(at) = text[from..].find(name) {
            let start = from + at + name.len();
            let end = text[start..].find([',', '}']).map_or(text.len(), |end| start + end);
            text.replace_range(start..end, "");
            from = start;
        }
    }
    text
}

fn number(text: &str, name: &str) -> usize {
    let digits = text.split_once(name).map_or("", |(_, rest)| rest);
    let end = digits.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().unwrap_or_else(|_| panic!("a number `{name}` in {text}"))
}
