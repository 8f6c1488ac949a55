package dev.p2pcp.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.MemoryBlockStore;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.graph.GraphNode;
import dev.p2pcp.graph.Roles;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.jvm.JvmClock;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.jvm.JvmEntropy;
import dev.p2pcp.jvm.VirtualThreadTasks;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.topic.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Channels of several people, with a mesh that is one room. */
class ChannelTest {
  private static final long PATIENCE = 20_000;

  private final JvmClock clock = new JvmClock();
  private final List<Throwable> crashes = new CopyOnWriteArrayList<>();
  private final Platform platform =
      new Platform(
          clock,
          new JvmEntropy(),
          new VirtualThreadTasks(clock, (task, cause) -> crashes.add(cause)),
          new JvmCrypto());
  private final Square square = new Square(platform);
  private final List<Channels> open = new ArrayList<>();

  /** Somebody with a device. */
  private final class Person {
    final Crypto.SigningKey key;
    final BlockStore store;
    final Square.Seat seat;
    Channels channels;

    Person(int seed) {
      this(seed, 1L << 30);
    }

    Person(int seed, long room) {
      store = new MemoryBlockStore(room);
      key = platform.crypto().signingKey(new Seeded(seed).bytes(32));
      seat = square.new Seat(new PeerId(new Seeded(1000 + seed).bytes(32)));
      channels = started();
    }

    private Channels started() {
      Channels started = new Channels(platform, key, store, seat, id -> {});
      open.add(started);
      return started;
    }

    void restart() throws Exception {
      channels.stop();
      channels = started();
      channels.start();
    }

    Channel in(ChannelLink link) throws Exception {
      return channels.open(link);
    }

    PublicKey id() {
      return key.publicKey();
    }
  }

  private final Person ada = new Person(1);
  private final Person bob = new Person(2);
  private final ChannelLink lounge = ada.channels.own("lounge");

  @AfterEach
  void stop() {
    open.forEach(Channels::stop);
    assertThat(crashes).isEmpty();
  }

  @Test
  void what_one_says_the_other_reads_and_can_answer() throws Exception {
    Channel one = ada.in(lounge);
    Channel other = bob.in(ChannelLink.parse(lounge.text()));
    until(() -> one.neighbours() == 1);
    Channel.Message question = one.post(post("how are you?"));
    until(() -> texts(other).equals(List.of("how are you?")));
    Post answer = new Post(Optional.of(question.node().name()), "fine", List.of());
    other.post(answer);
    until(() -> texts(one).equals(List.of("how are you?", "fine")));
    Channel.Message last = one.last(1, Set.of()).get(0);
    assertThat(last.post()).isEqualTo(answer);
    assertThat(last.node().author()).isEqualTo(bob.id());
    assertThat(one.unread()).isEqualTo(1);
    one.read();
    assertThat(one.unread()).isZero();
  }

  @Test
  void who_comes_late_has_the_whole_history_in_few_round_trips() throws Exception {
    Channel one = ada.in(lounge);
    for (int i = 0; i < 200; i++) {
      one.post(post("message " + i + " of about as many words as people write in one go, or more"));
    }
    int before = square.asked.get();
    Channel late = bob.in(lounge);
    until(() -> late.last(1000, Set.of()).size() == 200);
    assertThat(texts(late)).isEqualTo(texts(one));
    assertThat(square.asked.get() - before).isLessThanOrEqualTo(4);
    assertThat(late.unread()).isZero();
  }

  @Test
  void both_halves_agree_after_they_were_apart() throws Exception {
    Person cat = new Person(3);
    Person dan = new Person(4);
    List<Person> all = List.of(ada, bob, cat, dan);
    for (Person person : all) {
      person.in(lounge);
    }
    ada.in(lounge).post(post("before"));
    for (Person person : all) {
      Channel channel = person.in(lounge);
      until(() -> texts(channel).size() == 1);
    }
    cat.seat.goTo(1);
    dan.seat.goTo(1);
    for (int i = 0; i < 60; i++) {
      ada.in(lounge).post(post("here " + i));
      cat.in(lounge).post(post("there " + i));
    }
    cat.seat.goTo(0);
    dan.seat.goTo(0);
    for (Person person : all) {
      Channel channel = person.in(lounge);
      until(() -> texts(channel).size() == 121);
      assertThat(texts(channel)).isEqualTo(texts(ada.in(lounge)));
    }
  }

