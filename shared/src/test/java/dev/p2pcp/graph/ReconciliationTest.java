package dev.p2pcp.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.Hasher;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.testing.Decoders;
import dev.p2pcp.testing.Seeded;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Two sets of names become one. */
class ReconciliationTest {
  private final Hasher hasher = new JvmCrypto().hasher();

  /** What it took. */
  private record Cost(int bytes, int messages) {}

  @Test
  void both_have_all_in_the_end() {
    Seeded.check(
        120,
        arbitrary -> {
          Set<Hash> one = new HashSet<>();
          Set<Hash> other = new HashSet<>();
          int common = arbitrary.below(arbitrary.below(6000) + 1);
          for (int i = 0; i < common; i++) {
            Hash name = new Hash(arbitrary.bytes(32));
            one.add(name);
            other.add(name);
          }
          add(one, arbitrary, arbitrary.below(60));
          add(other, arbitrary, arbitrary.below(60));
          Set<Hash> all = new HashSet<>(one);
          all.addAll(other);
          reconcile(one, other, arbitrary);
          assertThat(one).isEqualTo(all);
          assertThat(other).isEqualTo(all);
        });
  }

  @Test
  void who_has_nothing_gets_everything_in_the_end() {
    Seeded arbitrary = new Seeded(2);
    Set<Hash> one = new HashSet<>();
    add(one, arbitrary, 10_000);
    Set<Hash> other = new HashSet<>();
    for (int i = 0; i < 20 && other.size() < one.size(); i++) {
      reconcile(i % 2 == 0 ? one : other, i % 2 == 0 ? other : one, arbitrary);
    }
    assertThat(other).isEqualTo(one);
  }

  @Test
  void a_hundred_thousand_that_differ_by_a_hundred_take_few_bytes_and_steps() {
    Seeded arbitrary = new Seeded(3);
    Set<Hash> one = new HashSet<>();
    add(one, arbitrary, 100_000);
    Set<Hash> other = new HashSet<>(one);
    add(one, arbitrary, 50);
    add(other, arbitrary, 50);
    Cost cost = reconcile(one, other, arbitrary);
    assertThat(one).isEqualTo(other).hasSize(100_100);
    assertThat(cost.bytes).isLessThanOrEqualTo(40_000);
    assertThat(cost.messages).isLessThanOrEqualTo(6);
  }

  @Test
  void equal_sets_take_one_message() {
    Seeded arbitrary = new Seeded(4);
    Set<Hash> one = new HashSet<>();
    add(one, arbitrary, 5000);
    assertThat(reconcile(one, new HashSet<>(one), arbitrary).messages).isEqualTo(1);
  }

  @Test
  void names_made_to_begin_alike_only_take_more_steps() {
    Seeded arbitrary = new Seeded(5);
    Set<Hash> one = new HashSet<>();
    for (int i = 0; i < 400; i++) {
      one.add(new Hash(Bytes.concat(Bytes.wrap(new byte[30]), arbitrary.bytes(2))));
    }
    Set<Hash> other = new HashSet<>(one);
    add(other, arbitrary, 10);
    other.add(new Hash(Bytes.wrap(new byte[32])));
    reconcile(one, other, arbitrary);
    assertThat(one).isEqualTo(other);
  }

  @Test
  void what_is_no_message_is_malformed() {
    Seeded arbitrary = new Seeded(6);
    Set<Hash> some = new HashSet<>();
    add(some, arbitrary, 300);
    Set<Hash> others = new HashSet<>(some);
    add(others, arbitrary, 5);
    add(some, arbitrary, 5);
    Reconciliation here = new Reconciliation(NameSet.Sorted.of(some), hasher);
    Reconciliation there = new Reconciliation(NameSet.Sorted.of(others), hasher);
    ReconcileMessage first = here.begin(arbitrary);
    ReconcileMessage second = there.take(first).reply().orElseThrow();
    ReconcileMessage third = here.take(second).reply().orElseThrow();
    Decoders.check(
        encoded -> ReconcileMessage.decode(encoded).encoded(),
        first.encoded(),
        second.encoded(),
        third.encoded());
  }

  private Cost reconcile(Set<Hash> one, Set<Hash> other, Seeded arbitrary) throws AssertionError {
    try {
      Set<Hash> here = one;
      Set<Hash> there = other;
      ReconcileMessage message = side(here).begin(arbitrary);
      int bytes = 0;
      int messages = 0;
      Optional<ReconcileMessage> next = Optional.of(message);
      while (next.isPresent()) {
        Bytes encoded = next.get().encoded();
        assertThat(encoded.length()).isLessThanOrEqualTo(ReconcileMessage.MAX_LENGTH);
        bytes += encoded.length();
        messages++;
        Reconciliation.Step step = side(there).take(ReconcileMessage.decode(encoded));
        here.addAll(step.send());
        next = step.reply();
        Set<Hash> turned = here;
        here = there;
        there = turned;
      }
      return new Cost(bytes, messages);
    } catch (dev.p2pcp.bytes.MalformedFrameException e) {
      throw new AssertionError(e);
    }
  }

  private Reconciliation side(Set<Hash> names) {
    return new Reconciliation(NameSet.Sorted.of(names), hasher);
  }

  private static void add(Set<Hash> names, Seeded arbitrary, int count) {
    for (int i = 0; i < count; i++) {
      names.add(new Hash(arbitrary.bytes(32)));
    }
  }
}
