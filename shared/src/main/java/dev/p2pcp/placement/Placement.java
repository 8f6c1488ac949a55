package dev.p2pcp.placement;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Ranks candidates for a storage key by weighted rendezvous hashing (Schindelhauer and Schomaker,
 * "Weighted distributed hash tables", 2005: the score of a candidate is {@code −weight ÷ ln u} with
 * u hashed from key and peer), then takes from the top so that the copies fail apart: never two
 * with one account, an anchor first where none holds a copy, and other networks before the same
 * again.
 *
 * <p>The hash is keyed by a secret of the cluster, so that nobody can choose a device key that
 * attracts a block.
 */
public final class Placement {
  /** Mantissa bits of a double: how finely u divides the span from 0 to 1. */
  private static final int UNIT_BITS = 53;

  private final Bytes secret;

  /** With a secret that all members of a cluster share. */
  public Placement(Bytes secret) {
    this.secret = secret;
  }

  /**
   * What a copy must keep away from.
   *
   * @param owner whose block it is: own devices are no holders
   * @param peers who keeps the block already
   * @param accounts whose devices keep it already
   * @param networks where devices are that keep it already, as far as they are connected
   * @param anchored whether one of them is an anchor
   */
  public record Taken(
      AccountId owner,
      Set<PeerId> peers,
      Set<AccountId> accounts,
      Set<Long> networks,
      boolean anchored) {}

  /** At most so many holders for further copies, best first; fewer if there are not enough. */
  public List<Candidate> choose(
      StorageKey key, int copies, Collection<Candidate> candidates, Taken taken) {
    if (copies <= 0) {
      return List.of();
    }
    List<Scored> fit = scored(key, candidates, taken);
    Choice choice = new Choice(copies, taken.networks);
    if (!taken.anchored) {
      choice.takeBest(fit, candidate -> candidate.kind() == Candidate.Kind.ANCHOR);
    }
    // A holder that is passed over once is so for good: a few looks at all replace a sort.
    boolean more = !choice.isFull();
    while (more) {
      boolean another = choice.takeBest(fit, choice::isOfOtherNetwork);
      more = (another || choice.takeBest(fit, candidate -> true)) && !choice.isFull();
    }
    return List.copyOf(choice.chosen);
  }

  private record Scored(Candidate candidate, double score) {
    boolean isBefore(Scored other) {
      int order = Double.compare(other.score, score);
      return order < 0 || (order == 0 && candidate.peer().compareTo(other.candidate.peer()) < 0);
    }
  }

  private List<Scored> scored(StorageKey key, Collection<Candidate> candidates, Taken taken) {
    long point = point(key.bytes());
    List<Scored> scored = new ArrayList<>();
    for (Candidate candidate : candidates) {
      boolean fit =
          candidate.free() > 0
              && !candidate.account().equals(taken.owner)
              && !taken.accounts.contains(candidate.account())
              && !taken.peers.contains(candidate.peer());
      if (fit) {
        scored.add(new Scored(candidate, score(point, candidate)));
      }
    }
    return scored;
  }

  private static double score(long point, Candidate candidate) {
    long mixed = mix(point ^ mix(candidate.peer().bytes().longAt(0) ^ point << 1));
    double unit = ((mixed >>> (Long.SIZE - UNIT_BITS)) + 0.5) / (1L << UNIT_BITS);
    return -candidate.weight() / StrictMath.log(unit);
  }

  /** The keyed hash of a storage key, made once for all candidates. */
  private long point(Bytes key) {
    return Sha256.hash(Domain.RENDEZVOUS.frame(secret, key)).bytes().longAt(0);
  }

  /**
   * The finaliser of SplitMix64 (Steele, Lea and Flood, 2014): every input bit moves every output
   * bit.
   */
  private static long mix(long value) {
    long z = value;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }

  private static final class Choice {
    private final int copies;
    private final List<Candidate> chosen = new ArrayList<>();
    private final Set<AccountId> accounts = new HashSet<>();
    private final Set<Long> networks;

    Choice(int copies, Set<Long> networks) {
      this.copies = copies;
      this.networks = new HashSet<>(networks);
    }

    boolean isFull() {
      return chosen.size() >= copies;
    }

    boolean isOfOtherNetwork(Candidate candidate) {
      return !networks.contains(candidate.network());
    }

    /** Takes the best of those that are wanted and of no account that is chosen already. */
    boolean takeBest(List<Scored> fit, Predicate<Candidate> wanted) {
      Scored best = null;
      for (Scored scored : fit) {
        if ((best == null || scored.isBefore(best))
            && !accounts.contains(scored.candidate.account())
            && wanted.test(scored.candidate)) {
          best = scored;
        }
      }
      if (best == null) {
        return false;
      }
      chosen.add(best.candidate);
      accounts.add(best.candidate.account());
      networks.add(best.candidate.network());
      return true;
    }
  }
}
