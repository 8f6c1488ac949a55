package dev.p2pcp.server.member;

import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Binds the envelopes of one direction of a link to its handshake and to their order: a frame that
 * is forged, repeated, left out or moved has a wrong tag. Used by one thread at a time.
 */
final class LinkSeal {
  static final int TAG = 16;

  private static final String ALGORITHM = "HmacSHA256";

  private final Mac mac;
  private long sequence;

  LinkSeal(Bytes key) {
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key.toArray(), ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  /** The tag of the next frame: of its head, and of the length of all that follows the tag. */
  Bytes next(int length, Bytes head) {
    mac.update(new ByteWriter().u64(sequence++).u32(length).toBytes().unsafeArray());
    mac.update(head.unsafeArray());
    return Bytes.wrap(mac.doFinal()).slice(0, TAG);
  }
}
