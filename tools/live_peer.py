"""A peer in another language, for `examples/pipe`. `live_cases.py` gives it `put` and `until`, and something to do.

It is written from the rustdoc alone. `PROFILES` follows the page of `profile`, `Frames` that of `wire`, `Handshake` those
of `wire::handshake` and `secure` ("Key schedule"), `Peer` those of `secure` ("Envelope"), `stream` and `endpoint`.
Its links lose nothing, so it says nothing again unasked.
"""
import hashlib, hmac, os, struct
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

SECRET, EXPORT = bytes(range(7, 39)), (b"pipe example", b"context")
CLIENT, SERVER, NAMES = 0, 1, (b"client", b"server")
HELLO, ACCEPT, CONFIRM, REFUSE = 1, 2, 3, 4  # handshake messages
DATA, CONTROL, ACK, CLOSE, RESET, PRESSURE = 1, 2, 3, 4, 5, 6  # kinds of frames
C_DATA, C_END, C_RESET, C_ERROR, C_CREDIT, C_PRESSURE, C_PING, C_CLOSE = 1, 2, 3, 4, 5, 7, 8, 9  # classes of envelopes
KIND = {1: DATA, 2: DATA, 3: RESET, 4: DATA, 5: CONTROL, 7: PRESSURE, 8: CONTROL, 9: CLOSE}  # of each class
FINAL_FLAG, RESET_FLAG, MAX, HEADER = 1, 2, 2**64 - 1, struct.Struct("<BBBBHBBHHIQ")

# Profiles: the fields of `Spec` in their order, and their widths in that order.
WIDTHS = "<8sQHHHHBBHHBBHHIHIIBBBHHIBBBBBBBIIBIIII"
STANDARD = dict(
    id=b"standard", seed=0, schema_version=1, compiler_security_version=1, compiler_security_min=1,
    runtime_version_min=1, checksum=2, hamming_distance=6, frame_bytes_max=540, payload_bytes_max=512, fragments_max=3,
    fragment=1, fragment_bytes=400, envelope_bytes_max=1048, pipe_bytes_max=16384, pipe_frames_max=64,
    pipe_high_bytes=12288, pipe_low_bytes=4096, sequence=1, sequence_window=32, replay=3, replay_width=128,
    reorder_max=32, reassembly_ticks=2000, streams_max=8, server_streams=4, stream_credit=4, session_credit=8,
    priority=0, suites=7, carriers=3, required=0x380, retry_ticks=500, retries_max=8, handshake_ticks=10000,
    ping_ticks=5000, idle_ticks=30000, drain_ticks=10000)
SMALL = dict(
    STANDARD, id=b"small\0\0\0", suites=3, frame_bytes_max=284, payload_bytes_max=256, fragments_max=2, fragment_bytes=256,
    envelope_bytes_max=512, pipe_bytes_max=2048, pipe_frames_max=16, pipe_high_bytes=1536, pipe_low_bytes=512,
    sequence_window=8, replay_width=64, reorder_max=8, streams_max=4, server_streams=2, stream_credit=1, session_credit=0)
LARGE = dict(
    STANDARD, id=b"large\0\0\0", checksum=3, frame_bytes_max=4096, payload_bytes_max=4064, fragments_max=5,
    fragment_bytes=4064, envelope_bytes_max=16408, pipe_bytes_max=65536, pipe_frames_max=128, pipe_high_bytes=49152,
    pipe_low_bytes=16384, sequence_window=64, replay_width=1024, reorder_max=64, streams_max=16, server_streams=8,
    stream_credit=8, session_credit=16)
PROFILES = dict(standard=STANDARD, small=SMALL, large=LARGE)
RUNTIME_VERSION, CAPABILITIES, SUITE, SUITE_NAME = 1, 0x3FF, 1, b"chacha20_poly1305"

class Fail(Exception): "A rule that the other side broke, or what it did not do in time."

def need(holds, rule):
    if not holds:
        raise Fail(rule)

