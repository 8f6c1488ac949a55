package dev.p2pcp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.crypto.Hash;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Agents find others who care about the same thing, wherever in the cluster they are. */
class TopicTest {
  private static final Seeded ARBITRARY = new Seeded(7);
  private static final Hash TOPIC = topic();

  @Test
  void members_of_one_server_hear_of_each_other_until_they_leave_or_go() {
    try (TestServer server = TestServer.start();
        RawAgent one = RawAgent.login(server.port());
        RawAgent other = RawAgent.login(server.port())) {
      assertThat(join(one, TOPIC)).isEmpty();
      assertThat(join(other, TOPIC)).containsExactly(one.peer());
      assertThat(join(one, TOPIC)).containsExactly(other.peer());
      assertThat(join(one, topic())).isEmpty();

      assertThat(one.ask(new SessionFrame.Leave(2, List.of(TOPIC))))
          .isEqualTo(new SessionFrame.Done(2));
      assertThat(join(other, TOPIC)).isEmpty();
      join(one, TOPIC);
      one.close();
      Await.until("it is gone", () -> join(other, TOPIC).isEmpty());
    }
  }

  @Test
  void a_sample_is_of_the_members_of_all_servers_who_are_still_there() {
    try (TestCluster cluster = TestCluster.start(2)) {
      List<RawAgent> here = agents(cluster.member(0), 6);
      List<RawAgent> there = agents(cluster.member(1), 18);
      Set<PeerId> seen = new HashSet<>();
      Await.until(
          "each was named once",
          () -> {
            List<PeerId> some = join(here.getFirst(), TOPIC);
            assertThat(some).hasSizeLessThanOrEqualTo(Limits.SAMPLE).doesNotHaveDuplicates();
            seen.addAll(some);
            return seen.size() == 23;
          });
      assertThat(seen).doesNotContain(here.getFirst().peer());
      there.forEach(RawAgent::close);
      Await.until("they are gone", () -> join(here.getFirst(), TOPIC).size() == 5);
      RawAgent back = RawAgent.login(cluster.member(1).port());
      assertThat(join(back, TOPIC)).hasSize(6);
      here.forEach(RawAgent::close);
      back.close();
    }
  }

  @Test
  void a_session_is_of_so_many_topics_and_no_more() {
    try (TestServer server = TestServer.start();
        RawAgent agent = RawAgent.login(server.port())) {
      for (int i = 0; i < Limits.SESSION_TOPICS / Limits.TOPICS; i++) {
        assertThat(agent.ask(new SessionFrame.Join(i, topics(Limits.TOPICS))))
            .isInstanceOf(SessionFrame.Sampled.class);
      }
      assertThat(((SessionFrame.Refused) agent.ask(new SessionFrame.Join(9, topics(1)))).refusal())
          .isEqualTo(
              Refusal.of(
                  Refusal.OVER_LIMIT, "topics", Limits.SESSION_TOPICS, Limits.SESSION_TOPICS + 1L));
    }
  }

  @Test
  void who_asks_for_members_too_often_is_told_to_wait() {
    try (TestServer server = TestServer.start("--p2pcp.rates.looked-up=2");
        RawAgent agent = RawAgent.login(server.port())) {
      int asked = 0;
      while (agent.ask(new SessionFrame.Join(1, List.of(TOPIC))) instanceof SessionFrame.Sampled) {
        asked++;
        assertThat(asked).isLessThan(100);
      }
      assertThat(asked).isGreaterThanOrEqualTo(20);
    }
  }

  private static List<RawAgent> agents(TestServer server, int count) {
    List<RawAgent> agents = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      RawAgent agent = RawAgent.login(server.port());
      join(agent, TOPIC);
      agents.add(agent);
    }
    return agents;
  }

  private static List<PeerId> join(RawAgent agent, Hash topic) {
    return ((SessionFrame.Sampled) agent.ask(new SessionFrame.Join(1, List.of(topic))))
        .members()
        .getFirst();
  }

  private static List<Hash> topics(int count) {
    List<Hash> topics = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      topics.add(topic());
    }
    return topics;
  }

  private static Hash topic() {
    return new Hash(ARBITRARY.bytes(Hash.LENGTH));
  }
}
