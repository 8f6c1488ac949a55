package dev.p2pcp.channel;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Hash;
import java.util.List;
import java.util.Optional;

/**
 * What somebody says in a channel, as the value of a node: {@code u8 16 ‖ u8 0 or 1 ‖ reply 0 or 32
 * ‖ text ‖ list of (link 64 ‖ name ‖ type ‖ size u64)}.
 *
 * @param reply the node that it answers
 * @param text Markdown, at most {@link #MAX_TEXT} bytes; empty only with files
 */
public record Post(Optional<Hash> reply, String text, List<Attached> files) {
  static final int KIND = 16;

  /** Longest text, in bytes of UTF-8. */
  public static final int MAX_TEXT = 8 * 1024;

  /** Files of one post at most. */
  public static final int MAX_FILES = 8;

  private static final int LINK = 64;
  private static final int MAX_FILE_NAME = 255;
  private static final int MAX_TYPE = 127;

  /** A file that the post shows: what its author says of it, and the link to read it by. */
  public record Attached(Bytes link, String name, String type, long size) {
    private boolean fits() {
      return link.length() == LINK
          && Bytes.utf8(name).length() <= MAX_FILE_NAME
          && Bytes.utf8(type).length() <= MAX_TYPE
          && size >= 0;
    }
  }

  public Post {
    files = List.copyOf(files);
  }

  /** Whether it keeps to the limits. */
  public boolean fits() {
    boolean fits = files.size() <= MAX_FILES && Bytes.utf8(text).length() <= MAX_TEXT;
    for (Attached file : files) {
      fits &= file.fits();
    }
    return fits && !(text.isEmpty() && files.isEmpty());
  }

  /** The value of a node. */
  public Bytes value() {
    ByteWriter writer = new ByteWriter().u8(KIND).u8(reply.isPresent() ? 1 : 0);
    reply.ifPresent(name -> writer.bytes(name.bytes()));
    writer.bytes16(Bytes.utf8(text)).u16(files.size());
    for (Attached file : files) {
      writer
          .bytes(file.link)
          .bytes16(Bytes.utf8(file.name))
          .bytes16(Bytes.utf8(file.type))
          .u64(file.size);
    }
    return writer.toBytes();
  }

  /** Whether a value means to be a post. */
  static boolean isMeant(Bytes value) {
    return !value.isEmpty() && value.at(0) == KIND;
  }

  /** Decodes. */
  public static Post decode(Bytes value) throws MalformedFrameException {
    ByteReader reader = new ByteReader(value);
    if (reader.u8("kind") != KIND) {
      throw new MalformedFrameException("kind");
    }
    Optional<Hash> reply =
        reader.flag("reply") ? Optional.of(Hash.read(reader, "reply")) : Optional.empty();
    String text = reader.text(MAX_TEXT, "text");
    List<Attached> files =
        reader.list(
            MAX_FILES,
            "files",
            r ->
                new Attached(
                    r.bytes(LINK, "link"),
                    r.text(MAX_FILE_NAME, "name"),
                    r.text(MAX_TYPE, "type"),
                    r.u64("size")));
    reader.end();
    if (text.isEmpty() && files.isEmpty()) {
      throw new MalformedFrameException("text");
    }
    return new Post(reply, text, files);
  }
}
