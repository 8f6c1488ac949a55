"""Channels: what is said, who is there, and the requests by which members compare what they have."""

from protocol import NOW, listed, some, text, u8, u16, u32, u64, write
from graphs import ADA, BOB, GRAPH, node

KINDS = ["channel-post", "channel-presence", "channel-exchange"]


def attached(link, name, type, size):
    return link + text(name) + text(type) + u64(size)


def post(body, reply=None, files=()):
    return u8(16) + (u8(1) + reply if reply else u8(0)) + text(body) + listed(list(files))


def make_posts(target):
    link = some("link of a file", 64)
    reply = some("a message")
    write(target, "channel-post", "plain", "a text", "accept", value=post("hello"), text="hello")
    write(target, "channel-post", "reply", "an answer", "accept", value=post("hi", reply), text="hi", reply=reply)
    write(target, "channel-post", "file", "a file without a word", "accept", value=post("", files=[attached(link, "a.png", "image/png", 5)]),
          link=link, file_name="a.png", type="image/png", size=5)
    write(target, "channel-post", "longest", "the longest text", "accept", value=post("x" * 8192))
    write(target, "channel-post", "too-long", "a byte more", "malformed", value=post("x" * 8193), field="text")
    write(target, "channel-post", "nothing", "neither text nor file", "malformed", value=post(""), field="text")
    write(target, "channel-post", "not-utf-8", "no text", "malformed", value=u8(16) + u8(0) + u16(1) + b"\xff" + listed([]), field="text")
    write(target, "channel-post", "most-files", "as many files as there may be", "accept",
          value=post("", files=[attached(link, "", "", 0)] * 8))
    write(target, "channel-post", "too-many-files", "one more", "malformed", value=post("", files=[attached(link, "", "", 0)] * 9), field="files")
    write(target, "channel-post", "other-flag", "neither an answer nor none", "malformed", value=u8(16) + u8(2) + text("x") + listed([]), field="reply")
    write(target, "channel-post", "other-kind", "an unknown kind", "malformed", value=b"\x11" + post("x")[1:], field="kind")
    write(target, "channel-post", "trailing", "a byte more", "malformed", value=post("x") + b"\0", field="trailing")


def presence(person, here, label="presence", graph=GRAPH):
    signed = graph + person.public + u64(NOW) + u8(here)
    return signed + person.sign(label, signed)


def make_presences(target):
    here = presence(ADA, 1)
    write(target, "channel-presence", "here", "somebody is here", "accept", presence=here, graph=GRAPH, person=ADA.public, time=NOW, here=1)
    write(target, "channel-presence", "gone", "somebody left", "accept", presence=presence(BOB, 0), person=BOB.public, here=0)
    write(target, "channel-presence", "other-domain", "signed under another label", "bad-signature", presence=presence(ADA, 1, "graph-node"))
    write(target, "channel-presence", "other-person", "signed by somebody else", "bad-signature",
          presence=here[:32] + BOB.public + here[64:])
    write(target, "channel-presence", "other-flag", "neither here nor gone", "malformed", presence=here[:72] + b"\2" + here[73:], field="here")
    write(target, "channel-presence", "cut", "a byte less", "malformed", presence=here[:-1], field="signature")
    write(target, "channel-presence", "trailing", "a byte more", "malformed", presence=here + b"\0", field="trailing")


def exchange(kind, step, nodes=()):
    return u8(kind) + u32(len(step)) + step + listed([u32(len(n)) + n for n in nodes])


def make_exchanges(target):
    one = node(ADA, 0, [], post("hello"))
    write(target, "channel-exchange", "page", "the beginning of the history is asked for", "accept", exchange=exchange(1, GRAPH), step=GRAPH, nodes=0)
    write(target, "channel-exchange", "nodes", "nodes are sent", "accept", exchange=exchange(0, b"", [one]), step=b"", nodes=1)
    write(target, "channel-exchange", "other-kind", "an unknown kind", "malformed", exchange=exchange(3, b""), field="kind")
    write(target, "channel-exchange", "no-node", "what is no node", "malformed", exchange=exchange(0, b"", [one[:-1]]), field="signature")
    write(target, "channel-exchange", "trailing", "a byte more", "malformed", exchange=exchange(0, b"") + b"\0", field="trailing")


def make(target):
    make_posts(target)
    make_presences(target)
    make_exchanges(target)
