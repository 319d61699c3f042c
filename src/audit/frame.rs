//! `kcheck frame decode` and `kcheck frame encode`.

use std::string::String;
use std::vec;

use serde::{Deserialize, Serialize};

use super::hex::{from_hex, to_hex};
use crate::guard::Sound;
use crate::vocab::{ChecksumClass, Direction, FrameKind, MetadataClass};
use crate::wire::{FrameLimits, Header, WIRE_VERSION, decode, encode, frame_bytes};

/// A frame as JSON: every field of the header, and the payload in hexadecimal.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FrameText {
    #[serde(default = "version")]
    version: u8,
    checksum_class: String,
    kind: String,
    #[serde(default, rename = "final")]
    is_final: bool,
    /// Follows from the kind; may be left out.
    #[serde(default)]
    reset: Option<bool>,
    metadata_class: u8,
    session_class: u16,
    direction: String,
    fragment_index: u8,
    fragment_count: u8,
    fragment_offset: u16,
    /// Follows from the payload; may be left out.
    #[serde(default)]
    byte_count: Option<u16>,
    stream_id: u32,
    sequence: u64,
    payload: String,
}

/// What is said of bytes that are no frame, or of a description that makes none.
#[derive(Serialize)]
struct Refused<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    reject: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'r str>,
}

const fn version() -> u8 {
    WIRE_VERSION
}

/// A line of output, and whether it is a refusal.
pub(super) struct Line {
    pub text: String,
    pub refused: bool,
}

impl Line {
    fn good(text: String) -> Self {
        Self { text, refused: false }
    }

    fn reject(name: &str) -> Self {
        Self::refusal(&Refused { reject: Some(name), error: None })
    }

    fn error(what: &str) -> Self {
        Self::refusal(&Refused { reject: None, error: Some(what) })
    }

    fn refusal(refused: &Refused<'_>) -> Self {
        Self { text: serde_json::to_string(refused).unwrap_or_default(), refused: true }
    }
}

/// One line of JSON for the frame that these hexadecimal digits are.
pub(super) fn decode_line(text: &str, limits: &FrameLimits) -> Line {
    let bytes = match from_hex(text) {
        Ok(bytes) => bytes,
        Err(what) => return Line::error(what),
    };
    let view = match decode(&bytes, limits, &Sound) {
        Ok(view) => view,
        Err(reject) => return Line::reject(reject.name()),
    };
    let header = view.header();
    let class = bytes.first().and_then(|byte| ChecksumClass::from_code(byte & 0x0f));
    let frame = FrameText {
        version: WIRE_VERSION,
        checksum_class: class.map_or_else(String::new, |class| class.name().into()),
        kind: header.kind.name().into(),
        is_final: header.is_final,
        reset: Some(header.kind == FrameKind::Reset),
        metadata_class: header.metadata.code(),
        session_class: header.session_class,
        direction: header.direction.name().into(),
        fragment_index: header.fragment_index,
        fragment_count: header.fragment_count,
        fragment_offset: header.fragment_offset,
        byte_count: u16::try_from(view.payload().len()).ok(),
        stream_id: header.stream,
        sequence: header.sequence,
        payload: to_hex(view.payload()),
    };
    serde_json::to_string(&frame).map_or_else(|_| Line::error("no JSON"), Line::good)
}

/// The hexadecimal digits of the frame that this line of JSON describes.
pub(super) fn encode_line(text: &str, limits: &FrameLimits) -> Line {
    match serde_json::from_str::<FrameText>(text) {
        Ok(frame) => frame.encode(limits),
        Err(error) => Line::error(&std::format!("{error}")),
    }
}

impl FrameText {
    /// The hexadecimal digits of this frame.
    pub(super) fn encode(&self, limits: &FrameLimits) -> Line {
        let header = match self.header() {
            Ok(header) => header,
            Err(what) => return Line::error(what),
        };
        let Some(class) = by_name(ChecksumClass::ALL, ChecksumClass::name, &self.checksum_class) else {
            return Line::error("unknown checksum_class");
        };
        let payload = match from_hex(&self.payload) {
            Ok(payload) => payload,
            Err(what) => return Line::error(what),
        };
        if self.byte_count.is_some_and(|count| usize::from(count) != payload.len()) {
            return Line::error("byte_count is not the length of the payload");
        }
        let mut bytes = vec![0; frame_bytes(class, payload.len())];
        let fill = |place: &mut [u8]| place.copy_from_slice(&payload);
        match encode(&header, class, payload.len(), limits, &Sound, &mut bytes, fill) {
            Ok(_) => Line::good(to_hex(&bytes)),
            Err(refusal) => Line::refusal(&Refused { reject: None, error: Some(&std::format!("{refusal}")) }),
        }
    }

