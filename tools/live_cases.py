#!/usr/bin/env python3
"""Makes `live_peer.py` and the program `examples/pipe` talk, in both roles, and compares what each side has seen.

    pip install cryptography && cargo build --release --example pipe
    tools/live_cases.py target/release/examples/pipe
"""
import concurrent.futures, json, os, select, struct, subprocess, sys, time
from live_peer import *

if len(sys.argv) != 2:
    sys.exit(__doc__)
SECONDS = 9.5  # of one case
FORGED = {CLIENT: 2, SERVER: 1}  # handshake messages that `Live` forges as this role


class Live(Peer):
    """A peer over the pipes of the program. Before each handshake message it sends a forged one."""

    def __init__(self, role, profile, *words, **named):
        super().__init__(role, profile, **named)
        self.deadline, self.buffer, self.ended = time.monotonic() + SECONDS, b"", False
        words = ["--role", NAMES[1 - role], "--profile", profile, "--secret-hex", SECRET.hex(), *map(str, words)]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen([sys.argv[1], *words], stdin=pipe, stdout=pipe, stderr=pipe, bufsize=0)
        RUNNING.append(self.process)

    def put(self, *frames):
        """Each frame after its length: what the example agrees on, not the crate."""
        rest = b"".join(u16(len(frame)) + frame for frame in frames)
        while rest:
            try:
                rest = rest[os.write(self.process.stdin.fileno(), rest):]
            except BrokenPipeError:
                return  # the program has ended; its report says why

    def read(self, seconds):
        """Takes what comes first within the time; whether anything did."""
        if not select.select([self.process.stdout], [], [], max(seconds, 0))[0]:
            return False
        more = os.read(self.process.stdout.fileno(), 65536)
        self.buffer, self.ended = self.buffer + more, not more
        while len(self.buffer) >= (end := 2 + int.from_bytes(self.buffer[:2].ljust(2, b"\xff"), "little")):
            raw, self.buffer = self.buffer[2:end], self.buffer[end:]
            self.take(*self.parse(raw))
        return not self.ended

    def until(self, done, what):
        while not done():
            need(self.read(self.deadline - time.monotonic()), f"waited in vain for {what}")

    def wait(self, seconds):
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and self.read(left):
            pass

    def say(self, message):
        if "handshake" in self.holds:
            self.wait(0.8 if message[0] == ACCEPT else 0)
            self.put(*(frame for kind, frame in self.said.items() if kind == HELLO and message[0] == CONFIRM))
            self.until(lambda: self.repeats or message[0] == HELLO, "a repeat of the hello, or of the accept")
        forged = message[:-1] + bytes([message[-1] ^ 1])
        self.put(self.frame(CONTROL, 0, self.control_sequence + 1, forged))
        super().say(message)

    def refusal(self, reason, sender, floor=0, selected=0):
        refuse, hello = struct.pack("<BBBII", REFUSE, sender, reason, floor, selected), sha(self.hello)
        return refuse + mac(expand(self.prk, b"refuse", hello, 32), hello, refuse)

    def result(self, code=0, reason=""):
        """The program must end in this way; its line of JSON."""
        self.process.stdin.close()
        while not self.ended:
            need(self.read(self.deadline - time.monotonic()) or self.ended, "waited in vain for the end")
        report = json.loads(self.process.stderr.read())
        found = self.process.wait(1), report["reason"]
        need(found == (code, reason), f"ended with {found}, not {(code, reason)}")
        return report

    def end(self, rejects=None):
        """Ends all streams, closes, and compares the two sides."""
        own, self.echo = [one for one in self.streams.values() if one.is_local], True
        for one in own:
            one.ending = True
        self.work()
        self.until(lambda: not self.streams, "every stream to give its place back")
        need(all(one.echoes == one.all for one in own), "echo: every byte of every message")
        self.close()
        report = self.result()

        def joined(own):
            numbers = sorted(n for n in self.tally if (n % 2 != self.role) == own and not self.past[n].was_reset())
            return sha(*(self.tally[n].digest() for n in numbers)).hex()
        expected = dict(peer="python", capabilities=self.offered & CAPABILITIES, suite=SUITE_NAME.decode(), state="closed",
                        export=self.export.hex(), received=joined(True), sent=joined(False),
                        messages_sent=self.opened[0])
        if rejects is not None:
            expected |= dict(messages_received=self.sealed[0], rejects=rejects + FORGED[self.role])
        wrong = {name: (report.get(name), value) for name, value in expected.items() if report.get(name) != value}
        need(not wrong, f"report and expectation differ: {wrong}")
        return report


def resum(frame, at, value=None):
    """A frame with one byte changed, and a checksum that fits."""
    code = frame[0] & 15
    body = bytearray(frame[:-len(CHECKSUM[code](b""))])
    body[at] = body[at] ^ 1 if value is None else value
    return bytes(body) + CHECKSUM[code](body)


