"""Every frame, the proof of a login, and releases."""

import quota
import statements
from protocol import (
    BLOCK, DAY, MINUTE, NOW, Key, audit_root, certificate, content, content_key, grant, leaves_of, listed, path, path_hash,
    proof, sha256, signed, signed_key, some, terms, text, ticket_batch, u8, u16, u32, u64, write,
)

KINDS = ["frame", "login", "release", "audit"]
ID = u32(7)
KEYS = [some("key %d" % i) for i in range(3)]
TOP31 = u32(2**31)


def refusal(code=5, figures=(100, 101), words="too many"):
    return u16(code) + listed([u64(f) for f in figures]) + text(words)


def many_keys(count):
    return listed([some("key %d" % i) for i in range(count)])


def item(key, size=1000, copies=2):
    return key + u32(size) + u8(copies)


def make(target):
    make_session(target)
    make_requests(target)
    make_answers(target)
    make_servers(target)
    make_signals(target)
    make_topics(target)
    make_tunnel(target)
    make_peer_requests(target)
    make_peer_replies(target)
    make_unknown(target)
    make_logins(target)
    make_releases(target)
    make_audits(target)


class Frames:
    """Writes the vectors of one frame type."""

    def __init__(self, target, number, name, link="message"):
        self.target, self.number, self.name, self.link = target, number, name, link

    def accept(self, case, body):
        write(self.target, "frame", "%s-%s" % (self.name, case), "a right frame", "accept", frame=self.name.upper(),
              **{self.link: u8(self.number) + body})
        return self

    def malformed(self, case, field, body):
        write(self.target, "frame", "%s-%s" % (self.name, case), "a frame that breaks the layout", "malformed",
              **{self.link: u8(self.number) + body, "field": field})
        return self

    def ends(self, body, last):
        """The frame with a byte missing and with one too many."""
        if body:
            self.malformed("truncated", last, body[:-1])
        return self.malformed("trailing", "trailing", body + b"\0")


def make_session(target):
    vouched = certificate(quota.OWNER, quota.OWNER_DEVICE)
    allowance = u32(10) + u32(30) + u32(33)
    challenge = some("challenge") + quota.SERVER.public + u64(NOW)
    Frames(target, 0x01, "hello").accept("one", u16(1)).accept("later-version", u16(65535)).ends(u16(1), "version")
    (Frames(target, 0x02, "challenge").accept("one", challenge).ends(challenge, "time")
     .malformed("time-top-bit", "time", challenge[:-8] + u64(2**63)))
    proof = vouched + bytes(64)
    Frames(target, 0x03, "proof").accept("one", proof).ends(proof, "signature")
    welcome = u32(20000) + allowance
    (Frames(target, 0x04, "welcome").accept("one", welcome).ends(welcome, "lent")
     .accept("largest", u32(2**31 - 1) * 4)
     .malformed("heartbeat-top-bit", "heartbeat", TOP31 + allowance)
     .malformed("lent-top-bit", "lent", welcome[:-4] + TOP31))
    (Frames(target, 0x05, "go_away").accept("one", refusal(19, [5000], "restart") + u32(5000))
     .accept("unknown-code", refusal(60000, [], "") + u32(0))
     .accept("text-unicode", refusal(19, [], "zpět za chvíli ☕") + u32(0))
     .accept("largest", refusal(19, [2**63 - 1] * 8, "x" * 200) + u32(2**31 - 1))
     .ends(refusal() + u32(0), "retry after")
     .malformed("too-many-figures", "figures", refusal(19, range(9)) + u32(0))
     .malformed("text-over-limit", "text", refusal(19, [], "x" * 201) + u32(0))
     .malformed("text-not-utf8", "text", u16(19) + u16(0) + u16(2) + b"\xc3\x28" + u32(0))
     .malformed("text-overlong-utf8", "text", u16(19) + u16(0) + u16(2) + b"\xc1\x81" + u32(0))
     .malformed("text-surrogate", "text", u16(19) + u16(0) + u16(3) + b"\xed\xa0\x80" + u32(0))
     .malformed("retry-top-bit", "retry after", refusal() + TOP31))
    for number, name in ((0x06, "ping"), (0x07, "pong")):
        (Frames(target, number, name).accept("one", u64(42)).accept("largest", u64(2**63 - 1)).ends(u64(42), "token")
         .malformed("token-top-bit", "token", u64(2**63)))
    Frames(target, 0x24, "standing").accept("one", allowance).ends(allowance, "lent")


