package dev.p2pcp.node;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.identity.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The version of an item that this device has. {@code writtenHere} until another device's version
 * replaces it; head is {@link ItemBlocks#identityOf} of its block, parent that of the last version
 * of another device on which it builds, zeros for none. Kept sealed, as {@code u16 length ‖ path ‖
 * u8 flags ‖ version u64 ‖ time u64 ‖ size u64 ‖ key 32 ‖ head 32 ‖ parent 32 ‖ u16 n ‖ n × chunk
 * key 32}.
 */
record ItemState(
    Path path,
    boolean isPublic,
    boolean writtenHere,
    long version,
    long time,
    long size,
    StorageKey key,
    Hash head,
    Hash parent,
    List<StorageKey> chunks) {
  private static final int PUBLIC = 1;
  private static final int WRITTEN_HERE = 2;

  /** All blocks that the item takes. */
  List<StorageKey> blocks() {
    List<StorageKey> all = new ArrayList<>(chunks);
    all.add(key);
    return all;
  }

  /** What a next version that is written here names as its parent. */
  Hash nextParent() {
    return writtenHere ? parent : head;
  }

  Catalogue.Entry entry() {
    return new Catalogue.Entry(path, isPublic, false, version, time, size, chunks.size() + 1);
  }

  Bytes encoded() {
    ByteWriter writer =
        new ByteWriter(256)
            .bytes16(path.utf8())
            .u8((isPublic ? PUBLIC : 0) | (writtenHere ? WRITTEN_HERE : 0))
            .u64(version)
            .u64(time)
            .u64(size)
            .bytes(key.bytes())
            .bytes(head.bytes())
            .bytes(parent.bytes())
            .u16(chunks.size());
    chunks.forEach(chunk -> writer.bytes(chunk.bytes()));
    return writer.toBytes();
  }

  static ItemState decode(Bytes encoded) throws MalformedFrameException {
    ByteReader reader = new ByteReader(encoded);
    Path path = Path.parse(reader.text(Path.MAX_BYTES, "path"));
    int flags = reader.u8("flags");
    if (flags > (PUBLIC | WRITTEN_HERE)) {
      throw new MalformedFrameException("flags");
    }
    ItemState state =
        new ItemState(
            path,
            (flags & PUBLIC) != 0,
            (flags & WRITTEN_HERE) != 0,
            reader.u64("version"),
            reader.u64("time"),
            reader.u64("size"),
            StorageKey.read(reader, "key"),
            Hash.read(reader, "head"),
            Hash.read(reader, "parent"),
            reader.list(FileRoot.MAX_BLOCKS, "chunks", r -> StorageKey.read(r, "chunk")));
    reader.end();
    return state;
  }
}
