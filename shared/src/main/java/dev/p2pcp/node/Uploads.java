package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.SealedPayload;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.SealBrokenException;
import dev.p2pcp.identity.Path;
import dev.p2pcp.identity.Place;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.KeyedGate;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.quota.Allowance;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Stores files as they are read: some chunks at a time, each with what is known of the unfinished
 * file in one transaction, so that they are own blocks at once and are brought to holders
 * meanwhile. Whoever stores the same file there again goes on where it stopped.
 */
final class Uploads {
  /** Chunks read, sealed and stored together: 4 MiB. */
  private static final int AT_ONCE = 16;

  /** Chunks of which are looked at again whether it is the same file. */
  private static final int PROBES = 4;

  private final Platform platform;
  private final BlockStore store;
  private final Items items;
  private final ItemBook book;
  private final Places places;
  private final Reader reader;
  private final OwnBlocks own;
  private final KeyedGate<Path> turns;

  Uploads(
      Platform platform,
      BlockStore store,
      Items items,
      ItemBook book,
      Places places,
      Reader reader,
      OwnBlocks own) {
    this.platform = platform;
    this.store = store;
    this.items = items;
    this.book = book;
    this.places = places;
    this.reader = reader;
    this.own = own;
    this.turns = new KeyedGate<>(platform.tasks());
  }

  /** A file that is being stored. */
  private record Upload(UploadHead head, FileSeal seal, List<StorageKey> chunks) {}

  /**
   * Stores a file as a new version of what is there. Suspends until all of it is durable here.
   *
   * @param allowed judges the number of own blocks after the change
   * @throws ItemException if it can't be stored, or was stopped: what is stored of it stays
   */
  void put(
      Path path,
      FileSource source,
      FileInfo info,
      Function<Integer, Allowance> allowed,
      Files.Watch watch)
      throws ItemException {
    items.check(path);
    if (info.size() > FileRoot.MAX_SIZE
        || Bytes.utf8(info.name()).length() > FileRoot.MAX_NAME
        || Bytes.utf8(info.type()).length() > FileRoot.MAX_TYPE) {
      throw new ItemException(ItemException.Reason.TOO_LARGE, "the file is over 2 GiB");
    }
    turns.enter(path, Deadline.NEVER);
    try {
      Optional<Upload> known = resumed(path, source, info);
      // Not a lambda of java.util.function: making a key suspends in the browser.
      Upload upload = known.isPresent() ? known.get() : begun(path, info);
      checkRoom(path, upload, allowed);
      fill(path, upload, source, watch);
      Bytes inline =
          FileRoot.chunksOf(info.size()) == 0 ? read(source, 0, (int) info.size()) : Bytes.EMPTY;
      items.inTurn(() -> finish(path, upload, inline, allowed));
    } catch (StoreException e) {
      throw Items.failed(e);
    } finally {
      turns.leave(path);
    }
  }

  /** Lets go of what is stored of an unfinished file. Suspends. */
  void cancel(Path path) throws ItemException {
    turns.enter(path, Deadline.NEVER);
    try {
      items.inTurn(() -> book.store(new ItemWriter.Change(List.of(), segments(path), b -> {})));
    } finally {
      turns.leave(path);
    }
  }

  /** Files that are not stored whole. Suspends. */
  List<Files.Unfinished> unfinished() throws StoreException {
    List<Files.Unfinished> all = new ArrayList<>();
    for (ItemState first : book.statesUnder(UploadHead.FOLDER)) {
      if (UploadHead.isFirst(first.path())) {
        Optional<UploadHead> head = head(first);
        if (head.isPresent()) {
          long chunks = chunks(segments(head.get().path())).size();
          long done = Math.min(head.get().info().size(), chunks * FileRoot.CHUNK);
          all.add(new Files.Unfinished(head.get().path(), head.get().info(), done));
        }
      }
    }
    return all;
  }

  private Upload begun(Path path, FileInfo info) {
    UploadHead head = new UploadHead(path, info, platform.entropy().bytes(32));
    return new Upload(head, FileSeal.of(platform, head.key()), new ArrayList<>());
  }

