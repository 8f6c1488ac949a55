package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.SealedPayload;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Hash;
import java.util.List;

/**
 * What stands in the signed block of an item: {@code u8 1 ‖ parent 32 ‖ size u64 ‖ u8 kind}, then
 * for kind 0 the value itself, for kind 1 {@code chunk key 32 ‖ u16 n ‖ n × storage key 32} naming
 * content blocks, for kind 2, a file, {@code file key 32 ‖ root 32}. Parent is the hash of the last
 * version of another device on which this one builds, zeros for none; the chunk key is zeros where
 * the item is public.
 */
record ItemBody(
    Hash parent, long size, Bytes inline, Bytes chunkKey, List<StorageKey> chunks, boolean isFile) {
  /** Longest value of an item, in bytes. */
  static final int MAX_SIZE = 64 * 1024 * 1024;

  /** Bytes of the value that a chunk holds; sealed and padded it fills a content block. */
  static final int CHUNK = Block.Content.MAX_PAYLOAD - SealedPayload.OVERHEAD;

  /** Longest value that needs no chunks: with its head it fits a signed block. */
  static final int MAX_INLINE = 128 * 1024;

  static final int MAX_CHUNKS = (MAX_SIZE + CHUNK - 1) / CHUNK;
  static final Hash NO_PARENT = new Hash(Bytes.wrap(new byte[Hash.LENGTH]));
  static final Bytes NO_KEY = Bytes.wrap(new byte[32]);

  private static final int FORMAT = 1;
  private static final int INLINE = 0;
  private static final int CHUNKED = 1;
  private static final int FILE = 2;

  static ItemBody inline(Hash parent, Bytes value) {
    return new ItemBody(parent, value.length(), value, NO_KEY, List.of(), false);
  }

  static ItemBody chunked(Hash parent, long size, Bytes chunkKey, List<StorageKey> chunks) {
    return new ItemBody(parent, size, Bytes.EMPTY, chunkKey, List.copyOf(chunks), false);
  }

  static ItemBody file(Hash parent, long size, FileLink link) {
    return new ItemBody(parent, size, Bytes.EMPTY, link.key(), List.of(link.root()), true);
  }

  /** Of a file: what leads to it. */
  FileLink link() {
    return new FileLink(chunks.get(0), chunkKey);
  }

  boolean isInline() {
    return chunks.isEmpty();
  }

  Bytes encoded() {
    ByteWriter writer =
        new ByteWriter(64 + inline.length()).u8(FORMAT).bytes(parent.bytes()).u64(size);
    if (isInline()) {
      return writer.u8(INLINE).bytes(inline).toBytes();
    }
    if (isFile) {
      return writer.u8(FILE).bytes(chunkKey).bytes(chunks.get(0).bytes()).toBytes();
    }
    writer.u8(CHUNKED).bytes(chunkKey).u16(chunks.size());
    chunks.forEach(chunk -> writer.bytes(chunk.bytes()));
    return writer.toBytes();
  }

  static ItemBody decode(Bytes encoded) throws MalformedFrameException {
    ByteReader reader = new ByteReader(encoded);
    if (reader.u8("item format") != FORMAT) {
      throw new MalformedFrameException("item format");
    }
    Hash parent = Hash.read(reader, "parent");
    long size = reader.u64("size");
    switch (reader.u8("item kind")) {
      case INLINE -> {
        Bytes value = reader.rest();
        if (value.length() != size || size > MAX_INLINE) {
          throw new MalformedFrameException("size");
        }
        return inline(parent, value);
      }
      case CHUNKED -> {
        Bytes key = reader.bytes(NO_KEY.length(), "chunk key");
        List<StorageKey> chunks =
            reader.list(MAX_CHUNKS, "chunks", r -> StorageKey.read(r, "chunk"));
        reader.end();
        if (size > MAX_SIZE || chunks.size() != (size + CHUNK - 1) / CHUNK || chunks.isEmpty()) {
          throw new MalformedFrameException("size");
        }
        return chunked(parent, size, key, chunks);
      }
      case FILE -> {
        Bytes key = reader.bytes(NO_KEY.length(), "file key");
        StorageKey root = StorageKey.read(reader, "root");
        reader.end();
        if (size > FileRoot.MAX_SIZE) {
          throw new MalformedFrameException("size");
        }
        return file(parent, size, new FileLink(root, key));
      }
      default -> throw new MalformedFrameException("item kind");
    }
  }
}