  @Test
  void what_is_said_alone_is_kept_and_sent_when_somebody_comes() throws Exception {
    ada.seat.goTo(-1);
    Channel one = ada.in(lounge);
    assertThat(one.post(post("anybody?")).waiting()).isTrue();
    one.draft("half a tho");
    ada.restart();
    Channel again = ada.in(lounge);
    assertThat(again.draft()).isEqualTo("half a tho");
    assertThat(again.last(10, Set.of()))
        .singleElement()
        .matches(m -> m.waiting() && m.post().text().equals("anybody?"));
    Channel other = bob.in(lounge);
    ada.seat.goTo(0);
    until(() -> texts(other).equals(List.of("anybody?")));
    until(() -> !again.last(1, Set.of()).get(0).waiting());
  }

  @Test
  void a_restart_finds_history_marks_and_mutes() throws Exception {
    Channel one = ada.in(lounge);
    Channel other = bob.in(lounge);
    until(() -> one.neighbours() == 1);
    one.post(post("first"));
    until(() -> texts(other).size() == 1);
    other.read();
    for (int i = 0; i < 5; i++) {
      one.post(post("m" + i));
    }
    until(() -> texts(other).size() == 6);
    until(() -> other.unread() == 5);
    bob.channels.mute(ada.id(), true);
    ada.seat.goTo(-1);
    bob.restart();
    Channel again = bob.in(lounge);
    assertThat(texts(again)).isEqualTo(texts(one));
    assertThat(again.unread()).isEqualTo(5);
    assertThat(again.last(10, bob.channels.muted())).isEmpty();
    bob.channels.leave(lounge);
    assertThat(bob.channels.all()).isEmpty();
    assertThat(bob.store.records(BlockStore.Table.CHANNELS)).hasSize(1);
  }

  @Test
  void who_is_banned_is_not_shown_and_adds_nothing_more() throws Exception {
    Person cat = new Person(3);
    Channel one = ada.in(lounge);
    Channel other = bob.in(lounge);
    Channel third = cat.in(lounge);
    until(() -> one.neighbours() == 2 && third.neighbours() == 2);
    third.post(post("buy now"));
    until(() -> texts(one).size() == 1 && texts(other).size() == 1);
    assertThatThrownBy(() -> other.appoint(cat.id(), Roles.Role.BANNED))
        .isInstanceOf(ChannelException.class);
    one.appoint(bob.id(), Roles.Role.MODERATOR);
    until(() -> other.roles().get(bob.id()) == Roles.Role.MODERATOR);
    other.appoint(cat.id(), Roles.Role.BANNED);
    until(() -> one.roles().get(cat.id()) == Roles.Role.BANNED);
    third.post(post("buy now!"));
    one.post(post("quiet again"));
    until(() -> texts(other).contains("quiet again"));
    // What was seen before the ban stays; a ban covers what its author had not seen.
    assertThat(texts(other)).containsExactly("buy now", "quiet again");
    assertThat(texts(one)).containsExactly("buy now", "quiet again");
    assertThatThrownBy(() -> other.appoint(ada.id(), Roles.Role.BANNED))
        .isInstanceOf(ChannelException.class);
  }

  @Test
  void what_could_not_be_stored_was_not_said() throws Exception {
    Person eve = new Person(6, 2_000);
    Channel one = ada.in(lounge);
    Channel full = eve.in(lounge);
    until(() -> full.neighbours() == 1);
    assertThatThrownBy(() -> full.post(post("x".repeat(2_000)))).isInstanceOf(StoreException.class);
    assertThat(full.last(10, Set.of())).isEmpty();
    full.post(post("short"));
    until(() -> texts(one).equals(List.of("short")));
    assertThat(texts(full)).containsExactly("short");
  }

  @Test
  void who_can_read_nothing_of_a_channel_can_still_leave_it() throws Exception {
    bob.in(lounge).post(post("hello"));
    bob.channels.stop();
    Bytes damaged = Bytes.concat(lounge.graph().bytes(), value32());
    bob.store.apply(
        new BlockStore.Batch().putRecord(BlockStore.Table.CHANNELS, damaged, Bytes.utf8("?")));
    Channels again = bob.started();
    assertThatThrownBy(again::start).isInstanceOf(StoreException.class);
    again.leave(lounge);
    assertThat(bob.store.records(BlockStore.Table.CHANNELS)).isEmpty();
    assertThat(again.all()).isEmpty();
  }

