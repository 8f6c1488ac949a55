package dev.p2pcp.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.inprocess.MemoryChannels;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.topic.Mesh;
import dev.p2pcp.topic.Topic;
import dev.p2pcp.topic.TopicUser;
import dev.p2pcp.topic.Verdict;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Agents that care about the same thing find each other and hear what is said. */
@Timeout(120)
class TopicsTest {
  private static final Hash TOPIC = new Hash(new Seeded(1).bytes(32));

  private final Village village = new Village();
  private final MemoryChannels channels = new MemoryChannels(village.platform.tasks());
  private final List<Member> members = new ArrayList<>();

  @AfterEach
  void close() {
    village.close();
  }

  /** Remembers what came, and answers by saying it backwards. */
  private static final class Member implements TopicUser {
    final Village.Resident resident;
    final Set<Bytes> heard = ConcurrentHashMap.newKeySet();
    final Set<PeerId> met = ConcurrentHashMap.newKeySet();
    final Topic topic;

    Member(Village.Resident resident) throws AgentException {
      this.resident = resident;
      this.topic = resident.node().topics().join(TOPIC, this);
    }

    PeerId peer() throws AgentException {
      return resident.node().device().peer();
    }

    @Override
    public Verdict take(PeerId from, Bytes message) {
      return heard.add(message) ? Verdict.NEW : Verdict.KNOWN;
    }

    @Override
    public Optional<Bytes> answer(PeerId from, Bytes request) {
      return request.isEmpty()
          ? Optional.empty()
          : Optional.of(Bytes.concat(request, Bytes.utf8("?")));
    }

    @Override
    public void met(PeerId neighbour) {
      met.add(neighbour);
    }
  }

  private void join(int count) throws Exception {
    for (Village.Resident resident : village.settlers(count)) {
      members.add(new Member(resident));
    }
    int enough = Math.min(Mesh.LEAST, count - 1);
    village.await(
        "neighbours",
        () -> members.stream().allMatch(one -> one.topic.neighbours().size() >= enough));
  }

  private void say(Member author, String text) throws Exception {
    Bytes message = Bytes.utf8(text);
    author.heard.add(message);
    author.topic.publish(message);
    village.await(
        "all have heard " + text,
        () -> members.stream().allMatch(one -> one.heard.contains(message)));
  }

  @Test
  void a_message_reaches_all_members_through_index_servers() throws Exception {
    join(10);
    for (Member one : members) {
      say(one, "from " + one.peer());
    }
    for (Member one : members) {
      assertThat(one.topic.neighbours().size()).isBetween(Mesh.LEAST, Mesh.MOST);
      assertThat(one.met).containsAll(one.topic.neighbours());
    }
  }

  @Test
  void members_go_on_without_any_server_and_find_new_ones_when_it_is_back() throws Exception {
    village.network.connectBy(channels);
    join(8);
    village.await("direct links", () -> members.stream().allMatch(TopicsTest::isDirect));
    village.index.kill();
    village.await("nobody is online", () -> members.stream().allMatch(TopicsTest::isAlone));
    for (Member one : members) {
      say(one, "without servers " + one.peer());
    }
    village.index.restart();
    members.add(new Member(village.settler()));
    village.await("neighbours", () -> members.getLast().topic.neighbours().size() >= Mesh.LEAST);
    say(members.getFirst(), "with servers again");
  }

  @Test
  void what_is_said_while_nobody_is_there_reaches_who_comes_within_a_minute() throws Exception {
    Member early = new Member(village.settler());
    members.add(early);
    early.topic.publish(Bytes.utf8("is anybody there?"));
    Member late = new Member(village.settler());
    members.add(late);
    village.await("it was told", () -> late.heard.contains(Bytes.utf8("is anybody there?")));
  }

  @Test
  void a_member_is_asked_directly_and_who_is_none_does_not_answer() throws Exception {
    join(2);
    Member one = members.getFirst();
    Deadline soon = village.platform.deadline(5_000);
    assertThat(one.topic.ask(members.getLast().peer(), Bytes.utf8("so"), soon))
        .contains(Bytes.utf8("so?"));
    assertThat(one.topic.ask(members.getLast().peer(), Bytes.EMPTY, soon)).isEmpty();
    PeerId stranger = village.settler().node().device().peer();
    assertThat(one.topic.ask(stranger, Bytes.utf8("so"), soon)).isEmpty();
  }

  @Test
  void who_left_hears_nothing_and_is_no_neighbour() throws Exception {
    join(5);
    Member gone = members.removeLast();
    gone.topic.leave();
    PeerId peer = gone.peer();
    village.await(
        "all know", () -> members.stream().noneMatch(one -> one.topic.neighbours().contains(peer)));
    say(members.getFirst(), "after that");
    assertThat(gone.heard).isEmpty();
    members.add(new Member(gone.resident));
    say(members.getFirst(), "back again");
  }

  @Test
  void who_joined_nothing_asks_nothing_and_a_topic_is_joined_once() throws Exception {
    Village.Resident resident = village.settler();
    assertThat(village.index.count(SessionFrame.Join.class)).isZero();
    Member member = new Member(resident);
    assertThatIllegalStateException()
        .isThrownBy(() -> resident.node().topics().join(TOPIC, member));
    for (int i = 1; i < Topics.MOST; i++) {
      resident.node().topics().join(new Hash(new Seeded(i + 1).bytes(32)), member);
    }
    Hash more = new Hash(new Seeded(99).bytes(32));
    assertThatIllegalStateException().isThrownBy(() -> resident.node().topics().join(more, member));
    village.await("it is asked", () -> village.index.count(SessionFrame.Join.class) > 0);
  }

  private static boolean isAlone(Member member) {
    try {
      return member.resident.node().servers.sessions().isEmpty();
    } catch (AgentException e) {
      return false;
    }
  }

  private static boolean isDirect(Member member) {
    try {
      Links links = member.resident.node().links;
      List<PeerId> near = member.topic.neighbours();
      return near.size() >= Mesh.LEAST
          && near.stream().allMatch(peer -> links.direct(peer, false) != null);
    } catch (AgentException e) {
      return false;
    }
  }
}
