package dev.p2pcp.index;

import dev.p2pcp.block.Excerpt;
import dev.p2pcp.block.Leaves;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.MerkleTree;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.quota.ReceiptTerms;
import dev.p2pcp.trust.Verdict;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.Refusal;

/**
 * What an answer to an audit proves: to whoever has the terms of the receipt, the challenge and the
 * answer. Nothing else is needed, so that nobody has to believe who made the challenge.
 */
public final class AuditCheck {
  private AuditCheck() {}

  /**
   * The verdict on any reply at that moment of wall time. A holder that says that it is busy or
   * failed is as one that says nothing. Suspends; up to two signatures.
   */
  public static Verdict verdict(
      Crypto crypto,
      PeerId holder,
      ReceiptTerms terms,
      PeerFrame.Audit audit,
      PeerFrame.Reply reply,
      long now) {
    return switch (reply) {
      case PeerFrame.Audited answer -> verdict(crypto, holder, terms, audit, answer, now);
      case PeerFrame.Denied denied ->
          denied.refusal().code() == Refusal.NOT_FOUND ? Verdict.REFUSED : Verdict.ABSENT;
      default -> Verdict.WRONG;
    };
  }

  private static Verdict verdict(
      Crypto crypto,
      PeerId holder,
      ReceiptTerms terms,
      PeerFrame.Audit audit,
      PeerFrame.Audited answer,
      long now) {
    if (!audit.key().equals(terms.key())) {
      // A challenge about something else tells nothing of the holder.
      return Verdict.ABSENT;
    }
    boolean right =
        crypto.verify(
                holder.publicKey(),
                Domain.AUDIT,
                audit.signed(answer.time(), answer.shown()),
                answer.signature())
            && (terms.isSigned()
                ? showsExcerpt(crypto, terms, audit.part(), answer)
                : showsLeaf(terms, audit.part(), answer));
    if (!right) {
      return Verdict.WRONG;
    }
    // The nonce makes it fresh; a clock that is off is no fault of the holder's.
    return Math.abs(now - answer.time()) <= DeviceCertificate.CLOCK_SKEW
        ? Verdict.PASSED
        : Verdict.ABSENT;
  }

  private static boolean showsLeaf(ReceiptTerms terms, int part, PeerFrame.Audited answer) {
    int count = Leaves.count(terms.size());
    int index = Leaves.index(part, count);
    Hash leaf = MerkleTree.leaf(answer.shown());
    return answer.shown().length() == Leaves.length(terms.size(), index)
        && MerkleTree.rootOf(count, index, leaf, answer.proof())
            .filter(terms.auditRoot()::equals)
            .isPresent();
  }

  private static boolean showsExcerpt(
      Crypto crypto, ReceiptTerms terms, int part, PeerFrame.Audited answer) {
    try {
      Excerpt excerpt = Excerpt.decode(answer.shown());
      return excerpt.key().equals(terms.key()) && excerpt.proves(crypto, part, answer.proof());
    } catch (MalformedFrameException e) {
      return false;
    }
  }
}
