package dev.p2pcp.bucket;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * URLs of many objects of one bucket that were signed at one moment, so that they differ in name
 * and signature only: {@code u8 1 ‖ base text ‖ query text ‖ list of (storage key 32 ‖ signature
 * 32)}. It is a hint like any other: blocks are verified, URLs are followed with care.
 */
public final class Directory {
  /** Most blocks of one directory: it fits the length of a block. */
  public static final int MOST = 4_000;

  private static final int FORMAT = 1;
  private static final int MAX_TEXT = 1_024;

  private final String base;
  private final String query;
  private final Map<StorageKey, Bytes> signatures;

  private Directory(String base, String query, Map<StorageKey, Bytes> signatures) {
    this.base = base;
    this.query = query;
    this.signatures = signatures;
  }

  /** Signs for objects that are named by their storage keys, {@link #MOST} at most. */
  public static Directory of(BucketAccess access, List<StorageKey> keys, long now, int seconds) {
    Map<StorageKey, Bytes> signatures = new LinkedHashMap<>();
    String base = "";
    String query = "";
    for (StorageKey key : keys) {
      BucketAccess.Signed signed = access.sign("GET", key.toString(), List.of(), now, seconds);
      int at = signed.url().indexOf('?');
      base = signed.url().substring(0, at - key.toString().length());
      query = signed.url().substring(at + 1);
      signatures.put(key, signed.signature());
    }
    return new Directory(base, query, signatures);
  }

  /** Where that block can be read, if this directory has it. */
  public Optional<String> url(StorageKey key) {
    Bytes signature = signatures.get(key);
    return signature == null
        ? Optional.empty()
        : Optional.of(new BucketAccess.Signed(base + key + "?" + query, signature).text());
  }

  /** How many blocks it has. */
  public int size() {
    return signatures.size();
  }

  public Bytes encoded() {
    ByteWriter writer =
        new ByteWriter()
            .u8(FORMAT)
            .bytes16(Bytes.utf8(base))
            .bytes16(Bytes.utf8(query))
            .u16(signatures.size());
    signatures.forEach((key, signature) -> writer.bytes(key.bytes()).bytes(signature));
    return writer.toBytes();
  }

  /** Decodes what somebody else wrote. */
  public static Directory decode(Bytes encoded) throws MalformedFrameException {
    if (encoded.length() > Block.MAX_LENGTH) {
      throw new MalformedFrameException("directory");
    }
    ByteReader reader = new ByteReader(encoded);
    if (reader.u8("format") != FORMAT) {
      throw new MalformedFrameException("format");
    }
    String base = reader.text(MAX_TEXT, "base");
    String query = reader.text(MAX_TEXT, "query");
    Map<StorageKey, Bytes> signatures = new LinkedHashMap<>();
    List<Bytes> rows = reader.list(MOST, "blocks", r -> r.bytes(2 * StorageKey.LENGTH, "block"));
    for (Bytes row : rows) {
      signatures.put(new StorageKey(row.slice(0, StorageKey.LENGTH)), row.from(StorageKey.LENGTH));
    }
    reader.end();
    return new Directory(base, query, signatures);
  }
}