def make_requests(target):
    for number, name, head, limit in (
        (0x10, "announce", ID, 1024), (0x11, "withdraw", ID, 1024), (0x14, "freed", ID + quota.OWNER.public + u64(NOW), 1024),
        (0x15, "lookup", ID, 64), (0x18, "copies", ID, 64),
    ):
        (Frames(target, number, name).accept("one", head + listed(KEYS)).accept("none", head + many_keys(0))
         .accept("largest", head + many_keys(limit)).ends(head + listed(KEYS), "storage key")
         .malformed("over-limit", "storage keys", head + many_keys(limit + 1)))
    Frames(target, 0x14, "freed").malformed(
        "time-top-bit", "time", ID + quota.OWNER.public + u64(2**63) + listed(KEYS))
    (Frames(target, 0x12, "pledge").accept("one", ID + u32(33) + u32(7) + u8(0))
     .accept("nothing", ID + u32(0) + u32(0) + u8(0)).accept("always-on", ID + u32(33) + u32(7) + u8(1))
     .accept("largest", b"\xff" * 4 + u32(100_000) + u32(100_000) + u8(1))
     .ends(ID + u32(33) + u32(7) + u8(0), "always on")
     .malformed("over-limit", "slots", ID + u32(100_001) + u32(0) + u8(0))
     .malformed("more-free-than-lent", "free", ID + u32(33) + u32(34) + u8(0))
     .malformed("unknown-flag", "always on", ID + u32(33) + u32(7) + u8(2)))
    whole = quota.batch(quota.whole())
    part = quota.batch(quota.part(1, 3))
    (Frames(target, 0x13, "present").accept("two", ID + listed([whole, part])).accept("none", ID + listed([]))
     .ends(ID + listed([whole]), "proof")
     .malformed("over-limit", "batches", ID + listed([quota.batch(quota.part(0))] * 33))
     .malformed("empty-batch", "entries", ID + listed([quota.batch([])])))
    items = [item(key) for key in KEYS]
    most = [item(some("key %d" % i), BLOCK, 4) for i in range(64)]
    (Frames(target, 0x16, "reserve").accept("three", ID + listed(items)).accept("none", ID + listed([]))
     .accept("most-copies", ID + listed([item(KEYS[0], 1, 10)])).accept("largest", ID + listed(most))
     .ends(ID + listed(items), "copies")
     .malformed("over-limit", "items", ID + listed([item(some("key %d" % i), 1, 1) for i in range(65)]))
     .malformed("copies-in-all", "items", ID + listed(most[:63] + [item(KEYS[0][::-1], 1, 5)]))
     .malformed("block-twice", "items", ID + listed([items[0], items[0]]))
     .malformed("no-copies", "item", ID + listed([item(KEYS[0], 1, 0)]))
     .malformed("too-many-copies", "item", ID + listed([item(KEYS[0], 1, 11)]))
     .malformed("no-size", "item", ID + listed([item(KEYS[0], 0)]))
     .malformed("size-over-limit", "size", ID + listed([item(KEYS[0], BLOCK + 1)])))
    copies = [key + some("peer %d" % i) for i, key in enumerate(KEYS)]
    many = [some("key %d" % i) + some("peer") for i in range(65)]
    for number, name in ((0x17, "renew"), (0x19, "forgo")):
        (Frames(target, number, name).accept("three", ID + listed(copies)).accept("none", ID + listed([]))
         .accept("two-holders", ID + listed([KEYS[0] + some("peer 0"), KEYS[0] + some("peer 1")]))
         .accept("largest", ID + listed(many[:64])).ends(ID + listed(copies), "holder")
         .malformed("over-limit", "copies", ID + listed(many))
         .malformed("copy-twice", "copies", ID + listed([copies[0], copies[0]])))

    def mend(key, size=1000, owner=quota.OWNER.public):
        return owner + key + u32(size)

    mends = [mend(key) for key in KEYS]
    many = [mend(some("key %d" % i), BLOCK) for i in range(65)]
    (Frames(target, 0x1A, "mend").accept("three", ID + u8(0) + listed(mends)).accept("none", ID + u8(0) + listed([]))
     .accept("leaving", ID + u8(1) + listed(mends)).accept("largest", ID + u8(1) + listed(many[:64]))
     .accept("two-owners", ID + u8(0) + listed([mends[0], mend(KEYS[0], owner=some("owner"))]))
     .ends(ID + u8(0) + listed(mends), "size")
     .malformed("unknown-flag", "leaving", ID + u8(2) + listed(mends))
     .malformed("over-limit", "items", ID + u8(0) + listed(many))
     .malformed("block-twice", "items", ID + u8(0) + listed([mends[0], mend(KEYS[0], 7)]))
     .malformed("no-size", "size", ID + u8(0) + listed([mend(KEYS[0], 0)]))
     .malformed("size-over-limit", "size", ID + u8(0) + listed([mend(KEYS[0], BLOCK + 1)])))
    make_promises(target)


