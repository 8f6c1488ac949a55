package dev.p2pcp.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.quota.AccountLedger.Claim;
import dev.p2pcp.quota.AccountLedger.Holder;
import dev.p2pcp.testing.Seeded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The ledger against a map of everything that was said, counted anew each time. */
class LedgerModelTest {
  private static final int SESSIONS = 3;

  /** What is known of a copy, in plain fields. */
  private static final class Known {
    long signed;
    long expires;
    long freed;
    long reserved;
    long forgone;
    long brought;
    long claimedSigned;
    long claimedExpires;
    int claimedBy = -1;

    boolean countsAt(long now) {
      return reserved > now || isPlacedAt(now);
    }

    boolean isPlacedAt(long now) {
      boolean lost = forgone > 0 && forgone >= brought;
      boolean proven = expires > now && signed > freed;
      boolean claimed = claimedExpires > now && claimedSigned > freed;
      return !lost && (proven || claimed);
    }

    boolean mattersAt(long now) {
      return reserved > now
          || expires > now
          || claimedExpires > now
          || (freed > 0 && freed + ReceiptHeader.LIFE > now);
    }

    void unclaim() {
      claimedSigned = 0;
      claimedExpires = 0;
      claimedBy = -1;
    }
  }

  private record Copy(int block, int holder) {}

  /** The naive ledger, and the true one beside it. */
  private static final class Pair {
    final Map<Copy, Known> model = new HashMap<>();
    AccountLedger ledger;
    long now = 1_000_000;

    Pair(long seed) {
      ledger = new AccountLedger(seed);
    }

    Known known(Copy copy) {
      return model.computeIfAbsent(copy, c -> new Known());
    }

    Allowance figures(int lent) {
      Map<Integer, Integer> others = new HashMap<>();
      model.forEach(
          (copy, known) -> {
            if (known.countsAt(now)) {
              others.merge(copy.block, 1, Integer::sum);
            }
          });
      int needed = others.values().stream().mapToInt(n -> n + 1).sum();
      return new Allowance(others.size(), needed, lent);
    }
  }

  @Test
  void it_counts_like_a_map_of_all_that_was_said_whatever_is_said() {
    Seeded.check(
        40,
        arbitrary -> {
          Pair pair = new Pair(arbitrary.next());
          pair.ledger.pledge(peer(0), 1, 60);
          for (int i = 0; i < 1_500; i++) {
            step(arbitrary, pair);
            if (arbitrary.below(4) == 0) {
              assertThat(pair.ledger.allowance(pair.now)).isEqualTo(pair.figures(60));
            }
            if (arbitrary.below(20) == 0) {
              assertHoldersAgree(pair, arbitrary.below(25));
            }
          }
        });
  }

  private static void step(Seeded arbitrary, Pair pair) throws MalformedFrameException {
    Copy copy = new Copy(arbitrary.below(25), arbitrary.below(9));
    Holder holder = holder(copy.holder);
    StorageKey key = key(copy.block);
    long time = pair.now + arbitrary.below(4_000) - 2_000;
    long until = pair.now + arbitrary.below(3_000);
    switch (arbitrary.below(10)) {
      case 0, 1 -> {
        Known known = pair.known(copy);
        long brought = arbitrary.below(2) == 0 ? pair.now : 0;
        assertThat(pair.ledger.place(key, holder, time, until, brought)).isTrue();
        known.brought = Math.max(known.brought, brought);
        known.signed = Math.max(known.signed, time);
        known.expires = Math.max(known.expires, until);
        known.reserved = 0;
        if (known.claimedSigned <= known.signed && known.claimedExpires <= known.expires) {
          known.unclaim();
        }
      }
      case 2 -> {
        pair.ledger.free(holder, List.of(key), time);
        Known known = pair.model.get(copy);
        if (known != null) {
          known.freed = Math.max(known.freed, time);
          known.reserved = 0;
        }
      }
      case 3 -> {
        pair.ledger.forgo(holder, List.of(key), pair.now);
        Known known = pair.model.get(copy);
        if (known != null && known.isPlacedAt(pair.now)) {
          known.forgone = pair.now;
          known.reserved = 0;
        }
      }
      case 5 -> {
        long brought = arbitrary.below(2) == 0 ? pair.now : 0;
        claim(pair, copy, time, until, arbitrary.below(SESSIONS), brought);
      }
      case 6 -> {
        int session = arbitrary.below(SESSIONS);
        pair.ledger.drop(session);
        pair.model.values().stream().filter(k -> k.claimedBy == session).forEach(Known::unclaim);
      }
      case 7 -> reserve(arbitrary, pair);
      case 8 -> {
        pair.now += arbitrary.below(300);
        if (arbitrary.below(3) == 0) {
          sweep(pair);
        }
      }
      default -> {
        if (arbitrary.below(10) == 0) {
          Bytes encoded = pair.ledger.encoded();
          pair.ledger = AccountLedger.decode(encoded, arbitrary.next());
          assertThat(pair.ledger.encoded()).isEqualTo(encoded);
        }
      }
    }
  }

