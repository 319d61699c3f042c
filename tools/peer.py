#!/usr/bin/env python3
"""An independent peer, written from the crate's documentation alone; makes the known answers of tests/vectors.

    python3 tools/peer.py tests/vectors        needs the package `cryptography`
"""
import hashlib, hmac, sys, os
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

def u(n, width): return n.to_bytes(width, "little")
def sha(b): return hashlib.sha256(b).digest()
def mac(k, m): return hmac.new(k, m, hashlib.sha256).digest()
def lp(b): assert len(b) < 256; return bytes([len(b)]) + b

def hkdf_extract(salt, ikm): return mac(salt, ikm)
def hkdf_expand(prk, info, n):
    out, t, i = b"", b"", 1
    while len(out) < n:
        t = mac(prk, t + info + bytes([i])); out += t; i += 1
    return out[:n]
def expand(prk, name, context, n):
    return hkdf_expand(prk, u(n, 2) + lp(b"kurdistan/1 " + name) + lp(context), n)

# ---- Ascon-AEAD128, from NIST SP 800-232: five words, little endian -------------------------------------------------
M64 = (1 << 64) - 1
def ror(x, n): return (x >> n | x << (64 - n)) & M64
def ascon_p(s, rounds):
    for constant in range(0xF0 - (12 - rounds) * 15, 0x3C, -15):
        x0, x1, x2, x3, x4 = s
        x2 ^= constant
        x0 ^= x4; x4 ^= x3; x2 ^= x1
        t = [x ^ (~y & M64 & z) for x, y, z in
             ((x0, x1, x2), (x1, x2, x3), (x2, x3, x4), (x3, x4, x0), (x4, x0, x1))]
        x0, x1, x2, x3, x4 = t
        x1 ^= x0; x0 ^= x4; x3 ^= x2; x2 ^= M64
        s[:] = [x0 ^ ror(x0, 19) ^ ror(x0, 28), x1 ^ ror(x1, 61) ^ ror(x1, 39), x2 ^ ror(x2, 1) ^ ror(x2, 6),
                x3 ^ ror(x3, 10) ^ ror(x3, 17), x4 ^ ror(x4, 7) ^ ror(x4, 41)]
class AsconAead128:
    def __init__(self, key): assert len(key) == 16; self.k = [int.from_bytes(key[i:i + 8], "little") for i in (0, 8)]
    def encrypt(self, nonce, plain, ad):
        assert len(nonce) == 16
        k0, k1 = self.k
        s = [0x00001000808C0001, k0, k1] + [int.from_bytes(nonce[i:i + 8], "little") for i in (0, 8)]
        ascon_p(s, 12); s[3] ^= k0; s[4] ^= k1
        def absorb(block):
            s[0] ^= int.from_bytes(block[:8], "little"); s[1] ^= int.from_bytes(block[8:], "little")
        if ad:
            padded = ad + b"\1" + bytes(-(len(ad) + 1) % 16)
            for i in range(0, len(padded), 16): absorb(padded[i:i + 16]); ascon_p(s, 8)
        s[4] ^= 1 << 63
        padded, out = plain + b"\1" + bytes(-(len(plain) + 1) % 16), b""
        for i in range(0, len(padded), 16):
            absorb(padded[i:i + 16]); out += u(s[0], 8) + u(s[1], 8)
            if i + 16 < len(padded): ascon_p(s, 8)
        s[2] ^= k0; s[3] ^= k1
        ascon_p(s, 12)
        return out[:len(plain)] + u(s[3] ^ k0, 8) + u(s[4] ^ k1, 8)

# The first answer of the reference implementation's file, and one with a body and associated data of 17 bytes.
KAT = AsconAead128(bytes(range(16)))
assert KAT.encrypt(bytes(range(16)), b"", b"").hex() == "4427d64b8e1e1451fc445960f0839bb0"
assert KAT.encrypt(bytes(range(16)), bytes(range(17)), bytes(range(17))).hex() == "9813b7013089db863a742a4c13f1408e9781d46986cbc03b3e6a335581eb9da954"

