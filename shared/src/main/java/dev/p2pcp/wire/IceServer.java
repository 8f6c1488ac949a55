package dev.p2pcp.wire;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import java.util.List;

/**
 * A STUN or TURN server (RFC 8489, RFC 8656) by its addresses, such as {@code
 * turn:turn.example:3478?transport=tcp}; user name and credential are empty where none are needed.
 */
public record IceServer(List<String> urls, String username, String credential) {
  public IceServer {
    urls = List.copyOf(urls);
  }

  void write(ByteWriter writer) {
    writer.u16(urls.size());
    urls.forEach(url -> writer.bytes16(Bytes.utf8(url)));
    writer.bytes16(Bytes.utf8(username)).bytes16(Bytes.utf8(credential));
  }

  static IceServer read(ByteReader in) throws MalformedFrameException {
    return new IceServer(
        in.list(Limits.ICE_URLS, "urls", r -> r.text(Limits.ICE_TEXT, "url")),
        in.text(Limits.ICE_TEXT, "user name"),
        in.text(Limits.ICE_TEXT, "credential"));
  }
}
