"""Feeds: the numbering of trees, proofs, heads. Tables named `public` are those of the module flat-tree
(mafintosh/flat-tree, test.js) and of Certificate Transparency (transparency-dev/merkle, proof/verify_test.go,
rfc6962/rfc6962_test.go)."""

from merkle import ENTRIES, ROOTS
from protocol import Key, leaf, node, path, proof, root, some, split, u16, u32, u64, u8, write

KINDS = ["flat-tree", "tree-hash", "consistency-proof", "feed-head", "feed-part", "fork-proof"]

PUBLIC = {
    "index": [("0 0", 0), ("0 1", 2), ("0 2", 4), ("1 0", 1), ("1 1", 5), ("2 0", 3)],
    "parent": [(0, 1), (2, 1), (1, 3), (10000000000, 10000000001)],
    "children": [(0, ""), (1, "0 2"), (3, "1 5"), (9, "8 10")],
    "left-child": [(0, -1), (1, 0), (3, 1)],
    "right-child": [(0, -1), (1, 2), (3, 5)],
    "sibling": [(0, 2), (2, 0), (1, 5), (5, 1)],
    "full-roots": [(0, ""), (2, "0"), (8, "3"), (20, "7 17"), (18, "7 16"), (16, "7")],
    "depth": [(0, 0), (1, 1), (2, 0), (3, 2), (4, 0)],
    "offset": [(0, 0), (1, 0), (2, 1), (3, 0), (4, 2)],
    "spans": [(0, "0 0"), (1, "0 2"), (3, "0 6"), (23, "16 30"), (27, "24 30")],
    "left-span": [(0, 0), (1, 0), (3, 0), (23, 16), (27, 24)],
    "right-span": [(0, 0), (1, 2), (3, 6), (23, 30), (27, 30)],
    "count": [(0, 1), (1, 3), (3, 7), (5, 3), (23, 15), (27, 7)],
    # The iterator, each move from where the last one ended.
    "walk-from-leaf": [("seek 0", 0), ("parent", 1), ("parent", 3), ("parent", 7), ("right-child", 11),
                       ("left-child", 9), ("next", 13), ("left-span", 12)],
    "walk-from-parent": [("seek 1", 1), ("parent", 3), ("parent", 7), ("right-child", 11), ("left-child", 9),
                         ("next", 13), ("left-span", 12)],
    "walk-full-roots": [("seek 0", 0), ("full-root 0", "no"), ("full-root 22", 7), ("next-tree", 16),
                        ("full-root 22", 17), ("next-tree", 20), ("full-root 22", 20), ("next-tree", 22),
                        ("full-root 22", "no")],
}


def depth(index):
    levels = 0
    while index >> levels & 1:
        levels += 1
    return levels


def number(levels, offset):
    return (2 * offset + 1) * 2**levels - 1


