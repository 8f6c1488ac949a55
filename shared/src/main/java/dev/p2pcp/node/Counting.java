package dev.p2pcp.node;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.quota.ReceiptBatch;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Asks all index servers which copies they count, and tells them which to count no more. */
final class Counting {
  private final Clock clock;
  private final Servers servers;
  private final Receipts receipts;

  Counting(Clock clock, Servers servers, Receipts receipts) {
    this.clock = clock;
    this.servers = servers;
    this.receipts = receipts;
  }

  /** What servers answered: whether one did, how long to repair nothing, and the copies. */
  static final class Answer {
    private final Map<StorageKey, Map<PeerId, SessionFrame.CopiesFound.Kept>> kept =
        new HashMap<>();
    private boolean given;
    private long calm;

    synchronized boolean isGiven() {
      return given;
    }

    /** Milliseconds for which nothing is to be repaired. */
    synchronized long calm() {
      return calm;
    }

    /** Who keeps that block, as far as it was asked about. */
    synchronized Map<PeerId, SessionFrame.CopiesFound.Kept> of(StorageKey key) {
      return new HashMap<>(kept.getOrDefault(key, Map.of()));
    }

    synchronized boolean covers(StorageKey key) {
      return kept.containsKey(key);
    }

    private synchronized void add(List<StorageKey> keys, SessionFrame.CopiesFound found) {
      given = true;
      calm = Math.max(calm, found.calm());
      for (int i = 0; i < Math.min(keys.size(), found.copies().size()); i++) {
        Map<PeerId, SessionFrame.CopiesFound.Kept> known =
            kept.computeIfAbsent(keys.get(i), k -> new HashMap<>());
        for (SessionFrame.CopiesFound.Kept one : found.copies().get(i)) {
          SessionFrame.CopiesFound.Kept other = known.get(one.holder());
          known.put(one.holder(), other == null ? one : later(one, other));
        }
      }
    }

    /** Of what two servers know the later, and the longer patience. */
    private static SessionFrame.CopiesFound.Kept later(
        SessionFrame.CopiesFound.Kept a, SessionFrame.CopiesFound.Kept b) {
      return new SessionFrame.CopiesFound.Kept(
          a.holder(),
          Math.max(a.expires(), b.expires()),
          Math.max(a.seen(), b.seen()),
          Math.max(a.grace(), b.grace()),
          a.anchor() || b.anchor());
    }
  }

  /**
   * Asks about these blocks, and adds what comes to the answer. Suspends.
   *
   * @return how many servers answered
   */
  int ask(Collection<StorageKey> asked, Answer answer) {
    List<StorageKey> keys = List.copyOf(asked);
    List<Boolean> answers =
        servers.all(
            keys.size() / Limits.LOOKUP_KEYS + 1,
            session -> {
              for (int at = 0; at < keys.size(); at += Limits.LOOKUP_KEYS) {
                List<StorageKey> part =
                    keys.subList(at, Math.min(keys.size(), at + Limits.LOOKUP_KEYS));
                SessionFrame.CopiesFound found =
                    session.ask(
                        id -> new SessionFrame.Copies(id, part), SessionFrame.CopiesFound.class);
                answer.add(part, found);
              }
              return true;
            });
    return answers.size();
  }

  /**
   * Which of these copies no server counts, though all that answer were just shown the receipts:
   * their holder has said that they are gone. Suspends.
   */
  Set<StorageKey> gone(PeerId holder, Set<StorageKey> keys) {
    List<ReceiptBatch> shown = new ArrayList<>();
    Set<StorageKey> gone = new HashSet<>();
    for (ReceiptBatch batch : receipts.all()) {
      if (batch.header().holder().equals(holder) && batch.header().expires() > clock.now()) {
        ReceiptBatch part = batch.only(terms -> keys.contains(terms.key()));
        part.entries().forEach(entry -> gone.add(entry.terms().key()));
        if (!part.entries().isEmpty()) {
          shown.add(part);
        }
      }
    }
    if (gone.isEmpty()) {
      return gone;
    }
    List<Boolean> shownTo =
        servers.all(
            Telling.parts(shown).size(),
            session -> {
              for (List<ReceiptBatch> part : Telling.parts(shown)) {
                session.ask(id -> new SessionFrame.Present(id, part), SessionFrame.Done.class);
              }
              return true;
            });
    if (shownTo.size() < servers.sessions().size()) {
      return Set.of();
    }
    Answer answer = new Answer();
    if (ask(gone, answer) < shownTo.size()) {
      return Set.of();
    }
    gone.removeIf(key -> !answer.covers(key) || answer.of(key).containsKey(holder));
    return gone;
  }

  /** The account counts these copies no more. Suspends; servers that do not answer ask for more. */
  void forgo(List<SessionFrame.Renew.Copy> copies) {
    if (copies.isEmpty()) {
      return;
    }
    // One that does not hear it may refuse the replacement, which is tried again.
    servers.all(
        copies.size() / Limits.FORGO_COPIES + 1,
        session -> {
          for (int at = 0; at < copies.size(); at += Limits.FORGO_COPIES) {
            List<SessionFrame.Renew.Copy> part =
                copies.subList(at, Math.min(copies.size(), at + Limits.FORGO_COPIES));
            session.ask(id -> new SessionFrame.Forgo(id, part), SessionFrame.Done.class);
          }
          return true;
        });
  }
}