def make_servers(target):
    one = statements.record()
    records = [statements.record(key=Key("cluster %d" % i)) for i in range(17)]
    largest = statements.recorded(origins=statements.origins(4, 256), recommended=statements.origins(8, 256))

    def bad(case, field, **fields):
        found.malformed(case, field, ID + listed([statements.recorded(**fields) + bytes(64)]))

    Frames(target, 0x1F, "servers").accept("one", ID).ends(ID, "id")
    found = Frames(target, 0x29, "servers_found")
    (found.accept("one", ID + listed([one])).accept("none", ID + listed([]))
     .accept("most", ID + listed(records[:16])).accept("largest", ID + listed([largest + bytes(64)]))
     .accept("forms", ID + listed([statements.record(
         origins=["http://192.0.2.7:8080", "https://[2001:db8::1]", "https://a-b.example:1"])]))
     .accept("longest-life", ID + listed([statements.record(end=NOW + 7 * DAY)]))
     .ends(ID + listed([one]), "record signature")
     .malformed("over-limit", "servers", ID + listed(records))
     .malformed("cluster-twice", "servers", ID + listed([one, statements.record(end=NOW + 1)])))
    bad("no-origin", "server record", origins=[])
    bad("over-long-life", "server record", end=NOW + 7 * DAY + 1)
    bad("no-life", "server record", end=NOW)
    bad("unknown-format", "server record", form=2)
    bad("origins-over-limit", "origins", origins=statements.origins(5, 30))
    bad("recommended-over-limit", "origins", recommended=statements.origins(9, 30))
    bad("origin-twice", "origins", recommended=["https://a.example"] * 2)
    bad("origin-over-limit", "origin", origins=["https://" + "a" * 249])
    for case, origin in [
            ("path", "https://a.example/"), ("password", "https://me:pw@a.example"), ("query", "https://a.example?x"),
            ("own-port", "https://a.example:443"), ("no-port", "https://a.example:"), ("long-port", "https://a.example:65536"),
            ("zero-port", "https://a.example:080"), ("upper-case", "https://A.example"), ("unicode", "https://ä.example"),
            ("scheme", "ws://a.example"), ("no-host", "https://"), ("number", "http://2130706433"), ("hex", "http://0x7f.0x1"),
            ("octal", "http://0177.0.0.1"), ("short-address", "http://127.1"), ("trailing-dot", "https://a.example."),
            ("dash", "https://-a.example"), ("bracket", "https://[::1")]:
        bad("origin-" + case, "origins", origins=[origin])
    Frames(target, 0x4F, "acquaint", "peer").accept("one", b"").ends(b"", "")
    eight = [statements.record(key=Key("cluster %d" % i)) for i in range(9)]
    (Frames(target, 0x5F, "acquainted", "peer").accept("one", listed([one]) + some("seed"))
     .accept("none", listed([]) + some("seed")).accept("most", listed(eight[:8]) + some("seed"))
     .ends(listed([one]) + some("seed"), "seed").malformed("over-limit", "servers", listed(eight) + some("seed")))


def make_promises(target):
    manifest = ID + u32(2) + some("root") + u64(NOW) + bytes(64)
    (Frames(target, 0x1C, "manifest").accept("two", manifest)
     .accept("largest", ID + u32(100_000) + some("root") + u64(2**63 - 1) + bytes(64)).ends(manifest, "signature")
     .malformed("none", "batches", ID + u32(0) + some("root") + u64(NOW) + bytes(64))
     .malformed("over-limit", "batches", ID + u32(100_001) + some("root") + u64(NOW) + bytes(64))
     .malformed("time-top-bit", "time", ID + u32(2) + some("root") + u64(2**63) + bytes(64)))
    stated = [statements.statement(statements.stated(i + 1)) for i in range(33)]
    (Frames(target, 0x1B, "state").accept("two", ID + listed(stated[:2])).accept("none", ID + listed([]))
     .accept("largest", ID + listed(stated[:32])).ends(ID + listed(stated[:1]), "signature")
     .malformed("over-limit", "statements", ID + listed(stated))
     .malformed("number-zero", "number", ID + listed([statements.statement(statements.stated(0))])))
    (Frames(target, 0x49, "vouch", "peer").accept("one", stated[0]).ends(stated[0], "signature"))


def make_answers(target):
    Frames(target, 0x20, "done").accept("one", ID).accept("largest-id", b"\xff" * 4).ends(ID, "id")
    Frames(target, 0x21, "refused").accept("one", ID + refusal()).ends(ID + refusal(), "text")
    peers = listed([some("peer %d" % i) for i in range(2)])
    found = ID + listed([peers, listed([])])
    sixteen = listed([some("peer %d" % i) for i in range(16)])
    (Frames(target, 0x22, "found").accept("two", found).accept("largest", ID + listed([sixteen] * 64))
     .ends(ID + listed([peers]), "peer")
     .malformed("too-many-peers", "peers", ID + listed([listed([some("peer")] * 17)]))
     .malformed("over-limit", "locations", ID + listed([listed([])] * 65)))
    tickets = [quota.ticket("of seven %d" % i) for i in range(7)]
    batch = ticket_batch(quota.SERVER, tickets)
    full = quota.SERVER.public + bytes(64) + listed([quota.ticket("of many %d" % i) for i in range(256)])
    (Frames(target, 0x23, "reserved").accept("seven", ID + batch).accept("largest", ID + full)
     .ends(ID + batch, "expires"))

    def kept(i, seen=NOW, grace=21600, flags=0):
        return some("peer %d" % i) + u64(NOW + DAY) + u64(seen) + u32(grace) + u8(flags)

    found = ID + u32(0) + listed([listed([kept(0, flags=1), kept(1, seen=0)]), listed([])])
    sixteen = listed([kept(i) for i in range(16)])
    (Frames(target, 0x25, "copies_found").accept("two", found).accept("calm", ID + u32(600000) + listed([]))
     .accept("largest", ID + u32(2**31 - 1) + listed([sixteen] * 64))
     .ends(ID + u32(0) + listed([listed([kept(0)])]), "flags")
     .malformed("calm-top-bit", "calm", ID + TOP31 + listed([]))
     .malformed("grace-top-bit", "grace", ID + u32(0) + listed([listed([kept(0, grace=2**31)])]))
     .malformed("seen-top-bit", "seen", ID + u32(0) + listed([listed([kept(0, seen=2**63)])]))
     .malformed("unknown-flag", "flags", ID + u32(0) + listed([listed([kept(0, flags=2)])]))
     .malformed("too-many-kept", "kept", ID + u32(0) + listed([listed([kept(0)] * 17)]))
     .malformed("over-limit", "copies", ID + u32(0) + listed([listed([])] * 65)))