  @Test
  void changes_are_counted_from_anywhere_so_that_no_other_count_is_taken_for_this_one()
      throws Exception {
    long before = ada.in(lounge).version();
    ada.restart();
    assertThat(ada.in(lounge).version()).isNotEqualTo(before);
  }

  @Test
  void who_looks_is_present() throws Exception {
    Channel one = ada.in(lounge);
    Channel other = bob.in(lounge);
    until(() -> one.neighbours() == 1);
    other.watch();
    until(() -> one.present().equals(List.of(bob.id())));
    until(() -> other.present().equals(List.of(bob.id())));
  }

  @Test
  void search_finds_text_and_leaves_out_who_is_muted() throws Exception {
    Channel one = ada.in(lounge);
    one.post(post("The Lighthouse is open"));
    one.post(post("something else"));
    assertThat(one.found("lighthouse", 10, Set.of())).hasSize(1);
    assertThat(one.found("lighthouse", 10, Set.of(ada.id()))).isEmpty();
  }

  @Test
  void what_nobody_could_believe_is_bad_and_a_flood_goes_nowhere() throws Exception {
    Channel one = ada.in(lounge);
    Person mallory = new Person(5);
    Hash graph = lounge.graph();
    mallory.seat.join(graph, new Silent());
    PeerId to = ada.seat.peer;
    Bytes value = post("hello").value();
    GraphNode right = GraphNode.sign(mallory.key, graph, 5, 0, List.of(), value);
    byte[] forged = right.encoded().toArray();
    forged[forged.length - 1] ^= 1;
    assertThat(send(mallory, to, Bytes.wrap(forged))).isEqualTo(Verdict.BAD);
    GraphNode foreign = GraphNode.sign(mallory.key, new Hash(value32()), 5, 0, List.of(), value);
    assertThat(send(mallory, to, foreign.encoded())).isEqualTo(Verdict.BAD);
    GraphNode empty = GraphNode.sign(mallory.key, graph, 5, 0, List.of(), Bytes.utf8("\u0010x"));
    assertThat(send(mallory, to, empty.encoded())).isEqualTo(Verdict.BAD);
    GraphNode orphan =
        GraphNode.sign(mallory.key, graph, 5, 1, List.of(new Hash(value32())), value);
    assertThat(send(mallory, to, orphan.encoded())).isEqualTo(Verdict.PARKED);
    assertThat(send(mallory, to, right.encoded())).isEqualTo(Verdict.NEW);
    assertThat(send(mallory, to, right.encoded())).isEqualTo(Verdict.KNOWN);
    int taken = 0;
    for (int i = 0; i < 500; i++) {
      Bytes flood = post("flood " + i).value();
      GraphNode node = GraphNode.sign(mallory.key, graph, 5, 0, List.of(), flood);
      taken += send(mallory, to, node.encoded()) == Verdict.NEW ? 1 : 0;
    }
    assertThat(taken).isBetween(Pace.BURST - 5, Pace.BURST + 20);
    one.post(post("still here"));
    assertThat(texts(one)).contains("still here");
  }

  private static Bytes value32() {
    return new Seeded(77).bytes(32);
  }

  private Verdict send(Person from, PeerId to, Bytes node) {
    return from.seat.send(to, lounge.graph(), Bytes.concat(Bytes.wrap(new byte[] {1}), node));
  }

  /** One who says nothing by itself. */
  private static final class Silent implements dev.p2pcp.topic.TopicUser {
    @Override
    public Verdict take(PeerId from, Bytes message) {
      return Verdict.KNOWN;
    }

    @Override
    public Optional<Bytes> answer(PeerId from, Bytes request) {
      return Optional.empty();
    }

    @Override
    public void met(PeerId neighbour) {}
  }

  private static Post post(String text) {
    return new Post(Optional.empty(), text, List.of());
  }

  private static List<String> texts(Channel channel) {
    return channel.last(10_000, Set.of()).stream().map(m -> m.post().text()).toList();
  }

  /** Something that comes true by what others do. */
  private interface Condition {
    boolean holds() throws Exception;
  }

  private void until(Condition condition) throws Exception {
    long end = platform.clock().ticks() + PATIENCE;
    while (!condition.holds()) {
      assertThat(platform.clock().ticks()).as("in vain").isLessThan(end);
      Thread.onSpinWait();
      platform.tasks().sleep(5);
    }
  }
}
