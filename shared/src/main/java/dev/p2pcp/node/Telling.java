package dev.p2pcp.node;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.Hasher;
import dev.p2pcp.crypto.Signature;
import dev.p2pcp.crypto.TreeRoot;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.quota.ReceiptBatch;
import dev.p2pcp.quota.Statement;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells one index server what it must know, one thing after the other in the order in which it
 * happened: that a copy is given up and that it is placed again are not to be mixed up. What a
 * session was not told, the next one learns with all the rest.
 */
final class Telling {
  /** News that may wait; with more the session is given up, and the next told all. */
  private static final int WAITING = 10_000;

  /** Attempts where a server is busy, and the pauses between them in milliseconds. */
  private static final int ATTEMPTS = 4;

  private static final long SHORTEST_PAUSE = 50;
  private static final long LONGEST_PAUSE = 2_000;

  /** Bytes of receipts in one message, leaving room for its head. */
  private static final int PRESENT_BYTES = Limits.MESSAGE - 1024;

  private final Platform platform;
  private final Inventory inventory;
  private final Deque<News> waiting = new ArrayDeque<>();
  private final List<Pending<Boolean>> fences = new ArrayList<>();
  private @Nullable IndexSession session;
  private boolean telling;

  Telling(Platform platform, Inventory inventory) {
    this.platform = platform;
    this.inventory = inventory;
  }

  /** Something to tell. Suspends. */
  interface News {
    void to(IndexSession session) throws LinkException, RefusedException;
  }

  /** Tells a fresh session all, and from then on what changes. Suspends until it knows all. */
  void begin(IndexSession fresh) throws LinkException {
    synchronized (this) {
      session = fresh;
      forget();
      telling = true;
    }
    boolean told = false;
    try {
      // Room first, so that nothing is owed; then what is here; then what is agreed.
      patiently(fresh, this::pledge);
      patiently(fresh, to -> announce(to, inventory.keys()));
      List<ReceiptBatch> receipts = inventory.receipts();
      if (!receipts.isEmpty() && receipts.size() <= Limits.MANIFEST_BATCHES) {
        patiently(fresh, to -> promise(to, receipts));
      }
      for (List<ReceiptBatch> part : parts(receipts)) {
        present(fresh, part);
      }
      patiently(fresh, this::state);
      told = true;
    } finally {
      if (!told) {
        end(fresh);
      }
    }
    platform.tasks().spawn("tell", () -> tellWaiting(fresh));
  }

  /** The session is over. Never suspends. */
  synchronized void end(IndexSession over) {
    if (session == over) {
      session = null;
      forget();
      telling = false;
    }
  }

  private void forget() {
    waiting.clear();
    fences.forEach(fence -> fence.complete(true));
    fences.clear();
  }

  /** Waits until the server knows all that is to be told so far, or is gone. Suspends. */
  void flush(Deadline deadline) {
    Pending<Boolean> fence = platform.tasks().pending();
    synchronized (this) {
      if (session == null) {
        return;
      }
      fences.add(fence);
    }
    tell(
        to -> {
          fence.complete(true);
          synchronized (this) {
            fences.remove(fence);
          }
        });
    fence.await(deadline);
  }

  /** Tells soon; without a session there is nobody to tell. Never suspends. */
  void tell(News news) {
    IndexSession current;
    synchronized (this) {
      current = session;
      if (current == null) {
        return;
      }
      if (waiting.size() < WAITING) {
        waiting.add(news);
        if (!telling) {
          telling = true;
          platform.tasks().spawn("tell", () -> tellWaiting(current));
        }
        return;
      }
    }
    current.close();
  }

  void pledge(IndexSession to) throws LinkException, RefusedException {
    to.ask(
        id -> {
          // What is free never exceeds what is lent, though both may change in between.
          int slots = inventory.slots();
          return new SessionFrame.Pledge(
              id, slots, Math.min(slots, inventory.free()), inventory.alwaysOn());
        },
        SessionFrame.Done.class);
  }

  void announce(IndexSession to, List<StorageKey> keys) throws LinkException, RefusedException {
    for (int at = 0; at < keys.size(); at += Limits.ANNOUNCE_KEYS) {
      List<StorageKey> part = keys.subList(at, Math.min(keys.size(), at + Limits.ANNOUNCE_KEYS));
      to.ask(id -> new SessionFrame.Announce(id, part), SessionFrame.Done.class);
    }
  }

