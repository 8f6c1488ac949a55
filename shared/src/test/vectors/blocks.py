"""Blocks and sealed payloads."""

from protocol import (
    BLOCK, MAX_CONTENT, MAX_SIGNED, NOW, Key, content, content_key, path_hash, seal, seal_raw, sha256,
    signed, signed_body, signed_key, signed_part, some, u8, u32, write,
)

KINDS = ["block", "block-order", "sealed"]
TOP = 2**63
WRITER = Key("writer")
PATH = "/profile"
KEY = signed_key(WRITER.public, path_hash(PATH))


def make(target):
    make_content(target)
    make_signed(target)
    make_order(target)
    make_sealed(target)


def make_content(target):
    small = content(b"hello")
    write(target, "block", "content-small", "a content block", "accept", key=content_key(small), block=small, payload=b"hello")
    empty = content(b"")
    write(target, "block", "content-empty", "a content block without payload", "accept", key=content_key(empty), block=empty,
          payload=b"")
    largest = content(b"a" * MAX_CONTENT)
    write(target, "block", "content-largest", "the longest block", "accept", key=content_key(largest), block=largest)
    over = content(b"a" * BLOCK)
    write(target, "block", "content-over-limit", "one byte more than a block may have", "malformed", key=content_key(over),
          block=over, field="block length")
    write(target, "block", "content-altered", "a block whose bytes hash to another key", "wrong-key", key=content_key(small),
          block=content(b"hellp"))
    write(target, "block", "content-without-domain", "a storage key that is the plain hash", "wrong-key", key=sha256(small),
          block=small)
    write(target, "block", "content-of-payload", "a storage key over the payload without the kind", "wrong-key",
          key=content_key(b"hello"), block=small)
    for kind in (0, 3, 255):
        unknown = u8(kind) + b"hello"
        write(target, "block", "unknown-kind-%d" % kind, "a kind that does not exist", "malformed", key=content_key(unknown),
              block=unknown, field="block kind")
    write(target, "block", "nothing", "no bytes", "malformed", key=content_key(b""), block=b"", field="block kind")


def make_signed(target):
    body = b"name: Ada"
    good = signed(WRITER, PATH, 1, NOW, body)
    write(target, "block", "signed-first", "the first version of a signed block", "accept", key=KEY, block=good, payload=body,
          write_key=WRITER.public, path=PATH, version=1, time=NOW)
    write(target, "block", "signed-empty", "a signed block without payload", "accept", key=KEY, payload=b"",
          block=signed(WRITER, PATH, 2, NOW, b""), version=2)
    write(target, "block", "signed-path-unicode", "a path of several scripts", "accept", path="/notes/čaj/茶/🍵",
          key=signed_key(WRITER.public, path_hash("/notes/čaj/茶/🍵")),
          block=signed(WRITER, "/notes/čaj/茶/🍵", 1, NOW, body))
    for size in (256, 257, 5000):
        write(target, "block", "signed-leaves-%d" % size, "a payload of so many bytes", "accept", key=KEY,
              block=signed(WRITER, PATH, 3, NOW, bytes(i % 251 for i in range(size))))
    write(target, "block", "signed-largest", "the longest signed block", "accept", key=KEY,
          block=signed(WRITER, PATH, 3, NOW, b"b" * MAX_SIGNED))
    write(target, "block", "signed-last-version", "the highest version and latest time", "accept", key=KEY,
          block=signed(WRITER, PATH, TOP - 1, TOP - 1, body), version=TOP - 1, time=TOP - 1)
    malformed = {
        "signed-version-zero": ("version", signed(WRITER, PATH, 0, NOW, body)),
        "signed-version-top-bit": ("version", signed(WRITER, PATH, TOP, NOW, body)),
        "signed-time-top-bit": ("time", signed(WRITER, PATH, 1, TOP, body)),
        "signed-trailing": ("trailing", good + b"\0"),
        "signed-truncated": ("signature", good[:-1]),
        "signed-header-only": ("payload", good[:81]),
        "signed-payload-length-long": ("payload", good[:81] + u32(len(body) + 65) + good[85:]),
        "signed-payload-length-short": ("trailing", good[:81] + u32(len(body) - 1) + good[85:]),
        "signed-payload-length-huge": ("payload", good[:81] + b"\xff\xff\xff\xff" + good[85:]),
        "signed-over-limit": ("block length", signed(WRITER, PATH, 1, NOW, b"b" * (MAX_SIGNED + 1))),
    }
    for name, (field, block) in malformed.items():
        write(target, "block", name, "a signed block that breaks the layout", "malformed", key=KEY, block=block, field=field)
    write(target, "block", "signed-other-path", "a block of another path of the same writer", "wrong-key", key=KEY,
          block=signed(WRITER, "/avatar", 1, NOW, body))
    write(target, "block", "signed-other-writer", "a block of another writer at the same path", "wrong-key", key=KEY,
          block=signed(Key("mallory"), PATH, 1, NOW, body))
    write(target, "block", "signed-under-content-key", "a signed block under the hash of its bytes", "wrong-key",
          key=content_key(good), block=good)
    write(target, "block", "content-under-signed-key", "a content block under a signed block's key", "wrong-key", key=KEY,
          block=content(body))
    unsigned = signed_body(WRITER, PATH, 1, NOW, body)
    forged = {
        "signed-payload-altered": good[:85] + b"N" + good[86:],
        "signed-version-raised": good[:72] + b"\2" + good[73:],
        "signed-signature-altered": good[:-1] + u8(good[-1] ^ 1),
        "signed-signature-zeros": good[:-64] + bytes(64),
        "signed-by-another": unsigned + Key("mallory").sign("signed-block", signed_part(unsigned)),
        "signed-whole": unsigned + WRITER.sign("signed-block", unsigned),
        "signed-length-beside": unsigned + WRITER.sign("signed-block", unsigned[:81] + u32(8) + signed_part(unsigned)[85:]),
        "signed-other-domain": signed(WRITER, PATH, 1, NOW, body, "put"),
        "signed-without-domain": unsigned + WRITER.secret.sign(signed_part(unsigned)),
    }
    for name, block in forged.items():
        write(target, "block", name, "a signed block that its writer did not sign so", "bad-signature", key=KEY, block=block)
    no_point = b"\2" + bytes(30) + b"\x7f"
    block = u8(2) + no_point + path_hash(PATH) + good[65:]
    write(target, "block", "signed-key-no-point", "a write key that is no point of the curve", "bad-signature",
          key=signed_key(no_point, path_hash(PATH)), block=block)


