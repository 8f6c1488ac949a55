package dev.p2pcp.donor.bucket;

import dev.p2pcp.bucket.Trouble;
import java.io.IOException;

/** A bucket did not do what was asked; nothing was changed that counts. */
public final class BucketException extends IOException {
  private static final long serialVersionUID = 1L;

  private final Trouble trouble;

  // Without the SDK's exception as cause: its text may hold what nobody should read in a log.
  BucketException(Trouble trouble, String message) {
    super(message);
    this.trouble = trouble;
  }

  public Trouble trouble() {
    return trouble;
  }
}
