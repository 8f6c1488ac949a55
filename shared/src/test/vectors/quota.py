"""Tickets, grants, puts, receipts."""

from protocol import (
    BLOCK, DAY, MINUTE, NOW, Key, Ticket, audit_root, certificate, content, grant, header, leaf, listed, path, proof,
    root, terms, ticket_batch, ticket_signature, u8, u32, write,
)

KINDS = ["grant", "ticket-batch", "put", "receipt-offer", "receipt-batch", "audit-root"]

SERVER = Key("index server")
OWNER = Key("owner's vault")
OWNER_DEVICE = Key("owner's device")
HOLDER = Key("holder's vault")
HOLDER_DEVICE = Key("holder's device")
MALLORY = Key("mallory")


def make(target):
    make_grants(target)
    make_batches(target)
    make_puts(target)
    make_offers(target)
    make_whole(target)
    make_parts(target)
    make_audits(target)


def ticket(name="one", **other):
    return Ticket(name, OWNER, HOLDER_DEVICE, HOLDER, **other).encoded()


def make_grants(target):
    one = [ticket()]
    seven = [ticket("of seven %d" % i) for i in range(7)]
    full = [ticket("of many %d" % i) for i in range(256)]

    def case(name, about, expect, encoded, now=NOW, **more):
        write(target, "grant", name, about, expect, now=now, grant=encoded, **more)

    case("single", "a ticket that was issued alone", "accept", grant(SERVER, one, 0))
    for index in (0, 3, 6):
        case("%d-of-7" % index, "a ticket out of a batch", "accept", grant(SERVER, seven, index))
    case("255-of-256", "the last ticket of the largest batch", "accept", grant(SERVER, full, 255))
    case("just-issued-by-fast-clock", "5 minutes of clock skew are borne", "accept", grant(SERVER, one, 0),
         NOW - MINUTE - 5 * MINUTE)
    case("just-expired-by-slow-clock", "5 minutes of clock skew are borne", "accept", grant(SERVER, one, 0),
         NOW + 9 * MINUTE + 5 * MINUTE)
    case("too-early", "a ticket of the future", "expired", grant(SERVER, one, 0), NOW - MINUTE - 5 * MINUTE - 1)
    case("too-late", "a ticket whose time is over", "expired", grant(SERVER, one, 0), NOW + 14 * MINUTE + 1)
    case("far-future", "times near the end of time do not overflow", "expired",
         grant(SERVER, [ticket(issued=2**63 - 2, expires=2**63 - 1)], 0))
    case("end-of-time", "times near the end of time do not overflow", "accept",
         grant(SERVER, [ticket(issued=2**63 - 2, expires=2**63 - 1)], 0), 2**63 - 1)

    def malformed(name, field, encoded):
        case(name, "a grant that breaks the layout", "malformed", encoded, field=field)

    good = grant(SERVER, seven, 3)
    malformed("nothing", "serial", b"")
    malformed("truncated", "proof", good[:-1])
    malformed("trailing", "trailing", good + b"\0")
    malformed("size-zero", "size", grant(SERVER, [ticket(size=0)], 0))
    malformed("size-over-limit", "size", grant(SERVER, [ticket(size=BLOCK + 1)], 0))
    malformed("expires-before-issued", "expires", grant(SERVER, [ticket(expires=NOW - MINUTE - 1)], 0))
    malformed("life-over-limit", "expires", grant(SERVER, [ticket(expires=NOW + 9 * MINUTE + 1)], 0))
    malformed("issued-top-bit", "issued", grant(SERVER, [ticket(issued=2**63)], 0))
    malformed("count-over-limit", "count", grant(SERVER, seven, 3, count=u32(257)))
    malformed("count-zero", "index", grant(SERVER, one, 0, count=u32(0)))
    malformed("index-is-count", "index", grant(SERVER, seven, 3, index=u32(7)))
    malformed("proof-over-limit", "proof", grant(SERVER, seven, 3, proof=proof([leaf(b"x")] * 9)))

    def forged(name, about, encoded):
        case(name, about, "bad-signature", encoded)

    forged("other-ticket", "the proof of another ticket", grant(SERVER, seven, 3, ticket=seven[4]))
    forged("ticket-altered", "a ticket with one bit changed", u8(good[0] ^ 1) + good[1:])
    forged("other-index", "another place in the batch", grant(SERVER, seven, 3, index=u32(2)))
    forged("other-count", "another size of the batch", grant(SERVER, seven, 3, count=u32(8)))
    forged("proof-altered", "a proof with one hash changed",
           grant(SERVER, seven, 3, proof=proof([leaf(b"x")] + path(3, seven)[1:])))
    forged("proof-short", "a proof with a hash missing", grant(SERVER, seven, 3, proof=proof(path(3, seven)[:-1])))
    forged("proof-long", "a proof with a hash too many",
           grant(SERVER, seven, 3, proof=proof(path(3, seven) + [leaf(b"x")])))
    forged("inner-node", "a subtree passed off as a smaller batch",
           grant(SERVER, seven, 3, count=u32(4), proof=proof(path(3, seven)[:2])))
    forged("other-issuer", "the signature of another key", grant(SERVER, seven, 3, issuer=MALLORY.public))
    forged("other-domain", "a signature made for another purpose",
           grant(SERVER, seven, 3, signature=ticket_signature(SERVER, seven, "put")))
    forged("signed-root-alone", "a signature that leaves the count out",
           grant(SERVER, seven, 3, signature=SERVER.sign("ticket-batch", root(seven))))


