package dev.p2pcp.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.placement.Candidate.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlacementTest {
  private static final Placement.Taken NOTHING =
      new Placement.Taken(account("owner"), Set.of(), Set.of(), Set.of(), false);

  private final Placement placement = new Placement(Bytes.utf8("0123456789abcdef0123456789abcdef"));

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void the_order_of_candidates_makes_no_difference(long seed) {
    Random random = new Random(seed);
    List<Candidate> candidates = tabs(50);
    for (int i = 0; i < 50; i++) {
      List<Candidate> before = placement.choose(key(i), 4, candidates, NOTHING);
      Collections.shuffle(candidates, random);
      assertThat(placement.choose(key(i), 4, candidates, NOTHING))
          .as("seed %d", seed)
          .isEqualTo(before);
    }
  }

  @Test
  void a_peer_that_goes_moves_only_what_it_held() {
    List<Candidate> all = tabs(40);
    List<Candidate> fewer = all.subList(0, 39);
    PeerId gone = all.get(39).peer();
    for (int i = 0; i < 500; i++) {
      List<PeerId> before = peers(placement.choose(key(i), 1, all, NOTHING));
      List<PeerId> after = peers(placement.choose(key(i), 1, fewer, NOTHING));
      if (!before.contains(gone)) {
        assertThat(after).isEqualTo(before);
      }
    }
  }

  @Test
  void peers_get_copies_in_proportion_to_weight() {
    List<Candidate> candidates = new ArrayList<>(tabs(9));
    candidates.add(candidate("large", "large", 20, Kind.TAB, 99, 100));
    candidates.add(candidate("seldom", "seldom", 10, Kind.TAB, 98, 50));
    Map<PeerId, Integer> counts = new HashMap<>();
    int blocks = 11_500;
    for (int i = 0; i < blocks; i++) {
      placement
          .choose(key(i), 1, candidates, NOTHING)
          .forEach(c -> counts.merge(c.peer(), 1, Integer::sum));
    }
    // Weights are 9 × 10, 20 and 5 out of 115; four standard deviations are about 130.
    assertThat(counts.get(peer("large"))).isBetween(1_830, 2_170);
    assertThat(counts.get(peer("seldom"))).isBetween(405, 595);
    assertThat(counts.get(peer("tab0"))).isBetween(870, 1_130);
  }

  @Test
  void never_two_copies_with_one_account_and_none_with_the_owner() {
    List<Candidate> candidates =
        List.of(
            candidate("a1", "a", 10, Kind.TAB, 1, 50),
            candidate("a2", "a", 10, Kind.TAB, 2, 50),
            candidate("b", "b", 10, Kind.TAB, 3, 50),
            candidate("own", "owner", 10, Kind.ANCHOR, 4, 50));
    for (int i = 0; i < 100; i++) {
      List<Candidate> chosen = placement.choose(key(i), 3, candidates, NOTHING);
      assertThat(chosen)
          .extracting(Candidate::account)
          .containsExactlyInAnyOrder(account("a"), account("b"));
    }
  }

  @Test
  void who_keeps_the_block_is_not_asked_again() {
    Placement.Taken taken =
        new Placement.Taken(
            account("owner"), Set.of(peer("tab0")), Set.of(account("tab1")), Set.of(), false);
    for (int i = 0; i < 100; i++) {
      assertThat(peers(placement.choose(key(i), 10, tabs(4), taken)))
          .containsExactlyInAnyOrder(peer("tab2"), peer("tab3"));
    }
  }

  @Test
  void copies_spread_over_networks_before_they_share_one() {
    List<Candidate> candidates = new ArrayList<>();
    IntStream.range(0, 20)
        .forEach(i -> candidates.add(candidate("near" + i, "near" + i, 200, Kind.TAB, 1, 100)));
    candidates.add(candidate("far", "far", 1, Kind.TAB, 2, 1));
    for (int i = 0; i < 100; i++) {
      assertThat(peers(placement.choose(key(i), 2, candidates, NOTHING))).contains(peer("far"));
      assertThat(placement.choose(key(i), 5, candidates, NOTHING)).hasSize(5);
    }
  }

  @Test
  void copies_keep_away_from_networks_that_have_one() {
    Placement.Taken taken =
        new Placement.Taken(account("owner"), Set.of(), Set.of(), Set.of(0L, 1L), false);
    for (int i = 0; i < 100; i++) {
      assertThat(peers(placement.choose(key(i), 2, tabs(4), taken)))
          .containsExactlyInAnyOrder(peer("tab2"), peer("tab3"));
    }
  }

  @Test
  void a_thousand_of_one_network_draw_as_much_as_one_large_holder() {
    List<Candidate> candidates = new ArrayList<>();
    Crowds crowds = new Crowds();
    for (int i = 0; i < 1_010; i++) {
      // The last ten have a network each.
      long network = i < 1_000 ? 0 : i;
      candidates.add(candidate("tab" + i, "tab" + i, 4_096, Kind.TAB, network, 100));
      crowds.add(network, 4_096, 100);
    }
    candidates.replaceAll(candidate -> candidate.among(crowds));
    int crowd = 0;
    int blocks = 2_200;
    for (int i = 0; i < blocks; i++) {
      Candidate chosen = placement.choose(key(i), 1, candidates, NOTHING).getFirst();
      crowd += chosen.network() == 0 ? 1 : 0;
    }
    // One of eleven; four standard deviations are 54.
    assertThat(crowd).isBetween(146, 254);
  }

  @Test
  void an_anchor_is_among_the_holders_when_there_is_one() {
    List<Candidate> candidates = tabs(20);
    candidates.add(candidate("anchor", "anchor", 1, Kind.ANCHOR, 77, 1));
    for (int i = 0; i < 100; i++) {
      assertThat(peers(placement.choose(key(i), 1, candidates, NOTHING)))
          .containsExactly(peer("anchor"));
    }
  }

  @Test
  void peers_without_room_get_nothing() {
    List<Candidate> full = List.of(candidate("full", "full", 0, Kind.TAB, 1, 100));
    assertThat(placement.choose(key(1), 1, full, NOTHING)).isEmpty();
  }

  @Test
  void another_cluster_ranks_differently() {
    Placement other = new Placement(Bytes.utf8("another secret, of another cluster"));
    long same =
        IntStream.range(0, 100)
            .filter(
                i ->
                    placement
                        .choose(key(i), 1, tabs(20), NOTHING)
                        .equals(other.choose(key(i), 1, tabs(20), NOTHING)))
            .count();
    assertThat(same).isLessThan(20);
  }

  private static List<PeerId> peers(List<Candidate> candidates) {
    return candidates.stream().map(Candidate::peer).toList();
  }

  private static List<Candidate> tabs(int count) {
    List<Candidate> tabs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      tabs.add(candidate("tab" + i, "tab" + i, 10, Kind.TAB, i, 100));
    }
    return tabs;
  }

  private static Candidate candidate(
      String peer, String account, int free, Kind kind, long network, int availability) {
    return new Candidate(peer(peer), account(account), free, kind, network, availability, 1);
  }

  private static StorageKey key(int number) {
    return new StorageKey(Sha256.hash(Bytes.utf8("block" + number)).bytes());
  }

  private static PeerId peer(String name) {
    return new PeerId(Sha256.hash(Bytes.utf8("peer " + name)).bytes());
  }

  private static AccountId account(String name) {
    return new AccountId(Sha256.hash(Bytes.utf8("account " + name)).bytes());
  }
}
