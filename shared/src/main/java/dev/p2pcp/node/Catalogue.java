package dev.p2pcp.node;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.identity.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The list of an account's items, itself a private item at {@link #PATH}: what the 24 words lead
 * back to. Copies that were changed on several devices merge entry by entry, the higher version
 * winning, so that merging in any order comes to the same. Stored as {@code u8 1 ‖ u32 n ‖ n × (u16
 * length ‖ path ‖ u8 flags ‖ version u64 ‖ time u64 ‖ size u64 ‖ u16 blocks)}, paths rising; flag 1
 * is public, flag 2 removed.
 */
final class Catalogue {
  /** Where it is stored; no other item may begin with {@link #RESERVED}. */
  static final Path PATH = new Path("/.p2pcp/catalogue");

  static final String RESERVED = "/.p2pcp/";

  /** Most entries, removed ones included. */
  static final int MAX_ENTRIES = 100_000;

  /** How long a removal is remembered, in milliseconds: 90 days. */
  static final long REMEMBERED = 90L * 24 * 60 * 60 * 1000;

  private static final int FORMAT = 1;
  private static final int PUBLIC = 1;
  private static final int REMOVED = 2;

  private final Map<Path, Entry> entries = new TreeMap<>();

  /** One item; blocks counts all that it takes. */
  record Entry(
      Path path,
      boolean isPublic,
      boolean removed,
      long version,
      long time,
      long size,
      int blocks) {
    /** Whether this entry wins over another of the same path. */
    boolean replaces(Entry other) {
      if (version != other.version) {
        return version > other.version;
      }
      if (time != other.time) {
        return time > other.time;
      }
      return removed && !other.removed;
    }
  }

  synchronized Optional<Entry> get(Path path) {
    return Optional.ofNullable(entries.get(path));
  }

  /** Undoes a put that was not stored. */
  synchronized void forget(Path path) {
    entries.remove(path);
  }

  /** All entries, removed ones too. */
  synchronized List<Entry> all() {
    return new ArrayList<>(entries.values());
  }

  synchronized boolean isFull() {
    return entries.size() >= MAX_ENTRIES;
  }

  synchronized void put(Entry entry) {
    entries.put(entry.path(), entry);
  }

  /** What merging found: something here that the other lacks, and something there that was new. */
  record Merged(boolean ahead, boolean learned) {}

  /**
   * Takes over what is newer in the other. Removals from before that moment are forgotten on both
   * sides: by then every device that is still in use has heard of them.
   */
  synchronized Merged merge(List<Entry> others, long forgetBefore) {
    forgetRemovals(forgetBefore);
    int matched = 0;
    boolean ahead = false;
    boolean learned = false;
    for (Entry other : others) {
      if (other.removed() && other.time() < forgetBefore) {
        continue;
      }
      Entry mine = entries.get(other.path());
      if (mine == null || other.replaces(mine)) {
        entries.put(other.path(), other);
        learned = true;
      } else if (mine.replaces(other)) {
        ahead = true;
      }
      matched++;
    }
    return new Merged(ahead || entries.size() > matched, learned);
  }

  /** Forgets items that were removed before that moment of wall time. */
  synchronized void forgetRemovals(long before) {
    entries.values().removeIf(entry -> entry.removed() && entry.time() < before);
  }

  synchronized Bytes encoded() {
    ByteWriter writer = new ByteWriter(64 * entries.size() + 8).u8(FORMAT).u32(entries.size());
    for (Entry entry : entries.values()) {
      writer
          .bytes16(entry.path().utf8())
          .u8((entry.isPublic() ? PUBLIC : 0) | (entry.removed() ? REMOVED : 0))
          .u64(entry.version())
          .u64(entry.time())
          .u64(entry.size())
          .u16(entry.blocks());
    }
    return writer.toBytes();
  }

  static List<Entry> decode(Bytes encoded) throws MalformedFrameException {
    ByteReader reader = new ByteReader(encoded);
    if (reader.u8("catalogue format") != FORMAT) {
      throw new MalformedFrameException("catalogue format");
    }
    int count = reader.count(MAX_ENTRIES, "entries");
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Path path = Path.parse(reader.text(Path.MAX_BYTES, "path"));
      int flags = reader.u8("flags");
      if (flags > (PUBLIC | REMOVED) || (i > 0 && entries.get(i - 1).path().compareTo(path) >= 0)) {
        throw new MalformedFrameException("entry");
      }
      entries.add(
          new Entry(
              path,
              (flags & PUBLIC) != 0,
              (flags & REMOVED) != 0,
              reader.u64("version"),
              reader.u64("time"),
              reader.u64("size"),
              reader.u16("blocks")));
    }
    reader.end();
    return entries;
  }
}
