package dev.p2pcp.channel;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.graph.Roles;

/**
 * All that it takes to find a channel: who founded it, and its name there. As text base64url of
 * {@code founder 32 ‖ name}. A name alone means nothing: everybody may use it.
 *
 * @param name 1 to {@link #MAX_NAME} bytes of UTF-8 without control characters, and without space
 *     at its ends
 */
public record ChannelLink(PublicKey founder, String name) {
  /** Longest name, in bytes. */
  public static final int MAX_NAME = 80;

  public ChannelLink {
    if (!isName(name)) {
      throw new IllegalArgumentException("not the name of a channel");
    }
  }

  /** Whether a channel may be called so. */
  public static boolean isName(String name) {
    Bytes bytes = Bytes.utf8(name);
    boolean plain = !name.isEmpty() && name.equals(name.trim()) && bytes.utf8().equals(name);
    for (int i = 0; plain && i < name.length(); i++) {
      char c = name.charAt(i);
      plain = c >= ' ' && (c < 0x7f || c > 0x9f);
    }
    return plain && bytes.length() <= MAX_NAME;
  }

  /** The graph of its messages, which is also the topic where members meet. */
  public Hash graph() {
    return Roles.graphOf(founder, name);
  }

  public String text() {
    return Bytes.concat(founder.bytes(), Bytes.utf8(name)).base64Url();
  }

  /** Reads the text form. */
  public static ChannelLink parse(String text) throws MalformedFrameException {
    return of(Bytes.fromBase64Url(text));
  }

  static ChannelLink of(Bytes bytes) throws MalformedFrameException {
    if (bytes.length() <= PublicKey.LENGTH) {
      throw new MalformedFrameException("channel");
    }
    String name = bytes.from(PublicKey.LENGTH).utf8();
    if (!isName(name) || !Bytes.utf8(name).equals(bytes.from(PublicKey.LENGTH))) {
      throw new MalformedFrameException("channel");
    }
    return new ChannelLink(new PublicKey(bytes.slice(0, PublicKey.LENGTH)), name);
  }
}