def make_signals(target):
    def note(i, size=100):
        return some("peer %d" % i) + u16(size) + b"s" * size

    sealed = u16(300) + b"s" * 300
    (Frames(target, 0x28, "signal").accept("one", ID + some("peer 0") + sealed)
     .accept("largest", ID + some("peer 0") + u16(8192) + b"s" * 8192)
     .ends(ID + some("peer 0") + sealed, "signal")
     .malformed("empty", "signal", ID + some("peer 0") + u16(0))
     .malformed("over-limit", "signal", ID + some("peer 0") + u16(8193) + b"s" * 8193))
    for number, name in ((0x2A, "pull"), (0x2B, "ice")):
        Frames(target, number, name).accept("one", ID).ends(ID, "id")
    two = ID + u8(0) + listed([note(0), note(1)])
    (Frames(target, 0x2C, "signals").accept("two", two).accept("none", ID + u8(0) + listed([]))
     .accept("more", ID + u8(1) + listed([note(0)]))
     .accept("largest", ID + u8(1) + listed([note(i, 3840 - 34) for i in range(16)]))
     .ends(two, "signal")
     .malformed("unknown-flag", "more", ID + u8(2) + listed([]))
     .malformed("too-many", "signals", ID + u8(0) + listed([note(i) for i in range(17)]))
     .malformed("too-long", "signals", ID + u8(0) + listed([note(i, 3840 - 33) for i in range(16)]))
     .malformed("empty", "signal", ID + u8(0) + listed([note(0, 0)])))

    def server(urls=("turn:turn.example:3478?transport=tcp",), name="1790003600:x", credential="c2VjcmV0"):
        return listed([text(url) for url in urls]) + text(name) + text(credential)

    two = ID + u32(3600000) + listed([server(("stun:stun.example:3478",), "", ""), server()])
    long = server(["u" * 256] * 4, "n" * 256, "c" * 256)
    (Frames(target, 0x2D, "ice_servers").accept("two", two).accept("none", ID + u32(0) + listed([]))
     .accept("largest", ID + u32(2**31 - 1) + listed([long] * 8)).ends(two, "credential")
     .malformed("lifetime-top-bit", "lifetime", ID + TOP31 + listed([]))
     .malformed("too-many", "servers", ID + u32(0) + listed([server()] * 9))
     .malformed("too-many-urls", "urls", ID + u32(0) + listed([server(["u"] * 5)]))
     .malformed("url-over-limit", "url", ID + u32(0) + listed([server(["u" * 257])])))
    Frames(target, 0x2E, "ringing").accept("one", b"").malformed("trailing", "trailing", b"\0")
    (Frames(target, 0x60, "greet", "channel").accept("one", some("nonce")).ends(some("nonce"), "nonce"))
    proof = certificate(quota.OWNER, quota.OWNER_DEVICE) + bytes(64)
    (Frames(target, 0x61, "prove", "channel").accept("one", proof).ends(proof, "signature"))


