package dev.p2pcp.node;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.wire.Limits;
import java.util.List;

/**
 * What a person has set on this device: slots lent, copies wanted, index servers (http(s) origins),
 * and whether the 24 words were confirmed to be saved.
 */
record Settings(int slots, int copies, List<String> origins, boolean wordsSaved) {
  /** Slots lent unless the person or the browser says otherwise: 128 MiB. */
  static final int DEFAULT_SLOTS = 512;

  static final int DEFAULT_COPIES = 3;
  private static final int MAX_ORIGIN = 256;

  Settings withSlots(int changed) {
    return new Settings(changed, copies, origins, wordsSaved);
  }

  Settings withCopies(int changed) {
    return new Settings(slots, changed, origins, wordsSaved);
  }

  Settings withOrigins(List<String> changed) {
    return new Settings(slots, copies, List.copyOf(changed), wordsSaved);
  }

  Settings withWordsSaved(boolean changed) {
    return new Settings(slots, copies, origins, changed);
  }

  /** Whether the text can be an index server's origin. */
  static boolean isOrigin(String text) {
    boolean scheme = text.startsWith("https://") || text.startsWith("http://");
    int host = text.indexOf("://") + 3;
    return scheme
        && text.length() <= MAX_ORIGIN
        && text.length() > host
        && text.indexOf('/', host) < 0
        && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }

  Bytes encoded() {
    ByteWriter writer =
        new ByteWriter().u32(slots).u8(copies).u8(wordsSaved ? 1 : 0).u16(origins.size());
    origins.forEach(origin -> writer.bytes16(Bytes.utf8(origin)));
    return writer.toBytes();
  }

  static Settings decode(Bytes encoded) throws MalformedFrameException {
    ByteReader reader = new ByteReader(encoded);
    int slots = reader.count(Limits.SLOTS, "slots");
    int copies = reader.u8("copies");
    int saved = reader.u8("words saved");
    List<String> origins = reader.list(Servers.MAX, "origins", r -> r.text(MAX_ORIGIN, "origin"));
    reader.end();
    if (copies < 1 || copies > Limits.COPIES || saved > 1) {
      throw new MalformedFrameException("settings");
    }
    return new Settings(slots, copies, origins, saved == 1);
  }
}
