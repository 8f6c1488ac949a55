package dev.p2pcp.bytes;

/** Bytes that are not a canonical encoding. The message names the field, never the content. */
public final class MalformedFrameException extends Exception {
  private static final long serialVersionUID = 1L;

  public MalformedFrameException(String field) {
    super(field, null, false, false);
  }
}