def make_topics(target):
    topics = [some("topic %d" % i) for i in range(65)]
    peers = [some("peer %d" % i) for i in range(17)]
    for number, name in ((0x70, "join"), (0x71, "leave")):
        (Frames(target, number, name).accept("two", ID + listed(topics[:2])).accept("none", ID + listed([]))
         .accept("largest", ID + listed(topics[:64])).ends(ID + listed(topics[:2]), "topics")
         .malformed("over-limit", "topics", ID + listed(topics))
         .malformed("topic-twice", "topics", ID + listed([topics[0], topics[0]])))
    two = ID + listed([listed(peers[:3]), listed([])])
    one = ID + listed([listed(peers[:3])])
    (Frames(target, 0x72, "sampled").accept("two", two).accept("none", ID + listed([]))
     .accept("largest", ID + listed([listed(peers[:16])] * 64)).ends(one, "peer")
     .malformed("over-limit", "members", ID + listed([listed([])] * 65))
     .malformed("too-many-peers", "peers", ID + listed([listed(peers)])))

    def gossip(stance=1, others=(), have=(), messages=(b"hello",)):
        return (topics[0] + u8(stance) + listed(list(others)) + listed(list(have))
                + listed([u16(len(m)) + m for m in messages]))

    names = [some("name %d" % i) for i in range(65)]
    whole = gossip(1, peers[:2], names[:3], [b"hello", b"you"])
    (Frames(target, 0x78, "gossip", "peer").accept("one", gossip()).accept("whole", whole)
     .accept("neither", gossip(0, messages=[])).accept("parting", gossip(2, peers[:8], messages=[]))
     .accept("most", gossip(1, peers[:8], names[:64], [b"m"] * 64))
     .accept("largest", gossip(1, peers[:8], names[:64], [b"m" * 57342] * 2)).ends(whole, "message")
     .malformed("unknown-stance", "stance", gossip(3))
     .malformed("too-many-peers", "peers", gossip(1, peers[:9]))
     .malformed("too-many-names", "have", gossip(1, have=names))
     .malformed("too-many-messages", "messages", gossip(messages=[b"m"] * 65))
     .malformed("empty-message", "message", gossip(messages=[b""]))
     .malformed("message-over-limit", "message", gossip(messages=[b"m" * 57345]))
     .malformed("messages-over-limit", "messages", gossip(messages=[b"m" * 57342] * 2 + [b"m"])))

    def heard(neighbour=1, others=(), want=()):
        return u8(neighbour) + listed(list(others)) + listed(list(want))

    two = heard(0, peers[:2], names[:2])
    (Frames(target, 0x79, "heard", "peer").accept("one", heard()).accept("elsewhere", two)
     .accept("largest", heard(1, peers[:8], names[:64])).ends(two, "want")
     .malformed("unknown-flag", "neighbour", heard(2))
     .malformed("too-many-peers", "peers", heard(0, peers[:9]))
     .malformed("too-many-names", "want", heard(1, want=names)))
    (Frames(target, 0x7A, "ask", "peer").accept("one", topics[0] + b"what do you have?").accept("empty", topics[0])
     .accept("largest", topics[0] + b"q" * 245760).malformed("no-topic", "topic", topics[0][:-1])
     .malformed("over-limit", "asked", topics[0] + b"q" * 245761))
    (Frames(target, 0x7B, "told", "peer").accept("one", b"that").accept("empty", b"")
     .accept("largest", b"a" * 245760).malformed("over-limit", "asked", b"a" * 245761))


def make_tunnel(target):
    peer = some("peer 0")
    (Frames(target, 0x30, "open").accept("one", u32(2) + peer).accept("from-server", u32(1) + bytes(32))
     .ends(u32(2) + peer, "peer"))
    (Frames(target, 0x31, "data").accept("more", u32(2) + b"\0" + b"abc").accept("last", u32(2) + b"\1" + b"abc")
     .accept("largest", u32(2) + b"\0" + b"d" * 61440)
     .malformed("empty", "data", u32(2) + b"\1").malformed("unknown-flag", "data", u32(2) + b"\2" + b"abc")
     .malformed("over-limit", "data", u32(2) + b"\0" + b"d" * 61441)
     .malformed("no-flags", "flags", u32(2)))
    (Frames(target, 0x32, "credit").accept("one", u32(2) + u32(65536)).accept("largest", u32(2) + u32(1 << 20))
     .ends(u32(2) + u32(65536), "credit").malformed("none", "credit", u32(2) + u32(0))
     .malformed("over-limit", "credit", u32(2) + u32((1 << 20) + 1)))
    (Frames(target, 0x33, "close").accept("no-fault", u32(2) + u16(0)).accept("unknown-code", u32(2) + u16(65535))
     .ends(u32(2) + u16(18), "code"))


def make_peer_requests(target):
    block = content(b"block one")
    vouched = certificate(quota.OWNER, quota.OWNER_DEVICE)
    Frames(target, 0x40, "get", "peer").accept("one", KEYS[0]).ends(KEYS[0], "storage key")
    tickets = [quota.ticket("of many %d" % i) for i in range(256)]
    put = grant(quota.SERVER, tickets[:1], 0) + vouched + bytes(64)
    longest = grant(quota.SERVER, tickets, 255) + vouched + bytes(64)
    (Frames(target, 0x41, "put", "peer").accept("one", put + block)
     .accept("largest", longest + content(b"a" * (BLOCK - 1)))
     .malformed("no-block", "block", put).malformed("block-over-limit", "block", put + content(b"a" * BLOCK)))
    (Frames(target, 0x42, "update", "peer").accept("one", KEYS[0] + block)
     .accept("largest", KEYS[0] + content(b"a" * (BLOCK - 1))).malformed("no-block", "block", KEYS[0])
     .malformed("block-over-limit", "block", KEYS[0] + content(b"a" * BLOCK)))
    serials = [some("serial %d" % i, 16) for i in range(129)]
    (Frames(target, 0x43, "acknowledge", "peer").accept("two", listed(serials[:2]))
     .accept("largest", listed(serials[:128])).ends(listed(serials[:2]), "serial")
     .malformed("none", "serials", listed([])).malformed("twice", "serials", listed([serials[0], serials[0]]))
     .malformed("over-limit", "serials", listed(serials)))
    settle = quota.batch(quota.whole())
    (Frames(target, 0x44, "settle", "peer").accept("five", settle).ends(settle, "proof")
     .malformed("empty", "entries", quota.batch([])))

    def release(keys):
        return vouched + quota.HOLDER_DEVICE.public + u64(NOW) + keys + bytes(64)

    (Frames(target, 0x45, "release", "peer").accept("three", release(listed(KEYS)))
     .accept("largest", release(many_keys(128))).ends(release(listed(KEYS)), "signature")
     .malformed("over-limit", "storage keys", release(many_keys(129))))
    keep = grant(quota.SERVER, tickets[:1], 0) + vouched + bytes(64)
    (Frames(target, 0x46, "keep", "peer").accept("one", keep).accept("largest", longest)
     .ends(keep, "signature"))
    mender = certificate(quota.HOLDER, quota.HOLDER_DEVICE) + bytes(64)
    entrust = grant(quota.SERVER, tickets[:1], 0) + mender + quota.batch(quota.part(1))
    many = [quota.terms("of many %d" % i) for i in range(128)]
    longest = (grant(quota.SERVER, tickets, 255) + mender
               + quota.batch(quota.part(127, all_terms=many), quota.head(many)))
    (Frames(target, 0x47, "entrust", "peer").accept("one", entrust + block)
     .accept("largest", longest + content(b"a" * (BLOCK - 1)))
     .malformed("no-block", "block", entrust).malformed("block-over-limit", "block", entrust + content(b"a" * BLOCK))
     .malformed("two-receipts", "entries",
                grant(quota.SERVER, tickets[:1], 0) + mender + quota.batch(quota.part(1, 3)) + block))


    audit = quota.OWNER.public + KEYS[0] + some("nonce")
    (Frames(target, 0x48, "audit", "peer").accept("one", audit + u32(3)).accept("last-part", audit + u32(1023))
     .ends(audit + u32(3), "part").malformed("part-over-limit", "part", audit + u32(1024)))


