"""Files: roots, and the seals of their blocks."""

from protocol import MAX_CONTENT, NOW, content, content_key, seal, some, u8, u16, u32, u64, write

KINDS = ["file-root", "file-block"]
CHUNK = MAX_CONTENT - 32
INLINE = 131_072
FAN_OUT = 1_024
MOST = 2**31


def text(value):
    raw = value.encode() if isinstance(value, str) else value
    return u16(len(raw)) + raw


def root(size, rest, named="a b.webm", kind="video/webm", version=1):
    return u8(version) + u64(size) + u64(NOW) + text(named) + text(kind) + rest


def keys(count):
    return u16(count) + b"".join(some("chunk %d" % i) for i in range(count))


def make(target):
    make_roots(target)
    make_blocks(target)


def make_roots(target):
    def accepted(name, title, size, rest, count, **more):
        write(target, "file-root", name, title, "accept", root=root(size, rest, **more), size=size, time=NOW, keys=count)

    accepted("empty", "a file without bytes", 0, b"", 0)
    accepted("inline", "a file that needs no chunks", 5, b"hello", 0)
    accepted("inline-largest", "the largest file without chunks", INLINE, b"a" * INLINE, 0)
    accepted("one-chunk", "the smallest file with a chunk", INLINE + 1, keys(1), 1)
    accepted("chunk-full", "exactly one chunk", CHUNK, keys(1), 1)
    accepted("two-chunks", "one byte more than a chunk", CHUNK + 1, keys(2), 2)
    accepted("last-without-index", "as many chunks as a block lists", FAN_OUT * CHUNK, keys(FAN_OUT), FAN_OUT)
    accepted("indexed", "one chunk more: two index blocks", FAN_OUT * CHUNK + 1, keys(2), 2)
    accepted("largest", "the largest file", MOST, keys(9), 9)
    accepted("hostile-name", "a name is only text", 1, b"x", 0, named="../<img src=x onerror=alert(1)>", kind="")
    broken = {
        "over-limit": (root(MOST + 1, keys(9)), "size"),
        "inline-short": (root(5, b"hell"), "size"),
        "inline-long": (root(5, b"hello!"), "size"),
        "too-few-keys": (root(CHUNK + 1, keys(1)), "chunks"),
        "too-many-keys": (root(CHUNK, keys(2)), "chunks"),
        "unindexed": (root(FAN_OUT * CHUNK + 1, keys(FAN_OUT)), "chunks"),
        "trailing": (root(CHUNK, keys(1) + b"\0"), "end"),
        "other-format": (root(5, b"hello", version=2), "file format"),
        "name-too-long": (root(5, b"hello", named="a" * 1025), "name"),
        "name-not-text": (root(5, b"hello", named=b"\xff"), "name"),
        "type-too-long": (root(5, b"hello", kind="a" * 256), "type"),
        "nothing": (b"", "file format"),
    }
    for name, (encoded, field) in broken.items():
        write(target, "file-root", name, "not canonical: " + field, "malformed", root=encoded)


def make_blocks(target):
    key = some("file key")
    nonce = some("nonce", 12)
    parts = {
        "root": (0, 0, root(5, b"hello")),
        "index": (1, 1, keys(3)),
        "chunk": (2, 1_500, b"c" * CHUNK),
        "chunk-last": (2, 8_193, b"c" * 7),
    }
    for name, (part, number, plain) in parts.items():
        block = content(seal(key, nonce, u8(part) + u32(number), plain, MAX_CONTENT))
        write(target, "file-block", name, "a block of a file", "accept", file_key=key, part=part, number=number, block=block,
              storage_key=content_key(block), plain=plain)
    chunk = content(seal(key, nonce, u8(2) + u32(1), b"hello", MAX_CONTENT))
    for name, part, number in [("other-number", 2, 2), ("other-part", 1, 1)]:
        write(target, "file-block", name, "a block in the place of another", "broken", file_key=key, part=part, number=number,
              block=chunk, storage_key=content_key(chunk))
