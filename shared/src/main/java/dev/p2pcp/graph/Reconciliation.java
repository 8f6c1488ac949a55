package dev.p2pcp.graph;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.Hasher;
import dev.p2pcp.platform.Entropy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds out in few steps which names two agents do not share: range-based set reconciliation
 * (Aljoscha Meyer, "Range-Based Set Reconciliation", SRDS 2023), where the ranges are those of
 * names that begin alike, as names are hashes. A fingerprint hashes all names of its range after a
 * salt that is new each time, so that nobody can make names beforehand that look alike.
 *
 * <p>Either side is a function of its names and the message: no state to bound, and a lost message
 * costs a new beginning. What does not fit into one message is left to the next time. Used by one
 * thread at a time.
 */
public final class Reconciliation {
  /** Names of a range that are listed instead of compared in parts. */
  private static final int LISTED = 48;

  /** With so many names one more level is compared at once. */
  private static final int MANY = 4096;

  /** Names that are to be sent after one message. */
  private static final int MAX_SENT = 2048;

  private final NameSet.Sorted names;
  private final Hasher hasher;
  private Bytes salt = Bytes.EMPTY;

  public Reconciliation(NameSet.Sorted names, Hasher hasher) {
    this.names = names;
    this.hasher = hasher;
  }

  /**
   * What comes of a message.
   *
   * @param reply the next message, if there is more to find out
   * @param send names of nodes that the other one lacks
   */
  public record Step(Optional<ReconcileMessage> reply, List<Hash> send) {
    public Step {
      send = List.copyOf(send);
    }
  }

  /** The first message. */
  public ReconcileMessage begin(Entropy entropy) {
    salt = entropy.bytes(ReconcileMessage.SALT);
    List<ReconcileMessage.Compare> compare = new ArrayList<>();
    if (names.count() < MANY) {
      compare.add(compare(Prefix.ALL));
    } else {
      for (int i = 0; i < ReconcileMessage.FAN; i++) {
        compare.add(compare(Prefix.ALL.child(i)));
      }
    }
    return new ReconcileMessage(salt, compare, List.of(), List.of());
  }

  /** What a message says to do. */
  public Step take(ReconcileMessage message) {
    salt = message.salt();
    List<ReconcileMessage.Compare> compare = new ArrayList<>();
    List<ReconcileMessage.Names> have = new ArrayList<>();
    List<ReconcileMessage.Names> want = new ArrayList<>();
    List<Hash> send = new ArrayList<>();
    int listed = 0;
    for (ReconcileMessage.Compare theirs : message.compare()) {
      for (int i = 0; i < ReconcileMessage.FAN; i++) {
        Prefix part = theirs.prefix().child(i);
        int from = names.from(part);
        int end = names.end(part);
        if (names.fingerprint(hasher, salt, from, end).equals(theirs.fingerprints().get(i))) {
          continue;
        }
        boolean few = end - from <= LISTED || part.length() >= Prefix.MAX;
        if (few
            && have.size() < ReconcileMessage.MAX_PARTS
            && listed < ReconcileMessage.MAX_NAMES) {
          have.add(listed(part, from, end));
          listed += end - from;
        } else if (!few && compare.size() < ReconcileMessage.MAX_PARTS) {
          compare.add(compare(part));
        }
      }
    }
    for (ReconcileMessage.Names theirs : message.have()) {
      Set<Bytes> missing = new TreeSet<>(theirs.shorts());
      for (int i = names.from(theirs.prefix()); i < names.end(theirs.prefix()); i++) {
        if (!missing.remove(names.shortName(hasher, salt, i)) && send.size() < MAX_SENT) {
          send.add(names.name(i));
        }
      }
      if (!missing.isEmpty()) {
        want.add(new ReconcileMessage.Names(theirs.prefix(), List.copyOf(missing)));
      }
    }
    for (ReconcileMessage.Names theirs : message.want()) {
      Set<Bytes> wanted = new HashSet<>(theirs.shorts());
      for (int i = names.from(theirs.prefix()); i < names.end(theirs.prefix()); i++) {
        if (wanted.contains(names.shortName(hasher, salt, i)) && send.size() < MAX_SENT) {
          send.add(names.name(i));
        }
      }
    }
    ReconcileMessage reply = new ReconcileMessage(salt, compare, have, want);
    return new Step(reply.isEmpty() ? Optional.empty() : Optional.of(reply), send);
  }

  private ReconcileMessage.Compare compare(Prefix prefix) {
    List<Bytes> fingerprints = new ArrayList<>(ReconcileMessage.FAN);
    for (int i = 0; i < ReconcileMessage.FAN; i++) {
      Prefix part = prefix.child(i);
      fingerprints.add(names.fingerprint(hasher, salt, names.from(part), names.end(part)));
    }
    return new ReconcileMessage.Compare(prefix, fingerprints);
  }

  private ReconcileMessage.Names listed(Prefix prefix, int from, int end) {
    Set<Bytes> shorts = new TreeSet<>();
    for (int i = from; i < end; i++) {
      shorts.add(names.shortName(hasher, salt, i));
    }
    return new ReconcileMessage.Names(prefix, List.copyOf(shorts));
  }
}