def make_peer_replies(target):
    block = content(b"block one")
    (Frames(target, 0x50, "block", "peer").accept("one", block).accept("largest", content(b"a" * (BLOCK - 1)))
     .malformed("empty", "block", b"").malformed("over-limit", "block", content(b"a" * BLOCK)))
    Frames(target, 0x51, "ok", "peer").accept("one", b"").malformed("trailing", "trailing", b"\0")
    offer = quota.offer()
    Frames(target, 0x52, "acknowledged", "peer").accept("five", offer).ends(offer, "audit root")
    (Frames(target, 0x53, "denied", "peer").accept("one", refusal(14, [8], "not newer"))
     .accept("unknown-code", refusal(40000, [], "")).ends(refusal(), "text"))
    head = u64(NOW) + bytes(64)

    def siblings(count):
        return proof([some("sibling %d" % i) for i in range(count)])

    (Frames(target, 0x54, "audited", "peer").accept("leaf", head + siblings(2) + b"l" * 256)
     .accept("signed-block", head + siblings(0) + b"s" * 300)
     .accept("largest", head + siblings(10) + b"s" * 405)
     .malformed("truncated", "signature", head[:-1])
     .malformed("nothing-shown", "shown", head + siblings(2))
     .malformed("shown-over-limit", "shown", head + siblings(0) + b"s" * 406)
     .malformed("proof-over-limit", "proof", head + siblings(11) + b"l")
     .malformed("time-top-bit", "time", u64(2**63) + bytes(64) + siblings(0) + b"l"))


def make_unknown(target):
    def unknown(name, link, message, field="frame type"):
        write(target, "frame", "unknown-" + name, "no frame, or not in this place", "malformed", field=field,
              **{link: message})

    unknown("nothing", "message", b"")
    for number in (0x00, 0x08, 0x0F, 0x1D, 0x26, 0x2F, 0x34, 0x4A, 0x55, 0x5E, 0x62, 0xFF):
        unknown("%02x" % number, "message", u8(number) + bytes(40))
        unknown("%02x-between-agents" % number, "peer", u8(number) + bytes(40))
    unknown("get-to-server", "message", u8(0x40) + KEYS[0])
    unknown("ping-between-agents", "peer", u8(0x06) + u64(42))
    unknown("data-between-agents", "peer", u8(0x31) + u32(2) + b"\1abc")
    unknown("greet-to-server", "message", u8(0x60) + some("nonce"))
    unknown("greet-between-agents", "peer", u8(0x60) + some("nonce"))
    unknown("get-in-channel", "channel", u8(0x40) + KEYS[0])
    unknown("ping-in-channel", "channel", u8(0x06) + u64(42))
    unknown("message-over-limit", "message", u8(0x31) + bytes(65536), "message length")
    unknown("peer-frame-over-limit", "peer", u8(0x50) + bytes(266240), "message length")