def make_batches(target):
    seven = [ticket("of seven %d" % i) for i in range(7)]
    write(target, "ticket-batch", "seven", "a batch and the grants that follow from it", "accept", now=NOW,
          batch=ticket_batch(SERVER, seven), grant=[grant(SERVER, seven, i) for i in range(7)])
    write(target, "ticket-batch", "empty", "a batch without tickets", "accept", now=NOW, batch=ticket_batch(SERVER, []))
    many = [ticket("of many %d" % i) for i in range(257)]
    write(target, "ticket-batch", "over-limit", "a batch of 257 tickets", "malformed", now=NOW, field="tickets",
          batch=SERVER.public + bytes(64) + listed(many))
    write(target, "ticket-batch", "truncated", "a batch that ends too soon", "malformed", now=NOW, field="expires",
          batch=ticket_batch(SERVER, seven)[:-1])
    write(target, "ticket-batch", "other-order", "tickets in another order than was signed", "bad-signature", now=NOW,
          batch=SERVER.public + ticket_signature(SERVER, seven) + listed(seven[::-1]))
    write(target, "ticket-batch", "one-dropped", "a batch with a ticket missing", "bad-signature", now=NOW,
          batch=SERVER.public + ticket_signature(SERVER, seven) + listed(seven[:-1]))


def make_puts(target):
    block = content(b"block one")
    one = ticket(size=len(block))
    vouched = certificate(OWNER, OWNER_DEVICE)

    def case(name, about, expect, encoded=None, certified=vouched, signature=None, carried=block, now=NOW, **more):
        signature = OWNER_DEVICE.sign("put", one) if signature is None else signature
        encoded = grant(SERVER, [one], 0) if encoded is None else encoded
        write(target, "put", name, about, expect, now=now, put=b"\x41" + encoded + certified + signature + carried,
              holder=HOLDER_DEVICE.public, holder_account=HOLDER.public, trusted=SERVER.public, **more)

    case("right", "a put that a holder must take", "accept")
    case("late", "a put by an expired ticket", "expired", now=NOW + 15 * MINUTE)
    elsewhere = Ticket("one", OWNER, Key("another device"), HOLDER).encoded()
    case("other-holder", "a ticket for another device", "wrong-holder", grant(SERVER, [elsewhere], 0))
    elsewhere = Ticket("one", OWNER, HOLDER_DEVICE, MALLORY).encoded()
    case("other-account", "a ticket for another account's device", "wrong-holder", grant(SERVER, [elsewhere], 0))
    case("untrusted", "a ticket of a server that the holder does not know", "untrusted", grant(MALLORY, [one], 0))
    case("forged-ticket", "a ticket that the server did not sign", "bad-signature",
         grant(SERVER, [one], 0, signature=MALLORY.sign("ticket-batch", u32(1) + root([one]))))
    case("others-ticket", "a ticket of another account", "wrong-owner",
         certified=certificate(MALLORY, OWNER_DEVICE))
    case("certificate-expired", "a device whose certificate is over", "wrong-owner",
         certified=certificate(OWNER, OWNER_DEVICE, NOW - 9 * DAY, NOW - DAY))
    case("certificate-forged", "a device that the account did not vouch for", "wrong-owner",
         certified=certificate(OWNER, OWNER_DEVICE, signer=MALLORY))
    case("certificate-too-long", "a certificate over more than 90 days", "wrong-owner",
         certified=certificate(OWNER, OWNER_DEVICE, NOW - DAY, NOW + 90 * DAY))
    case("other-device", "signed by another device", "wrong-owner", signature=MALLORY.sign("put", one))
    case("other-ticket-signed", "the owner's signature on another ticket", "wrong-owner",
         signature=OWNER_DEVICE.sign("put", ticket("two")))
    case("other-domain", "a signature made for another purpose", "wrong-owner",
         signature=OWNER_DEVICE.sign("release", one))
    case("over-size", "a block longer than the ticket says", "over-limit", carried=block + b"!")
    case("other-block", "a block of another storage key", "wrong-key", carried=content(b"block two"))
    case("no-block", "a put without a block", "malformed", carried=b"", field="block")