def offset(index):
    return ((index + 1) // 2 ** depth(index) - 1) // 2


def left(index):
    return offset(index) * 2 ** (depth(index) + 1)


def right(index):
    return (offset(index) + 1) * 2 ** (depth(index) + 1) - 2


def make_flat_tree(target):
    for name, cases in PUBLIC.items():
        write(target, "flat-tree", "public-" + name, "the public table of " + name, "accept", function=name.split("-from")[0]
              if name.startswith("walk-from") else name, of=[str(a) for a, _ in cases], gives=[str(b) for _, b in cases])
    climb, at = [("seek 0", 0)], 0
    for _ in range(50):
        at = number(depth(at) + 1, offset(at) // 2)
        climb.append(("parent", at))
    assert at == 1125899906842623
    for _ in range(50):
        at = number(depth(at) - 1, 2 * offset(at))
        climb.append(("left-child", at))
    write(target, "flat-tree", "public-climb", "fifty levels up and down again", "accept", function="walk",
          of=[a for a, _ in climb], gives=[str(b) for _, b in climb])
    big = [2**31 - 1, 2**32 - 2, 2**32, 2**53 - 2, 2**53 - 1, 2**53, 2**53 + 5, 3 * 2**59 - 1, 2**62 - 2, 2**62 - 1, 2**63 - 2]
    tables = {
        "depth": depth, "offset": offset, "left-span": left, "right-span": right,
        "sibling": lambda i: number(depth(i), offset(i) ^ 1),
        "parent": lambda i: number(depth(i) + 1, offset(i) // 2),
        "uncle": lambda i: number(depth(i) + 1, offset(i) // 2 ^ 1),
        "count": lambda i: 2 ** (depth(i) + 1) - 1,
        "full-roots": lambda i: roots(i // 2) if i % 2 == 0 else None,
    }
    for name, function in tables.items():
        cases = [(i, function(i)) for i in big]
        cases = [(i, o) for i, o in cases if o is not None and (isinstance(o, str) or o < 2**63)]
        write(target, "flat-tree", "great-" + name, "numbers beyond what 32 and 53 bits hold", "accept", function=name,
              of=[str(i) for i, _ in cases], gives=[str(o) for _, o in cases])
    for name, call in {"parent": 2**63 - 1, "right-span": 2**63 - 1, "sibling": 2**62 - 1, "index": "62 1"}.items():
        write(target, "flat-tree", "beyond-" + name, "a number over 2^63 - 1", "out-of-range", function=name, of=[str(call)],
              gives=["0"])


def roots(leaves):
    out, at = [], 0
    for bit in reversed(range(64)):
        if leaves >> bit & 1:
            out.append(at * 2 + 2**bit - 1)
            at += 2**bit
    return " ".join(map(str, out))


def subproof(first, entries, whole):
    """RFC 9162, 2.1.4.1."""
    if first == len(entries):
        return [] if whole else [root(entries)]
    k = split(len(entries))
    if first <= k:
        return subproof(first, entries[:k], whole) + [root(entries[k:])]
    return subproof(first - k, entries[k:], False) + [root(entries[:k])]


def consistency(first, entries):
    return subproof(first, entries, True) if 0 < first < len(entries) else []


# First size, second size, proof.
CONSISTENT = [
    (1, 1, []),
    (1, 8, ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"]),
    (6, 8, ["0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"]),
    (2, 5, ["5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"]),
    (6, 7, ["0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"]),
]


def make_trees(target):
    write(target, "tree-hash", "public-empty", "no entries", "accept", of=[], hash=bytes.fromhex(
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"))
    write(target, "tree-hash", "public-empty-leaf", "one entry without bytes", "accept", entry=[b""], hash=bytes.fromhex(
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"))
    write(target, "tree-hash", "public-leaf", "one entry", "accept", entry=[b"L123456"], hash=bytes.fromhex(
        "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"))
    for size in range(1, 9):
        write(target, "tree-hash", "public-%d" % size, "the public tree of %d entries" % size, "accept",
              entry=ENTRIES[:size], hash=bytes.fromhex(ROOTS[size - 1]))
    for first, second, hashes in CONSISTENT:
        hashes = [bytes.fromhex(h) for h in hashes]
        assert hashes == consistency(first, ENTRIES[:second])
        consistent(target, "public-%d-of-%d" % (first, second), "a public consistency proof", "accept", ENTRIES[:second],
                   first, hashes)
    tree = [bytes([i]) for i in range(100)]
    for first in (0, 1, 3, 31, 32, 33, 64, 95, 96, 99, 100):
        consistent(target, "%d-of-100" % first, "a ragged tree", "accept", tree, first, consistency(first, tree))


def consistent(target, name, about, expect, entries, first, hashes):
    write(target, "consistency-proof", name, about, expect, first=first, second=len(entries), root_1=root(entries[:first]),
          root_2=root(entries), entry=entries, proof=hashes)


WRITER = Key("feed writer")


def signed_head(fork, length, hashed):
    return WRITER.public + u32(fork) + u64(length) + hashed


def head(fork, entries, key=WRITER, length=None, hashed=None):
    signed = signed_head(fork, len(entries) if length is None else length, hashed or root(entries))
    return signed + key.sign("feed-head", signed)


def make_heads(target):
    tree = [some("entry %d" % i, 40 + i) for i in range(13)]
    for name, fork, entries in (("of-nothing", 0, []), ("first", 0, tree[:1]), ("thirteen", 0, tree), ("fork", 7, tree)):
        write(target, "feed-head", name, "a head", "accept", head=head(fork, entries), feed=WRITER.public, fork=fork,
              length=len(entries), root=root(entries))
    write(target, "feed-head", "longest", "the most entries", "accept", head=head(2**32 - 1, [], length=2**51),
          fork=2**32 - 1, length=2**51)
    write(target, "feed-head", "too-long", "more entries than a feed has", "malformed", head=head(0, [], length=2**51 + 1),
          field="length")
    write(target, "feed-head", "top-bit", "a length that is no number", "malformed", head=head(0, [], length=2**63), field="length")
    write(target, "feed-head", "other-key", "a signature of somebody else", "bad-signature", head=head(0, tree, Key("other")))
    plain = signed_head(0, 13, root(tree))
    write(target, "feed-head", "without-domain", "a signature without the label", "bad-signature",
          head=plain + WRITER.secret.sign(plain))
    write(target, "feed-head", "short", "a byte less", "malformed", head=head(0, tree)[:-1], field="signature")
    write(target, "feed-head", "trailing", "a byte more", "malformed", head=head(0, tree) + b"\0", field="trailing")


def set_proof(entries, chosen, at=0):
    """What leads from chosen entries to the root, from the left."""
    here = [i for i in range(at, at + len(entries)) if i in chosen]
    if not here:
        return [root(entries)]
    if len(here) == len(entries):
        return []
    k = split(len(entries))
    return set_proof(entries[:k], chosen, at) + set_proof(entries[k:], chosen, at + k)


def part(signed, entries, runs, hashes=None):
    chosen = {i for start, end in runs for i in range(start, end)}
    out = signed + u16(len(runs))
    for start, end in runs:
        out += u64(start) + u16(end - start) + b"".join(u32(len(e)) + e for e in entries[start:end])
    return out + b"".join(set_proof(entries, chosen) if hashes is None else hashes)


def make_parts(target):
    tree = [some("entry %d" % i, 20 + i) for i in range(21)]
    good = head(3, tree)
    for name, runs in {"first": [(0, 1)], "last": [(20, 21)], "one": [(10, 11)], "run": [(5, 14)], "whole": [(0, 21)],
                       "several": [(0, 1), (2, 3), (8, 16), (20, 21)]}.items():
        write(target, "feed-part", name, "entries with their proof", "accept", part=part(good, tree, runs), feed=WRITER.public,
              entry=[e for a, b in runs for e in tree[a:b]])
    hashes = set_proof(tree, {10})
    wrong = list(tree)
    wrong[10] = b"forged"
    write(target, "feed-part", "forged-entry", "an entry that was not signed", "bad-proof", part=part(good, wrong, [(10, 11)], hashes))
    write(target, "feed-part", "moved-entry", "an entry at another place", "bad-proof",
          part=part(good, tree[:11] + tree[10:], [(11, 12)], set_proof(tree, {11})))
    write(target, "feed-part", "swapped-hashes", "hashes in another order", "bad-proof",
          part=part(good, tree, [(10, 11)], [hashes[1], hashes[0]] + hashes[2:]))
    write(target, "feed-part", "other-writer", "signed by somebody else", "bad-signature",
          part=part(head(3, tree, Key("other")), tree, [(10, 11)]))
    write(target, "feed-part", "hash-too-few", "a hash is missing", "malformed", part=part(good, tree, [(10, 11)], hashes[:-1]), field="proof")
    write(target, "feed-part", "hash-too-many", "a hash too many", "malformed",
          part=part(good, tree, [(10, 11)], hashes + hashes[:1]), field="trailing")
    write(target, "feed-part", "touching", "two runs that are one", "malformed", part=part(good, tree, [(3, 5), (5, 7)], []), field="from")
    write(target, "feed-part", "falling", "runs that fall", "malformed", part=part(good, tree, [(5, 7), (1, 2)], []), field="from")
    write(target, "feed-part", "beyond", "more entries than there are", "malformed",
          part=part(head(3, tree[:20]), tree, [(19, 21)], []), field="from")
    write(target, "feed-part", "nothing", "no entries", "malformed", part=part(good, tree, [], []), field="runs")
    write(target, "feed-part", "empty-run", "a run without entries", "malformed", part=part(good, tree, [(4, 4)], []), field="entries")


def fork_proof(shorter, longer, beginning, rest):
    return shorter + longer + proof(beginning) + proof(rest)


def peaks(entries):
    out, at = [], 0
    for bit in reversed(range(64)):
        if len(entries) >> bit & 1:
            out.append(root(entries[at:at + 2**bit]))
            at += 2**bit
    return out


def make_forks(target):
    one = [some("one %d" % i) for i in range(11)]
    two = one[:6] + [some("two %d" % i) for i in range(9)]
    a, b = sorted([head(2, one), head(2, two[:11])], key=lambda h: h[44:76])
    feed = WRITER.public
    write(target, "fork-proof", "same-length", "two heads of one length", "accept", proof=fork_proof(a, b, [], []), feed=feed)
    rest = set_proof(two, set(range(11)))
    good = fork_proof(head(2, one), head(2, two), peaks(two[:11]), rest)
    write(target, "fork-proof", "other-length", "a longer feed that does not begin with the shorter", "accept", proof=good, feed=feed)
    eight = [some("eight %d" % i) for i in range(8)]
    write(target, "fork-proof", "power-of-two", "a shorter feed that is one whole tree", "accept",
          proof=fork_proof(head(2, eight), head(2, two), peaks(two[:8]), set_proof(two, set(range(8)))), feed=feed)
    honest = fork_proof(head(2, two[:11]), head(2, two), peaks(two[:11]), rest)
    write(target, "fork-proof", "honest", "a feed that only grew", "no-proof", proof=honest)
    invented = [some("invented")] + peaks(two[:11])[1:]
    write(target, "fork-proof", "invented", "hashes that are not of the longer feed", "no-proof",
          proof=fork_proof(head(2, two[:11]), head(2, two), invented, rest))
    write(target, "fork-proof", "other-writer", "one head is of somebody else", "no-proof",
          proof=fork_proof(head(2, one, Key("other")), head(2, two), peaks(two[:11]), rest))
    write(target, "fork-proof", "other-fork", "two fork numbers", "malformed",
          proof=fork_proof(head(1, one), head(2, two), peaks(two[:11]), rest), field="feed")
    write(target, "fork-proof", "not-in-order", "the greater root first", "malformed", proof=fork_proof(b, a, [], []), field="order")
    write(target, "fork-proof", "twice-the-same", "one head twice", "malformed", proof=fork_proof(a, a, [], []), field="order")
    write(target, "fork-proof", "longer-first", "the longer one first", "malformed",
          proof=fork_proof(head(2, two), head(2, one), peaks(two[:11]), rest), field="order")
    write(target, "fork-proof", "hash-too-many", "a hash more than the shorter one has", "malformed",
          proof=fork_proof(head(2, one), head(2, two), peaks(two[:11]) * 2, rest), field="beginning")
    write(target, "fork-proof", "needless-hashes", "hashes for heads of one length", "malformed",
          proof=fork_proof(a, b, peaks(two[:11]), []), field="beginning")


def make(target):
    make_flat_tree(target)
    make_trees(target)
    make_heads(target)
    make_parts(target)
    make_forks(target)
