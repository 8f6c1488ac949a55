package dev.p2pcp.topic;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Deadline;
import java.util.List;
import java.util.Optional;

/** A topic that was joined. Calls other than {@link #neighbours} may suspend. */
public interface Topic {
  /** Longest message, request or answer, in bytes. */
  int MAX_MESSAGE = 56 * 1024;

  /**
   * Hands a message of one's own to the neighbours, who pass it on. Returns at once; what has no
   * neighbour yet goes to those who come within the next minute.
   */
  void publish(Bytes message);

  /** Members that messages are exchanged with now, at most 12. */
  List<PeerId> neighbours();

  /**
   * Asks a member directly.
   *
   * @return empty if no answer came in time, or it was refused
   */
  Optional<Bytes> ask(PeerId member, Bytes request, Deadline deadline);

  /** Leaves the topic; nothing comes any more. */
  void leave();
}