# Code, name, length of key and of base, and the AEAD.
SUITES = {1: (b"chacha20_poly1305", 32, 12, ChaCha20Poly1305), 2: (b"ascon_aead128", 16, 16, AsconAead128),
    3: (b"aes256_gcm", 32, 12, AESGCM)}
def suite_bits(codes): return sum(1 << (code - 1) for code in codes)

# ---- checksums: bit by bit, from the catalogue's parameters -------------------------------------------------------
def reflect(v, w): return int(format(v, f"0{w}b")[::-1], 2)
def crc(data, width, poly):
    # both reflected, init and xorout all ones: the three classes have these in common
    top = (1 << width) - 1
    reg, rp = top, reflect(poly, width)
    for b in data:
        reg ^= b
        for _ in range(8): reg = (reg >> 1) ^ (rp if reg & 1 else 0)
    return reg ^ top
CLASSES = {1: ("crc16", 16, 0x1021), 2: ("crc32c", 32, 0x1EDC6F41), 3: ("crc32_autosar", 32, 0xF4ACFB13)}
def checksum(cls, data):
    _, w, p = CLASSES[cls]
    return u(crc(data, w, p), w // 8)
for cls, want in ((1, 0x906E), (2, 0xE3069283), (3, 0x1697D06A)):
    assert int.from_bytes(checksum(cls, b"123456789"), "little") == want

# ---- frames ---------------------------------------------------------------------------------------------------------
KIND = {"data": 1, "control": 2, "ack": 3, "close": 4, "reset": 5, "backpressure": 6}
META = {"unspecified": 0, "runtime": 1, "carrier": 2, "proxy": 3, "adapter": 4, "probe": 5}
def header(cls, kind, flags, meta, session, index, count, offset, length, stream, sequence, version=1):
    return (bytes([version << 4 | cls, kind, flags, meta]) + u(session, 2) + bytes([index, count]) + u(offset, 2)
            + u(length, 2) + u(stream, 4) + u(sequence, 8))
def frame(cls, payload, **f):
    body = header(cls, length=f.pop("length", len(payload)), **f) + payload
    return body + checksum(cls, body)
def pattern(n, k=7): return bytes((i * k + 3 * n + 1) & 0xFF for i in range(n))

out = {}
def emit(file, section, *pairs):
    lines = out.setdefault(file, [])
    lines.append(f"[{section}]")
    for k, v in pairs:
        if isinstance(v, bytes): v = v.hex()
        lines.append(f"{k} = {v}".rstrip())
    lines.append("")

def frames():
    # kind, final, direction, metadata, session class, index, count, offset, stream, sequence, payload bytes
    rows = [
        ("data", 0, 0, "runtime", 0x1234, 0, 1, 0, 1, 1, 1),
        ("data", 1, 1, "proxy", 0xFFFF, 0, 1, 0, 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFE, 31),
        ("data", 0, 0, "adapter", 1, 0, 3, 0, 5, 41, 40),
        ("data", 0, 0, "adapter", 1, 1, 3, 40, 5, 42, 40),
        ("data", 1, 0, "adapter", 1, 2, 3, 80, 5, 43, 7),
        ("control", 0, 0, "runtime", 0x8001, 0, 1, 0, 0, 1, 34),
        ("control", 0, 1, "probe", 0x0100, 0, 1, 0, 6, 2, 33),
        ("ack", 0, 1, "carrier", 2, 0, 1, 0, 0, 65536, 24),
        ("close", 0, 0, "runtime", 3, 0, 1, 0, 0, 0xFFFFFFFF, 33),
        ("reset", 0, 1, "unspecified", 4, 0, 1, 0, 2, 9, 26),
        ("backpressure", 0, 0, "carrier", 5, 0, 1, 0, 7, 10, 0),
    ]
    for cls in CLASSES:
        for i, (kind, final, direction, meta, session, index, count, offset, stream, seq, n) in enumerate(rows):
            flags = final | (2 if kind == "reset" else 0) | direction << 2
            payload = pattern(n, 7 + i)
            f = frame(cls, payload, kind=KIND[kind], flags=flags, meta=META[meta], session=session, index=index,
                      count=count, offset=offset, stream=stream, sequence=seq)
            emit("frames", f"accepted {CLASSES[cls][0]} {kind} {i}", ("checksum_class", cls), ("kind", KIND[kind]),
                 ("final", final), ("direction", direction), ("metadata", META[meta]), ("session_class", session),
                 ("fragment_index", index), ("fragment_count", count), ("fragment_offset", offset),
                 ("stream", stream), ("sequence", seq), ("payload", payload), ("frame", f))

# The decoder of these: client to server, payloads to 64 bytes, frames to 96 bytes, 4 fragments.
REJECT = {"truncated": 1, "version": 2, "checksum_class": 3, "trailing": 4, "oversized_frame": 5, "checksum": 6,
          "unknown_kind": 7, "flags": 8, "wrong_direction": 9, "metadata_class": 10, "oversized_payload": 11,
          "fragment_count": 12, "fragment_index": 13, "fragment_offset": 14, "stream_id": 15, "sequence": 16}
def malformed():
    for cls in CLASSES:
        good = dict(kind=1, flags=0, meta=1, session=7, index=1, count=3, offset=8, stream=3, sequence=9)
        p = pattern(8)
        def f(payload=p, c=cls, **change): return frame(c, payload, **{**good, **change})
        ok = f()
        other = cls % 3 + 1
        rows = [
            ("truncated", b""), ("truncated", ok[:23]), ("truncated", ok[:-1]),
            ("version", f(version=0)), ("version", f(version=2)), ("version", f(version=2)[:-1]),
            ("checksum_class", f(c=other)), ("checksum_class", bytes([0x10]) + ok[1:]), ("checksum_class", bytes([0x14]) + ok[1:-1]),
            ("trailing", ok + b"\0"), ("oversized_frame", f(pattern(73))),
            ("checksum", ok[:-1] + bytes([ok[-1] ^ 1])), ("checksum", ok[:24] + bytes([ok[24] ^ 0x80]) + ok[25:]),
            ("unknown_kind", f(kind=0)), ("unknown_kind", f(kind=7)), ("unknown_kind", f(kind=0xFF, flags=8)),
            ("flags", f(flags=8)), ("flags", f(flags=0x84)), ("flags", f(flags=2)), ("flags", f(flags=1)),
            ("flags", f(kind=5, index=0, count=1, offset=0)), ("flags", f(kind=2, index=0, count=1, offset=0, flags=1)),
            ("wrong_direction", f(flags=4)), ("metadata_class", f(meta=6)), ("metadata_class", f(meta=255, count=0)),
            ("oversized_payload", f(pattern(65), count=9)),
            ("fragment_count", f(count=0)), ("fragment_count", f(count=5, index=9)), ("fragment_count", f(kind=2)),
            ("fragment_index", f(index=3)), ("fragment_index", f(index=255, offset=0)),
            ("fragment_offset", f(offset=0)), ("fragment_offset", f(index=0)), ("fragment_offset", f(offset=65528)),
            ("fragment_offset", f(b"")), ("fragment_offset", f(offset=0, stream=0)),
            ("stream_id", f(stream=0)), ("stream_id", f(kind=4, index=0, count=1, offset=0)),
            ("stream_id", f(kind=5, flags=2, index=0, count=1, offset=0, stream=0)), ("stream_id", f(stream=0, sequence=0)),
            ("sequence", f(sequence=1)), ("sequence", f(sequence=0)), ("sequence", f(sequence=2**64 - 1)),
        ]
        for i, (name, bad) in enumerate(rows):
            emit("malformed", f"{CLASSES[cls][0]} {name} {i}", ("checksum_class", cls), ("reject", name), ("frame", bad))

# ---- profiles -------------------------------------------------------------------------------------------------------
FIELDS = [("id", 8), ("seed", 8), ("schema_version", 2), ("compiler_security_version", 2), ("compiler_security_min", 2),
    ("runtime_version_min", 2), ("checksum", 1), ("hamming_distance", 1), ("frame_bytes_max", 2), ("payload_bytes_max", 2),
    ("fragments_max", 1), ("fragment", 1), ("fragment_bytes", 2), ("envelope_bytes_max", 2), ("pipe_bytes_max", 4),
    ("pipe_frames_max", 2), ("pipe_high_bytes", 4), ("pipe_low_bytes", 4), ("sequence", 1), ("sequence_window", 1),
    ("replay", 1), ("replay_width", 2), ("reorder_max", 2), ("reassembly_ticks", 4), ("streams_max", 1), ("server_streams", 1),
    ("stream_credit", 1), ("session_credit", 1), ("priority", 1), ("suites", 1), ("carriers", 1), ("required", 4), ("retry_ticks", 4),
    ("retries_max", 1), ("handshake_ticks", 4), ("ping_ticks", 4), ("idle_ticks", 4), ("drain_ticks", 4)]
STANDARD = dict(id=b"standard", seed=0, schema_version=1, compiler_security_version=1, compiler_security_min=1,
    runtime_version_min=1, checksum=2, hamming_distance=6, frame_bytes_max=540, payload_bytes_max=512, fragments_max=3,
    fragment=1, fragment_bytes=400, envelope_bytes_max=1048, pipe_bytes_max=16384, pipe_frames_max=64,
    pipe_high_bytes=12288, pipe_low_bytes=4096, sequence=1, sequence_window=32, replay=3, replay_width=128, reorder_max=32,
    reassembly_ticks=2000, streams_max=8, server_streams=4, stream_credit=4, session_credit=8, priority=0, suites=0b111,
    carriers=0b11, required=1 << 7 | 1 << 8 | 1 << 9, retry_ticks=500, retries_max=8, handshake_ticks=10000,
    ping_ticks=5000, idle_ticks=30000, drain_ticks=10000)
SMALL = {**STANDARD, **dict(id=b"small\0\0\0", frame_bytes_max=284, payload_bytes_max=256, fragments_max=2,
    fragment_bytes=256, envelope_bytes_max=512, pipe_bytes_max=2048, pipe_frames_max=16, pipe_high_bytes=1536,
    pipe_low_bytes=512, sequence_window=8, replay_width=64, reorder_max=8, streams_max=4, server_streams=2, stream_credit=1,
    session_credit=0, suites=0b011)}
LARGE = {**STANDARD, **dict(id=b"large\0\0\0", checksum=3, frame_bytes_max=4096, payload_bytes_max=4064, fragments_max=5,
    fragment_bytes=4064, envelope_bytes_max=16408, pipe_bytes_max=65536, pipe_frames_max=128, pipe_high_bytes=49152,
    pipe_low_bytes=16384, sequence_window=64, replay_width=1024, reorder_max=64, streams_max=16, server_streams=8, stream_credit=8,
    session_credit=16)}
# Every byte of the encoding differs from its neighbours, as far as enums allow: a swapped pair of fields shows.
DISTINCT = dict(id=bytes(range(1, 9)), seed=0x1011121314151617, schema_version=0x2021, compiler_security_version=0x2223,
    compiler_security_min=0x2425, runtime_version_min=0x2627, checksum=1, hamming_distance=0x28, frame_bytes_max=0x292A,
    payload_bytes_max=0x2B2C, fragments_max=0x2D, fragment=0, fragment_bytes=0x2E2F, envelope_bytes_max=0x3031,
    pipe_bytes_max=0x32333435, pipe_frames_max=0x3637, pipe_high_bytes=0x38393A3B, pipe_low_bytes=0x3C3D3E3F, sequence=0,
    sequence_window=0x40, replay=2, replay_width=0x4142, reorder_max=0x6667, reassembly_ticks=0x43444546, streams_max=0x47,
    server_streams=0x48, stream_credit=0x49, session_credit=0x4A, priority=3, suites=0x4B, carriers=0x4C, required=0x4D4E4F50,
    retry_ticks=0x51525354, retries_max=0x55, handshake_ticks=0x56575859, ping_ticks=0x5A5B5C5D, idle_ticks=0x5E5F6061,
    drain_ticks=0x62636465)
PROFILES = {"standard": STANDARD, "small": SMALL, "large": LARGE, "distinct": DISTINCT}
def spec_bytes(p):
    return b"".join(p[n] if n == "id" else u(p[n], w) for n, w in FIELDS)
def generation_hash(p):
    e = spec_bytes(p)
    return sha(b"kurdistan/1 profile" + u(len(e), 2) + e)
def profiles():
    for name, p in PROFILES.items():
        assert set(p) == {n for n, _ in FIELDS}
        emit("profiles", name, *[(n, p[n]) for n, _ in FIELDS], ("encoding", spec_bytes(p)), ("generation_hash", generation_hash(p)))

# ---- handshake ------------------------------------------------------------------------------------------------------
CLIENT, SERVER = 0, 1
WIRE_VERSION = 1
def idb(text): return lp(text)
def nonce_of(random, boot, handshake, role, ident):
    prk = hkdf_extract(sha(b"kurdistan/1 nonce"), random)
    return expand(prk, b"nonce", u(boot, 8) + u(handshake, 8) + bytes([role]) + lp(ident), 32)
# A side whose profile is read at run time does not offer generated_backend, bit 6.
KNOWN = ((1 << 10) - 1) & ~(1 << 6)
def facts(p, offered, required, suites):
    f = (p["id"] + generation_hash(p) + u(p["schema_version"], 2) + u(p["compiler_security_version"], 2) + u(1, 2)
         + u(offered, 4) + u(required | p["required"], 4) + bytes([p["suites"] & suite_bits(suites), p["carriers"]])
         + u(p["envelope_bytes_max"], 2) + u(p["streams_max"], 2) + u(p["replay_width"], 2))
    assert len(f) == 62
    return f

class Side: pass
def keys_of(secret, client_id, expected):
    imp = hkdf_extract(sha(b"kurdistan/1 import"), secret)
    ipsk = expand(imp, b"ipsk", sha(lp(client_id) + lp(expected) + bytes([WIRE_VERSION])), 32)
    prk = hkdf_extract(sha(b"kurdistan/1 hkdf_sha256"), ipsk)
    return imp, ipsk, prk
def hello_of(c, prk):
    h = bytes([1, CLIENT]) + idb(c["secret_id"]) + idb(c["client_id"]) + lp(c["expected"]) + c["client_facts"] + c["client_nonce"]
    h += bytes(max(0, 150 - 32 - len(h)))
    return h + mac(expand(prk, b"binder", b"", 32), h)
def accept_of(c, prk, hello, selected, suite=1, server_facts=None, server_nonce=None):
    a = (bytes([2, SERVER]) + idb(c["server_id"]) + (server_facts or c["server_facts"]) + u(selected, 4) + bytes([suite])
         + (server_nonce or c["server_nonce"]))
    t = b"kurdistan/1 transcript" + bytes([WIRE_VERSION, c["p"]["checksum"]]) + u(len(hello), 2) + hello + u(len(a), 2) + a
    th1 = sha(t)
    tag = mac(expand(prk, b"server confirm", th1, 32), th1)
    t += tag
    return a + tag, t, th1, tag
def refuse_of(prk, hello, sender, reason, floor, selected):
    r = bytes([4, sender, reason]) + u(floor, 4) + u(selected, 4)
    h = sha(hello)
    return r + mac(expand(prk, b"refuse", h, 32), h + r)

def handshake(name, profile, secret_id, secret, client_id, server_id, expected, crandom, cboot, chand, srandom, sboot,
              shand, coffered=KNOWN, soffered=KNOWN, crequired=0, srequired=0, csuites=(1,), ssuites=(1,)):
    p = PROFILES[profile]
    c = dict(p=p, secret_id=secret_id, secret=secret, client_id=client_id, server_id=server_id, expected=expected)
    c["client_nonce"] = nonce_of(crandom, cboot, chand, CLIENT, client_id)
    c["server_nonce"] = nonce_of(srandom, sboot, shand, SERVER, server_id)
    c["client_facts"] = facts(p, coffered, crequired, csuites)
    c["server_facts"] = facts(p, soffered, srequired, ssuites)
    imp, ipsk, prk = keys_of(secret, client_id, expected)
    c["prk"] = prk
    hello = c["hello"] = hello_of(c, prk)
    selected = coffered & soffered
    inputs = [("profile", profile), ("secret_id", secret_id.decode()), ("secret", secret), ("client_id", client_id.decode()),
        ("server_id", server_id.decode()), ("expected", expected.decode()), ("client_random", crandom), ("client_boot", cboot),
        ("client_handshake", chand), ("server_random", srandom), ("server_boot", sboot), ("server_handshake", shand),
        ("client_offered", coffered), ("server_offered", soffered), ("client_required", crequired), ("server_required", srequired),
        ("client_suites", bytes(csuites)), ("server_suites", bytes(ssuites))]
    floor = p["required"] | crequired | srequired
    if selected & floor != floor:
        emit("refusals", name, *inputs, ("sender", SERVER), ("reason", 43), ("floor", floor), ("selected", selected),
             ("hello", hello), ("refuse", refuse_of(prk, hello, SERVER, 43, floor, selected)))
        return c
    # The server's order decides among what the profile allows and the client has.
    chosen = next(code for code in ssuites if p["suites"] & suite_bits(csuites) & suite_bits([code]))
    suite, key_bytes, base_bytes, c["aead"] = SUITES[chosen]
    accept, t, th1, server_tag = accept_of(c, prk, hello, selected, chosen)
    th2 = sha(t)
    client_tag = mac(expand(prk, b"client confirm", th2, 32), th2)
    confirm = bytes([3, CLIENT]) + client_tag
    th3 = sha(t + u(len(confirm), 2) + confirm)
    k = {}
    for role in (b"client", b"server"):
        for dom in (b"data", b"control"):
            k[role, dom] = (expand(prk, suite + b" " + role + b" " + dom + b" key", th2, key_bytes),
                            expand(prk, suite + b" " + role + b" " + dom + b" base", th2, base_bytes))
    session_id = expand(prk, b"session id", th2, 16)
    exporter = expand(prk, b"exporter", th3, 32)
    c.update(keys=k, session_id=session_id, exporter=exporter, th3=th3, sealed={})
    emit("handshakes", f"handshake {name}", *inputs, ("client_nonce", c["client_nonce"]), ("server_nonce", c["server_nonce"]),
         ("import", imp), ("ipsk", ipsk), ("prk", prk), ("binder", hello[-32:]), ("hello", hello), ("selected", selected),
         ("suite", chosen), ("accept", accept), ("server_tag", server_tag), ("client_tag", client_tag), ("confirm", confirm),
         ("th1", th1), ("th2", th2), ("th3", th3),
         *[(f"{r.decode()}_{d.decode()}_{w}", k[r, d][i]) for r in (b"client", b"server") for d in (b"data", b"control")
           for i, w in enumerate(("key", "base"))],
         ("session_id", session_id), ("exporter", exporter))
    for label, context, n in (("", b"", 1), ("label", b"context", 32), ("key for the file", pattern(300), 77)):
        emit("handshakes", f"export {name}", ("label", label.encode()), ("context", context), ("bytes", n),
             ("value", expand(exporter, label.encode(), sha(context), n)))
    return c

CLASS = {"data": (1, "data"), "end_of_stream": (2, "data"), "reset": (3, "reset"), "error": (4, "data"), "credit": (5, "control"),
    "ack": (6, "ack"), "pressure": (7, "backpressure"), "ping": (8, "control"), "close": (9, "close")}
def seal(name, c, role, cls, stream, meta, first, plain, section="seal"):
    code, kind = CLASS[cls]
    r = (b"client", b"server")[role]
    dom = b"data" if cls in ("data", "end_of_stream", "error") else b"control"
    seq = c["sealed"][r, dom] = c["sealed"].get((r, dom), 0) + 1
    head = bytes([code]) + u(seq, 7)
    ad = (head + c["session_id"] + bytes([role]) + c["th3"] + u(stream, 4) + bytes([KIND[kind], META[meta]])
          + u(8 + len(plain) + 16, 2) + u(first, 8))
    assert len(ad) == 73
    key, base = c["keys"][r, dom]
    nonce = base[:-8] + bytes(a ^ b for a, b in zip(base[-8:], seq.to_bytes(8, "big")))
    envelope = head + c["aead"](key).encrypt(nonce, plain, ad)
    emit("handshakes", f"{section} {name}", ("sender", role), ("class", code), ("stream", stream), ("kind", KIND[kind]),
         ("metadata", META[meta]), ("first_sequence", first), ("plaintext", plain), ("key", key), ("nonce", nonce),
         ("associated_data", ad), ("envelope", envelope))

def sessions():
    r = lambda k: bytes((i * k + k) & 0xFF for i in range(32))
    a = handshake("both_expected", "standard", b"k1", bytes(range(0x40, 0x60)), b"device-7", b"host-1", b"host-1",
                  r(3), 0, 0, r(5), 0, 0)
    b = handshake("shortest", "small", b"s", bytes(range(16)), b"a", b"b", b"", bytes(32), 7, 1, r(9), 0x0102030405060708, 2,
                  coffered=KNOWN | 1 << 31 | 1 << 20, soffered=KNOWN & ~1 | 1 << 31, crequired=1 << 3, srequired=1 << 5)
    l = handshake("longest", "large", b"secret-id-16byte", bytes((i * 5 + 1) & 0xFF for i in range(64)), b"client-of-16-byt",
                  b"server-of-16-byt", b"server-of-16-byt", r(11), 2**64 - 1, 1, r(13), 0, 0)
    n = handshake("ascon_aead128", "small", b"k2", bytes(range(0x60, 0x80)), b"device-8", b"host-1", b"host-1", r(15), 0, 0,
                  r(17), 0, 0, csuites=(1, 2), ssuites=(2, 1))
    g = handshake("aes256_gcm", "large", b"k3", bytes(range(0x80, 0xA0)), b"host-2", b"host-1", b"", r(19), 0, 0, r(21), 0, 0,
                  csuites=(1, 3), ssuites=(3, 1))
    for name, c in (("both_expected", a), ("shortest", b), ("longest", l), ("ascon_aead128", n), ("aes256_gcm", g)):
        for role in (CLIENT, SERVER):
            own = 1 + role
            seal(name, c, role, "data", own, "runtime", 1, pattern(1))
            seal(name, c, role, "ping", 0, "runtime", 2, b"\0" + u(1, 8))
            seal(name, c, role, "data", own, "proxy", 2, pattern(100, 11))
            seal(name, c, role, "credit", own, "runtime", 3, u(4, 8))
            seal(name, c, role, "end_of_stream", own, "runtime", 5, u(101, 8))
            seal(name, c, role, "error", 0xFFFFFFFF, "adapter", 2**64 - 2, u(0, 8) + u(500, 2))
            seal(name, c, role, "reset", own, "carrier", 4, u(7, 2))
            seal(name, c, role, "ack", own, "carrier", 5, pattern(16))
            seal(name, c, role, "pressure", 0, "carrier", 6, b"\1")
            seal(name, c, role, "close", 0, "runtime", 7, b"\1" + u(4, 8) + u(3, 8))
        # The close that a failed session leaves behind: reason aborted, 4 data envelopes, frame sequence u32::MAX.
        seal(name, c, CLIENT, "close", 0, "runtime", 2**32 - 1, bytes([57]) + u(4, 8) + u(0, 8), section="last_close")
    handshake("downgrade", "standard", b"k1", bytes(range(0x40, 0x60)), b"device-7", b"host-1", b"", r(3), 0, 0, r(5), 0, 0,
              coffered=KNOWN & ~1, srequired=1)
    # A genuine server that drops a required capability from its selection: the client must refuse, by name.
    floor = a["p"]["required"]
    dropped = KNOWN & ~(1 << 8)
    accept, _, _, _ = accept_of(a, a["prk"], a["hello"], dropped)
    emit("refusals", "dropped_by_the_server", ("handshake", "both_expected"), ("sender", CLIENT), ("reason", 43),
         ("floor", floor), ("selected", dropped), ("hello", a["hello"]), ("accept", accept),
         ("refuse", refuse_of(a["prk"], a["hello"], CLIENT, 43, floor, dropped)))
    # One that selects a suite which the client has not offered, whatever the server itself has.
    for name, code in (("suite_not_offered", 2), ("suite_not_offered_either", 3)):
        accept, _, _, _ = accept_of(a, a["prk"], a["hello"], KNOWN, code, facts(a["p"], KNOWN, 0, (1, 2, 3)))
        emit("refusals", name, ("handshake", "both_expected"), ("sender", CLIENT), ("reason", 37), ("floor", 0), ("selected", 0),
             ("hello", a["hello"]), ("accept", accept), ("refuse", refuse_of(a["prk"], a["hello"], CLIENT, 37, 0, 0)))
    dropped = KNOWN | 1 << 30
    accept, _, _, _ = accept_of(a, a["prk"], a["hello"], dropped)
    emit("refusals", "not_offered", ("handshake", "both_expected"), ("sender", CLIENT), ("reason", 44),
         ("floor", floor), ("selected", dropped), ("hello", a["hello"]), ("accept", accept),
         ("refuse", refuse_of(a["prk"], a["hello"], CLIENT, 44, floor, dropped)))

frames(); malformed(); profiles(); sessions()
HEAD = {
"frames": "Byte frames and the header that each one holds. Integers are decimal, bytes are hexadecimal.",
"malformed": "What is not a frame, and the reject that names why. The decoder pins the checksum class and the direction client to\n# server, and takes frames to 96 bytes, payloads to 64 bytes and 4 fragments.",
"profiles": "Profiles, their canonical encoding and its hash. Integers are decimal (enums as codes, sets as bits), the rest is hexadecimal.",
"handshakes": "Whole handshakes with every intermediate value, exports and sealed envelopes. Ids are text, integers decimal, the rest hexadecimal.\n# Envelopes of a handshake are sealed in the order in which they stand here.",
"refusals": "Refusals within a handshake, of either side. A refusal with `handshake` continues the one of that name.",
}
target = sys.argv[1]
os.makedirs(target, exist_ok=True)
for file, lines in out.items():
    with open(f"{target}/{file}.txt", "w") as fh:
        fh.write(f"# {HEAD[file]}\n# Made by an implementation of its own, from the documentation alone.\n\n" + "\n".join(lines).rstrip() + "\n")

# The digest that src/lab/gate/known.rs holds: what the client and server of `both_expected` say, and its first three envelopes.
def known_session():
    lines, parts, envelopes, section = out["handshakes"], [], [], ""
    for line in lines:
        if line.startswith("["): section = line
        key, _, value = line.partition(" = ")
        if section == "[handshake both_expected]" and key in ("hello", "accept", "confirm"): parts.append(value)
        if section.startswith("[seal both_expected") and key == "envelope": envelopes.append(value)
    return sha(bytes.fromhex("".join(parts + envelopes[:3])))
print("known session:", ", ".join(f"0x{b:02x}" for b in known_session()))