def checksums(size, polynomial):
    rows, ones = list(range(256)), (1 << 8 * size) - 1
    for _ in range(8):
        rows = [row >> 1 ^ (polynomial if row & 1 else 0) for row in rows]
    def checksum(data):
        value = ones
        for byte in data: value = value >> 8 ^ rows[(value ^ byte) & 255]
        return (value ^ ones).to_bytes(size, "little")
    return checksum

# By class; the polynomials are reflected.
CHECKSUM = {1: checksums(2, 0x8408), 2: checksums(4, 0x82F63B78), 3: checksums(4, 0xC8DF352F)}

def sha(*parts): return hashlib.sha256(b"".join(parts)).digest()
def mac(key, *parts): return hmac.digest(key, b"".join(parts), "sha256")
def u16(value): return struct.pack("<H", value)
def u64(value): return struct.pack("<Q", value)
def lp(data): return bytes([len(data)]) + data

def expand(prk, name, context, size):  # at most one block of HKDF-Expand
    return mac(prk, u16(size) + lp(b"kurdistan/1 " + name) + lp(context) + b"\x01")[:size]

class Frames:
    """Frames: made, and held against every rule of the header."""
    def __init__(self, role, profile):
        self.role, self.spec, self.session_class = role, PROFILES[profile], None
        self.checksum = CHECKSUM[self.spec["checksum"]]

    def frame(self, kind, stream, sequence, payload, flags=0, index=0, count=1, offset=0):
        head = HEADER.pack(0x10 | self.spec["checksum"], kind, flags | self.role << 2, kind != DATA, self.session_class,
                           index, count, offset, len(payload), stream, sequence)
        return head + payload + self.checksum(head + payload)

    def parse(self, raw):
        spec, size = self.spec, len(self.checksum(b""))
        need(len(raw) >= 24 + size, "frame: a whole header")
        version, kind, flags, metadata, session, index, count, offset, length, stream, sequence = HEADER.unpack(raw[:24])
        need(version == 0x10 | spec["checksum"], "frame: version and checksum class")
        need(24 + length + size == len(raw) <= spec["frame_bytes_max"], "frame: length")
        need(self.checksum(raw[:-size]) == raw[-size:], "frame: checksum")
        need(DATA <= kind <= PRESSURE, "frame: kind")
        need(flags < 8 and (flags & RESET_FLAG != 0) == (kind == RESET), "frame: flags")
        need(not flags & FINAL_FLAG or kind == DATA and index == count - 1, "frame: final flag")
        need(flags >> 2 == 1 - self.role, "frame: direction")
        need(metadata == (kind != DATA), "frame: metadata class")
        need(length <= spec["payload_bytes_max"], "frame: longest payload")
        need(index < count <= (spec["fragments_max"] if kind == DATA else 1), "frame: fragment index and count")
        need((offset == 0) == (index == 0) and (length or count == 1) and offset + length < 65536, "frame: offset")
        need(stream > 0 if kind in (DATA, RESET) else stream == 0 or kind != CLOSE, "frame: stream id")
        need(index < sequence < MAX, "frame: sequence")
        self.session_class = session if self.session_class is None else self.session_class
        need(session == self.session_class, "frame: session id class")
        return kind, flags, index, count, offset, stream, sequence, raw[24:-size]


