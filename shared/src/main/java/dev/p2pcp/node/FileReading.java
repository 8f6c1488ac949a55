package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.SealBrokenException;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.KeyedGate;
import dev.p2pcp.platform.Platform;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads files by their links, any part of them: blocks from here, else from holders. A few files
 * and chunks are remembered, as one who reads goes on where he stopped.
 */
final class FileReading {
  /** Most bytes of a part. */
  static final int MAX_PART = 1 << 20;

  private static final int FILES = 64;

  /** Chunks remembered of all files: 2 MiB. */
  private static final int CHUNKS = 8;

  /**
   * How long a block of an open file is sought again while nobody has it, in milliseconds: holders
   * that change their index server, or their network, are back within that.
   */
  private static final long PATIENCE = 20_000;

  private static final long LOOK_AGAIN = 1_000;

  private final Platform platform;
  private final Local local;
  private final Fetching fetching;
  private final Servers servers;
  private final KeyedGate<StorageKey> turns;
  private final Map<FileLink, OpenFile> files = new LinkedHashMap<>();
  private final Map<StorageKey, Bytes> chunks = new LinkedHashMap<>();

  FileReading(Platform platform, Local local, Fetching fetching, Servers servers) {
    this.platform = platform;
    this.local = local;
    this.fetching = fetching;
    this.servers = servers;
    this.turns = new KeyedGate<>(platform.tasks());
  }

  /** What is here already. Suspends. */
  interface Local {
    Optional<Block> block(StorageKey key) throws StoreException;
  }

  /** What it is. Suspends. */
  FileInfo info(FileLink link) throws ItemException {
    FileRoot root = open(link).root();
    return new FileInfo(root.size(), root.time(), root.name(), root.type());
  }

  /**
   * Some bytes of it, fewer at its end. Suspends.
   *
   * @param length at most {@link #MAX_PART}
   */
  Bytes part(FileLink link, long from, int length) throws ItemException {
    OpenFile file = open(link);
    long size = file.root().size();
    long begin = Math.clamp(from, 0, size);
    int count = (int) Math.min(Math.min(Math.max(0, length), MAX_PART), size - begin);
    if (FileRoot.chunksOf(size) == 0) {
      return file.root().inline().slice((int) begin, count);
    }
    List<Bytes> parts = new ArrayList<>();
    for (int done = 0; done < count; ) {
      int number = (int) ((begin + done) / FileRoot.CHUNK);
      int at = (int) ((begin + done) % FileRoot.CHUNK);
      int taken = Math.min(count - done, FileRoot.lengthOf(size, number) - at);
      boolean all = taken == FileRoot.lengthOf(size, number);
      parts.add(chunk(file, number, all).slice(at, taken));
      done += taken;
    }
    return parts.size() == 1 ? parts.get(0) : Bytes.concat(parts.toArray(new Bytes[0]));
  }

  /** All blocks of it: chunks, index blocks and the root, in this order. Suspends. */
  List<StorageKey> blocks(FileLink link) throws ItemException {
    OpenFile file = open(link);
    FileRoot root = file.root();
    List<StorageKey> all = new ArrayList<>();
    if (root.isIndexed()) {
      for (int i = 0; i < root.keys().size(); i++) {
        all.addAll(index(file, i));
      }
    }
    all.addAll(root.keys());
    all.add(link.root());
    return all;
  }

  /** A file that was opened: its root, and what was needed of it so far. */
  private static final class OpenFile {
    private final FileRoot root;
    private final FileSeal seal;
    private final Map<Integer, List<StorageKey>> indexes = new LinkedHashMap<>();
    private final Whereabouts whereabouts;

    OpenFile(FileRoot root, FileSeal seal, Whereabouts whereabouts) {
      this.root = root;
      this.seal = seal;
      this.whereabouts = whereabouts;
    }

    FileRoot root() {
      return root;
    }
  }