TERMS = [terms("copy %d" % i) for i in range(5)]
HOLDERS = certificate(HOLDER, HOLDER_DEVICE)
OWNERS = certificate(OWNER, OWNER_DEVICE)


def head(all_terms=None, **other):
    return header(OWNER, HOLDER, HOLDER_DEVICE, TERMS if all_terms is None else all_terms, **other)


def offer(all_terms=None, headed=None, certified=HOLDERS, signature=None):
    all_terms = TERMS if all_terms is None else all_terms
    headed = headed or head(all_terms)
    signature = signature or HOLDER_DEVICE.sign("receipt-holder", headed)
    return headed + certified + signature + b"".join(all_terms)


def make_offers(target):
    def case(name, about, expect, encoded, **more):
        write(target, "receipt-offer", name, about, expect, now=NOW, offer=encoded, **more)

    case("one", "an offer of one receipt", "accept", offer(TERMS[:1]))
    case("five", "an offer of five receipts", "accept", offer())
    many = [terms("of many %d" % i) for i in range(129)]
    case("largest", "an offer of 128 receipts", "accept", offer(many[:128]))

    def malformed(name, field, encoded):
        case(name, "an offer that breaks the layout", "malformed", encoded, field=field)

    malformed("empty", "receipt header", offer([], head([])))
    malformed("over-limit", "count", offer(many))
    malformed("terms-missing", "serial", offer()[:-84])
    malformed("terms-too-many", "trailing", offer() + TERMS[0])
    malformed("life-over-limit", "receipt header", offer(headed=head(expires=NOW + 31 * DAY + 1)))
    malformed("expires-before-stored", "receipt header", offer(headed=head(expires=NOW - 1)))
    malformed("size-zero", "size", offer([terms("empty", 0)]))
    malformed("size-over-limit", "size", offer([terms("huge", BLOCK + 1)]))

    def forged(name, about, encoded):
        case(name, about, "bad-signature", encoded)

    forged("other-terms", "terms that were not signed", offer(TERMS[:4] + [terms("other")], head()))
    forged("other-order", "terms in another order", offer(TERMS[::-1], head()))
    forged("signature-altered", "a signature by another device",
           offer(signature=MALLORY.sign("receipt-holder", head())))
    forged("owners-domain", "the owner's kind of signature", offer(signature=HOLDER_DEVICE.sign("receipt-owner", head())))
    forged("certificate-other-account", "a device of another account than the header names",
           offer(certified=certificate(MALLORY, HOLDER_DEVICE)))
    forged("certificate-other-device", "a certificate for another device",
           offer(certified=certificate(HOLDER, MALLORY)))
    forged("certificate-over", "a device whose certificate was over when it stored",
           offer(certified=certificate(HOLDER, HOLDER_DEVICE, NOW - 9 * DAY, NOW - DAY)))
    forged("certificate-to-come", "a device that was not yet certified when it stored",
           offer(certified=certificate(HOLDER, HOLDER_DEVICE, NOW + DAY, NOW + 2 * DAY)))
    forged("certificate-forged", "a certificate that the vault did not sign",
           offer(certified=certificate(HOLDER, HOLDER_DEVICE, signer=MALLORY)))


def entry(index, one, hashes=()):
    return u32(index) + one + proof(list(hashes))


def batch(entries, headed=None, holders=HOLDERS, holder_signature=None, owners=OWNERS, owner_signature=None):
    headed = headed or head()
    holder_signature = holder_signature or HOLDER_DEVICE.sign("receipt-holder", headed)
    owner_signature = owner_signature or OWNER_DEVICE.sign("receipt-owner", headed)
    return headed + holders + holder_signature + owners + owner_signature + listed(entries)


def whole(all_terms=None):
    return [entry(i, one) for i, one in enumerate(TERMS if all_terms is None else all_terms)]


def part(*indexes, all_terms=None):
    all_terms = all_terms or TERMS
    return [entry(i, all_terms[i], path(i, all_terms)) for i in indexes]


