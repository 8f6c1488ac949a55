package dev.p2pcp.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.crypto.Hash;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.wire.Limits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Members hear of a few others at random, of all sooner or later, and of none that is gone. */
class TopicBookTest {
  private final Seeded arbitrary = new Seeded(3);
  private final TopicBook book = new TopicBook(arbitrary);
  private final Hash topic = topic();
  private final Map<Integer, PeerId> peers = new HashMap<>();
  private long now;

  @Test
  void a_sample_is_bounded_has_nobody_twice_and_not_who_asks_and_comes_to_all() {
    for (int session = 0; session < 100; session++) {
      join(session, topic);
    }
    Set<PeerId> seen = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      List<PeerId> some = sample(0);
      assertThat(some).hasSize(Limits.SAMPLE).doesNotHaveDuplicates().doesNotContain(peers.get(0));
      seen.addAll(some);
    }
    assertThat(seen).hasSize(99);
  }

  @Test
  void who_leaves_goes_or_does_not_renew_is_not_named() {
    for (int session = 0; session < 4; session++) {
      join(session, topic);
    }
    book.leave(1, List.of(topic));
    book.gone(2);
    assertThat(sample(0)).containsExactly(peers.get(3));
    now += TopicBook.LIFE / 2;
    join(0, topic);
    now += TopicBook.LIFE / 2 + 1;
    assertThat(sample(3)).containsExactly(peers.get(0));
    book.gone(0);
    assertThat(book.size()).isZero();
  }

  @Test
  void a_session_has_so_many_topics_and_room_again_for_those_it_left_or_let_expire() {
    List<Hash> first = topics(Limits.SESSION_TOPICS - 1);
    assertThat(book.join(1, peer(1), first, now)).isEmpty();
    assertThat(book.join(1, peer(1), topics(2), now)).isPresent();
    assertThat(book.size()).isEqualTo(Limits.SESSION_TOPICS - 1);
    book.leave(1, first.subList(0, 1));
    assertThat(book.join(1, peer(1), topics(2), now)).isEmpty();
    assertThat(book.join(1, peer(1), first.subList(1, 3), now)).isEmpty();
    now += TopicBook.LIFE + 1;
    assertThat(book.join(1, peer(1), topics(2), now)).isEmpty();
    assertThat(book.size()).isEqualTo(2);
  }

  @Test
  void a_topic_remembers_so_many_members() {
    for (int session = 0; session <= Limits.TOPIC_MEMBERS; session++) {
      assertThat(book.join(session, peer(session), List.of(topic), now)).isEmpty();
    }
    assertThat(book.size()).isEqualTo(Limits.TOPIC_MEMBERS);
    assertThat(sample(Limits.TOPIC_MEMBERS)).hasSize(Limits.SAMPLE);
  }

  @Test
  void what_servers_name_is_merged_as_if_drawn_from_one_book() {
    List<PeerId> few = some(10);
    List<PeerId> many = some(16);
    int fromFew = 0;
    int draws = 500;
    for (int i = 0; i < draws; i++) {
      List<PeerId> merged =
          TopicBook.merge(
              List.of(new TopicBook.Share(10, few), new TopicBook.Share(90, many)), 10, arbitrary);
      assertThat(merged).hasSize(10).doesNotHaveDuplicates();
      fromFew += merged.stream().filter(few::contains).count();
    }
    // Ten of a hundred, so one in ten; the standard deviation of the sum is about 20.
    assertThat(fromFew).isBetween(draws - 100, draws + 100);
    assertThat(TopicBook.merge(List.of(new TopicBook.Share(0, List.of())), 10, arbitrary))
        .isEmpty();
    List<TopicBook.Share> twice =
        List.of(new TopicBook.Share(10, few), new TopicBook.Share(10, few));
    assertThat(TopicBook.merge(twice, 16, arbitrary)).containsExactlyInAnyOrderElementsOf(few);
  }

  private void join(int session, Hash to) {
    assertThat(book.join(session, peer(session), List.of(to), now)).isEmpty();
  }

  private List<PeerId> sample(int asking) {
    return book.sample(peer(asking), topic, Limits.SAMPLE, now).some();
  }

  private PeerId peer(int session) {
    return peers.computeIfAbsent(session, s -> new PeerId(arbitrary.bytes(PeerId.LENGTH)));
  }

  private List<PeerId> some(int count) {
    List<PeerId> some = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      some.add(new PeerId(arbitrary.bytes(PeerId.LENGTH)));
    }
    return some;
  }

  private List<Hash> topics(int count) {
    List<Hash> some = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      some.add(topic());
    }
    return some;
  }

  private Hash topic() {
    return new Hash(arbitrary.bytes(Hash.LENGTH));
  }
}
