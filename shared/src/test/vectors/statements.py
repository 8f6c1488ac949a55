"""What devices state, proofs that one of them deceives, and what they promise to bring."""

import quota
from protocol import DAY, MINUTE, NOW, certificate, framed, listed, root, sha256, some, text, u8, u32, u64, write

KINDS = ["statement", "fraud-proof", "manifest", "server-record"]
DEVICE = quota.OWNER_DEVICE
VOUCHED = certificate(quota.OWNER, DEVICE)
NONE = bytes(32)


def stated(number=1, previous=NONE, time=NOW, blocks=10, needed=30):
    return u64(number) + previous + u64(time) + u32(blocks) + u32(needed)


def statement(message=None, certified=VOUCHED, key=DEVICE, label="statement"):
    message = message or stated()
    return message + certified + key.sign(label, message)


def make(target):
    make_statements(target)
    make_records(target)
    make_proofs(target)
    make_manifests(target)


def origins(count, length):
    return ["https://" + ("%d." % i + "a" * 60 + "." + "b" * 60 + "." + "c" * 60 + "." + "d" * 60)[:length - 8]
            for i in range(count)]


def recorded(key=quota.SERVER, start=NOW, end=NOW + DAY, origins=("https://one.example",),
             recommended=("https://two.example", "https://three.example:8443"), form=1):
    return (u8(form) + key.public + u64(start) + u64(end) + listed([text(o) for o in origins])
            + listed([text(o) for o in recommended]))


def record(signer=None, label="server-record", said=None, key=quota.SERVER, **fields):
    message = recorded(key=key, **fields)
    return message + (signer or key).sign(label, said or message)


def make_records(target):
    def case(name, about, expect, encoded):
        write(target, "server-record", name, about, expect, now=NOW, record=encoded)

    case("one", "a cluster that recommends two", "accept", record())
    case("alone", "a cluster that recommends nobody", "accept", record(recommended=()))
    case("by-skew", "5 minutes of clock skew are borne", "accept", record(start=NOW - DAY, end=NOW - 5 * MINUTE))
    case("over", "a record whose time is over", "expired", record(start=NOW - DAY, end=NOW - 5 * MINUTE - 1))
    case("early", "5 minutes of clock skew are borne", "accept", record(start=NOW + 5 * MINUTE))
    case("to-come", "a record of the future", "expired", record(start=NOW + 5 * MINUTE + 1))
    case("other-key", "signed by another cluster", "bad-signature", record(signer=quota.MALLORY))
    case("other-domain", "a signature made for another purpose", "bad-signature", record(label="statement"))
    case("other-origins", "origins that were not signed", "bad-signature",
         record(said=recorded(origins=["https://other.example"])))
    case("other-recommended", "recommended servers that were not signed", "bad-signature",
         record(said=recorded(recommended=["https://other.example"])))


def make_statements(target):
    def case(name, about, expect, encoded, **more):
        write(target, "statement", name, about, expect, now=NOW, statement=encoded, **more)

    first = stated()
    case("first", "the first of a device", "accept", statement(), hash=sha256(framed("statement", first)))
    case("second", "names the one before", "accept",
         statement(stated(2, sha256(framed("statement", first)), needed=33, blocks=11)))
    case("largest", "the largest figures", "accept",
         statement(stated(2**63 - 1, some("previous"), NOW, 2**31 - 1, 2**31 - 1)))
    case("by-skew", "5 minutes of clock skew are borne", "accept",
         statement(stated(time=NOW + 5 * MINUTE), certificate(quota.OWNER, DEVICE, NOW, NOW + DAY)))
    case("to-come", "a statement of the future", "expired", statement(stated(time=NOW + 5 * MINUTE + 1)))
    case("last-moment", "it speaks for 31 days", "accept",
         statement(stated(time=NOW - 31 * DAY + 1), certificate(quota.OWNER, DEVICE, NOW - 32 * DAY, NOW)))
    case("over", "no receipt that it speaks of can be current", "expired", statement(stated(time=NOW - 31 * DAY)))
    case("certificate-over", "a certificate that was over when it was stated", "bad-signature",
         statement(stated(time=NOW), certificate(quota.OWNER, DEVICE, NOW - 9 * DAY, NOW - 5 * MINUTE - 1)))
    case("other-device", "signed by another device", "bad-signature", statement(key=quota.MALLORY))
    case("other-domain", "a signature made for another purpose", "bad-signature", statement(label="release"))
    case("other-figures", "figures that were not signed", "bad-signature",
         stated(needed=3) + statement()[len(first):])
    case("number-zero", "numbers begin at 1", "malformed", statement(stated(0)), field="number")
    case("number-top-bit", "a number over 2^63 - 1", "malformed", statement(stated(2**63)), field="number")
    case("needed-top-bit", "a figure over 2^31 - 1", "malformed", statement(stated(needed=2**31)), field="needed")
    case("truncated", "a byte is missing", "malformed", statement()[:-1], field="signature")
    case("trailing", "a byte too many", "malformed", statement() + b"\0", field="trailing")


def make_proofs(target):
    one, other = sorted([statement(), statement(stated(needed=3))])

    def case(name, about, expect, first, second):
        write(target, "fraud-proof", name, about, expect, account=quota.OWNER.public, proof=first + second)

    case("two-figures", "one number, two figures", "accept", one, other)
    case("two-previous", "one number, after different ones", "accept", statement(stated(7, some("a"))),
         statement(stated(7, some("b"))))
    case("twice", "the same twice", "no-proof", one, one)
    case("other-certificate", "the same under another certificate", "no-proof", statement(),
         statement(certified=certificate(quota.OWNER, DEVICE, NOW - 2 * DAY)))
    case("other-number", "two numbers", "no-proof", statement(stated(1)), statement(stated(2)))
    case("other-devices", "two devices", "no-proof", statement(),
         statement(stated(needed=3), certificate(quota.OWNER, quota.HOLDER_DEVICE), quota.HOLDER_DEVICE))
    case("forged", "one of them is not signed by the device", "no-proof", statement(),
         statement(stated(needed=3), key=quota.MALLORY))


def make_manifests(target):
    batches = [quota.batch(quota.whole()), quota.batch(quota.part(1, 3))]

    def promise(count=2, hashed=None, time=NOW):
        return u32(count) + (hashed or root(batches)) + u64(time)

    def case(name, about, expect, message, signed=None, key=DEVICE, label="manifest", shown=batches):
        write(target, "manifest", name, about, expect, now=NOW, certificate=VOUCHED,
              manifest=u8(0x1C) + u32(7) + message + key.sign(label, signed or message), batch=shown)

    case("two", "two batches, and the two that were promised", "accept", promise())
    case("by-skew", "5 minutes of clock skew are borne", "accept", promise(time=NOW - 5 * MINUTE))
    case("old", "the manifest of an earlier login", "expired", promise(time=NOW - 5 * MINUTE - 1))
    case("to-come", "a manifest of the future", "expired", promise(time=NOW + 5 * MINUTE + 1))
    case("other-device", "signed by another device", "bad-signature", promise(), key=quota.MALLORY)
    case("other-domain", "a signature made for another purpose", "bad-signature", promise(), label="release")
    case("other-count", "a count that was not signed", "bad-signature", promise(3), signed=promise())
    case("other-root", "batches that were not promised", "other-root", promise(hashed=root(batches[::-1])))
    case("other-order", "the batches in another order", "other-root", promise(), shown=batches[::-1])
    case("altered", "a batch with a byte changed", "other-root", promise(),
         shown=[batches[0], batches[1][:-1] + b"\1"])
