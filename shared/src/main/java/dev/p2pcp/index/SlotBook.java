package dev.p2pcp.index;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.placement.Candidate;
import dev.p2pcp.placement.Crowds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What each connected peer lends and what of it is promised: its room is what it last said is free,
 * less the blocks that it was asked to keep by tickets that are neither used nor expired.
 *
 * <p>Peers of other members of the cluster are here too, each with the member that it is connected
 * to as its home; what a home says of a peer that has since come elsewhere is not heard. Members
 * tell each other of promises a moment later, so two may promise the same slot; then the holder
 * refuses one of the tickets.
 *
 * <p>Not safe for use by several threads at once.
 */
public final class SlotBook {
  /**
   * Time after which a peer that stays connected counts as fully available, in milliseconds: 1
   * hour.
   */
  static final long SETTLING = 60 * 60 * 1000L;

  /** The home of peers that are connected to this member. */
  public static final int HERE = 0;

  private static final int NEW_PEER = 50;
  private static final int FULL = 100;

  private final Map<PeerId, Lender> lenders = new HashMap<>();

  /** An owner was given a ticket for a block; one slot, however often it is asked for. */
  private record Promise(AccountId owner, StorageKey key) {}

  /**
   * What a connected peer lends.
   *
   * @param network a number that peers of one network prefix share
   * @param since when it connected, in wall time
   * @param free slots that are not filled, as it says
   */
  public record Lending(
      PeerId peer, AccountId account, Candidate.Kind kind, long network, long since, int free) {}

  /** A slot of a peer is kept for an owner's block until that moment of wall time. */
  public record Promised(PeerId peer, AccountId owner, StorageKey key, long until) {}

  private static final class Lender {
    private final int home;
    private final AccountId account;
    private final long network;
    private final long since;
    private final Map<Promise, Long> promises = new HashMap<>();
    private Candidate.Kind kind;
    private int free;

    Lender(int home, Lending lending) {
      this.home = home;
      this.account = lending.account;
      this.kind = lending.kind;
      this.network = lending.network;
      this.since = lending.since;
      this.free = lending.free;
    }

    Lending lending(PeerId peer) {
      return new Lending(peer, account, kind, network, since, free);
    }

    int room(long now) {
      promises.values().removeIf(until -> until <= now);
      return Math.max(0, free - promises.size());
    }

    Candidate candidate(PeerId peer, int room, double share, long now) {
      return new Candidate(peer, account, room, kind, network, availability(now - since), share);
    }
  }

  /** A peer is connected; it lends nothing yet. The moment is wall time in milliseconds. */
  public void connect(PeerId peer, AccountId account, long network, long now) {
    lend(HERE, new Lending(peer, account, Candidate.Kind.TAB, network, now, 0));
  }

  /** A peer is gone, and with it what it lent. */
  public void disconnect(PeerId peer) {
    disconnect(HERE, peer);
  }

  /**
   * A peer is connected there and lends that; slots that were promised stay so. Nothing changes if
   * it has connected elsewhere since then.
   */
  public void lend(int home, Lending lending) {
    Lender before = lenders.get(lending.peer);
    if (before != null && before.home != home && before.since > lending.since) {
      return;
    }
    Lender lender = new Lender(home, lending);
    lenders.put(lending.peer, lender);
    if (before != null) {
      lender.promises.putAll(before.promises);
    }
  }

  /** A peer is gone from there; if it has come elsewhere since, nothing changes. */
  public void disconnect(int home, PeerId peer) {
    Lender lender = lenders.get(peer);
    if (lender != null && lender.home == home) {
      lenders.remove(peer);
    }
  }

  /** All peers of that home are gone. */
  public void disconnectAll(int home) {
    lenders.values().removeIf(lender -> lender.home == home);
  }

  /** What the peers of this member lend, for another member that knows nothing yet. */
  public List<Lending> lendings() {
    List<Lending> lendings = new ArrayList<>();
    lenders.forEach(
        (peer, lender) -> {
          if (lender.home == HERE && lender.free > 0) {
            lendings.add(lender.lending(peer));
          }
        });
    return lendings;
  }

  /** What of these slots is promised at that moment. */
  public List<Promised> promises(long now) {
    List<Promised> promised = new ArrayList<>();
    lenders.forEach(
        (peer, lender) ->
            lender.promises.forEach(
                (promise, until) -> {
                  if (lender.home == HERE && until > now) {
                    promised.add(new Promised(peer, promise.owner, promise.key, until));
                  }
                }));
    return promised;
  }

  /** What a connected peer lends. */
  public Optional<Lending> lending(PeerId peer) {
    Lender lender = lenders.get(peer);
    return lender == null ? Optional.empty() : Optional.of(lender.lending(peer));
  }

  /** A connected peer says what it is and how many of its slots are free. */
  public void lends(PeerId peer, Candidate.Kind kind, int free) {
    Lender lender = lenders.get(peer);
    if (lender != null) {
      lender.kind = kind;
      lender.free = free;
    }
  }

  /** A ticket was issued: a slot of the peer is promised until then. */
  public void promise(PeerId peer, AccountId owner, StorageKey key, long until) {
    Lender lender = lenders.get(peer);
    if (lender != null) {
      lender.promises.put(new Promise(owner, key), until);
    }
  }

  /** The ticket was used, or not handed out after all. */
  public void settle(PeerId peer, AccountId owner, StorageKey key) {
    Lender lender = lenders.get(peer);
    if (lender != null) {
      lender.promises.remove(new Promise(owner, key));
    }
  }

  /** Peers with room at that moment. */
  public List<Candidate> candidates(long now) {
    List<Candidate> candidates = new ArrayList<>();
    Crowds crowds = new Crowds();
    lenders.forEach(
        (peer, lender) -> {
          int room = lender.room(now);
          if (room > 0) {
            crowds.add(lender.network, room, availability(now - lender.since));
            candidates.add(lender.candidate(peer, room, 1, now));
          }
        });
    candidates.replaceAll(candidate -> candidate.among(crowds));
    return candidates;
  }

  /** Peers that are connected, to any member. */
  public int size() {
    return lenders.size();
  }

  /** Peers of that home. */
  public List<PeerId> at(int home) {
    return lenders.entrySet().stream()
        .filter(entry -> entry.getValue().home == home)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** A connected peer that has a block already: it needs no further slot for it. */
  public Optional<Candidate> holding(PeerId peer, long now) {
    return Optional.ofNullable(lenders.get(peer)).map(lender -> lender.candidate(peer, 1, 1, now));
  }

  /**
   * By block, peers that the owner was sent to and that did not keep it yet, with the room for it.
   * The slot may have been filled by a ticket of another operator's index server: who has none left
   * is not asked again.
   */
  public Map<StorageKey, List<Candidate>> asked(AccountId owner, long now) {
    Map<StorageKey, List<Candidate>> asked = new HashMap<>();
    lenders.forEach(
        (peer, lender) ->
            lender.promises.forEach(
                (promise, until) -> {
                  if (lender.free > 0 && until > now && promise.owner().equals(owner)) {
                    asked
                        .computeIfAbsent(promise.key(), key -> new ArrayList<>())
                        .add(lender.candidate(peer, 1, 1, now));
                  }
                }));
    return asked;
  }

  private static int availability(long connectedFor) {
    long age = Math.clamp(connectedFor, 0, SETTLING);
    return NEW_PEER + (int) ((FULL - NEW_PEER) * age / SETTLING);
  }
}