    fn header(&self) -> Result<Header, &'static str> {
        let kind = by_name(FrameKind::ALL, FrameKind::name, &self.kind).ok_or("unknown kind")?;
        if self.version != WIRE_VERSION {
            return Err("unknown version");
        }
        if self.reset.is_some_and(|reset| reset != (kind == FrameKind::Reset)) {
            return Err("reset stands on resets, and only there");
        }
        Ok(Header {
            kind,
            is_final: self.is_final,
            direction: by_name(Direction::ALL, Direction::name, &self.direction)
                .ok_or("unknown direction")?,
            metadata: MetadataClass::from_code(self.metadata_class).ok_or("unknown metadata_class")?,
            session_class: self.session_class,
            fragment_index: self.fragment_index,
            fragment_count: self.fragment_count,
            fragment_offset: self.fragment_offset,
            stream: self.stream_id,
            sequence: self.sequence,
        })
    }
}

fn by_name<T: Copy>(all: &[T], name: impl Fn(T) -> &'static str, text: &str) -> Option<T> {
    all.iter().copied().find(|value| name(*value) == text)
}

/// The fields of a frame as flags.
#[derive(Debug, clap::Args)]
pub(super) struct FrameFlags {
    /// crc16, crc32c or crc32_autosar; the profile's, or crc32c
    #[arg(long)]
    checksum_class: Option<String>,
    /// data, control, ack, close, reset or backpressure
    #[arg(long, default_value = "data")]
    kind: String,
    /// The last fragment of the message that ends its half of a stream
    #[arg(long = "final")]
    is_final: bool,
    /// 0 to 5
    #[arg(long, default_value_t = 1)]
    metadata_class: u8,
    /// Session id class
    #[arg(long, default_value_t = 0)]
    session_class: u16,
    /// client_to_server or server_to_client
    #[arg(long, default_value = "client_to_server")]
    direction: String,
    /// Below the count
    #[arg(long, default_value_t = 0)]
    fragment_index: u8,
    /// 1 to 255
    #[arg(long, default_value_t = 1)]
    fragment_count: u8,
    /// Bytes of the message before this fragment
    #[arg(long, default_value_t = 0)]
    fragment_offset: u16,
    /// 0 is the session itself
    #[arg(long, default_value_t = 1)]
    stream_id: u32,
    /// From 1
    #[arg(long, default_value_t = 1)]
    sequence: u64,
    /// Hexadecimal
    #[arg(long, default_value = "")]
    payload: String,
}

impl FrameFlags {
    /// The frame; its checksum class is that of the flags, else the pinned one.
    pub(super) fn describe(self, pinned: Option<ChecksumClass>) -> FrameText {
        let (flags, class) = (self, pinned.unwrap_or(ChecksumClass::Crc32c));
        FrameText {
            version: WIRE_VERSION,
            checksum_class: flags.checksum_class.unwrap_or_else(|| class.name().into()),
            kind: flags.kind,
            is_final: flags.is_final,
            reset: None,
            metadata_class: flags.metadata_class,
            session_class: flags.session_class,
            direction: flags.direction,
            fragment_index: flags.fragment_index,
            fragment_count: flags.fragment_count,
            fragment_offset: flags.fragment_offset,
            byte_count: None,
            stream_id: flags.stream_id,
            sequence: flags.sequence,
            payload: flags.payload,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: &str = r#"{"version":1,"checksum_class":"crc32c","kind":"data","final":false,"reset":false,"metadata_class":1,"session_class":7,"direction":"client_to_server","fragment_index":0,"fragment_count":1,"fragment_offset":0,"byte_count":3,"stream_id":1,"sequence":1,"payload":"0a0b0c"}"#;

    #[test]
    fn a_frame_and_its_description_are_each_others_inverse() {
        let hex = encode_line(FRAME, &FrameLimits::WIDEST);
        assert_eq!(hex.text, "1201000107000001000003000100000001000000000000000a0b0c7fcd44c4");
        let line = decode_line(&hex.text, &FrameLimits::WIDEST);
        assert_eq!((line.text.as_str(), line.refused), (FRAME, false));
    }

    #[test]
    fn what_is_no_frame_is_named() {
        let hex = encode_line(FRAME, &FrameLimits::WIDEST).text;
        assert_eq!(
            decode_line(&hex.replace("0a0b0c", "0a0b0d"), &FrameLimits::WIDEST).text,
            r#"{"reject":"checksum"}"#
        );
        assert_eq!(decode_line("", &FrameLimits::WIDEST).text, r#"{"reject":"truncated"}"#);
        assert_eq!(decode_line("1g", &FrameLimits::WIDEST).text, r#"{"error":"not hexadecimal"}"#);
        for (field, wrong) in [
            (r#""kind":"data""#, r#""kind":"fax""#),
            (r#""byte_count":3"#, r#""byte_count":4"#),
            (r#""sequence":1"#, r#""sequence":0"#),
            (r#""reset":false"#, r#""reset":true"#),
            (r#""version":1"#, r#""version":2"#),
            (r#""final":false"#, r#""finale":false"#),
        ] {
            assert!(encode_line(&FRAME.replace(field, wrong), &FrameLimits::WIDEST).refused, "{wrong}");
        }
    }
}
