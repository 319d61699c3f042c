//! Profiles as files: strict JSON with every field, its id and its hash.

use std::format;
use std::string::{String, ToString};
use std::vec::Vec;

use serde::{Deserialize, Serialize};

use super::hex::{from_hex, to_hex};
use crate::profile::{Loaded, ProfileId, Spec, StorageClass, generation_hash};
use crate::vocab::{
    Capability, CapabilitySet, CarrierFamily, CarrierSet, ChecksumClass, FragmentPolicy, PriorityPolicy,
    ReplayPolicy, SequencePolicy, Suite, SuiteSet,
};

/// The schema of a profile file.
pub const PROFILE_SCHEMA: &str = "kurdistan.profile/1";
/// The longest profile file, in bytes.
pub const PROFILE_FILE_BYTES_MAX: u64 = 16 * 1_024;

macro_rules! profile_file {
    ($($number:ident: $type:ty,)+) => {
        /// A profile as it stands in a file: one field for each of [`Spec`], names for enums, lists of names for sets.
        #[derive(Clone, Debug, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        struct ProfileFile {
            schema: String,
            id: String,
            generation_hash: String,
            checksum: String,
            fragment: String,
            sequence: String,
            replay: String,
            priority: String,
            suites: Vec<String>,
            carriers: Vec<String>,
            required: Vec<String>,
            $($number: $type,)+
        }

        impl ProfileFile {
            fn of(spec: &Spec) -> Self {
                Self {
                    schema: PROFILE_SCHEMA.into(),
                    id: spec.id.to_string(),
                    generation_hash: to_hex(&generation_hash(spec)),
                    checksum: spec.checksum.name().into(),
                    fragment: spec.fragment.name().into(),
                    sequence: spec.sequence.name().into(),
                    replay: spec.replay.name().into(),
                    priority: spec.priority.name().into(),
                    suites: names(Suite::ALL, Suite::name, |suite| spec.suites.has(suite)),
                    carriers: names(CarrierFamily::ALL, CarrierFamily::name, |family| spec.carriers.has(family)),
                    required: names(Capability::ALL, Capability::name, |bit| spec.required.has(bit)),
                    $($number: spec.$number,)+
                }
            }

            fn spec(&self) -> Result<Spec, String> {
                Ok(Spec {
                    id: profile_id(&self.id)?,
                    checksum: by_name("checksum", ChecksumClass::ALL, ChecksumClass::name, &self.checksum)?,
                    fragment: by_name("fragment", FragmentPolicy::ALL, FragmentPolicy::name, &self.fragment)?,
                    sequence: by_name("sequence", SequencePolicy::ALL, SequencePolicy::name, &self.sequence)?,
                    replay: by_name("replay", ReplayPolicy::ALL, ReplayPolicy::name, &self.replay)?,
                    priority: by_name("priority", PriorityPolicy::ALL, PriorityPolicy::name, &self.priority)?,
                    suites: SuiteSet::of(&all("suites", Suite::ALL, Suite::name, &self.suites)?),
                    carriers: CarrierSet::of(&all("carriers", CarrierFamily::ALL, CarrierFamily::name, &self.carriers)?),
                    required: CapabilitySet::of(&all("required", Capability::ALL, Capability::name, &self.required)?),
                    $($number: self.$number,)+
                })
            }
        }
    };
}

profile_file! {
    seed: u64,
    schema_version: u16,
    compiler_security_version: u16,
    compiler_security_min: u16,
    runtime_version_min: u16,
    hamming_distance: u8,
    frame_bytes_max: u16,
    payload_bytes_max: u16,
    fragments_max: u8,
    fragment_bytes: u16,
    envelope_bytes_max: u16,
    pipe_bytes_max: u32,
    pipe_frames_max: u16,
    pipe_high_bytes: u32,
    pipe_low_bytes: u32,
    sequence_window: u8,
    replay_width: u16,
    reorder_max: u16,
    reassembly_ticks: u32,
    streams_max: u8,
    server_streams: u8,
    stream_credit: u8,
    session_credit: u8,
    retry_ticks: u32,
    retries_max: u8,
    handshake_ticks: u32,
    ping_ticks: u32,
    idle_ticks: u32,
    drain_ticks: u32,
}

/// The file of a profile.
///
/// # Errors
/// None that this type can bring about.
pub fn to_file(spec: &Spec) -> serde_json::Result<String> {
    let mut text = serde_json::to_string_pretty(&ProfileFile::of(spec))?;
    text.push('\n');
    Ok(text)
}

/// The profile in a file: known fields only, in their ranges, under its own hash.
///
/// # Errors
/// What is wrong, in one line and without control characters; with line and column where the text is.
pub fn from_file(text: &str) -> Result<Spec, String> {
    spec_of(text).map_err(|what| what.chars().flat_map(printable).collect())
}

/// A character of the file as it may stand on a terminal.
fn printable(letter: char) -> impl Iterator<Item = char> {
    let plain = (!letter.is_control()).then_some(letter);
    plain.into_iter().chain(letter.escape_default().filter(move |_| plain.is_none()))
}

