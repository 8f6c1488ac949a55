package dev.p2pcp.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.identity.Path;
import dev.p2pcp.inprocess.MemoryChannels;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.transport.Channels;
import dev.p2pcp.transport.Envelope;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Agents leave the index server's tunnel for a way of their own, and come back to it. */
@Timeout(120)
class LinksTest {
  private static final Path PICTURE = new Path("/picture");
  private static final int PIECE = 256 * 1024;

  private final Village village = new Village();
  private final MemoryChannels channels = new MemoryChannels(village.platform.tasks());

  LinksTest() {
    village.network.connectBy(channels);
  }

  @AfterEach
  void close() {
    village.close();
  }

  @Test
  void traffic_moves_to_a_channel_and_nothing_is_lost() throws Exception {
    Village.Resident author = publisher();
    Bytes value = new Seeded(1).bytes(8 * PIECE);
    publish(author, value);
    Village.Resident reader = village.settler();

    assertThat(read(reader, author)).contains(value);
    village.await("a channel", () -> reader.node().links.counts().direct() == 1);
    assertThat(author.node().links.counts().direct()).isEqualTo(1);
    assertThat(read(reader, author)).contains(value);
  }

  @Test
  void what_agents_say_to_find_each_other_cannot_be_read_by_the_server() throws Exception {
    traffic_moves_to_a_channel_and_nothing_is_lost();
    List<SessionFrame.Signal> relayed = village.index.relayedSignals();
    assertThat(relayed).hasSizeGreaterThanOrEqualTo(3);
    for (SessionFrame.Signal signal : relayed) {
      assertThat(Envelope.decode(signal.sealed())).isNotNull();
      assertThat(signal.sealed().utf8()).doesNotContain("memory:");
    }
  }

  @Test
  void where_no_channel_comes_up_the_tunnel_goes_on_and_attempts_become_rare() throws Exception {
    channels.block(true);
    Village.Resident author = publisher();
    Bytes value = new Seeded(2).bytes(4 * PIECE);
    publish(author, value);
    Village.Resident reader = village.settler();
    for (int i = 0; i < 20; i++) {
      assertThat(read(reader, author)).contains(value);
      village.clock.moveBy(2_000);
    }
    assertThat(reader.node().links.counts().direct()).isZero();
    assertThat(reader.node().links.counts().tunnel()).isEqualTo(1);
    // Two ends an attempt.
    assertThat(channels.made()).isLessThan(20);
  }

  @Test
  void channels_that_are_cut_again_and_again_lose_nothing() throws Exception {
    Seeded arbitrary = new Seeded(3);
    Village.Resident author = publisher();
    Bytes value = arbitrary.bytes(40 * PIECE);
    publish(author, value);
    Village.Resident reader = village.settler();
    AtomicInteger cuts = new AtomicInteger();
    for (int round = 0; round < 10; round++) {
      village.await("a channel", () -> read(reader, author).isPresent() && channels.open() > 0);
      int after = arbitrary.below(30);
      village
          .platform
          .tasks()
          .spawn(
              "cut",
              () -> {
                village.platform.tasks().sleep(after);
                cuts.incrementAndGet();
                channels.cut();
              });
      assertThat(read(reader, author)).contains(value);
      int expected = round + 1;
      village.await("cut", () -> cuts.get() == expected);
    }
  }

  @Test
  void an_interrupted_channel_is_not_waited_for() throws Exception {
    Village.Resident author = publisher();
    Bytes value = new Seeded(4).bytes(4 * PIECE);
    publish(author, value);
    Village.Resident reader = village.settler();
    village.await(
        "a channel",
        () -> read(reader, author).isPresent() && reader.node().links.counts().direct() == 1);
    channels.interrupt(true);
    assertThat(read(reader, author)).contains(value);
    channels.interrupt(false);
    assertThat(read(reader, author)).contains(value);
  }

  @Test
  void both_may_ask_at_once_and_get_one_channel() throws Exception {
    for (int round = 0; round < 5; round++) {
      Village.Resident one = publisher();
      Village.Resident other = publisher();
      Bytes value = new Seeded(5).bytes(2 * PIECE);
      publish(one, value);
      publish(other, value);
      List<Optional<Bytes>> read = new ArrayList<>();
      village.platform.tasks().spawn("one", () -> add(read, one, other));
      village.platform.tasks().spawn("other", () -> add(read, other, one));
      village.await("both", () -> size(read) == 2);
      village.await(
          "a channel",
          () ->
              read(one, other).isPresent()
                  && read(other, one).isPresent()
                  && direct(one) == 1
                  && direct(other) == 1);
      assertThat(read).containsOnly(Optional.of(value));
    }
  }