def make_logins(target):
    nonce = some("challenge")
    device = quota.OWNER_DEVICE
    vouched = certificate(quota.OWNER, device)

    def signed(nonce=nonce, server=quota.SERVER, version=1, host="index.example"):
        return nonce + server.public + u16(version) + text(host)

    def case(name, about, expect, certified=vouched, message=None, key=device, label="session-proof",
             origin="https://index.example"):
        write(target, "login", name, about, expect, now=NOW, host=origin,
              challenge=b"\2" + nonce + quota.SERVER.public + u64(NOW),
              proof=b"\3" + certified + key.sign(label, message or signed()))

    case("right", "a login that a server must take", "accept")
    case("host-with-port", "the port does not count", "accept", origin="https://index.example:8443/")
    case("host-header", "the Host header has no scheme", "accept", origin="INDEX.example:8443")
    case("host-ipv6", "an IPv6 address keeps its brackets", "accept", origin="http://[::1]:8080",
         message=signed(host="[::1]"))
    case("other-host", "a proof made for another server, passed on", "bad-signature", origin="https://evil.example")
    case("other-server", "another server's key", "bad-signature", message=signed(server=quota.MALLORY))
    case("other-nonce", "the answer to an older challenge", "bad-signature", message=signed(nonce=some("older")))
    case("other-version", "a proof for another version", "bad-signature", message=signed(version=2))
    case("other-device", "signed by another device", "bad-signature", key=quota.MALLORY)
    case("other-domain", "a signature made for another purpose", "bad-signature", label="put")
    case("certificate-over", "a certificate that is over", "expired",
         certified=certificate(quota.OWNER, device, NOW - 9 * DAY, NOW - 5 * MINUTE - 1))
    case("certificate-over-by-skew", "5 minutes of clock skew are borne", "accept",
         certified=certificate(quota.OWNER, device, NOW - 9 * DAY, NOW - 5 * MINUTE))
    case("certificate-to-come", "a certificate of the future", "expired",
         certified=certificate(quota.OWNER, device, NOW + 5 * MINUTE + 1, NOW + 9 * DAY))
    case("certificate-to-come-by-skew", "5 minutes of clock skew are borne", "accept",
         certified=certificate(quota.OWNER, device, NOW + 5 * MINUTE, NOW + 9 * DAY))
    case("certificate-forged", "a certificate that the vault did not sign", "bad-signature",
         certified=certificate(quota.OWNER, device, signer=quota.MALLORY))
    case("certificate-other-domain", "a vault's signature made for another purpose", "bad-signature",
         certified=certificate(quota.OWNER, device, label="release"))
    case("certificate-too-long", "a certificate over more than 90 days", "bad-signature",
         certified=certificate(quota.OWNER, device, NOW - DAY, NOW + 89 * DAY + 1))
    case("certificate-longest", "a certificate over 90 days", "accept",
         certified=certificate(quota.OWNER, device, NOW - DAY, NOW + 89 * DAY))
    case("certificate-backwards", "a certificate that ends before it begins", "bad-signature",
         certified=certificate(quota.OWNER, device, NOW + DAY, NOW))
    nobody = Key("nobody")
    nobody.public = bytes(32)
    case("device-zeros", "a device that stands for the server", "bad-signature",
         certified=certificate(quota.OWNER, nobody))


def make_releases(target):
    device = quota.OWNER_DEVICE
    vouched = certificate(quota.OWNER, device)

    def body(holder=quota.HOLDER_DEVICE, time=NOW, keys=KEYS):
        return holder.public + u64(time) + listed(keys)

    def case(name, about, expect, sent=None, signed=None, certified=vouched, key=device, label="release"):
        sent = sent or body()
        write(target, "release", name, about, expect, now=NOW, holder=quota.HOLDER_DEVICE.public, owner=quota.OWNER.public,
              release=b"\x45" + certified + sent + key.sign(label, signed or sent))

    case("right", "a release that a holder must take", "accept")
    case("by-skew", "5 minutes of clock skew are borne", "accept", body(time=NOW - 5 * MINUTE))
    case("old", "a release sent again later", "expired", body(time=NOW - 5 * MINUTE - 1))
    case("ahead", "a release of the future", "expired", body(time=NOW + 5 * MINUTE + 1))
    case("other-holder", "a release for another holder", "wrong-holder", body(holder=quota.MALLORY))
    case("other-keys", "keys that were not signed", "wrong-owner", body(keys=KEYS[:2]), body())
    case("other-time", "a time that was not signed", "wrong-owner", body(time=NOW + 1), body())
    case("other-device", "signed by another device", "wrong-owner", key=quota.MALLORY)
    case("other-domain", "a signature made for another purpose", "wrong-owner", label="put")
    case("certificate-over", "a device whose certificate is over", "wrong-owner",
         certified=certificate(quota.OWNER, device, NOW - 9 * DAY, NOW - DAY))
    case("certificate-forged", "a device that the account did not vouch for", "wrong-owner",
         certified=certificate(quota.OWNER, device, signer=quota.MALLORY))