def make_whole(target):
    def case(name, about, expect, encoded, now=NOW, **more):
        write(target, "receipt-batch", "whole-" + name, about, expect, now=now, batch=encoded, **more)

    case("one", "a batch of one receipt", "accept", batch(whole(TERMS[:1]), head(TERMS[:1])))
    case("five", "a batch of five receipts", "accept", batch(whole()))
    many = [terms("of many %d" % i) for i in range(128)]
    case("largest", "a batch of 128 receipts", "accept", batch(whole(many), head(many)))
    case("on-its-last-day", "a receipt counts until it expires", "accept", batch(whole()), NOW + 31 * DAY)
    case("certificate-over-since", "certificates count as of the moment of storing", "accept",
         batch(whole(), owners=certificate(OWNER, OWNER_DEVICE, NOW - DAY, NOW)), NOW + 30 * DAY)
    case("expired", "a receipt whose time is over", "expired", batch(whole()), NOW + 31 * DAY + 1)
    case("dated-ahead", "a receipt of the future does not count yet", "expired", batch(whole()), NOW - 5 * MINUTE - 1)
    case("with-proofs", "a whole batch has no proofs", "malformed",
         batch([entry(i, TERMS[i], path(i, TERMS)) for i in range(5)]), field="entries")
    case("trailing", "bytes left over", "malformed", batch(whole()) + b"\0", field="trailing")
    case("truncated", "a byte missing", "malformed", batch(whole())[:-1], field="proof")
    case("other-terms", "terms that were not signed", "bad-signature", batch(whole(TERMS[:4] + [terms("other")])))
    case("other-order", "terms in another order", "bad-signature", batch(whole(TERMS[::-1])))
    case("holder-forged", "the holder did not sign", "bad-signature",
         batch(whole(), holder_signature=MALLORY.sign("receipt-holder", head())))
    case("owner-forged", "the owner did not sign", "bad-signature",
         batch(whole(), owner_signature=MALLORY.sign("receipt-owner", head())))
    case("owner-holders-domain", "the holder's kind of signature", "bad-signature",
         batch(whole(), owner_signature=OWNER_DEVICE.sign("receipt-holder", head())))
    case("owner-other-account", "a device of another account countersigned", "bad-signature",
         batch(whole(), owners=certificate(MALLORY, OWNER_DEVICE)))
    case("owner-certificate-over", "the owner's device was no longer certified", "bad-signature",
         batch(whole(), owners=certificate(OWNER, OWNER_DEVICE, NOW - 9 * DAY, NOW - DAY)))
    case("holder-certificate-other-device", "a certificate for another device", "bad-signature",
         batch(whole(), holders=certificate(HOLDER, MALLORY)))


def make_parts(target):
    def case(name, about, expect, encoded, **more):
        write(target, "receipt-batch", "part-" + name, about, expect, now=NOW, batch=encoded, **more)

    for indexes in ([0], [4], [1, 3], [0, 1, 2, 3]):
        name = "-".join(map(str, indexes))
        case(name, "some receipts of a batch", "accept", batch(part(*indexes)), whole=batch(whole()))
    many = [terms("of many %d" % i) for i in range(128)]
    case("127-of-128", "all but one of the largest batch: the longest encoding", "accept",
         batch(part(*range(127), all_terms=many), head(many)))

    def malformed(name, field, encoded):
        case(name, "a part that breaks the layout", "malformed", encoded, field=field)

    malformed("empty", "entries", batch([]))
    malformed("falling", "entries", batch(part(3, 1)))
    malformed("twice", "entries", batch(part(3, 3)))
    malformed("index-is-count", "entries", batch([entry(5, TERMS[4], path(4, TERMS))]))
    malformed("without-proof", "entries", batch([entry(1, TERMS[1])]))
    malformed("proof-over-limit", "proof", batch([entry(1, TERMS[1], [leaf(b"x")] * 8)]))
    malformed("too-many", "entries", batch([entry(i % 5, TERMS[i % 5]) for i in range(129)]))

    def forged(name, about, entries):
        case(name, about, "bad-signature", batch(entries))

    forged("other-index", "a receipt at another place", [entry(2, TERMS[1], path(1, TERMS))])
    forged("other-terms", "terms that are not of the batch", [entry(1, terms("other"), path(1, TERMS))])
    forged("proof-altered", "a proof with one hash changed",
           [entry(1, TERMS[1], [leaf(b"x")] + path(1, TERMS)[1:])])
    forged("proof-short", "a proof with a hash missing", [entry(1, TERMS[1], path(1, TERMS)[:-1])])
    forged("one-of-two-wrong", "one right entry and one wrong", part(0) + [entry(1, terms("other"), path(1, TERMS))])


def make_audits(target):
    for size in (0, 254, 255, 256, 1023, 5000):
        block = content(b"x" * size)
        write(target, "audit-root", "length-%d" % (size + 1), "the audit root of a content block", "accept", now=NOW, block=block,
              audit_root=audit_root(block))