class Handshake(Frames):
    """From the hello to open, in either role."""

    def __init__(self, role, profile, offered=CAPABILITIES, change=lambda facts: facts):
        super().__init__(role, profile)
        self.id, self.peer_id, self.nonce, self.offered = b"python", NAMES[1 - role], os.urandom(32), offered
        self.got, self.said, self.holds, self.repeats, self.control_sequence, self.peers_control = {}, {}, set(), 0, 0, 0
        encoded = struct.pack(WIDTHS, *self.spec.values())
        self.hash = sha(b"kurdistan/1 profile", u16(len(encoded)), encoded)
        self.own_facts, self.peer_facts = change(self.facts(offered)), self.facts(CAPABILITIES)
        self.selection = struct.pack("<IB", offered & CAPABILITIES, SUITE)

    def facts(self, offered):
        spec = self.spec
        return spec["id"] + self.hash + struct.pack(
            "<HHHIIBBHHH", spec["schema_version"], spec["compiler_security_version"], RUNTIME_VERSION, offered,
            spec["required"], SUITE, spec["carriers"], spec["envelope_bytes_max"], spec["streams_max"],
            spec["replay_width"])

    def say(self, message):
        """One handshake message; for a repeat the same frame."""
        self.control_sequence += 1
        self.said[message[0]] = self.frame(CONTROL, 0, self.control_sequence, message)
        self.put(self.said[message[0]])

    def take_handshake(self, message, stream, sequence):
        kind = message[0]
        need(stream == 0 and message[1] == 1 - self.role, "handshake: stream and sender")
        need(kind in ((HELLO, CONFIRM, REFUSE) if self.role == SERVER else (ACCEPT, REFUSE)), "handshake: type")
        need(self.got.setdefault(kind, message) == message, "handshake: a repeat is the same")
        need(sequence == {HELLO: 1, ACCEPT: 1, CONFIRM: 2}.get(kind, self.peers_control + 1), "handshake: sequence")
        self.repeats += sequence <= self.peers_control
        self.peers_control = max(sequence, self.peers_control)
        if kind == HELLO and ACCEPT in self.said:
            self.put(self.said[ACCEPT])
        if kind == CONFIRM and "answer" not in self.holds:
            need(message[2:] == self.tags[CLIENT], "confirm: tag")
            if self.pong:
                self.put(self.pong)
            self.pong = self.pong or self.ping(1)

    def open(self):
        if self.role == CLIENT:
            self.prime(self.id, self.peer_id)
            head = bytes([HELLO, CLIENT]) + lp(b"key-1") + lp(self.id) + lp(self.peer_id) + self.own_facts + self.nonce
            self.hello = (head := head.ljust(150 - 32, b"\0")) + self.binder(head)
            self.session_class = int.from_bytes(self.hello[-32:][:2], "little")
            self.say(self.hello)
            self.until(lambda: self.got, "an answer to the hello")
            if ACCEPT in self.got:
                self.take_accept(self.got[ACCEPT])
                self.say(self.confirm)
                self.until(lambda: self.opened[1], "the first envelope")
        else:
            self.until(lambda: self.got, "a hello")
            self.take_hello(self.got[HELLO])
            accept = bytes([ACCEPT, SERVER]) + lp(self.id) + self.own_facts + self.selection + self.nonce
            self.derive(accept + bytes(32))
            self.derive(accept + self.tags[SERVER])
            self.say(accept + self.tags[SERVER])
            self.until(lambda: {CONFIRM, REFUSE} & {*self.got}, "an answer to the accept")
        return self

    def take_hello(self, hello):
        at, ids = 2, []
        for _ in range(3):
            ids.append(hello[at + 1:at + 1 + hello[at]])
            at += 1 + hello[at]
        self.hello, _ = hello, self.prime(ids[1], ids[2])
        need(ids[:2] == [b"key-1", self.peer_id] and ids[2] in (self.id, b""), "hello: ids")
        need(hello[at:at + 62] == self.peer_facts, "hello: facts")
        need(len(hello) == max(150, at + 126) and not any(hello[at + 94:-32]), "hello: padding")
        need(hello[-32:] == self.binder(hello[:-32]), "hello: binder")
        need(self.session_class == int.from_bytes(hello[-32:][:2], "little"), "hello: session id class")

    def take_accept(self, accept):
        fields = bytes([ACCEPT, SERVER]) + lp(self.peer_id) + self.peer_facts + self.selection
        need(accept[:-64] == fields, "accept: fields")
        self.derive(accept)
        need(accept[-32:] == self.tags[SERVER], "accept: tag")

    def prime(self, client, server):
        imported = mac(sha(b"kurdistan/1 import"), SECRET)
        ipsk = expand(imported, b"ipsk", sha(lp(client), lp(server), b"\x01"), 32)
        self.prk = mac(sha(b"kurdistan/1 hkdf_sha256"), ipsk)

    def binder(self, head):
        return mac(expand(self.prk, b"binder", b"", 32), head)

    def derive(self, accept):
        """The tags and everything below them."""
        body, tag = accept[:-32], accept[-32:]
        text = b"kurdistan/1 transcript" + bytes([1, self.spec["checksum"]])
        text += u16(len(self.hello)) + self.hello + u16(len(body)) + body
        first, second = sha(text), sha(text, tag)
        self.tags = [mac(expand(self.prk, name + b" confirm", th, 32), th)
                     for name, th in ((b"client", second), (b"server", first))]
        self.confirm = bytes([CONFIRM, CLIENT]) + self.tags[CLIENT]
        self.third = sha(text, tag, u16(len(self.confirm)), self.confirm)
        self.session_id = expand(self.prk, b"session id", second, 16)
        self.export = expand(expand(self.prk, b"exporter", self.third, 32), EXPORT[0], sha(EXPORT[1]), 32)
        self.ciphers, self.bases = ([[expand(self.prk, SUITE_NAME + b" " + name + domain + what, second, size)
                                      for domain in (b" data", b" control")] for name in NAMES]
                                    for what, size in ((b" key", 32), (b" base", 12)))

