package dev.p2pcp.wire;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import java.util.List;

/**
 * Why something asked was not done: {@code code u16 ‖ u16 n ‖ n × figure u64 ‖ u16 length ‖ UTF-8}.
 * The text is for developers; what a person reads is made from code and figures. Unknown codes
 * survive a round trip.
 */
public record Refusal(int code, List<Long> figures, String text) {
  /** The bytes were no canonical frame. */
  public static final int MALFORMED = 1;

  /** The other side speaks another version; figures: versions spoken. */
  public static final int UNSUPPORTED_VERSION = 2;

  public static final int BAD_SIGNATURE = 3;

  /** A certificate, ticket or message outside its time. */
  public static final int EXPIRED = 4;

  /** More than a named limit allows; figures: limit, asked. */
  public static final int OVER_LIMIT = 5;

  /** A frame that has no place at this point of the session. */
  public static final int OUT_OF_ORDER = 6;

  public static final int NOT_FOUND = 7;

  /** N × R would exceed what is lent; figures: blocks, needed, lent. */
  public static final int OVER_ALLOWANCE = 8;

  /** Too few holders have room; figures: wanted, found. */
  public static final int NO_HOLDERS = 9;

  /** Only a ticket or a newer version of what is kept gives a right to store. */
  public static final int TICKET_REQUIRED = 10;

  /** A ticket of another block, holder, owner, or of an index server that is not trusted here. */
  public static final int TICKET_INVALID = 11;

  /** The ticket was used before. */
  public static final int TICKET_SPENT = 12;

  /** No slot is free. */
  public static final int FULL = 13;

  /** A version that is not above the one kept; figures: version kept. */
  public static final int STALE_VERSION = 14;

  /** No such peer is connected. */
  public static final int UNKNOWN_PEER = 15;

  /** Try again later; figures: milliseconds. */
  public static final int BUSY = 16;

  /** It belongs to another account. */
  public static final int NOT_YOURS = 17;

  /** Did not read or answer in time. */
  public static final int TOO_SLOW = 18;

  /** The server goes away; figures: milliseconds until it is worth asking again. */
  public static final int DRAINING = 19;

  /** A fault on this side; nothing was done. */
  public static final int INTERNAL = 20;

  /** The same device logged in again elsewhere. */
  public static final int REPLACED = 21;

  public Refusal {
    figures = List.copyOf(figures);
    if (figures.size() > Limits.FIGURES || Bytes.utf8(text).length() > Limits.TEXT) {
      throw new IllegalArgumentException("refusal over its limits");
    }
  }

  public static Refusal of(int code, String text, long... figures) {
    Long[] boxed = new Long[figures.length];
    for (int i = 0; i < figures.length; i++) {
      boxed[i] = figures[i];
    }
    return new Refusal(code, List.of(boxed), text);
  }

  void write(ByteWriter writer) {
    writer.u16(code).u16(figures.size());
    figures.forEach(writer::u64);
    writer.bytes16(Bytes.utf8(text));
  }

  static Refusal read(ByteReader reader) throws MalformedFrameException {
    return new Refusal(
        reader.u16("code"),
        reader.list(Limits.FIGURES, "figures", r -> r.u64("figure")),
        reader.text(Limits.TEXT, "text"));
  }
}
