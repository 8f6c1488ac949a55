package dev.p2pcp.topic;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.wire.Limits;
import java.util.List;
import java.util.Optional;

/** A topic that was joined. Calls other than {@link #ask} never suspend. */
public interface Topic {
  /** Longest message, in bytes. */
  int MAX_MESSAGE = Limits.TOPIC_MESSAGE;

  /** Longest request to a member, and longest answer, in bytes. */
  int MAX_ASK = Limits.ASKED;

  /**
   * Hands a message of one's own to the neighbours, who pass it on. Returns at once; what has no
   * neighbour yet goes to those who come within the next minute.
   */
  void publish(Bytes message);

  /** Members that messages are exchanged with now, at most 12. */
  List<PeerId> neighbours();

  /**
   * Asks a member directly, at most {@link #MAX_ASK} bytes. Suspends.
   *
   * @return empty if no answer came in time, or it was refused
   */
  Optional<Bytes> ask(PeerId member, Bytes request, Deadline deadline);

  /**
   * That member did what nobody does who means well, such as to answer nonsense or to name what it
   * never brings: it loses standing, and after a few times is not spoken with for some minutes.
   * Never suspends.
   */
  void blame(PeerId member);

  /** Leaves the topic; nothing comes any more. */
  void leave();
}
