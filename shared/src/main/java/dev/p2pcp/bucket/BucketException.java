package dev.p2pcp.bucket;

/** A bucket did not do what it was asked for. Carries none of the store's own text. */
public final class BucketException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Trouble trouble;

  public BucketException(Trouble trouble) {
    super(trouble.name(), null, false, false);
    this.trouble = trouble;
  }

  public Trouble trouble() {
    return trouble;
  }
}
