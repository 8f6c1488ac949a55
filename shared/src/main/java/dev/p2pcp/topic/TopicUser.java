package dev.p2pcp.topic;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.PeerId;
import java.util.Optional;

/**
 * What somebody who joined a topic does with what comes. Calls may suspend and come from any task;
 * a topic has a bounded number of them under way.
 */
public interface TopicUser {
  /**
   * A message came by the mesh, at most {@link Topic#MAX_MESSAGE} bytes of any kind, not verified
   * in any way.
   */
  Verdict take(PeerId from, Bytes message);

  /**
   * A member asks something directly, as when two that meet compare what they have.
   *
   * @param request at most {@link Topic#MAX_ASK} bytes of any kind
   * @return at most {@link Topic#MAX_ASK} bytes; empty if the request makes no sense, for which the
   *     asker loses standing
   */
  Optional<Bytes> answer(PeerId from, Bytes request);

  /**
   * What it costs to answer a question, beside its bytes and those of the answer: bytes of what one
   * member may ask for in a while. Never suspends.
   */
  default long weight(Bytes request) {
    return 0;
  }

  /**
   * The time to compare what both have: a member has become a neighbour, or has been one for a
   * while and it is its turn again, as every minute it is that of one neighbour. At most one call
   * per neighbour is under way.
   */
  void met(PeerId neighbour);
}