def make_order(target):
    first = signed(WRITER, PATH, 5, NOW, b"one")
    cases = {
        "version": (signed(WRITER, PATH, 6, NOW - 1, b"two"), first, True),
        "lower-version": (signed(WRITER, PATH, 4, NOW + 1, b"two"), first, False),
        "time": (signed(WRITER, PATH, 5, NOW + 1, b"two"), first, True),
        "earlier": (signed(WRITER, PATH, 5, NOW - 1, b"two"), first, False),
        "same": (first, first, False),
    }
    other = signed(WRITER, PATH, 5, NOW, b"two")
    cases["signature"] = (max(first, other, key=lambda b: b[-64:]), min(first, other, key=lambda b: b[-64:]), True)
    cases["lower-signature"] = (cases["signature"][1], cases["signature"][0], False)
    for name, (block, than, replaces) in cases.items():
        write(target, "block-order", name, "which of two versions replaces the other", "accept", key=KEY, block=block, than=than,
              replaces="yes" if replaces else "no")


def make_sealed(target):
    key = some("sealing key")
    nonce = some("nonce", 12)
    for name, size, into, most in [
        ("empty", 0, "signed", MAX_SIGNED),
        ("fills-256", 224, "signed", MAX_SIGNED),
        ("over-256", 225, "signed", MAX_SIGNED),
        ("fills-16384", 16384 - 32, "content", MAX_CONTENT),
        ("over-16384", 16384 - 31, "content", MAX_CONTENT),
        ("largest-signed", MAX_SIGNED - 32, "signed", MAX_SIGNED),
        ("last-step-signed", 245760 - 31, "signed", MAX_SIGNED),
        ("largest-content", MAX_CONTENT - 32, "content", MAX_CONTENT),
    ]:
        plain = b"p" * size
        payload = seal(key, nonce, KEY, plain, most)
        sealed = {"payload": payload} if size < 1000 else {
            "payload_length": len(payload), "payload_sha256": sha256(payload)}
        write(target, "sealed", name, "sealed, opened, and padded to its size class", "accept", seal_key=key, nonce=nonce,
              associated=KEY, into=into, plain=plain, **sealed)
    loose = seal_raw(key, nonce, KEY, u32(5) + b"hello")
    write(target, "sealed", "without-padding", "a reader does not mind other size classes", "accept", seal_key=key,
          associated=KEY, plain=b"hello", payload=loose)
    good = seal(key, nonce, KEY, b"hello", MAX_SIGNED)
    broken = {
        "other-key": (some("another key"), KEY, good),
        "other-place": (key, some("another place"), good),
        "nonce-altered": (key, KEY, u8(good[0] ^ 1) + good[1:]),
        "text-altered": (key, KEY, good[:20] + u8(good[20] ^ 1) + good[21:]),
        "tag-altered": (key, KEY, good[:-1] + u8(good[-1] ^ 1)),
        "truncated": (key, KEY, good[:-1]),
        "shorter-than-any": (key, KEY, good[:31]),
        "nothing": (key, KEY, b""),
        "padding-not-zero": (key, KEY, seal_raw(key, nonce, KEY, u32(5) + b"hello" + bytes(10) + b"\1")),
        "length-beyond": (key, KEY, seal_raw(key, nonce, KEY, u32(6) + b"hello")),
        "length-huge": (key, KEY, seal_raw(key, nonce, KEY, b"\xff\xff\xff\xff" + b"hello")),
    }
    for name, (seal_key, associated, payload) in broken.items():
        write(target, "sealed", name, "a payload that must not open", "seal-broken", seal_key=seal_key, associated=associated,
              payload=payload)