  private static void claim(
      Pair pair, Copy copy, long signed, long expires, int session, long brought) {
    Known known = pair.known(copy);
    known.brought = Math.max(known.brought, brought);
    boolean taken =
        pair.ledger.claim(key(copy.block), holder(copy.holder), signed, expires, session, brought);
    if (known.signed >= signed && known.expires >= expires) {
      assertThat(taken).isTrue();
      return;
    }
    assertThat(taken).isEqualTo(known.claimedBy < 0 || known.claimedBy == session);
    if (taken) {
      known.claimedSigned = Math.max(known.claimedSigned, signed);
      known.claimedExpires = Math.max(known.claimedExpires, expires);
      known.claimedBy = session;
    }
  }

  private static void reserve(Seeded arbitrary, Pair pair) {
    List<Claim> claims = new ArrayList<>();
    Map<Copy, Long> before = new HashMap<>();
    Set<Copy> added = new HashSet<>();
    sweep(pair);
    for (int i = 0; i <= arbitrary.below(5); i++) {
      Copy copy = new Copy(arbitrary.below(25), arbitrary.below(9));
      long until = pair.now + arbitrary.below(500);
      claims.add(new Claim(key(copy.block), holder(copy.holder), until));
      if (!pair.model.containsKey(copy)) {
        added.add(copy);
      }
      Known known = pair.known(copy);
      before.putIfAbsent(copy, known.reserved);
      known.reserved = Math.max(known.reserved, until);
    }
    Allowance after = pair.figures(60);
    AccountLedger.Outcome outcome = pair.ledger.reserve(claims, pair.now);
    if (after.missing() > 0) {
      assertThat(outcome).isEqualTo(new AccountLedger.OverAllowance(after));
      before.forEach((copy, reserved) -> pair.known(copy).reserved = reserved);
      added.forEach(pair.model::remove);
    } else {
      assertThat(outcome).isEqualTo(new AccountLedger.Granted(after));
    }
  }

  private static void sweep(Pair pair) {
    pair.ledger.sweep(pair.now);
    pair.model.values().removeIf(known -> !known.mattersAt(pair.now));
  }

  private static void assertHoldersAgree(Pair pair, int block) {
    Set<Holder> expected = new HashSet<>();
    pair.model.forEach(
        (copy, known) -> {
          if (copy.block == block && known.isPlacedAt(pair.now)) {
            expected.add(holder(copy.holder));
          }
        });
    assertThat(pair.ledger.holders(key(block), pair.now))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void what_a_dropped_session_claimed_leaves_no_trace() {
    Seeded.check(
        30,
        arbitrary -> {
          AccountLedger honest = new AccountLedger();
          AccountLedger deceived = new AccountLedger(7);
          long now = 1_000_000;
          for (int i = 0; i < 200; i++) {
            StorageKey key = key(arbitrary.below(20));
            Holder holder = holder(arbitrary.below(6));
            long signed = now - arbitrary.below(1_000);
            long expires = now + 1 + arbitrary.below(1_000);
            if (arbitrary.below(2) == 0) {
              deceived.claim(key, holder, signed, expires, 5, 0);
            } else {
              honest.place(key, holder, signed, expires);
              deceived.place(key, holder, signed, expires);
            }
          }
          deceived.drop(5);
          deceived.sweep(now);
          assertThat(deceived.encoded()).isEqualTo(honest.encoded());
        });
  }

  @Test
  void ledgers_that_learned_the_same_in_another_order_have_the_same_encoding() {
    Seeded.check(
        30,
        arbitrary -> {
          List<long[]> said = new ArrayList<>();
          for (int i = 0; i < 120; i++) {
            long time = 1_000_000 + arbitrary.below(5_000);
            said.add(new long[] {arbitrary.below(15), arbitrary.below(5), time, time + 9_000});
          }
          AccountLedger one = new AccountLedger(arbitrary.next());
          AccountLedger other = new AccountLedger(arbitrary.next());
          AccountLedger part = new AccountLedger(arbitrary.next());
          said.forEach(s -> place(one, s));
          for (int i = said.size() - 1; i >= 0; i--) {
            place(arbitrary.below(2) == 0 ? other : part, said.get(i));
          }
          other.merge(part);
          assertThat(other.encoded()).isEqualTo(one.encoded());
        });
  }

  private static void place(AccountLedger ledger, long[] said) {
    ledger.place(key((int) said[0]), holder((int) said[1]), said[2], said[3]);
  }

  @Test
  void a_hundred_thousand_blocks_are_counted_and_not_one_more() {
    AccountLedger ledger = new AccountLedger(3);
    for (int i = 0; i < AccountLedger.MAX_BLOCKS; i++) {
      assertThat(ledger.place(key(i), holder(i % 50), 1, 1_000 + i % 7)).isTrue();
    }
    assertThat(ledger.place(key(-1), holder(0), 1, 1_000)).isFalse();
    assertThat(ledger.allowance(500).needed()).isEqualTo(2 * AccountLedger.MAX_BLOCKS);
    ledger.sweep(2_000);
    assertThat(ledger.isEmpty()).isTrue();
  }

  private static StorageKey key(int number) {
    return new StorageKey(Sha256.hash(Bytes.utf8("block" + number)).bytes());
  }

  private static Holder holder(int number) {
    return new Holder(
        peer(number), new AccountId(Sha256.hash(Bytes.utf8("account" + number)).bytes()));
  }

  private static PeerId peer(int number) {
    return new PeerId(Sha256.hash(Bytes.utf8("peer" + number)).bytes());
  }
}