fn spec_of(text: &str) -> Result<Spec, String> {
    // An array of the values without their names would be read as well.
    if text.trim_start().starts_with('[') {
        return Err("a profile is an object with named fields".into());
    }
    let file: ProfileFile = serde_json::from_str(text).map_err(|error| {
        let what = error.to_string();
        let what = what.rsplit_once(" at line ").map_or(what.as_str(), |(what, _)| what);
        format!("line {}, column {}: {what}", error.line(), error.column())
    })?;
    if file.schema != PROFILE_SCHEMA {
        return Err(format!("schema is '{}' and not {PROFILE_SCHEMA}", file.schema));
    }
    let spec = file.spec()?;
    let of_seed = |class| ProfileId::of_seed(spec.seed, class) == spec.id;
    if spec.seed != 0 && !of_seed(StorageClass::Small) && !of_seed(StorageClass::Large) {
        return Err(format!(
            "id {} is not that of a profile with seed {}; a hand-made one has seed 0",
            spec.id, spec.seed
        ));
    }
    Loaded::new(&spec).map(|_| ()).map_err(|error| error.text().to_string())?;
    let hash = to_hex(&generation_hash(&spec));
    if file.generation_hash != hash {
        return Err(format!("generation_hash is that of another profile; this one has {hash}"));
    }
    Ok(spec)
}

fn profile_id(text: &str) -> Result<ProfileId, String> {
    let digits = text.strip_prefix("kp_").filter(|digits| !digits.contains(|c: char| !c.is_ascii_hexdigit()));
    let bytes = digits.and_then(|digits| from_hex(digits).ok()).and_then(|bytes| bytes.try_into().ok());
    let id = bytes.map(ProfileId).filter(|id| id.to_string() == text);
    id.ok_or_else(|| format!("id '{text}' is not kp_ and 16 hexadecimal digits in lower case"))
}

fn names<T: Copy>(every: &[T], name: fn(T) -> &'static str, has: impl Fn(T) -> bool) -> Vec<String> {
    every.iter().copied().filter(|value| has(*value)).map(|value| name(value).into()).collect()
}

fn by_name<T: Copy>(field: &str, every: &[T], name: fn(T) -> &'static str, text: &str) -> Result<T, String> {
    let known = every.iter().copied().find(|value| name(*value) == text);
    let names = || every.iter().copied().map(name).collect::<Vec<_>>().join(", ");
    known.ok_or_else(|| format!("{field}: '{text}' is unknown; known are {}", names()))
}

/// Every name once, in the order of the vocabulary: so a profile has one file.
fn all<T: Copy>(
    field: &str,
    every: &[T],
    name: fn(T) -> &'static str,
    texts: &[String],
) -> Result<Vec<T>, String> {
    let values: Vec<T> =
        texts.iter().map(|text| by_name(field, every, name, text)).collect::<Result<_, _>>()?;
    let place = |value: &T| every.iter().position(|other| name(*other) == name(*value));
    if !values.is_sorted_by(|a, b| place(a) < place(b)) {
        return Err(format!("{field}: each name once, in the order of the documentation"));
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_survives_its_file() {
        for seed in 0..200 {
            for class in [StorageClass::Small, StorageClass::Large] {
                let spec = Spec::generate(seed, class);
                assert_eq!(from_file(&to_file(&spec).unwrap()), Ok(spec));
            }
        }
    }

    #[test]
    fn every_wrong_file_is_named_in_one_line() {
        let good = to_file(&Spec::generate(1, StorageClass::Small)).unwrap();
        for (from, to, part) in [
            ("{", "", "line 2, column 10: "),
            ("\"seed\": 1", "\"seed\": 2", "is not that of a profile with seed 2"),
            ("\"seed\": 1", "\"seed\": 0", "generation_hash is that of another profile"),
            ("\"seed\": 1", "\"seed\": -1", "line "),
            ("\"seed\": 1", "\"seed\": 1, \"extra\": 1", "unknown field `extra`"),
            ("\"seed\": 1", "\"seed\": 1, \"seed\": 1", "duplicate field `seed`"),
            ("\"seed\": 1,", "", "missing field `seed`"),
            ("kp_", "kq_", "is not kp_"),
            ("kp_", "kp_A", "is not kp_"),
            ("\"crc", "\"\\n\\u001b[31mcrc", "checksum: '\\n\\u{1b}[31mcrc"),
            ("\"seed\": 1", "\"seed\": 1, \"a\\nb at line 3\": 1", "unknown field `a\\nb at line 3`"),
            ("kurdistan.profile/1", "kurdistan.profile/2", "schema is"),
            ("\"transcript_binding\"", "\"telepathy\"", "required: 'telepathy' is unknown"),
        ] {
            let wrong = from_file(&good.replacen(from, to, 1)).expect_err(part);
            assert!(wrong.contains(part) && !wrong.contains(char::is_control), "{wrong}");
        }
    }

    #[test]
    fn a_profile_has_one_file() {
        let good = to_file(&Spec::generate(1, StorageClass::Small)).unwrap();
        let id = Spec::generate(1, StorageClass::Small).id.to_string();
        let upper = good.replace(&id, &id.to_uppercase().replace("KP_", "kp_"));
        assert!(upper != good && from_file(&upper).is_err());
        let fields: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&good).unwrap();
        let order =
            good.lines().filter_map(|line| line.split('"').nth(1).filter(|_| line.starts_with("  \"")));
        let values: Vec<_> = order.map(|name| fields[name].clone()).collect();
        let nameless = serde_json::to_string(&values).unwrap();
        assert_eq!(from_file(&nameless), Err("a profile is an object with named fields".to_string()));
    }

    #[test]
    fn a_range_is_checked_under_the_right_hash() {
        let spec = Spec { replay_width: 8, ..Spec::generate(1, StorageClass::Small) };
        assert_eq!(from_file(&to_file(&spec).unwrap()), Err("replay_width is 32 to 1,024".to_string()));
    }
}
