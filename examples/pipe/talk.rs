//! What the endpoint of this example does: its own streams, the peer's, and the report.

use std::collections::BTreeMap;

use kurdistan::endpoint::Storage;
use kurdistan::profile::Profile;
use kurdistan::stream::StreamEnd;
use kurdistan::vocab::{ENVELOPE_OVERHEAD, Lifecycle};
use kurdistan::{CloseReason, Endpoint, Fixed, Read, Ticks};
use sha2::{Digest, Sha256};

/// One stream: what went out, what came in, and how the peer's half ended. Lengths tell messages apart.
#[derive(Default)]
struct Flow {
    is_own: bool,
    messages: usize,
    sent: Sha256,
    received: Sha256,
    finished: bool,
    end: Option<StreamEnd>,
}

fn add(digest: &mut Sha256, message: &[u8]) {
    digest.update((message.len() as u64).to_le_bytes());
    digest.update(message);
}

/// One endpoint and what it has to do.
pub struct Talk<P: Profile, M> {
    pub side: Box<Endpoint<Fixed<P>, M>>,
    streams: usize,
    messages: usize,
    reset: Option<u16>,
    flows: BTreeMap<u32, Flow>,
    agreed: Option<String>,
}

impl<P: Profile, M: Storage> Talk<P, M> {
    pub fn new(
        side: Box<Endpoint<Fixed<P>, M>>,
        streams: usize,
        messages: usize,
        reset: Option<u16>,
    ) -> Self {
        Self { side, streams, messages, reset, flows: BTreeMap::new(), agreed: None }
    }

    /// Sends what it can, reads what there is, closes when all is done; whether anything moved.
    pub fn turn(&mut self, now: Ticks) -> bool {
        self.agreed = self.agreed.take().or_else(|| self.agree());
        while self.flows.values().filter(|flow| flow.is_own).count() < self.streams
            && let Ok(stream) = self.side.open_stream()
        {
            self.flows.insert(stream, Flow { is_own: true, ..Flow::default() });
        }
        let (mut moved, mut waiting) = (self.send(now), Vec::new());
        while let Some(stream) = self.side.readable().filter(|stream| !waiting.contains(stream)) {
            if self.read(now, stream) {
                moved = true;
            } else {
                waiting.push(stream);
            }
        }
        if self.streams > 0 && self.side.is_open() && self.is_complete() {
            self.side.close(now, CloseReason::Done);
            moved = true;
        }
        moved
    }

    /// Who the peer is and what both sides now share.
    fn agree(&self) -> Option<String> {
        let (peer, selection) = self.side.peer()?;
        let (capabilities, suite, mut export) = (selection.capabilities.bits(), selection.suite, [0; 32]);
        self.side.export("pipe example", b"context", &mut export)?.ok()?;
        let export = hex(&export);
        Some(format!(
            r#""peer":"{peer}","capabilities":{capabilities},"suite":"{suite}","export":"{export}","#
        ))
    }

    fn send(&mut self, now: Ticks) -> bool {
        let mut moved = false;
        for (&stream, flow) in self.flows.iter_mut().filter(|(_, flow)| flow.is_own) {
            while !flow.finished {
                let message = message::<P>(stream, flow.messages);
                let outcome = match flow.messages < self.messages {
                    true => self.side.send(now, stream, &mut message.clone()),
                    false => self.side.finish(now, stream),
                };
                match outcome {
                    Ok(()) if flow.messages < self.messages => add(&mut flow.sent, &message),
                    Err(refusal) if refusal.is_temporary() => break,
                    Ok(()) | Err(_) => flow.finished = true, // also by the peer's reset, or with the session
                }
                (flow.messages, moved) = (flow.messages + 1, true);
            }
        }
        moved
    }

