package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.BlockVerifier;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bucket.BucketAccess;
import dev.p2pcp.bucket.Calendar;
import dev.p2pcp.bucket.Directory;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.identity.KeyRing;
import dev.p2pcp.identity.Path;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.transport.Link;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Buckets of people whose agents may all be away: where their public blocks are, by notices that
 * index servers keep for them. What is read there is verified as anything else.
 */
final class Shelves {
  /** Where a notice is posted: at this path of who lends the bucket. */
  static final Path PATH = new Path("/.p2pcp/shelf");

  /** Directories of one person, in all of the buckets. */
  static final int URLS = 4;

  private static final int FORMAT = 1;

  /** So many bytes of a notice are not for URLs. */
  private static final int REST = 256;

  /** When a URL was signed. */
  private static final String SIGNED = "X-Amz-Date=";

  /** People that are remembered. */
  private static final int PEOPLE = 16;

  /** How long is believed what a notice said, or that there is none, in milliseconds. */
  private static final long FRESH = 60_000;

  private static final long FRESH_NONE = 5_000;

  private final Platform platform;
  private final Servers servers;
  private final Afar afar;
  private final Map<PublicKey, Known> known = new LinkedHashMap<>();

  /** What was found out about one person's buckets. */
  private record Known(long at, List<Directory> directories) {}

  Shelves(Platform platform, Servers servers, Afar afar) {
    this.platform = platform;
    this.servers = servers;
    this.afar = afar;
  }

  /** As many of those as a notice has room for, from the first. */
  static List<String> fitting(List<String> urls) {
    List<String> fit = new ArrayList<>();
    int room = Limits.NOTICE - REST;
    for (String url : urls) {
      room -= url.length() + 2;
      if (room < 0 || fit.size() == URLS) {
        break;
      }
      fit.add(url);
    }
    return fit;
  }

  /** Whether a URL of a directory still serves. */
  static boolean isCurrent(String url, long now) {
    int at = url.indexOf(SIGNED);
    String oldest = Calendar.stamp(now - 1_000L * BucketAccess.MAX_LIFE);
    return at >= 0 && url.substring(at + SIGNED.length()).compareTo(oldest) > 0;
  }

  /** What a notice says. */
  static Bytes notice(List<String> urls) {
    ByteWriter writer = new ByteWriter().u8(FORMAT).u16(urls.size());
    urls.forEach(url -> writer.bytes16(Bytes.utf8(url)));
    return writer.toBytes();
  }

  /** Learns where the person's blocks are; whether anything new was learned. Suspends. */
  boolean learn(PublicKey person) {
    synchronized (this) {
      Known before = known.get(person);
      long age = before == null ? FRESH : platform.clock().ticks() - before.at;
      if (before != null && age < (before.directories.isEmpty() ? FRESH_NONE : FRESH)) {
        return false;
      }
    }
    List<Directory> directories = new ArrayList<>();
    for (String url : urls(newest(person))) {
      try {
        directories.add(Directory.decode(afar.read(url, afar.deadline())));
      } catch (LinkException | MalformedFrameException e) {
        // That bucket is as good as none; who has the block elsewhere is asked.
        continue;
      }
    }
    synchronized (this) {
      known.remove(person);
      if (known.size() >= PEOPLE) {
        known.remove(known.keySet().iterator().next());
      }
      known.put(person, new Known(platform.clock().ticks(), directories));
    }
    return !directories.isEmpty();
  }

  /** The newest notice of the person's that a server has. Suspends. */
  Optional<Block.Signed> newest(PublicKey person) {
    StorageKey key = KeyRing.publicKeyOf(person, PATH);
    BlockVerifier verifier = new BlockVerifier(platform.crypto());
    Newest newest = new Newest();
    servers.all(
        1,
        session -> {
          Bytes found =
              session
                  .ask(id -> new SessionFrame.Notice(id, key), SessionFrame.NoticeFound.class)
                  .block();
          if (verifier.verify(key, found) instanceof BlockVerifier.Genuine genuine
              && genuine.block() instanceof Block.Signed signed) {
            newest.found(signed);
          }
          return true;
        });
    return newest.get();
  }

  /** Where the directories are. */
  static List<String> urls(Optional<Block.Signed> notice) {
    if (notice.isEmpty()) {
      return List.of();
    }
    try {
      ByteReader reader = new ByteReader(notice.get().payload());
      return reader.u8("format") == FORMAT
          ? reader.list(URLS, "urls", r -> r.text(Limits.URL, "url"))
          : List.of();
    } catch (MalformedFrameException e) {
      return List.of();
    }
  }

  /** Of what several servers have. */
  private static final class Newest {
    private Block.@Nullable Signed newest;

    synchronized void found(Block.Signed one) {
      if (newest == null || one.replaces(newest)) {
        newest = one;
      }
    }

    synchronized Optional<Block.Signed> get() {
      return Optional.ofNullable(newest);
    }
  }

  /** Buckets in which the block is. Never suspends. */
  synchronized List<Servers.Location> of(StorageKey key) {
    List<Servers.Location> found = new ArrayList<>();
    known.forEach(
        (person, about) -> {
          for (Directory directory : about.directories) {
            directory.url(key).ifPresent(url -> found.add(new Shelf(PeerId.of(person), key, url)));
          }
        });
    return found;
  }

  /** The third way to a block, beside channel and tunnel: what is in a bucket can only be read. */
  private final class Shelf implements Servers.Location, Link {
    private final PeerId of;
    private final StorageKey key;
    private final String url;

    Shelf(PeerId of, StorageKey key, String url) {
      this.of = of;
      this.key = key;
      this.url = url;
    }

    @Override
    public PeerId peer() {
      return of;
    }

    @Override
    public Link link() {
      return this;
    }

    @Override
    public PeerFrame.Reply call(PeerFrame.Request request, Deadline deadline) throws LinkException {
      boolean read =
          request instanceof PeerFrame.Get get && get.key().equals(key)
              || request instanceof PeerFrame.Carry carry && carry.key().equals(key);
      if (read) {
        return new PeerFrame.BlockReply(afar.read(url, deadline));
      }
      throw new LinkException("a bucket only keeps");
    }
  }
}
