package dev.p2pcp.server.member;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who can be dialled where; in text, as members tell each other, {@code id@host:port}. */
record LinkAddress(Bytes id, InetSocketAddress address) {
  /** Name of the attribute of a member. */
  static final String ATTRIBUTE = "p2pcp.link";

  String text() {
    return id.base64Url() + "@" + address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  /** Empty if that is none. */
  static Optional<LinkAddress> parse(@Nullable String text) {
    int at = text == null ? -1 : text.indexOf('@');
    int colon = text == null ? -1 : text.lastIndexOf(':');
    if (text == null || at < 0 || colon < at) {
      return Optional.empty();
    }
    try {
      Bytes id = Bytes.fromBase64Url(text.substring(0, at));
      int port = Integer.parseInt(text.substring(colon + 1));
      return Optional.of(
          new LinkAddress(id, new InetSocketAddress(text.substring(at + 1, colon), port)));
    } catch (MalformedFrameException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