    /// Takes the next message or the end of a stream; `false` when its echo must wait.
    fn read(&mut self, now: Ticks, stream: u32) -> bool {
        let is_first = self.flows.iter().find(|(_, flow)| flow.is_own).is_some_and(|(id, _)| *id == stream);
        let flow = self.flows.entry(stream).or_default();
        let message = match self.side.read(stream) {
            Read::Message(bytes) => bytes.to_vec(),
            Read::End(end) => {
                flow.end.get_or_insert(end);
                if !flow.is_own {
                    let _ = self.side.finish(now, stream); // refused after a reset, and in a close
                }
                return true;
            }
            Read::Nothing | Read::NoStream => return false,
        };
        let echo = |side: &mut Endpoint<_, _>| side.send(now, stream, &mut message.clone());
        if !flow.is_own && echo(&mut self.side).is_err_and(|refusal| refusal.is_temporary()) {
            return false;
        }
        add(&mut flow.received, &message);
        self.side.consume(now, stream);
        if let Some(code) = self.reset.take_if(|_| is_first) {
            let _ = self.side.reset(now, stream, code); // refused only when it has been reset already
            (flow.finished, flow.end) = (true, Some(StreamEnd::Reset(code)));
        }
        true
    }

    fn is_complete(&self) -> bool {
        let own = self.flows.values().filter(|flow| flow.is_own).count();
        self.agreed.is_some() && own == self.streams && self.flows.values().all(|flow| flow.end.is_some())
    }

    /// What is wrong with this run; `None` if nothing is.
    fn shortfall(&self) -> Option<&'static str> {
        let echoed = |flow: &Flow| match flow.end {
            Some(StreamEnd::Finished) => {
                !flow.is_own || flow.sent.clone().finalize() == flow.received.clone().finalize()
            }
            end => matches!(end, Some(StreamEnd::Reset(_))),
        };
        match (self.side.failure(), self.side.lifecycle()) {
            (Some(failure), _) => Some(failure.reason.name()),
            (None, Some(Lifecycle::Closed)) if !self.is_complete() => Some("incomplete"),
            (None, Some(Lifecycle::Closed)) => (!self.flows.values().all(echoed)).then_some("echo_differs"),
            _ => Some("link_end"),
        }
    }

    /// The line of JSON. Digests are of all streams that were not reset, by rising stream.
    pub fn report(&self) -> bool {
        let digest = |is_own, of: fn(&Flow) -> &Sha256| {
            let whole = |flow: &&Flow| flow.is_own == is_own && flow.end == Some(StreamEnd::Finished);
            let flows = self.flows.values().filter(whole);
            hex(&flows
                .fold(Sha256::new(), |all, flow| all.chain_update(of(flow).clone().finalize()))
                .finalize())
        };
        let (sent, received) = (digest(true, |flow| &flow.sent), digest(false, |flow| &flow.received));
        let resets = self.flows.values().filter(|flow| matches!(flow.end, Some(StreamEnd::Reset(_)))).count();
        let (agreed, wrong) = (self.agreed.as_deref().unwrap_or_default(), self.shortfall());
        let state = self.side.lifecycle().map_or("vacant", Lifecycle::name);
        let reason = wrong.unwrap_or_default();
        let stats = self.side.stats();
        let (rejects, frames, sequences) = (stats.rejects(), stats.frame_rejects, stats.sequence_rejects);
        eprint!(
            r#"{{{agreed}"state":"{state}","reason":"{reason}","sent":"{sent}","received":"{received}","#
        );
        eprint!(r#""resets":{resets},"messages_sent":{},"#, stats.messages_sent);
        eprint!(r#""messages_received":{},"rejects":{rejects},"#, stats.messages_received);
        eprintln!(r#""frame_rejects":{frames:?},"sequence_rejects":{sequences:?}}}"#);
        wrong.is_none()
    }
}

/// One byte, one full frame, several frames, each in turn.
fn message<P: Profile>(stream: u32, index: usize) -> Vec<u8> {
    let one = usize::from(P::SPEC.fragment_bytes) - ENVELOPE_OVERHEAD;
    let length = [1, one, P::SPEC.message_bytes_max(), one + 1][index % 4];
    let mut state = (u64::from(stream) << 32) + index as u64;
    let byte = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 56) as u8
    };
    std::iter::repeat_with(byte).take(length).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
