package dev.p2pcp.node;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;

/**
 * All that it takes to read one version of a file: the storage key of its root and the key that
 * opens all its blocks. In text {@code base64url(root 32 ‖ key 32)}; whoever has it can read the
 * file.
 */
public record FileLink(StorageKey root, Bytes key) {
  private static final int KEY_LENGTH = 32;

  /**
   * Reads the text form.
   *
   * @throws MalformedFrameException if it is not base64url of 64 bytes
   */
  public static FileLink parse(String text) throws MalformedFrameException {
    Bytes bytes = Bytes.fromBase64Url(text);
    if (bytes.length() != StorageKey.LENGTH + KEY_LENGTH) {
      throw new MalformedFrameException("file link");
    }
    return new FileLink(
        new StorageKey(bytes.slice(0, StorageKey.LENGTH)), bytes.from(StorageKey.LENGTH));
  }

  /** The text form. */
  public String text() {
    return Bytes.concat(root.bytes(), key).base64Url();
  }

  /** Secrets are not for logs. */
  @Override
  public String toString() {
    return "FileLink[" + root + "]";
  }
}