  /** What is stored already of this very file; what is stored of another one is let go of. */
  private Optional<Upload> resumed(Path path, FileSource source, FileInfo info)
      throws StoreException, ItemException {
    List<ItemState> segments = segments(path);
    if (segments.isEmpty()) {
      return Optional.empty();
    }
    Optional<UploadHead> head = head(segments.get(0)).filter(h -> h.info().equals(info));
    if (head.isPresent()) {
      Upload upload =
          new Upload(head.get(), FileSeal.of(platform, head.get().key()), chunks(segments));
      if (isSame(upload, source)) {
        return Optional.of(upload);
      }
    }
    items.inTurn(() -> book.store(new ItemWriter.Change(List.of(), segments, b -> {})));
    return Optional.empty();
  }

  /** Compares the first and the last chunk and some others. */
  private boolean isSame(Upload upload, FileSource source) throws StoreException, ItemException {
    int count = upload.chunks.size();
    Set<Integer> probes = new TreeSet<>(List.of(0, count - 1));
    for (int i = 2; i < PROBES; i++) {
      probes.add(platform.entropy().below(count));
    }
    for (int number : probes) {
      Optional<Block> block = reader.local(upload.chunks.get(number));
      if (block.isEmpty()) {
        return false;
      }
      try {
        Bytes stored = upload.seal.open(FileSeal.Part.CHUNK, number, block.get());
        if (!stored.equals(read(source, (long) number * FileRoot.CHUNK, stored.length()))) {
          return false;
        }
      } catch (SealBrokenException e) {
        return false;
      }
    }
    return true;
  }

  private void checkRoom(Path path, Upload upload, Function<Integer, Allowance> allowed)
      throws StoreException, ItemException {
    long size = upload.head.info().size();
    int done = upload.chunks.isEmpty() ? 0 : upload.chunks.size() + 1;
    int replaced = items.state(path).map(state -> state.blocks().size()).orElse(0);
    int listed = items.state(Catalogue.PATH).isPresent() ? 0 : 1;
    int after = own.count() - done - replaced + FileRoot.blocksOf(size) + 1 + listed;
    Allowance allowance = allowed.apply(after);
    if (allowance.missing() > 0) {
      throw new ItemException(allowance);
    }
    BlockStore.Usage usage = store.usage();
    long left = size - (long) upload.chunks.size() * FileRoot.CHUNK;
    if (usage.grantedBytes() - usage.usedBytes() < left) {
      throw Items.failed(new StoreException(StoreException.Reason.FULL, "no room for the file"));
    }
  }

  private void fill(Path path, Upload upload, FileSource source, Files.Watch watch)
      throws ItemException {
    long size = upload.head.info().size();
    int total = FileRoot.chunksOf(size);
    while (upload.chunks.size() < total) {
      int from = upload.chunks.size();
      long at = (long) from * FileRoot.CHUNK;
      watch.done(at);
      if (watch.isStopped()) {
        throw new ItemException(ItemException.Reason.ABORTED, "stopped");
      }
      int room = UploadHead.SEGMENT - from % UploadHead.SEGMENT;
      int count = Math.min(Math.min(AT_ONCE, room), total - from);
      Bytes bytes = read(source, at, (int) Math.min((long) count * FileRoot.CHUNK, size - at));
      Map<StorageKey, Block> blocks = new LinkedHashMap<>();
      for (int i = 0; i < count; i++) {
        int begin = i * FileRoot.CHUNK;
        Bytes plain = bytes.slice(begin, FileRoot.lengthOf(size, from + i));
        add(upload.seal.seal(FileSeal.Part.CHUNK, from + i, plain), blocks);
      }
      List<StorageKey> fresh = List.copyOf(blocks.keySet());
      items.inTurn(() -> extend(path, upload, fresh, blocks));
    }
    watch.done(size);
  }

  private static Bytes read(FileSource source, long from, int length) throws ItemException {
    Bytes bytes = source.read(from, length);
    if (bytes.length() != length) {
      throw new ItemException(ItemException.Reason.UNREADABLE, "the file is shorter by now");
    }
    return bytes;
  }

  private StorageKey add(Block.Content block, Map<StorageKey, Block> blocks) {
    StorageKey key = StorageKey.ofContent(platform.crypto(), block.encoded());
    blocks.put(key, block);
    return key;
  }

