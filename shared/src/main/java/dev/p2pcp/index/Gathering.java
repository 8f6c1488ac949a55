package dev.p2pcp.index;

import dev.p2pcp.crypto.Hash;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.wire.Refusal;
import java.util.List;
import java.util.Optional;

/** Members of topics, by a {@link TopicBook} on every member of the cluster. */
public interface Gathering {
  /** The session is a member from now on, as {@link TopicBook#join}. Never waits. */
  Optional<Refusal> join(int session, PeerId peer, List<Hash> topics);

  /** It is none any more. Never waits. */
  void leave(int session, List<Hash> topics);

  /**
   * Some others of each topic, in its order, at random from all of the cluster. May wait for other
   * members of it, and leaves out those that do not answer soon.
   */
  List<List<PeerId>> sample(PeerId asking, List<Hash> topics);

  /** Where nobody meets. */
  Gathering NONE =
      new Gathering() {
        @Override
        public Optional<Refusal> join(int session, PeerId peer, List<Hash> topics) {
          return Optional.of(Refusal.of(Refusal.NOT_FOUND, "no topics"));
        }

        @Override
        public void leave(int session, List<Hash> topics) {}

        @Override
        public List<List<PeerId>> sample(PeerId asking, List<Hash> topics) {
          return List.of();
        }
      };
}
