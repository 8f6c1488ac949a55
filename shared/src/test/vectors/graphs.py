"""Graphs: nodes, what they say of roles and checkpoints, and the steps of reconciliation."""

from protocol import NOW, Key, framed, listed, sha256, some, u8, u16, u32, u64, write

KINDS = ["graph-node", "reconcile"]

ADA = Key("graph ada")
BOB = Key("graph bob")
GRAPH = sha256(framed("graph", ADA.public + b"talk"))


def body(author, height, parents, value, time=NOW, graph=GRAPH):
    return u8(1) + graph + author.public + u64(time) + u32(height) + u8(len(parents)) + b"".join(parents) + u32(len(value)) + value


def node(author, height, parents, value, **more):
    signed = body(author, height, parents, value, **more)
    return signed + author.sign("graph-node", signed)


def name(encoded):
    return sha256(framed("graph-name", encoded))


def make_nodes(target):
    root = node(ADA, 0, [], b"root")
    write(target, "graph-node", "root", "a node without parents", "accept", node=root, graph=GRAPH, author=ADA.public, time=NOW,
          height=0, value=b"root", called=name(root), founder=ADA.public, graph_name="talk")
    parents = sorted([name(root), some("other parent")])
    child = node(BOB, 1, parents, b"child")
    write(target, "graph-node", "child", "a node with two parents", "accept", node=child, author=BOB.public, height=1, called=name(child))
    many = sorted(some("parent %d" % i) for i in range(17))
    write(target, "graph-node", "most-parents", "as many parents as there may be", "accept", node=node(ADA, 5, many[:16], b""), height=5)
    write(target, "graph-node", "too-many-parents", "one parent more", "malformed", node=node(ADA, 5, many, b""), field="parents")
    longest = b"v" * 49152
    write(target, "graph-node", "longest", "the longest value", "accept", node=node(ADA, 0, [], longest), height=0)
    write(target, "graph-node", "too-long", "a byte more", "malformed", node=node(ADA, 0, [], longest + b"v"), field="value")
    write(target, "graph-node", "falling-parents", "parents that do not rise", "malformed", node=node(BOB, 1, parents[::-1], b""),
          field="parents")
    write(target, "graph-node", "parent-twice", "one parent twice", "malformed", node=node(BOB, 1, parents[:1] * 2, b""), field="parents")
    write(target, "graph-node", "height-without-parents", "no parents, but a height", "malformed", node=node(BOB, 1, [], b""), field="parents")
    write(target, "graph-node", "parents-without-height", "parents, but no height", "malformed", node=node(BOB, 0, parents, b""), field="parents")
    write(target, "graph-node", "other-kind", "an unknown kind", "malformed", node=b"\2" + root[1:], field="kind")
    write(target, "graph-node", "cut", "a byte less", "malformed", node=root[:-1], field="signature")
    write(target, "graph-node", "trailing", "a byte more", "malformed", node=root + b"\0", field="trailing")
    write(target, "graph-node", "other-value", "a value that was not signed", "bad-signature", node=root.replace(b"root", b"ruut"))
    signed = body(ADA, 0, [], b"root")
    write(target, "graph-node", "other-author", "signed by somebody else", "bad-signature", node=signed + BOB.sign("graph-node", signed))
    write(target, "graph-node", "other-domain", "signed under another label", "bad-signature", node=signed + ADA.sign("feed-head", signed))
    ban = node(ADA, 1, [name(root)], u8(1) + BOB.public + u8(0))
    write(target, "graph-node", "ban", "a node that bans somebody", "accept", node=ban, subject=BOB.public, role="BANNED")
    write(target, "graph-node", "moderator", "a node that makes somebody moderator", "accept",
          node=node(ADA, 1, [name(root)], u8(1) + BOB.public + u8(2)), subject=BOB.public, role="MODERATOR")
    chain = bytes(32)
    for one in (root, ban):
        chain = sha256(chain + name(one))
    write(target, "graph-node", "checkpoint", "a node that sums up two others", "accept",
          node=node(ADA, 2, [name(ban)], u8(2) + u64(2) + chain), count=2, chain=chain, chained=[name(root), name(ban)])


def prefix(nibbles):
    padded = nibbles + "0" * (len(nibbles) % 2)
    return u8(len(nibbles)) + bytes.fromhex(padded)


def within(names, nibbles):
    return sorted(n for n in names if n.hex().startswith(nibbles))


def fingerprint(salt, names, nibbles):
    return sha256(salt + b"".join(within(names, nibbles)))[:8]


def compare(salt, names, nibbles):
    return prefix(nibbles) + b"".join(fingerprint(salt, names, nibbles + "%x" % i) for i in range(16))


def shorts(salt, names):
    return listed(sorted(sha256(salt + n)[:6] for n in names))


def message(salt, compared=(), have=(), want=()):
    return salt + listed(list(compared)) + listed(list(have)) + listed(list(want))


def make_steps(target):
    salt = some("salt", 16)
    common = [some("name %d" % i) for i in range(40)]
    here = common + [some("here %d" % i) for i in range(3)]
    there = common + [some("there %d" % i) for i in range(2)]
    first = message(salt, [compare(salt, here, "")])
    differing = [("%x" % i) for i in range(16) if fingerprint(salt, here, "%x" % i) != fingerprint(salt, there, "%x" % i)]
    second = message(salt, have=[prefix(p) + shorts(salt, within(there, p)) for p in differing])
    wanted = [(p, [n for n in within(there, p) if n not in here]) for p in differing]
    third = message(salt, want=[prefix(p) + shorts(salt, names) for p, names in wanted if names])
    lacks = [n for p in differing for n in within(here, p) if n not in there]
    write(target, "reconcile", "begin", "few names are compared in sixteen parts", "accept", of=here, salt=salt, step=first)
    write(target, "reconcile", "list", "parts that differ are listed", "accept", of=there, message=first, step=second)
    write(target, "reconcile", "want", "what is lacking is asked for, and sent", "accept", of=here, message=second, step=third, send=lacks)
    write(target, "reconcile", "send", "what was asked for is sent", "accept", of=there, message=third,
          send=[n for _, names in wanted for n in names])
    write(target, "reconcile", "equal", "equal sets need no answer", "accept", of=here, message=first)
    write(target, "reconcile", "overlap", "parts of which one has the other", "malformed", of=here,
          message=message(salt, [compare(salt, here, "1"), compare(salt, here, "12")]), field="prefixes")
    write(target, "reconcile", "falling", "parts that fall", "malformed", of=here,
          message=message(salt, [compare(salt, here, "2"), compare(salt, here, "1")]), field="prefixes")
    write(target, "reconcile", "odd-prefix", "a half-byte too many", "malformed", of=here,
          message=message(salt, [u8(1) + b"\x12" + bytes(128)]), field="prefix")
    write(target, "reconcile", "long-prefix", "a whole name", "malformed", of=here,
          message=message(salt, [u8(64) + bytes(32) + bytes(128)]), field="prefix")
    write(target, "reconcile", "deep-prefix", "parts that would be whole names", "malformed", of=here,
          message=message(salt, [u8(63) + bytes(32) + bytes(128)]), field="prefix")
    write(target, "reconcile", "deepest-prefix", "the longest prefix to be compared", "accept", of=here,
          message=message(salt, [prefix("0" * 62) + sha256(salt)[:8] * 16]))
    write(target, "reconcile", "falling-names", "short names that fall", "malformed", of=here,
          message=message(salt, have=[prefix("1") + u16(2) + b"b" * 6 + b"a" * 6]), field="names")


def make(target):
    make_nodes(target)
    make_steps(target)
