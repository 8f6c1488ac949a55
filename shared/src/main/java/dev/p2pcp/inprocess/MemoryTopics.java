package dev.p2pcp.inprocess;

import dev.p2pcp.crypto.Hash;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.index.Gathering;
import dev.p2pcp.index.TopicBook;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.Refusal;
import java.util.List;
import java.util.Optional;

/** Members of topics at one server. */
final class MemoryTopics implements Gathering {
  private final Platform platform;
  private final TopicBook book;

  MemoryTopics(Platform platform) {
    this.platform = platform;
    this.book = new TopicBook(platform.entropy());
  }

  void gone(int session) {
    book.gone(session);
  }

  @Override
  public Optional<Refusal> join(int session, PeerId peer, List<Hash> topics) {
    return book.join(session, peer, topics, platform.clock().ticks());
  }

  @Override
  public void leave(int session, List<Hash> topics) {
    book.leave(session, topics);
  }

  @Override
  public List<List<PeerId>> sample(PeerId asking, List<Hash> topics) {
    return topics.stream()
        .map(topic -> book.sample(asking, topic, Limits.SAMPLE, platform.clock().ticks()).some())
        .toList();
  }
}