  void withdraw(IndexSession to, List<StorageKey> keys) throws LinkException, RefusedException {
    for (int at = 0; at < keys.size(); at += Limits.ANNOUNCE_KEYS) {
      List<StorageKey> part = keys.subList(at, Math.min(keys.size(), at + Limits.ANNOUNCE_KEYS));
      to.ask(id -> new SessionFrame.Withdraw(id, part), SessionFrame.Done.class);
    }
  }

  /** Presents receipts that fit one message; one that is refused does not hold up the others. */
  void present(IndexSession to, List<ReceiptBatch> part) throws LinkException {
    boolean taken =
        patiently(
            to, s -> s.ask(id -> new SessionFrame.Present(id, part), SessionFrame.Done.class));
    if (!taken && part.size() > 1) {
      for (ReceiptBatch batch : part) {
        present(to, List.of(batch));
      }
    }
  }

  /** Signs for all receipts that follow at once, so that they count sooner. */
  private void promise(IndexSession to, List<ReceiptBatch> receipts)
      throws LinkException, RefusedException {
    TreeRoot tree = new TreeRoot();
    Hasher hasher = platform.crypto().hasher();
    for (ReceiptBatch batch : receipts) {
      tree.add(hasher, batch.encoded());
    }
    Hash root = tree.root(hasher);
    long now = platform.clock().now();
    Signature signature =
        inventory
            .device()
            .key()
            .sign(Domain.MANIFEST, SessionFrame.Manifest.signed(receipts.size(), root, now));
    to.ask(
        id -> new SessionFrame.Manifest(id, receipts.size(), root, now, signature),
        SessionFrame.Done.class);
  }

  /** Tells what this device and owners of blocks kept here have stated. */
  void state(IndexSession to) throws LinkException, RefusedException {
    List<Statement> all = inventory.statements();
    for (int at = 0; at < all.size(); at += Limits.STATEMENTS) {
      List<Statement> part = all.subList(at, Math.min(all.size(), at + Limits.STATEMENTS));
      try {
        to.ask(id -> new SessionFrame.State(id, part), SessionFrame.Done.class);
      } catch (RefusedException e) {
        if (e.refusal().code() != Refusal.STALE_VERSION || e.refusal().figures().isEmpty()) {
          throw e;
        }
        inventory.stale(e.refusal().figures().get(0));
      }
    }
  }

  /** Receipts in as many messages as they need. */
  static List<List<ReceiptBatch>> parts(List<ReceiptBatch> receipts) {
    List<List<ReceiptBatch>> parts = new ArrayList<>();
    List<ReceiptBatch> part = new ArrayList<>();
    int bytes = 0;
    for (ReceiptBatch batch : receipts) {
      int length = batch.encoded().length();
      boolean full = bytes + length > PRESENT_BYTES || part.size() == Limits.PRESENT_BATCHES;
      if (full && !part.isEmpty()) {
        parts.add(List.copyOf(part));
        part.clear();
        bytes = 0;
      }
      part.add(batch);
      bytes += length;
    }
    if (!part.isEmpty()) {
      parts.add(List.copyOf(part));
    }
    return parts;
  }

  private void tellWaiting(IndexSession to) {
    while (true) {
      News next;
      synchronized (this) {
        if (session != to) {
          return;
        }
        next = waiting.poll();
        if (next == null) {
          telling = false;
          return;
        }
      }
      try {
        patiently(to, next);
      } catch (LinkException e) {
        end(to);
        to.close();
        return;
      }
    }
  }

  /**
   * Asks again while the server is busy. Suspends.
   *
   * @return whether it was done; if not, the server will not have it
   */
  private boolean patiently(IndexSession to, News news) throws LinkException {
    for (int attempt = 1; ; attempt++) {
      try {
        news.to(to);
        return true;
      } catch (RefusedException e) {
        if (e.refusal().code() != Refusal.BUSY || attempt == ATTEMPTS) {
          return false;
        }
        long asked = e.refusal().figures().isEmpty() ? 0 : e.refusal().figures().get(0);
        platform.tasks().sleep(Math.max(SHORTEST_PAUSE, Math.min(asked, LONGEST_PAUSE)));
      }
    }
  }
}