  private OpenFile open(FileLink link) throws ItemException {
    turns.enter(link.root(), Deadline.NEVER);
    try {
      OpenFile known;
      synchronized (files) {
        known = files.get(link);
      }
      if (known != null) {
        return known;
      }
      FileSeal seal = FileSeal.of(platform, link.key());
      Whereabouts whereabouts = new Whereabouts(platform.clock(), servers);
      Block block = block(link.root(), List.of(link.root()), whereabouts, 0);
      FileRoot root = FileRoot.decode(seal.open(FileSeal.Part.ROOT, 0, block));
      OpenFile opened = new OpenFile(root, seal, whereabouts);
      synchronized (files) {
        if (files.size() >= FILES) {
          files.remove(files.keySet().iterator().next());
        }
        files.put(link, opened);
      }
      return opened;
    } catch (SealBrokenException | MalformedFrameException e) {
      throw broken();
    } finally {
      turns.leave(link.root());
    }
  }

  private List<StorageKey> index(OpenFile file, int number) throws ItemException {
    synchronized (file.indexes) {
      List<StorageKey> known = file.indexes.get(number);
      if (known != null) {
        return known;
      }
    }
    StorageKey key = file.root.keys().get(number);
    Block block = block(key, file.root.keys(), file.whereabouts, PATIENCE);
    try {
      Bytes list = file.seal.open(FileSeal.Part.INDEX, number, block);
      List<StorageKey> keys = FileRoot.keys(new ByteReader(list), file.root.listedIn(number));
      synchronized (file.indexes) {
        file.indexes.put(number, keys);
      }
      return keys;
    } catch (SealBrokenException | MalformedFrameException e) {
      throw broken();
    }
  }

  /** One that is read whole is not remembered, as nobody needs it again soon. */
  private Bytes chunk(OpenFile file, int number, boolean all) throws ItemException {
    List<StorageKey> near = file.root.keys();
    int at = number;
    if (file.root.isIndexed()) {
      near = index(file, number / FileRoot.FAN_OUT);
      at = number % FileRoot.FAN_OUT;
    }
    StorageKey key = near.get(at);
    // Who reads by small steps asks for the same chunk several times at once.
    turns.enter(key, Deadline.NEVER);
    try {
      synchronized (chunks) {
        Bytes known = all ? chunks.remove(key) : chunks.get(key);
        if (known != null) {
          return known;
        }
      }
      Block block = block(key, near.subList(at, near.size()), file.whereabouts, PATIENCE);
      Bytes plain = file.seal.open(FileSeal.Part.CHUNK, number, block);
      if (plain.length() != FileRoot.lengthOf(file.root.size(), number)) {
        throw broken();
      }
      if (all) {
        return plain;
      }
      synchronized (chunks) {
        if (chunks.size() >= CHUNKS) {
          chunks.remove(chunks.keySet().iterator().next());
        }
        chunks.put(key, plain);
      }
      return plain;
    } catch (SealBrokenException e) {
      throw broken();
    } finally {
      turns.leave(key);
    }
  }

  /** A block from here, else from whoever has it; those after it are likely to be wanted next. */
  private Block block(StorageKey key, List<StorageKey> near, Whereabouts whereabouts, long patience)
      throws ItemException {
    Deadline deadline = platform.deadline(patience);
    try {
      Optional<Block> block = local.block(key);
      if (block.isEmpty()) {
        block = fetching.content(key, whereabouts.of(key, near, false));
      }
      if (block.isEmpty()) {
        block = fetching.content(key, whereabouts.of(key, near, true));
      }
      while (block.isEmpty() && !deadline.passed(platform.clock())) {
        platform.tasks().sleep(LOOK_AGAIN);
        block = fetching.content(key, whereabouts.of(key, near, true));
      }
      return block.orElseThrow(
          () ->
              new ItemException(
                  ItemException.Reason.OFFLINE, "nobody who is online has all of it"));
    } catch (StoreException e) {
      throw new ItemException(ItemException.Reason.STORAGE_FAILED, String.valueOf(e.getMessage()));
    }
  }

  private static ItemException broken() {
    return new ItemException(ItemException.Reason.NOT_VERIFIED, "the file can't be opened");
  }
}