  @Test
  void forty_who_all_want_one_are_served_and_it_keeps_to_its_limit() throws Exception {
    Village.Resident author = publisher();
    Bytes value = new Seeded(6).bytes(2 * PIECE);
    publish(author, value);
    List<Village.Resident> readers = village.settlers(40);
    AtomicInteger most = new AtomicInteger();
    AtomicInteger served = new AtomicInteger();
    for (Village.Resident reader : readers) {
      village
          .platform
          .tasks()
          .spawn(
              "reader",
              () -> {
                for (int i = 0; i < 4; i++) {
                  if (value.equals(readQuietly(reader, author).orElse(Bytes.EMPTY))) {
                    served.incrementAndGet();
                  }
                  most.accumulateAndGet(direct(author), Math::max);
                }
              });
    }
    village.await("all are served", () -> served.get() == 4 * readers.size());
    for (int round = 0; round < 50 && direct(author) < Links.MOST; round++) {
      village.clock.moveBy(1_000);
      for (Village.Resident reader : readers) {
        assertThat(read(reader, author)).contains(value);
        most.accumulateAndGet(direct(author), Math::max);
      }
    }
    assertThat(most.get()).isGreaterThanOrEqualTo(Links.MOST / 2);
    assertThat(most.get()).isLessThanOrEqualTo(Links.MOST);
    assertThat(direct(author)).isLessThanOrEqualTo(Links.MOST);
    for (Village.Resident reader : readers) {
      assertThat(read(reader, author)).contains(value);
    }
  }

  @Test
  void an_unused_channel_is_closed() throws Exception {
    traffic_moves_to_a_channel_and_nothing_is_lost();
    assertThat(channels.open()).isEqualTo(1);
    village.clock.moveBy(Links.IDLE + 1);
    village.await("closed", () -> channels.open() == 0);
  }

  @Test
  void who_wants_relays_only_opens_nothing_where_there_are_none() throws Exception {
    Village.Resident author = publisher();
    Bytes value = new Seeded(8).bytes(4 * PIECE);
    publish(author, value);
    Village.Resident reader = village.settler();
    reader.agent().relayOnly(true);
    for (int i = 0; i < 5; i++) {
      assertThat(read(reader, author)).contains(value);
    }
    assertThat(channels.made()).isLessThanOrEqualTo(1);
    assertThat(reader.node().links.counts().direct()).isZero();
    assertThat(reader.node().status().links().relayOnly()).isTrue();
  }

  @Test
  void who_has_no_channels_says_no_and_is_reached_through_the_index_server() throws Exception {
    village.network.connectBy(Channels.NONE);
    Village.Resident headless = publisher();
    village.network.connectBy(channels);
    Bytes value = new Seeded(9).bytes(4 * PIECE);
    publish(headless, value);
    Village.Resident reader = village.settler();
    for (int i = 0; i < 3; i++) {
      assertThat(read(reader, headless)).contains(value);
    }
    village.await("a knock and a no", () -> village.index.relayedSignals().size() >= 2);
    assertThat(channels.made()).isZero();
    assertThat(headless.node().status().links().left()).isZero();
  }

  @Test
  void a_knock_that_was_heard_does_nothing_when_it_is_played_again() throws Exception {
    traffic_moves_to_a_channel_and_nothing_is_lost();
    int made = channels.made();
    List<SessionFrame.Signal> relayed = village.index.relayedSignals();
    Village.Resident mallory = village.settler();
    IndexSession session = mallory.node().servers.sessions().getFirst();
    for (SessionFrame.Signal signal : relayed) {
      session.ask(
          id -> new SessionFrame.Signal(id, signal.to(), signal.sealed()), SessionFrame.Done.class);
    }
    village.await(
        "pulled", () -> village.index.count(SessionFrame.Pull.class) > 0 && channels.open() == 1);
    assertThat(channels.made()).isEqualTo(made);
  }

  private Village.Resident publisher() throws Exception {
    Village.Resident author = village.settler();
    author.agent().wantCopies(1);
    return author;
  }

  private void publish(Village.Resident author, Bytes value) throws Exception {
    author.node().put(PICTURE, value, true, 0);
    village.await(
        "announced",
        () -> village.index.locations().keySet().containsAll(author.node().holdings.keys()));
  }

  private int direct(Village.Resident of) {
    try {
      return of.node().links.counts().direct();
    } catch (AgentException e) {
      return 0;
    }
  }

  private void add(List<Optional<Bytes>> to, Village.Resident reader, Village.Resident author) {
    for (int i = 0; i < 3; i++) {
      readQuietly(reader, author);
    }
    Optional<Bytes> read = readQuietly(reader, author);
    synchronized (to) {
      to.add(read);
    }
  }

  private static int size(List<?> list) {
    synchronized (list) {
      return list.size();
    }
  }

  private Optional<Bytes> readQuietly(Village.Resident reader, Village.Resident author) {
    try {
      return read(reader, author);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static Optional<Bytes> read(Village.Resident reader, Village.Resident author)
      throws Exception {
    PublicKey who = author.agent().keys().identity().publicKey();
    return reader.node().getOf(who, PICTURE, done -> {}).map(Content::value);
  }
}