def part_of(leaf, count):
    """The least part that stands for the leaf."""
    return -(-leaf * 1024 // count)


def excerpt(block, leaf):
    return block[:85] + block[-64:] + leaves_of(block[85:-64])[leaf]


def make_audits(target):
    """Answers of the holder to a challenge, which whoever has the receipt's terms can check."""
    block = content(b"".join(some("part %d" % i, 100) for i in range(12)))
    leaves = leaves_of(block)
    of_content = terms("audited", len(block), audit_root(block), key=content_key(block))
    writer = Key("writer")
    text = b"".join(some("note %d" % i, 100) for i in range(7))
    note = signed(writer, "/notes", 3, NOW, text)
    of_note = leaves_of(text)
    empty = signed(writer, "/notes", 4, NOW, b"")
    older = signed(writer, "/notes", 2, NOW, b"an older note")
    other = signed(writer, "/other", 3, NOW, text)
    of_signed = terms("audited", 999, bytes(32), key=signed_key(writer.public, path_hash("/notes")))

    def case(name, about, expect, shown, proven=(), described=of_content, part=part_of(1, 5), asked=None, time=NOW,
             by=quota.HOLDER_DEVICE, nonce=some("nonce"), label="audit", owner=quota.OWNER, claimed=None):
        body = quota.OWNER.public + described[16:48] + some("nonce") + u32(part)
        meant = owner.public + described[16:48] + nonce + u32(part if asked is None else asked)
        signature = by.sign(label, meant + u64(time if claimed is None else claimed) + sha256(shown))
        write(target, "audit", name, about, expect, now=NOW, holder=quota.HOLDER_DEVICE.public, terms=described,
              audit=b"\x48" + body, answer=b"\x54" + u64(time) + signature + proof(list(proven)) + shown)

    for at in range(5):
        case("leaf-%d" % at, "a leaf of a content block", "accept", leaves[at], path(at, leaves), part=part_of(at, 5))
    case("leaf-0-last-part", "the last part that stands for a leaf", "accept", leaves[0], path(0, leaves), part=part_of(1, 5) - 1)
    case("leaf-4-last-part", "the highest part stands for the last leaf", "accept", leaves[4], path(4, leaves), part=1023)
    for at in range(3):
        case("signed-block-%d" % at, "a leaf of a signed block", "accept", excerpt(note, at), path(at, of_note),
             described=of_signed, part=part_of(at, 3))
    case("signed-block-empty", "of an empty payload the one leaf, which is empty", "accept", empty[:85] + empty[-64:],
         described=of_signed, part=1023)
    case("signed-block-older", "which version it is the receipt does not say", "accept", excerpt(older, 0),
         described=of_signed, part=300)
    case("by-skew", "5 minutes of clock skew are borne", "accept", leaves[1], path(1, leaves), time=NOW - 5 * MINUTE)
    case("old", "an answer that is not of now proves nothing", "absent", leaves[1], path(1, leaves), time=NOW - 5 * MINUTE - 1)
    case("ahead", "an answer of the future proves nothing", "absent", leaves[1], path(1, leaves), time=NOW + 5 * MINUTE + 1)
    case("other-leaf", "another leaf, with its own path", "wrong", leaves[2], path(2, leaves))
    case("other-path", "the right leaf with another path", "wrong", leaves[1], path(2, leaves))
    case("no-path", "the right leaf without a path", "wrong", leaves[1])
    case("altered-leaf", "a leaf with a byte changed", "wrong", leaves[1][:-1] + b"\0", path(1, leaves))
    case("short-leaf", "a leaf without its last byte", "wrong", leaves[1][:-1], path(1, leaves))
    case("other-nonce", "the answer to an older challenge", "wrong", leaves[1], path(1, leaves), nonce=some("older"))
    case("other-owner", "the answer to a challenge for another owner", "wrong", leaves[1], path(1, leaves), owner=quota.MALLORY)
    case("signed-other-part", "a signature for another part", "wrong", leaves[1], path(1, leaves), asked=part_of(1, 5) + 1)
    case("other-time", "a time that was not signed", "wrong", leaves[1], path(1, leaves), claimed=NOW - 1)
    case("other-device", "signed by another device", "wrong", leaves[1], path(1, leaves), by=quota.MALLORY)
    case("other-domain", "a signature made for another purpose", "wrong", leaves[1], path(1, leaves), label="put")

    def wrong(name, about, shown, at=1, proven=None):
        case("signed-block-" + name, about, "wrong", shown, path(at, of_note) if proven is None else proven,
             described=of_signed, part=part_of(1, 3))

    right = excerpt(note, 1)
    wrong("other-key", "another signed block of the writer", excerpt(other, 1))
    wrong("other-leaf", "another leaf, with its own path", excerpt(note, 2), 2)
    wrong("no-path", "the right leaf without a path", right, proven=())
    wrong("altered-leaf", "a leaf with a byte changed", right[:-1] + bytes([right[-1] ^ 1]))
    wrong("altered-version", "another version than was signed", right[:72] + b"\2" + right[73:])
    wrong("altered-length", "a shorter payload than was signed", right[:81] + u32(600) + right[85:])
    wrong("altered-signature", "a signature with a byte changed", right[:148] + bytes([right[148] ^ 1]) + right[149:])
    wrong("short-leaf", "a leaf without its last byte", right[:-1])
    wrong("head-only", "too short to be an excerpt", right[:100], proven=())
    wrong("length-over-limit", "a payload longer than any", right[:81] + u32(261996) + right[85:])
    wrong("version-zero", "a version that does not exist", right[:65] + u64(0) + right[73:])
    wrong("whole", "all of a block that is short", older, proven=())
    wrong("content", "a leaf of something else", leaves[1], proven=path(1, leaves))
    denied = refusal(7, [], "not kept here")
    for name, about, expect, answer in (
        ("denied", "a holder that denies what it signed for", "refused", b"\x53" + denied),
        ("busy", "a holder that has no time proves nothing", "absent", b"\x53" + refusal(16, [1000], "busy")),
        ("ok", "a reply to something else", "wrong", b"\x51"),
    ):
        write(target, "audit", name, about, expect, now=NOW, holder=quota.HOLDER_DEVICE.public, terms=of_content,
              audit=b"\x48" + quota.OWNER.public + of_content[16:48] + some("nonce") + u32(part_of(1, 5)), answer=answer)
