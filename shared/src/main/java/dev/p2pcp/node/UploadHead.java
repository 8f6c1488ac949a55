package dev.p2pcp.node;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.identity.Path;

/**
 * What is remembered of a file that is not stored whole: {@code u8 1 ‖ u16 length ‖ path ‖ size u64
 * ‖ time u64 ‖ u16 length ‖ name ‖ u16 length ‖ type ‖ file key 32}. Its chunks are listed in
 * states at reserved paths, {@link #SEGMENT} in each, so that adding some does not write the whole
 * list anew.
 */
record UploadHead(Path path, FileInfo info, Bytes key) {
  static final String FOLDER = Catalogue.RESERVED + "upload/";

  /** Chunks listed in one state. */
  static final int SEGMENT = 256;

  private static final int FORMAT = 1;
  private static final String FIRST = "/0";

  /** Where the chunks of that part of a file's list are remembered. */
  static Path segment(Path path, int number) {
    return new Path(FOLDER + path.hash().bytes().base64Url() + "/" + number);
  }

  static boolean isFirst(Path segment) {
    return segment.text().endsWith(FIRST);
  }

  Bytes encoded() {
    return new ByteWriter(256)
        .u8(FORMAT)
        .bytes16(path.utf8())
        .u64(info.size())
        .u64(info.time())
        .bytes16(Bytes.utf8(info.name()))
        .bytes16(Bytes.utf8(info.type()))
        .bytes(key)
        .toBytes();
  }

  static UploadHead decode(Bytes encoded) throws MalformedFrameException {
    ByteReader reader = new ByteReader(encoded);
    if (reader.u8("upload format") != FORMAT) {
      throw new MalformedFrameException("upload format");
    }
    Path path = Path.parse(reader.text(Path.MAX_BYTES, "path"));
    FileInfo info =
        new FileInfo(
            reader.u64("size"),
            reader.u64("time"),
            reader.text(FileRoot.MAX_NAME, "name"),
            reader.text(FileRoot.MAX_TYPE, "type"));
    Bytes key = reader.bytes(32, "file key");
    reader.end();
    return new UploadHead(path, info, key);
  }
}
