package dev.p2pcp.quota;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.MalformedFrameException;

/**
 * The bargain of one account in figures: own blocks, slots that they need in all their copies (N ×
 * R), and slots that the account lends now. Layout: three u32.
 */
public record Allowance(int blocks, int needed, int lent) {
  /** Slots to lend in addition so that what is needed fits; 0 if it does. */
  public int missing() {
    return Math.max(0, needed - lent);
  }

  public void write(ByteWriter writer) {
    writer.u32(blocks).u32(needed).u32(lent);
  }

  public static Allowance read(ByteReader reader) throws MalformedFrameException {
    return new Allowance(
        reader.count(Integer.MAX_VALUE, "blocks"),
        reader.count(Integer.MAX_VALUE, "needed"),
        reader.count(Integer.MAX_VALUE, "lent"));
  }
}
