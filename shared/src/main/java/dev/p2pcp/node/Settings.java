package dev.p2pcp.node;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.wire.Limits;
import java.util.List;

/**
 * What a person has set on this device: slots lent, copies wanted, index servers (http(s) origins),
 * whether the 24 words were confirmed to be saved, and whether other agents are reached by relays
 * only, so that they never learn this device's address.
 */
record Settings(
    int slots, int copies, List<String> origins, boolean wordsSaved, boolean relayOnly) {
  /** Slots lent unless the person or the browser says otherwise: 128 MiB. */
  static final int DEFAULT_SLOTS = 512;

  static final int DEFAULT_COPIES = 3;
  private static final int MAX_ORIGIN = 256;

  /** Flags of the stored form. */
  private static final int SAVED = 1;

  private static final int RELAY_ONLY = 2;

  Settings withSlots(int changed) {
    return new Settings(changed, copies, origins, wordsSaved, relayOnly);
  }

  Settings withCopies(int changed) {
    return new Settings(slots, changed, origins, wordsSaved, relayOnly);
  }

  Settings withOrigins(List<String> changed) {
    return new Settings(slots, copies, List.copyOf(changed), wordsSaved, relayOnly);
  }

  Settings withWordsSaved(boolean changed) {
    return new Settings(slots, copies, origins, changed, relayOnly);
  }

  Settings withRelayOnly(boolean changed) {
    return new Settings(slots, copies, origins, wordsSaved, changed);
  }

  /** Whether these can be the index servers that an agent lives on. */
  static boolean areOrigins(List<String> chosen) {
    return !chosen.isEmpty()
        && chosen.size() <= Servers.MAX
        && chosen.stream().allMatch(Settings::isOrigin);
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
        new ByteWriter()
            .u32(slots)
            .u8(copies)
            .u8((wordsSaved ? SAVED : 0) | (relayOnly ? RELAY_ONLY : 0))
            .u16(origins.size());
    origins.forEach(origin -> writer.bytes16(Bytes.utf8(origin)));
    return writer.toBytes();
  }

  static Settings decode(Bytes encoded) throws MalformedFrameException {
    ByteReader reader = new ByteReader(encoded);
    int slots = reader.count(Limits.SLOTS, "slots");
    int copies = reader.u8("copies");
    int flags = reader.u8("flags");
    List<String> origins = reader.list(Servers.MAX, "origins", r -> r.text(MAX_ORIGIN, "origin"));
    reader.end();
    if (copies < 1 || copies > Limits.COPIES || flags > (SAVED | RELAY_ONLY)) {
      throw new MalformedFrameException("settings");
    }
    return new Settings(slots, copies, origins, (flags & SAVED) != 0, (flags & RELAY_ONLY) != 0);
  }
}