  private void extend(
      Path path, Upload upload, List<StorageKey> fresh, Map<StorageKey, Block> blocks)
      throws StoreException {
    int number = upload.chunks.size() / UploadHead.SEGMENT;
    Path at = UploadHead.segment(path, number);
    Optional<ItemState> before = book.state(at);
    List<StorageKey> chunks = new ArrayList<>(before.map(ItemState::chunks).orElse(List.of()));
    chunks.addAll(fresh);
    StorageKey key;
    if (before.isPresent()) {
      key = before.get().key();
    } else if (number == 0) {
      key = add(sealedHead(upload.head), blocks);
    } else {
      key = chunks.remove(0);
    }
    long now = platform.clock().now();
    ItemState state =
        new ItemState(
            at, false, true, 1, now, 0, key, ItemBody.NO_PARENT, ItemBody.NO_PARENT, chunks);
    book.extend(new ItemWriter.Version(state, blocks, false));
    upload.chunks.addAll(fresh);
  }

  private Block.Content sealedHead(UploadHead head) {
    Place place = places.of(UploadHead.segment(head.path(), 0), false);
    return Block.Content.of(
        SealedPayload.seal(
            place.seal().orElseThrow(),
            platform.entropy(),
            place.key().bytes(),
            head.encoded(),
            Block.Content.MAX_PAYLOAD));
  }

  private Optional<UploadHead> head(ItemState first) throws StoreException {
    Optional<Block> block = reader.local(first.key());
    if (block.isEmpty()) {
      return Optional.empty();
    }
    Place place = places.of(first.path(), false);
    try {
      Bytes opened =
          SealedPayload.open(
              place.seal().orElseThrow(), place.key().bytes(), block.get().payload());
      return Optional.of(UploadHead.decode(opened));
    } catch (SealBrokenException | MalformedFrameException e) {
      throw new StoreException(StoreException.Reason.DAMAGED, "an unfinished file");
    }
  }

  private List<ItemState> segments(Path path) {
    List<ItemState> segments = new ArrayList<>();
    Optional<ItemState> next = book.state(UploadHead.segment(path, 0));
    while (next.isPresent()) {
      segments.add(next.get());
      next = book.state(UploadHead.segment(path, segments.size()));
    }
    return segments;
  }

  private static List<StorageKey> chunks(List<ItemState> segments) {
    List<StorageKey> chunks = new ArrayList<>();
    for (ItemState segment : segments) {
      if (!chunks.isEmpty()) {
        chunks.add(segment.key());
      }
      chunks.addAll(segment.chunks());
    }
    return chunks;
  }

  private void finish(Path path, Upload upload, Bytes inline, Function<Integer, Allowance> allowed)
      throws StoreException, ItemException {
    FileInfo info = upload.head.info();
    Map<StorageKey, Block> blocks = new LinkedHashMap<>();
    List<StorageKey> keys = upload.chunks;
    int indexes = FileRoot.indexesOf(keys.size());
    if (indexes > 0) {
      keys = new ArrayList<>();
      for (int i = 0; i < indexes; i++) {
        int from = i * FileRoot.FAN_OUT;
        int end = Math.min(upload.chunks.size(), from + FileRoot.FAN_OUT);
        Bytes list = FileRoot.listed(upload.chunks.subList(from, end));
        keys.add(add(upload.seal.seal(FileSeal.Part.INDEX, i, list), blocks));
      }
    }
    FileRoot root = new FileRoot(info.size(), info.time(), info.name(), info.type(), inline, keys);
    StorageKey rootKey = add(upload.seal.seal(FileSeal.Part.ROOT, 0, root.encoded()), blocks);
    List<StorageKey> content = new ArrayList<>(upload.chunks);
    content.addAll(blocks.keySet());
    FileLink link = new FileLink(rootKey, upload.head.key());
    ItemBody body = ItemBody.file(book.nextParent(path), info.size(), link);
    ItemWriter.Version head = book.file(body, path, false, content, book.nextVersion(path));
    blocks.putAll(head.blocks());
    book.write(
        head.state().entry(),
        List.of(new ItemWriter.Version(head.state(), blocks, false)),
        segments(path),
        batch -> {},
        allowed);
    book.changed(path, false);
  }
}
