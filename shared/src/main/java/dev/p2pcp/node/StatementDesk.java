package dev.p2pcp.node;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.quota.ReceiptHeader;
import dev.p2pcp.quota.Statement;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * States what the own blocks need whenever that has changed, to index servers and to a few holders;
 * and keeps what owners of blocks that are kept here have stated, to bring it to index servers that
 * have forgotten. A number is on the disk before anybody sees it, so that none is used twice.
 */
final class StatementDesk {
  /** Devices of others whose latest statements are kept; those stated longest ago go first. */
  static final int MOST = 256;

  /** Holders that are told. */
  private static final int HOLDERS = 3;

  /** How long changes are gathered, in milliseconds. */
  private static final long GATHER = 2_000;

  private static final long CALL_TIME = 10_000;

  private final Platform platform;
  private final BlockStore store;
  private final Device device;
  private final Map<PeerId, Statement> latest = new HashMap<>();
  private long above;
  private volatile Pending<Boolean> wake;
  private volatile boolean stopped;

  private StatementDesk(Platform platform, BlockStore store, Device device) {
    this.platform = platform;
    this.store = store;
    this.device = device;
    this.wake = platform.tasks().pending();
  }

  /** Reads what is kept. Suspends. */
  static StatementDesk load(Platform platform, BlockStore store, Device device)
      throws StoreException {
    StatementDesk desk = new StatementDesk(platform, store, device);
    for (Bytes record : store.records(BlockStore.Table.STATEMENTS).values()) {
      ByteReader reader = new ByteReader(record);
      try {
        Statement statement = Statement.read(reader);
        reader.end();
        desk.latest.put(statement.device(), statement);
      } catch (MalformedFrameException e) {
        throw new StoreException(StoreException.Reason.DAMAGED, "a statement");
      }
    }
    return desk;
  }

  /** What index servers are to know: the own statement first. Never suspends. */
  synchronized List<Statement> all() {
    long now = platform.clock().now();
    List<Statement> all = new ArrayList<>();
    for (Statement statement : latest.values()) {
      if (statement.isCurrent(now)) {
        boolean own = statement.device().equals(device.peer());
        all.add(own ? 0 : all.size(), statement);
      }
    }
    return all;
  }

  /**
   * A server knows a later number of this device: its next is above that. A number that leaves none
   * above it is a lie.
   */
  void stale(long number) {
    synchronized (this) {
      if (number < Long.MAX_VALUE / 2) {
        above = Math.max(above, number);
      }
    }
    wake();
  }

  /** What the own blocks need may have changed. Never suspends. */
  void wake() {
    wake.complete(true);
  }

  void stop() {
    stopped = true;
    wake();
  }

  /** Works until {@link #stop}. Suspends. */
  void run(OwnBlocks own, Servers servers) {
    while (!stopped) {
      wake.await(Deadline.NEVER);
      wake = platform.tasks().pending();
      platform.tasks().sleep(GATHER);
      // A stop may have completed the one that was waited for.
      if (!stopped) {
        state(own, servers);
      }
    }
  }

  private void state(OwnBlocks own, Servers servers) {
    long now = platform.clock().now();
    int blocks = 0;
    int needed = 0;
    Set<PeerId> holders = new LinkedHashSet<>();
    for (OwnBlock block : own.snapshot().values()) {
      int stored = block.released() ? 0 : block.stored(now);
      if (stored > 0) {
        blocks++;
        needed += 1 + stored;
        if (holders.size() < HOLDERS) {
          block.copies().forEach(copy -> holders.add(copy.holder()));
        }
      }
    }
    Statement last;
    long number;
    synchronized (this) {
      last = latest.get(device.peer());
      long used = last == null ? 0 : last.number();
      boolean fresh = last != null && now - last.time() < ReceiptHeader.LIFE / 2;
      boolean said =
          last == null
              ? needed == 0
              : last.needed() == needed && above <= used && (fresh || needed == 0);
      if (said) {
        return;
      }
      number = Math.max(above, used) + 1;
    }
    Hash previous = last == null ? Statement.NONE : last.hash();
    Statement next =
        Statement.sign(device.key(), device.certificate(), number, previous, now, blocks, needed);
    try {
      keep(next);
    } catch (StoreException e) {
      // Unsaid: the next change says more.
      return;
    }
    servers.state();
    int told = 0;
    for (PeerId holder : holders) {
      if (told++ < HOLDERS) {
        vouch(servers, holder, next);
      }
    }
  }

  private void vouch(Servers servers, PeerId holder, Statement statement) {
    try {
      servers.call(holder, new PeerFrame.Vouch(statement), platform.deadline(CALL_TIME));
    } catch (LinkException e) {
      // Others are told, and this one hears of the next.
      return;
    }
  }

  /** What an owner states to its holder. Suspends. */
  PeerFrame.Reply vouched(Statement statement, Holdings holdings) throws StoreException {
    if (!holdings.keepsFor(statement.account())) {
      return Holder.denied(Refusal.NOT_FOUND, "nothing is kept for that account");
    }
    if (!statement.isCurrent(platform.clock().now())) {
      return Holder.denied(Refusal.EXPIRED, "statement is out of its time");
    }
    if (!statement.isGenuine(platform.crypto())) {
      return Holder.denied(Refusal.BAD_SIGNATURE, "statement is not right");
    }
    synchronized (this) {
      Statement known = latest.get(statement.device());
      if (known != null && known.number() >= statement.number()) {
        return known.equals(statement)
            ? new PeerFrame.Ok()
            : Holder.denied(Refusal.STALE_VERSION, "not newer", known.number());
      }
    }
    keep(statement);
    return new PeerFrame.Ok();
  }

  private void keep(Statement statement) throws StoreException {
    BlockStore.Batch batch = new BlockStore.Batch();
    batch.putRecord(BlockStore.Table.STATEMENTS, statement.device().bytes(), statement.encoded());
    Statement oldest = null;
    synchronized (this) {
      for (Statement other : latest.values()) {
        boolean older = oldest == null || other.time() < oldest.time();
        if (older && !other.device().equals(device.peer())) {
          oldest = other;
        }
      }
      if (oldest != null && latest.size() > MOST) {
        latest.remove(oldest.device());
        batch.removeRecord(BlockStore.Table.STATEMENTS, oldest.device().bytes());
      }
    }
    store.apply(batch);
    synchronized (this) {
      Statement known = latest.get(statement.device());
      if (known == null || known.number() < statement.number()) {
        latest.put(statement.device(), statement);
      }
    }
  }
}