def sizes(spec):
    """One byte, one full frame, several, and so on."""
    one, most = spec["fragment_bytes"] - 24, spec["envelope_bytes_max"] - 24
    return [os.urandom(size) for size in (1, one, most, one + 1, 1, most)]


def talk(role, profile):
    """Both sides open streams, every byte comes back, probes are answered, both close."""
    peer = Live(role, profile, "--streams", 2, "--messages", 9, "--peer", "python")
    peer.echo = False
    peer.open()
    own = [peer.start(*sizes(peer.spec)) for _ in range(2)]
    before = peer.answers
    peer.ping(0)
    peer.until(lambda: peer.answers > before, "the answer to a probe")
    peer.end(rejects=0)
    need(not any(one.was_reset() for one in own), "no stream was reset")


def faults(role, profile):
    """What is broken, forged or doubled is harmless; what is late is not lost."""
    peer = Live(role, profile).open()
    one = peer.start(b"before")
    message, late = b"the genuine message", sizes(peer.spec)[2]
    good, = peer.cut(one, C_DATA, message)
    bad = [b"", os.urandom(60), good[:-1], good + b"\0", good[:30] + bytes([good[30] ^ 1]) + good[31:], resum(good, 40),
           resum(good, 4), resum(good, 2, (1 - role) << 2), resum(good, 2, role << 2 | 8), resum(good, 3, 6),
           resum(good, 24, C_END), resum(good, 25), resum(good, 24, 0x80 | C_DATA), resum(good, 16, 3), resum(good, 7, 0)]
    probe = peer.ping(0)
    peer.put(*bad, good, good, probe)
    one.all.append(message)
    peer.until(lambda: len(one.echoes) == 2, "an echo after the faults")
    frames = []
    for step in (peer.spec["payload_bytes_max"], 0)[:peer.spec["stream_credit"]]:
        frames += peer.cut(one, C_DATA, late, step)
        one.all.append(late)
    peer.put(*frames[::-1])
    report = peer.end(rejects=len(bad) + 2)
    # By code less one: truncated twice, checksum; the fragment count; duplicate.
    need((report["frame_rejects"][5], report["sequence_rejects"][0]) == (1, 1), f"names of rejects: {report}")
    need(peer.answers == 1 + (role == CLIENT), "one answer to a probe that came twice")


def resets(role, profile):
    """Each side resets one of its streams, and this side one of the program's; the others are whole."""
    peer = Live(role, profile, "--streams", 2, "--messages", 3, "--reset", 9)
    peer.echo = False
    peer.open()
    gone, _ = peer.start(b"gone"), peer.start(*sizes(peer.spec))
    peer.reset(gone, 4)
    peer.until(lambda: gone.id in peer.past, "the last word about a reset stream")
    peer.until(lambda: sum(bool(one.inbox) for one in peer.streams.values() if not one.is_local) == 2, "two streams")
    first, last = (one for one in peer.streams.values() if not one.is_local)
    peer.reset(last, 5)
    peer.echo = True
    peer.work()
    peer.until(lambda: first.reset_came and last.reset_came, "two resets")
    need(peer.end()["resets"] == 3, "three streams were reset")


def places(role, profile):
    """More streams than there is room for, one after the other: the last word gives the place back, on both sides."""
    room = PROFILES[profile]["server_streams"]  # as many for either side in these profiles
    peer = Live(role, profile, "--streams", 2 * room + 1, "--messages", 1)
    peer.echo = False
    peer.open()
    own, peer.echo = [peer.start(b"stays open, so the program does not close")], True
    for _ in range(2 * room + 1):
        peer.until(lambda: sum(one.is_local for one in peer.streams.values()) < room, "room for a stream")
        own.append(peer.start(b"short"))
        own[-1].ending = True
        peer.work()
    peer.end(rejects=0)
    need(all(one.echoes == one.all for one in own), "echo: of every stream")


def credit(role, profile):
    """Without credit the program stops exactly at its end, still answers, and goes on with new credit."""
    peer = Live(role, profile, "--streams", 2, "--messages", 12)
    peer.credits = False
    peer.open()
    came = lambda: [one.came for one in peer.streams.values()]
    peer.until(lambda: came() == [peer.spec["stream_credit"]] * 2, "as many messages as credit allows")
    peer.wait(0.2)
    need(came() == [peer.spec["stream_credit"]] * 2, "credit: no message beyond it")
    before = peer.answers
    peer.ping(0)
    peer.until(lambda: peer.answers > before, "an answer while credit is withheld")
    peer.credits = True
    peer.work()
    peer.end(rejects=0)


def overspend(role, profile):
    """A message beyond the credit ends the session."""
    peer = Live(role, profile).open()
    peer.credits = False  # so the program's echoes stop, and then its reading
    credit = peer.spec["stream_credit"]
    one = peer.start(*[b"echoed"] * credit)
    peer.until(lambda: one.limit == 2 * credit, "credit for what was echoed")
    for _ in range(credit + 1):
        peer.put(*peer.cut(one, C_DATA, b"unread"))
    peer.ping(0)
    broken(peer, "gap", 49)


