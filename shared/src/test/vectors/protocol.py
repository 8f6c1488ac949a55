"""The encodings of docs/protocol.md once more, written from that document and not from the Java code.

It makes the vectors, so that a mistake has to be made twice to go unnoticed. It only writes.
"""

import hashlib
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

DAY = 24 * 60 * 60 * 1000
MINUTE = 60 * 1000
NOW = 1_790_000_000_000
BLOCK = 262_144


def u(size, value):
    return value.to_bytes(size, "big")


def u8(value):
    return u(1, value)


def u16(value):
    return u(2, value)


def u32(value):
    return u(4, value)


def u64(value):
    return u(8, value)


def text(value):
    raw = value.encode()
    return u16(len(raw)) + raw


def listed(elements):
    return u16(len(elements)) + b"".join(elements)


def sha256(data):
    return hashlib.sha256(data).digest()


def framed(label, message):
    full = b"p2pcp/v1/" + label.encode()
    return u8(len(full)) + full + message


def some(name, size=32):
    """Bytes that look random and are the same every time."""
    out = b""
    while len(out) < size:
        out += sha256(b"p2pcp vectors " + name.encode() + u32(len(out)))
    return out[:size]


class Key:
    """An Ed25519 key with a name."""

    def __init__(self, name):
        self.secret = Ed25519PrivateKey.from_private_bytes(some("key " + name))
        self.public = self.secret.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def sign(self, label, message):
        return self.secret.sign(framed(label, message))


# --- Merkle trees (RFC 9162, 2.1) -----------------------------------------------------------


def leaf(entry):
    return sha256(b"\0" + entry)


def node(left, right):
    return sha256(b"\1" + left + right)


def split(count):
    k = 1
    while k * 2 < count:
        k *= 2
    return k


def root(entries):
    if not entries:
        return sha256(b"")
    if len(entries) == 1:
        return leaf(entries[0])
    k = split(len(entries))
    return node(root(entries[:k]), root(entries[k:]))


def path(index, entries):
    if len(entries) == 1:
        return []
    k = split(len(entries))
    if index < k:
        return path(index, entries[:k]) + [root(entries[k:])]
    return path(index - k, entries[k:]) + [root(entries[:k])]


def proof(hashes):
    return u8(len(hashes)) + b"".join(hashes)


# --- Blocks ---------------------------------------------------------------------------------


def content(payload):
    return u8(1) + payload


def content_key(encoded):
    return sha256(framed("content-key", encoded))


def path_hash(text_path):
    return sha256(framed("path", text_path.encode()))


def signed_key(write_key, hashed_path):
    return sha256(framed("signed-key", write_key + hashed_path))


def signed_body(key, text_path, version, time, payload):
    return u8(2) + key.public + path_hash(text_path) + u64(version) + u64(time) + u32(len(payload)) + payload


def signed_part(body):
    """What the signature covers: the head, and the tree hash over the leaves of the payload."""
    return body[:85] + root(leaves_of(body[85:]) or [b""])


def signed(key, text_path, version, time, payload, label="signed-block"):
    body = signed_body(key, text_path, version, time, payload)
    return body + key.sign(label, signed_part(body))


MAX_CONTENT = BLOCK - 1
MAX_SIGNED = BLOCK - 85 - 64


def size_class(length, most):
    size = 256
    while size < length:
        size = size * 2 if size < 16384 else size + 16384
    return min(size, most)


def seal(key, nonce, associated, plain, most):
    padded = size_class(len(plain) + 32, most) - 12 - 16
    return seal_raw(key, nonce, associated, (u32(len(plain)) + plain).ljust(padded, b"\0"))


def seal_raw(key, nonce, associated, padded):
    return nonce + AESGCM(key).encrypt(nonce, padded, associated)


# --- Certificates, tickets, receipts --------------------------------------------------------


def certificate(vault, device, not_before=NOW - DAY, not_after=NOW + DAY, signer=None, label="device-certificate"):
    body = vault.public + device.public + u64(not_before) + u64(not_after)
    return body + (signer or vault).sign(label, body)


class Ticket:
    """A ticket, any field of which can be set otherwise."""

    def __init__(self, name, owner, holder, holder_account, **other):
        self.serial = some("serial " + name, 16)
        self.owner = owner.public
        self.holder = holder.public
        self.holder_account = holder_account.public
        self.key = content_key(content(b"block " + name.encode()))
        self.size = BLOCK
        self.issued = NOW - MINUTE
        self.expires = NOW + 9 * MINUTE
        self.__dict__.update(other)

    def encoded(self):
        return (
            self.serial + self.owner + self.holder + self.holder_account + self.key
            + u32(self.size) + u64(self.issued) + u64(self.expires)
        )


def ticket_signature(issuer, tickets, label="ticket-batch", count=None):
    return issuer.sign(label, u32(count or len(tickets)) + root(tickets))


def ticket_batch(issuer, tickets):
    return issuer.public + ticket_signature(issuer, tickets) + listed(tickets)


def grant(by, tickets, at, **other):
    parts = {
        "ticket": tickets[at],
        "issuer": by.public,
        "signature": ticket_signature(by, tickets),
        "count": u32(len(tickets)),
        "index": u32(at),
        "proof": proof(path(at, tickets)),
    }
    parts.update(other)
    return b"".join(parts.values())


def terms(name, size=1000, audit_root=None, serial=None, key=None):
    return (
        (serial or some("serial " + name, 16))
        + (key or some("storage key " + name))
        + u32(size)
        + (audit_root or some("audit root " + name))
    )


def leaves_of(encoded):
    return [encoded[at : at + 256] for at in range(0, len(encoded), 256)]


def audit_root(encoded):
    return root(leaves_of(encoded))


def header(owner, holder_account, holder, all_terms, stored=NOW, expires=None, count=None, tree=None):
    return (
        owner.public + holder_account.public + holder.public + u64(stored)
        + u64(stored + 31 * DAY if expires is None else expires)
        + u32(len(all_terms) if count is None else count)
        + (tree or root(all_terms))
    )


# --- Vector files ---------------------------------------------------------------------------


def hexed(data):
    """Hex, where one byte repeated stands as ``61*1000`` between blanks."""
    words = []
    at = done = 0
    while at < len(data):
        end = at
        while end < len(data) and data[end] == data[at]:
            end += 1
        if end - at > 64:
            words += [data[done:at].hex()] if at > done else []
            words.append("%02x*%d" % (data[at], end - at))
            done = end
        at = end
    words += [data[done:].hex()] if done < len(data) else []
    return " ".join(words)


def write(target, kind, name, about, expect, **fields):
    """One file; the values of a list are numbered from 0."""
    lines = ["# " + about[0].upper() + about[1:], "kind: " + kind]
    for field, value in fields.items():
        field = field.replace("_", "-")
        if isinstance(value, list):
            named = [("%s-%d" % (field, i), one) for i, one in enumerate(value)]
        else:
            named = [(field, value)]
        for label, one in named:
            one = hexed(one) if isinstance(one, bytes) else str(one)
            lines.append(("%s: %s" % (label, one)).rstrip())
    lines.append("expect: " + expect)
    file = target / kind / (name + ".txt")
    if file.exists():
        raise ValueError("two vectors named " + str(file))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(lines) + "\n")
