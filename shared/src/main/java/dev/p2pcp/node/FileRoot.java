package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.SealedPayload;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import java.util.List;

/**
 * What a file is and where its bytes are; the content of its root block. Sealed there as {@code u8
 * 1 ‖ size u64 ‖ time u64 ‖ u16 length ‖ name ‖ u16 length ‖ type}, then for a file of up to {@link
 * #MAX_INLINE} bytes these themselves, else {@code u16 n ‖ n × storage key 32}: of its chunks if
 * those are at most {@link #FAN_OUT}, else of index blocks, each of which lists {@link #FAN_OUT} of
 * them, the last one the rest. A chunk holds {@link #CHUNK} bytes, the last one the rest.
 */
record FileRoot(
    long size, long time, String name, String type, Bytes inline, List<StorageKey> keys) {
  /** Longest file, in bytes. */
  static final long MAX_SIZE = 2L << 30;

  /** Bytes of the file that a chunk holds; sealed it fills a content block. */
  static final int CHUNK = Block.Content.MAX_PAYLOAD - SealedPayload.OVERHEAD;

  /** Longest file that needs no chunks. */
  static final int MAX_INLINE = 128 * 1024;

  /** Most keys in one block. */
  static final int FAN_OUT = 1_024;

  /** Most bytes of UTF-8 of a name, and of a media type. */
  static final int MAX_NAME = 1_024;

  static final int MAX_TYPE = 255;

  /** Most blocks of a file: chunks, index blocks, and the root. */
  static final int MAX_BLOCKS = chunksOf(MAX_SIZE) + indexesOf(chunksOf(MAX_SIZE)) + 1;

  private static final int FORMAT = 1;

  /** Chunks of a file of that size. */
  static int chunksOf(long size) {
    return size <= MAX_INLINE ? 0 : (int) ((size + CHUNK - 1) / CHUNK);
  }

  /** Index blocks of so many chunks. */
  static int indexesOf(int chunks) {
    return chunks <= FAN_OUT ? 0 : (chunks + FAN_OUT - 1) / FAN_OUT;
  }

  /** All blocks of a file of that size: chunks, index blocks and the root. */
  static int blocksOf(long size) {
    int chunks = chunksOf(size);
    return chunks + indexesOf(chunks) + 1;
  }

  /** Whether the keys are those of index blocks. */
  boolean isIndexed() {
    return indexesOf(chunksOf(size)) > 0;
  }

  /** Bytes of the file in the chunk of that number. */
  static int lengthOf(long size, int chunk) {
    return (int) Math.min(CHUNK, size - (long) chunk * CHUNK);
  }

  /** Chunks that the index block of that number lists. */
  int listedIn(int index) {
    return Math.min(FAN_OUT, chunksOf(size) - index * FAN_OUT);
  }

  Bytes encoded() {
    ByteWriter writer =
        new ByteWriter(64)
            .u8(FORMAT)
            .u64(size)
            .u64(time)
            .bytes16(Bytes.utf8(name))
            .bytes16(Bytes.utf8(type));
    return size <= MAX_INLINE
        ? writer.bytes(inline).toBytes()
        : writer.bytes(listed(keys)).toBytes();
  }

  static FileRoot decode(Bytes encoded) throws MalformedFrameException {
    ByteReader reader = new ByteReader(encoded);
    if (reader.u8("file format") != FORMAT) {
      throw new MalformedFrameException("file format");
    }
    long size = reader.u64("size");
    long time = reader.u64("time");
    String name = reader.text(MAX_NAME, "name");
    String type = reader.text(MAX_TYPE, "type");
    if (size > MAX_SIZE) {
      throw new MalformedFrameException("size");
    }
    int chunks = chunksOf(size);
    if (chunks == 0) {
      Bytes inline = reader.rest();
      if (inline.length() != size) {
        throw new MalformedFrameException("size");
      }
      return new FileRoot(size, time, name, type, inline, List.of());
    }
    int indexes = indexesOf(chunks);
    List<StorageKey> keys = keys(reader, indexes > 0 ? indexes : chunks);
    return new FileRoot(size, time, name, type, Bytes.EMPTY, keys);
  }

  /** {@code u16 n ‖ n × storage key 32}: also all that stands in an index block. */
  static Bytes listed(List<StorageKey> keys) {
    ByteWriter writer = new ByteWriter(2 + StorageKey.LENGTH * keys.size()).u16(keys.size());
    keys.forEach(key -> writer.bytes(key.bytes()));
    return writer.toBytes();
  }

  /** Reads an index block of so many keys. */
  static List<StorageKey> keys(ByteReader reader, int count) throws MalformedFrameException {
    List<StorageKey> keys = reader.list(FAN_OUT, "chunks", r -> StorageKey.read(r, "chunk"));
    reader.end();
    if (keys.size() != count) {
      throw new MalformedFrameException("chunks");
    }
    return keys;
  }
}
