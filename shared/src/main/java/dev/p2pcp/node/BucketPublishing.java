package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bucket.Bucket;
import dev.p2pcp.bucket.BucketAccess;
import dev.p2pcp.bucket.BucketException;
import dev.p2pcp.bucket.Directory;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.Place;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Writes directories of the public blocks that are in a bucket, and lets index servers know where
 * those are. One task calls {@link #look}.
 */
final class BucketPublishing {
  /** Begin of the names of objects with directories. */
  private static final String DIRECTORY = "directory";

  /** Age at which URLs are signed anew, of the week that they are good, in milliseconds. */
  private static final long RENEW = 24L * 60 * 60_000;

  private static final Shown NOTHING = new Shown(Set.of(), List.of(), 0);

  private final Platform platform;
  private final BucketStore store;
  private Shown shown = NOTHING;
  private boolean posted;
  private int published;
  private int begun;

  /** Which blocks are in the directories at which URLs, and since when. */
  private record Shown(Set<StorageKey> blocks, List<String> urls, long at) {}

  BucketPublishing(Platform platform, BucketStore store) {
    this.platform = platform;
    this.store = store;
  }

  /** What {@link #look} is to be called with, asked before which bucket is lent. Never suspends. */
  synchronized int turn() {
    return begun;
  }

  /** Begins anew, after another bucket is lent, or none. Never suspends. */
  synchronized void begin() {
    begun++;
    shown = NOTHING;
    published = 0;
  }

  /** A server may have forgotten. Never suspends. */
  synchronized void postSoon() {
    posted = false;
  }

  /** Blocks in directories that a server was told of. Never suspends. */
  synchronized int published() {
    return published;
  }

  /** Writes what changed or becomes old, and tells what was not told yet. Suspends. */
  void look(Node node, int turn, Bucket bucket, BucketAccess folder, Set<StorageKey> blocks)
      throws BucketException {
    long now = platform.clock().now();
    Shown before;
    synchronized (this) {
      before = shown;
    }
    boolean none = before.urls.isEmpty() && blocks.isEmpty();
    if (!none && (!blocks.equals(before.blocks) || now - before.at > RENEW)) {
      Shown written = new Shown(blocks, write(bucket, folder, List.copyOf(blocks), now), now);
      synchronized (this) {
        if (turn != begun) {
          return;
        }
        shown = written;
        posted = false;
      }
    }
    Shown told;
    synchronized (this) {
      told = shown;
      if (turn != begun || posted || told.urls.isEmpty()) {
        return;
      }
      // Unless somebody wants it said again meanwhile.
      posted = true;
    }
    int directories = post(node, told.urls);
    synchronized (this) {
      if (directories == 0) {
        posted = false;
      } else if (turn == begun) {
        published = Math.min(blocks.size(), directories * Directory.MOST);
      }
    }
  }

  /** Where the directories are then. */
  private List<String> write(Bucket bucket, BucketAccess folder, List<StorageKey> keys, long now)
      throws BucketException {
    List<String> urls = new ArrayList<>();
    int at = 0;
    do {
      List<StorageKey> part = keys.subList(at, Math.min(keys.size(), at + Directory.MOST));
      String name = DIRECTORY + (at == 0 ? "" : "-" + urls.size());
      bucket.put(name, Directory.of(folder, part, now, BucketAccess.MAX_LIFE).encoded());
      urls.add(bucket.readable(name, BucketAccess.MAX_LIFE).text());
      at += part.size();
    } while (at < keys.size() && urls.size() < Shelves.URLS);
    store.noted(null);
    return urls;
  }

  /**
   * Tells all servers, beside what other devices of the owner told. Returns how many of these URLs
   * a server knows then.
   */
  private int post(Node node, List<String> own) {
    Place place = node.places.of(Shelves.PATH, true);
    Optional<Block.Signed> newest = node.shelves.newest(place.writeKey().publicKey());
    long now = platform.clock().now();
    List<String> urls = new ArrayList<>(own);
    for (String other : Shelves.urls(newest)) {
      if (!folderOf(other).equals(folderOf(own.get(0))) && Shelves.isCurrent(other, now)) {
        urls.add(other);
      }
    }
    List<String> fit = Shelves.fitting(urls);
    long version = Math.max(now, newest.map(notice -> notice.version() + 1).orElse(0L));
    Bytes notice =
        Block.Signed.sign(place.writeKey(), place.pathHash(), version, now, Shelves.notice(fit))
            .encoded();
    boolean taken = false;
    for (IndexSession session : node.servers.sessions()) {
      taken |= isTaken(session, notice);
    }
    return taken ? Math.min(fit.size(), own.size()) : 0;
  }

  private static String folderOf(String url) {
    int query = url.indexOf('?');
    return url.substring(0, url.lastIndexOf('/', query < 0 ? url.length() : query) + 1);
  }

  private static boolean isTaken(IndexSession session, Bytes notice) {
    try {
      session.ask(id -> new SessionFrame.Post(id, notice), SessionFrame.Done.class);
      return true;
    } catch (LinkException | RefusedException e) {
      // Who has a newer one, or no room, is told again at the next look.
      return false;
    }
  }
}
