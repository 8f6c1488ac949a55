package dev.p2pcp.bucket;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;

/**
 * A bucket that is lent, and what it may cost in a month: kept in a private item of its owner.
 *
 * @param requests in a calendar month (UTC), 0 for any number
 * @param bytes likewise, both ways together
 */
public record BucketTerms(BucketAccess access, long requests, long bytes) {
  private static final int FORMAT = 1;
  private static final int MAX_TEXT = 512;

  public Bytes encoded() {
    return new ByteWriter()
        .u8(FORMAT)
        .bytes16(Bytes.utf8(access.endpoint()))
        .bytes16(Bytes.utf8(access.region()))
        .bytes16(Bytes.utf8(access.bucket()))
        .bytes16(Bytes.utf8(access.prefix()))
        .u8(access.pathStyle() ? 1 : 0)
        .bytes16(Bytes.utf8(access.keyId()))
        .bytes16(Bytes.utf8(access.secret()))
        .u64(requests)
        .u64(bytes)
        .toBytes();
  }

  /** Reads them back. */
  public static BucketTerms decode(Bytes encoded) throws MalformedFrameException {
    ByteReader reader = new ByteReader(encoded);
    if (reader.u8("format") != FORMAT) {
      throw new MalformedFrameException("format");
    }
    BucketAccess access =
        new BucketAccess(
            reader.text(MAX_TEXT, "endpoint"),
            reader.text(MAX_TEXT, "region"),
            reader.text(MAX_TEXT, "bucket"),
            reader.text(MAX_TEXT, "prefix"),
            reader.flag("style"),
            reader.text(MAX_TEXT, "key"),
            reader.text(MAX_TEXT, "secret"));
    BucketTerms terms = new BucketTerms(access, reader.u64("requests"), reader.u64("bytes"));
    reader.end();
    if (!access.isSound()) {
      throw new MalformedFrameException("bucket");
    }
    return terms;
  }
}
