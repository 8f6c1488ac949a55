package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.SealedPayload;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.SealBrokenException;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.identity.Place;
import dev.p2pcp.platform.Platform;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns an item's value into blocks, sealed unless it is public, and back. */
final class ItemBlocks {
  private final Platform platform;

  ItemBlocks(Platform platform) {
    this.platform = platform;
  }

  /** A version of an item: its signed head, and the chunks of a value that does not fit in it. */
  record Written(StorageKey key, Block.Signed head, Map<StorageKey, Block.Content> chunks) {
    Map<StorageKey, Block> blocks() {
      Map<StorageKey, Block> all = new LinkedHashMap<>(chunks);
      all.put(key, head);
      return all;
    }
  }

  /** Makes a new version. Suspends. */
  Written write(Place place, Bytes value, Hash parent, long version, long time) {
    Map<StorageKey, Block.Content> chunks = new LinkedHashMap<>();
    ItemBody body;
    if (value.length() <= ItemBody.MAX_INLINE) {
      body = ItemBody.inline(parent, value);
    } else {
      Bytes chunkKey = place.seal().isPresent() ? platform.entropy().bytes(32) : ItemBody.NO_KEY;
      List<StorageKey> keys = chunk(place, value, chunkKey, chunks);
      body = ItemBody.chunked(parent, value.length(), chunkKey, keys);
    }
    return new Written(place.key(), head(place, body, version, time), chunks);
  }

  /** Makes the head of a new version. Suspends. */
  Block.Signed head(Place place, ItemBody body, long version, long time) {
    Bytes payload =
        place.seal().isPresent() ? sealHead(place.seal().get(), place.key(), body) : body.encoded();
    return Block.Signed.sign(place.writeKey(), place.pathHash(), version, time, payload);
  }

  /**
   * Reads the body of a head. Suspends.
   *
   * @throws SealBrokenException if it was sealed otherwise
   * @throws MalformedFrameException if it holds no item
   */
  static ItemBody open(Optional<Crypto.SealingKey> seal, Block.Signed head)
      throws SealBrokenException, MalformedFrameException {
    if (seal.isEmpty()) {
      return ItemBody.decode(head.payload());
    }
    return ItemBody.decode(
        SealedPayload.open(seal.get(), head.storageKey().bytes(), head.payload()));
  }

  /** Reads the value's part in a chunk. Suspends. */
  Bytes openChunk(ItemBody body, Block chunk) throws SealBrokenException {
    if (body.chunkKey().equals(ItemBody.NO_KEY)) {
      return chunk.payload();
    }
    Crypto.SealingKey key = platform.crypto().sealingKey(body.chunkKey());
    return SealedPayload.open(key, Bytes.EMPTY, chunk.payload());
  }

  /** What tells one version from another. */
  static Hash identityOf(Block.Signed head) {
    return Sha256.hash(head.signature().bytes());
  }

  private Bytes sealHead(Crypto.SealingKey seal, StorageKey key, ItemBody body) {
    return SealedPayload.seal(
        seal, platform.entropy(), key.bytes(), body.encoded(), Block.Signed.MAX_PAYLOAD);
  }

  private List<StorageKey> chunk(
      Place place, Bytes value, Bytes chunkKey, Map<StorageKey, Block.Content> chunks) {
    List<StorageKey> keys = new ArrayList<>();
    for (int at = 0; at < value.length(); at += ItemBody.CHUNK) {
      Bytes part = value.slice(at, Math.min(ItemBody.CHUNK, value.length() - at));
      Bytes payload = part;
      if (place.seal().isPresent()) {
        payload =
            SealedPayload.seal(
                platform.crypto().sealingKey(chunkKey),
                platform.entropy(),
                Bytes.EMPTY,
                part,
                Block.Content.MAX_PAYLOAD);
      }
      Block.Content block = Block.Content.of(payload);
      StorageKey key = StorageKey.ofContent(platform.crypto(), block.encoded());
      keys.add(key);
      chunks.put(key, block);
    }
    return keys;
  }
}
