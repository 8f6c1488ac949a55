package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.SealBrokenException;
import dev.p2pcp.platform.Parallel;
import dev.p2pcp.platform.Platform;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Puts the value of an item together from its blocks, here or with others. */
final class Values {
  private static final int AT_ONCE = 6;
  private static final long TIME = 120_000;

  private final Platform platform;
  private final Reader reader;
  private final Places places;
  private final ItemBlocks blocks;
  private final FileReading files;

  Values(Platform platform, Reader reader, Places places, FileReading files) {
    this.files = files;
    this.platform = platform;
    this.reader = reader;
    this.places = places;
    this.blocks = new ItemBlocks(platform);
  }

  /** The head that this device has of a version. Suspends. */
  Optional<Block.Signed> head(ItemState state) throws StoreException {
    return reader.local(state.key()).flatMap(Reader::asSigned);
  }

  /** What stands in the head that this device has. Suspends. */
  Optional<ItemBody> body(ItemState state) throws StoreException {
    Optional<Block.Signed> head = head(state);
    try {
      return head.isEmpty()
          ? Optional.empty()
          : Optional.of(ItemBlocks.open(places.sealOf(state.path(), state.isPublic()), head.get()));
    } catch (SealBrokenException | MalformedFrameException e) {
      throw damaged();
    }
  }

  /** All content blocks of an item. Suspends, as a file's are to be looked up. */
  List<StorageKey> content(ItemBody body) throws ItemException {
    return body.isFile() ? files.blocks(body.link()) : body.chunks();
  }

  private static StoreException damaged() {
    return new StoreException(StoreException.Reason.DAMAGED, "an own item");
  }

  /** The value as far as this device has all of it; none of a file. Suspends. */
  Optional<Bytes> local(ItemState state) throws StoreException {
    Optional<ItemBody> opened = body(state);
    if (opened.isEmpty() || opened.get().isFile()) {
      return Optional.empty();
    }
    try {
      ItemBody body = opened.get();
      List<Bytes> parts = new ArrayList<>();
      for (StorageKey key : body.chunks()) {
        Optional<Block> chunk = reader.local(key);
        if (chunk.isEmpty()) {
          return Optional.empty();
        }
        parts.add(blocks.openChunk(body, chunk.get()));
      }
      return Optional.of(joined(body, parts));
    } catch (SealBrokenException | MalformedFrameException e) {
      throw damaged();
    }
  }

  /**
   * The value from wherever its chunks are. Suspends.
   *
   * @throws ItemException if a chunk can't be had now, or does not open
   */
  Bytes remote(ItemBody body) throws ItemException {
    return remote(body, done -> {});
  }

  /** As {@link #remote(ItemBody)}, telling how many bytes are there. */
  Bytes remote(ItemBody body, LongConsumer progress) throws ItemException {
    if (body.isFile()) {
      throw new ItemException(ItemException.Reason.TOO_LARGE, "it is a file, to be read in parts");
    }
    if (body.isInline()) {
      return body.inline();
    }
    Map<StorageKey, Bytes> parts = new HashMap<>();
    List<StorageKey> keys = body.chunks().stream().distinct().toList();
    Map<StorageKey, List<Servers.Location>> where = reader.locationsOfMissing(keys);
    Parallel.forEach(
        platform,
        keys,
        AT_ONCE,
        platform.deadline(TIME),
        key -> fetch(body, key, where.getOrDefault(key, List.of()), parts, progress));
    List<Bytes> inOrder = new ArrayList<>();
    synchronized (parts) {
      for (StorageKey key : body.chunks()) {
        Bytes part = parts.get(key);
        if (part == null) {
          throw new ItemException(
              ItemException.Reason.OFFLINE, "nobody who is online has all of it");
        }
        inOrder.add(part);
      }
    }
    try {
      return joined(body, inOrder);
    } catch (MalformedFrameException e) {
      throw new ItemException(ItemException.Reason.NOT_VERIFIED, "the parts do not fit");
    }
  }

  private void fetch(
      ItemBody body,
      StorageKey key,
      List<Servers.Location> where,
      Map<StorageKey, Bytes> parts,
      LongConsumer progress) {
    try {
      Optional<Block> chunk = reader.content(key, where);
      if (chunk.isEmpty()) {
        return;
      }
      Bytes part = blocks.openChunk(body, chunk.get());
      long done;
      synchronized (parts) {
        parts.put(key, part);
        done = parts.values().stream().mapToLong(Bytes::length).sum();
      }
      progress.accept(done);
    } catch (StoreException | SealBrokenException e) {
      // The part stays missing, which the caller reports.
      return;
    }
  }

  private static Bytes joined(ItemBody body, List<Bytes> parts) throws MalformedFrameException {
    Bytes value = body.isInline() ? body.inline() : Bytes.concat(parts.toArray(new Bytes[0]));
    if (value.length() != body.size()) {
      throw new MalformedFrameException("size");
    }
    return value;
  }
}