class Stream:
    """What this side knows of one stream. Messages include the end of a half."""

    def __init__(self, number, is_local, credit):
        self.id, self.is_local = number, is_local
        self.sequence = self.sent = self.sent_bytes = self.came_sequence = self.came = self.came_bytes = self.read = 0
        self.limit = self.told = credit  # messages that this side, and the peer, may have sent in all
        self.outbox, self.inbox, self.parts = [], [], []
        self.all, self.echoes = [], []  # what was given to an own stream, and what came back
        self.ending = self.end_said = self.end_came = self.end_read = self.reset_said = self.reset_came = False

    def was_reset(self):
        return self.reset_said or self.reset_came

class Peer(Handshake):
    """Envelopes, streams, credit, probes and the close."""

    def __init__(self, *words, **named):
        self.sealed, self.opened, self.streams, self.past = [0, 0], [0, 0], {}, {}  # counts: data, control
        self.answers, self.probes, self.closes, self.echo, self.credits, self.tally = 0, 0, [], True, True, {}
        self.pong = self.answer = None  # what answers the confirm: as this side said it, as it came
        super().__init__(*words, **named)

    def cipher(self, role, head, kind, stream, length, sequence):
        number, domain = int.from_bytes(head[1:], "little"), kind != DATA
        base = self.bases[role][domain]
        bound = head + self.session_id + bytes([role]) + self.third
        bound += struct.pack("<IBBHQ", stream, kind, kind != DATA, length, sequence)
        nonce = base[:4] + (int.from_bytes(base[4:], "big") ^ number).to_bytes(8, "big")
        return ChaCha20Poly1305(self.ciphers[role][domain]), nonce, bound

    def seal(self, code, stream, text, sequence):
        """The next envelope, for a message that begins in the frame with this sequence."""
        kind = KIND[code]
        self.sealed[kind != DATA] += 1
        head = bytes([code]) + u64(self.sealed[kind != DATA])[:7]
        key, nonce, bound = self.cipher(self.role, head, kind, stream, len(text) + 24, sequence)
        return head + key.encrypt(nonce, text, bound)

    def unseal(self, kind, stream, envelope, sequence):
        need(25 <= len(envelope) <= self.spec["envelope_bytes_max"], "envelope: length")
        need(KIND.get(envelope[0]) == kind, "envelope: its class fits its frame")
        self.opened[kind != DATA] += 1  # a pipe keeps the order
        need(int.from_bytes(envelope[1:8], "little") == self.opened[kind != DATA], "envelope: sequence")
        key, nonce, bound = self.cipher(1 - self.role, envelope[:8], kind, stream, len(envelope), sequence)
        return envelope[0], key.decrypt(nonce, envelope[8:], bound)  # or `InvalidTag`

    def take(self, kind, flags, index, count, offset, stream, sequence, payload):
        if kind == CONTROL and payload[0] <= REFUSE:
            return self.take_handshake(payload, stream, sequence)
        if kind == DATA:
            return self.take_fragment(flags, index, count, offset, stream, sequence, payload)
        if self.role == CLIENT and (kind, stream, sequence, payload) == self.answer:
            self.answers += 1  # the one envelope that comes twice
            return None
        self.peers_control, (code, text) = self.peers_control + 1, self.unseal(kind, stream, payload, sequence)
        need(len(text) == {C_RESET: 2, C_CREDIT: 8, C_PRESSURE: 1, C_PING: 9, C_CLOSE: 17}[code], "control: layout")
        expected = 2**32 - 1 if code == C_CLOSE and text[0] >= 32 else self.peers_control
        need(sequence == expected, "control: one more for each frame")
        if code == C_PING:
            need(text[0] < 2 and stream == 0, "ping: layout")
            need(int.from_bytes(text[1:], "little") == self.opened[0], "ping: the last data sequence")
            self.answers, self.probes = self.answers + text[0], self.probes + 1 - text[0]
            self.answer = self.answer or (kind, stream, sequence, payload)
            for one in () if text[0] else self.streams.values():
                self.grant(one)
            return text[0] or self.ping(1)
        if code in (C_PRESSURE, C_CLOSE):
            need(stream == 0 and (code == C_CLOSE or text[0] < 2), "pressure, close: layout")
            return code == C_PRESSURE or self.closes.append(struct.unpack("<BQQ", text))
        (self.take_reset if code == C_RESET else self.take_credit)(stream, int.from_bytes(text, "little"))
        self.work()

    def take_fragment(self, flags, index, count, offset, number, sequence, payload):
        if number not in self.streams and number not in self.past:
            peers = [other for other in (*self.streams, *self.past) if other % 2 == self.role]
            need(number % 2 == self.role and number > max(peers, default=0), "stream: parity, and ids grow")
            self.streams[number] = Stream(number, False, self.spec["stream_credit"])
            room = self.spec["streams_max"] * self.role + self.spec["server_streams"] * (-1) ** self.role
            need(sum(not one.is_local for one in self.streams.values()) <= room, "stream: no more than fit")
        one = self.streams.get(number) or self.past[number]
        need(sequence == one.came_sequence + 1 and index == len(one.parts), "data: frames are numbered")
        need(offset == sum(map(len, one.parts)), "data: fragments follow each other")
        need(index == count - 1 or len(payload) == self.spec["fragment_bytes"], "data: fixed fragments")
        one.came_sequence, one.parts = sequence, one.parts + [payload]
        if index == count - 1:
            code, text = self.unseal(DATA, number, b"".join(one.parts), sequence - index)
            one.parts, one.came = [], one.came + 1
            need((flags & FINAL_FLAG != 0) == (code != C_DATA), "data: final flag")
            need(not one.end_came and not one.reset_came, "data: nothing after the end")
            if one.reset_said or number in self.past:
                return  # opened, counted and dropped
            need(one.came <= one.told, "credit: of the stream")
            need(self.shared(lambda other: other.came - other.told) <= self.spec["session_credit"], "credit: shared")
            if code == C_DATA:
                one.inbox, one.came_bytes = one.inbox + [text], one.came_bytes + len(text)
            else:
                need(text == u64(one.came_bytes), "end: bytes in all")
                one.end_came = True
            self.work()

    def take_credit(self, number, told):
        if number in self.past:
            return self.past[number].is_local or self.retire(self.past[number])
        one = self.streams[number]
        if told == MAX:
            need(one.is_local and (one.reset_said or one.end_said and one.end_read), "last word: it is through")
            self.past[number] = self.streams.pop(number)
        else:
            need(one.limit <= told <= one.sent + self.spec["stream_credit"], "credit: it grows by what was read")
            one.limit = told

    def take_reset(self, number, code):
        if number in self.past:
            return self.past[number].is_local or self.retire(self.past[number])
        one = self.streams[number]
        one.reset_came = True
        if one.is_local and not one.reset_said:
            self.reset(one, code)

    def shared(self, lent):
        """Slots beyond the one that each stream owns, when `lent` tells messages less credit."""
        return sum(max(0, lent(one) + self.spec["stream_credit"] - 1) for one in self.streams.values())

    def control(self, code, stream, text):
        self.control_sequence += 1
        envelope = self.seal(code, stream, text, self.control_sequence)
        frame = self.frame(KIND[code], stream, self.control_sequence, envelope, RESET_FLAG * (code == C_RESET))
        self.put(frame)
        return frame

    def ping(self, answer):
        return self.control(C_PING, 0, struct.pack("<BQ", answer, self.sealed[0]))

    def grant(self, one):
        if self.credits:
            one.told = one.read + self.spec["stream_credit"]
            self.control(C_CREDIT, one.id, u64(one.told))

    def reset(self, one, code):
        one.reset_said, one.inbox, one.outbox = True, [], []
        self.control(C_RESET, one.id, u16(code))

    def retire(self, one):
        """The last word of the side that accepted the stream."""
        if "last word" not in self.holds:
            self.control(C_CREDIT, one.id, u64(MAX))
            self.past[one.id] = self.streams.pop(one.id, one)

    def start(self, *messages):
        """A stream of this side, with messages that go as credit allows."""
        number = max((own for own in (*self.streams, *self.past) if own % 2 != self.role), default=self.role - 1) + 2
        self.streams[number] = one = Stream(number, True, self.spec["stream_credit"])
        one.all, one.outbox = [*messages], [*messages]
        self.work()
        return one

    def work(self):
        """Reads, echoes, ends and retires what can be."""
        for one in [*self.streams.values()]:
            while one.inbox and self.credits and (one.is_local or self.echo) and not one.reset_came:
                text, one.read = one.inbox.pop(0), one.read + 1
                (one.echoes if one.is_local else one.outbox).append(text)
                self.tally.setdefault(one.id, hashlib.sha256()).update(u64(len(text)) + text)
                self.grant(one)
            if one.end_came and not one.inbox and not one.end_read:
                one.end_read, one.read = True, one.read + 1
                self.grant(one)
            while one.outbox and self.may_send(one) and not one.was_reset():
                self.put(*self.cut(one, C_DATA, one.outbox.pop(0)))
            wanted = one.ending if one.is_local else one.end_read
            if wanted and not one.outbox and not one.end_said and self.may_send(one) and not one.was_reset():
                self.put(*self.cut(one, C_END, u64(one.sent_bytes)))
            ended = one.end_said and one.end_read and one.limit == one.sent + self.spec["stream_credit"]
            if not one.is_local and (one.reset_came or ended):
                self.retire(one)

    def may_send(self, one):
        shared = self.shared(lambda other: other.sent - other.limit + (other is one))
        return one.sent < one.limit and shared <= self.spec["session_credit"]

    def cut(self, one, code, text, step=0):
        """The frames of the next message of a stream."""
        first, step = one.sequence + 1, step or self.spec["fragment_bytes"]
        envelope = self.seal(code, one.id, text, first)
        parts = [envelope[at:at + step] for at in range(0, len(envelope), step)]
        one.end_said, one.sent, one.sequence = code != C_DATA, one.sent + 1, one.sequence + len(parts)
        one.sent_bytes += len(text) * (code == C_DATA)
        return [self.frame(DATA, one.id, first + index, part, FINAL_FLAG * (one.end_said and index == len(parts) - 1),
                           index, len(parts), index * step) for index, part in enumerate(parts)]

    def close(self, reason=1):
        """Says a close, and again if data came since, until both count the same."""
        told = None

        def crossed():
            nonlocal told
            if told != self.opened[0]:
                told = self.opened[0]
                self.control(C_CLOSE, 0, struct.pack("<BQQ", reason, self.sealed[0], told))
            return self.closes and self.closes[-1] == (1, self.opened[0], self.sealed[0])
        self.until(crossed, "a close with the right counts")
