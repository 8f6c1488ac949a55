package dev.p2pcp.node;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.PublicKey;

/**
 * All that it takes to read a feed: its key, and that of its entries unless everybody may read
 * them. As text base64url of {@code feed 32 ‖ key 0 or 32}.
 */
public record FeedLink(PublicKey feed, Bytes key) {
  public String text() {
    return Bytes.concat(feed.bytes(), key).base64Url();
  }

  /** Reads the text form. */
  public static FeedLink parse(String text) throws MalformedFrameException {
    Bytes bytes = Bytes.fromBase64Url(text);
    if (bytes.length() != PublicKey.LENGTH && bytes.length() != 2 * PublicKey.LENGTH) {
      throw new MalformedFrameException("feed");
    }
    return new FeedLink(
        new PublicKey(bytes.slice(0, PublicKey.LENGTH)), bytes.from(PublicKey.LENGTH));
  }
}