def miscount(role, profile):
    """An end that counts a byte more than came ends the session."""
    peer = Live(role, profile).open()
    one = peer.start()
    peer.put(*peer.cut(one, C_DATA, b"seven b"), *peer.cut(one, C_END, u64(8)))
    broken(peer, "peer_violation", 55)


def broken(peer, reason, code):
    peer.until(lambda: peer.closes, "a close with the reason")
    need(peer.closes[0][0] == code, f"close: code {peer.closes[0][0]}")
    peer.result(3, reason)


def aborted(role, profile):
    """A close with the reason of a failure is the program's end as well."""
    peer = Live(role, profile).open()
    peer.control(C_CLOSE, 0, struct.pack("<BQQ", 57, 0, 0))
    peer.result(3, "aborted")


def refused(role, profile):
    """A peer with another profile is refused by name, and the refusal has a tag."""
    peer = Live(role, profile, change=lambda facts: facts[:8] + bytes(32) + facts[40:]).open()
    need(peer.got[REFUSE] == peer.refusal(33, 1 - role), "refuse: fields and tag")
    peer.result(3, "generation_hash")


def downgrade(role, profile):
    """A peer that lacks a capability of the floor is refused, and the refusal tells both sets."""
    peer = Live(role, profile, offered=CAPABILITIES & ~0x100).open()
    need(peer.got[REFUSE] == peer.refusal(43, 1 - role, 0x380, 0x2FF), "refuse: fields and tag")
    peer.result(3, "capability_downgrade")


def refuses(role, profile):
    """The program believes a refusal with the right tag, and no other."""
    peer = Live(role, profile)
    peer.until(lambda: HELLO in peer.got, "a hello")
    peer.take_hello(peer.got[HELLO])
    peer.say(peer.refusal(41, role))
    peer.result(3, "stream_limit")


def unknown(role, profile):
    """Capabilities without a name are ignored, but bound."""
    peer = Live(role, profile, "--streams", 1, offered=0x80000400 | CAPABILITIES).open()
    peer.end(rejects=0)


def repeats(role, profile):
    """What is not answered is said again: hello or nothing, confirm, credit or reset, close."""
    peer = Live(role, profile, "--streams", 2, "--messages", 2)
    peer.holds |= {"handshake", "answer", "last word"}
    peer.credits = False
    peer.open()
    if role == CLIENT:
        before = peer.answers, peer.opened[1]
        peer.put(peer.said[CONFIRM])
        peer.until(lambda: peer.answers > before[0], "another answer to the confirm")
        need(peer.opened[1] == before[1], "the same frame: nothing was sealed for it")
    peer.wait(0.8)
    peer.credits = True
    peer.work()
    need(role == CLIENT or peer.repeats >= 2, "hello and confirm were said again")
    if role == SERVER:
        peer.ping(1)
    ended = lambda: len(peer.streams) == 2 and all(one.end_said for one in peer.streams.values())
    peer.until(ended, "the end of the program's streams")
    told = peer.opened[1]
    peer.wait(0.8)
    need(peer.opened[1] >= told + 2, "last words were said again")
    peer.holds.clear()
    peer.work()
    peer.until(lambda: peer.closes, "a close")
    peer.wait(0.8)
    need(len(peer.closes) > 1, "the close was said again")
    peer.end()


def probes(role, profile):
    """After a quiet time the program probes, and the session goes on."""
    peer = Live(role, profile).open()
    one = peer.start(b"one")
    peer.until(lambda: one.echoes, "an echo")
    peer.until(lambda: peer.probes, "a probe")
    peer.end(rejects=0)


RUNNING = []
EVERYWHERE, ONCE = (talk, faults, resets, places, credit), (
    overspend, miscount, aborted, refused, downgrade, unknown, repeats, probes)


def run(case):
    check, role, profile = case
    began, word = time.monotonic(), "ok  "
    try:
        check(role, profile)
        what = ""
    except Exception as error:  # whatever it is, the other cases are run and the count is told
        word, what = "FAIL", f": {error}" if isinstance(error, Fail) else f": {error!r}"
    return word, f"{check.__name__} {NAMES[role].decode()} {profile} {time.monotonic() - began:.1f} s{what}"


def main():
    cases = [(check, role, profile) for profile in PROFILES for check in EVERYWHERE for role in (CLIENT, SERVER)]
    cases += [(check, role, "standard") for check in ONCE for role in (CLIENT, SERVER)] + [(refuses, SERVER, "standard")]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        words = []
        for word, line in pool.map(run, cases):
            words.append(word)
            print(word, line, flush=True)
    for process in RUNNING:
        process.kill()
    failed = words.count("FAIL")
    print(f"{len(words) - failed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
