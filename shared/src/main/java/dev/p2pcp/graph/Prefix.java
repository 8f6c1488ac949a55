package dev.p2pcp.graph;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Hash;
import java.util.List;

/**
 * The first half-bytes of names: {@code u8 n ‖ ⌈n ÷ 2⌉ bytes}, where the last half-byte is 0 if n
 * is odd.
 */
record Prefix(int length, Bytes bytes) {
  static final Prefix ALL = new Prefix(0, Bytes.EMPTY);

  /** Half-bytes at most. */
  static final int MAX = 2 * Hash.LENGTH - 1;

  /** One of the 16 that are one half-byte longer. */
  Prefix child(int nibble) {
    byte[] longer = new byte[length / 2 + 1];
    bytes.copyTo(longer, 0);
    longer[length / 2] |= (byte) (length % 2 == 0 ? nibble << 4 : nibble);
    return new Prefix(length + 1, Bytes.wrap(longer));
  }

  /** Negative, 0 or positive as a name is before, within or behind what begins so. */
  int compare(byte[] names, int at) {
    for (int i = 0; i < length / 2; i++) {
      int order = (names[at + i] & 0xff) - (bytes.at(i) & 0xff);
      if (order != 0) {
        return order;
      }
    }
    if (length % 2 == 1) {
      int last = length / 2;
      return (names[at + last] >> 4 & 0xf) - (bytes.at(last) >> 4 & 0xf);
    }
    return 0;
  }

  void write(ByteWriter writer) {
    writer.u8(length).bytes(bytes);
  }

  static Prefix read(ByteReader reader) throws MalformedFrameException {
    int length = reader.u8("prefix");
    if (length > MAX) {
      throw new MalformedFrameException("prefix");
    }
    Bytes bytes = reader.bytes((length + 1) / 2, "prefix");
    if (length % 2 == 1 && (bytes.at(length / 2) & 0xf) != 0) {
      throw new MalformedFrameException("prefix");
    }
    return new Prefix(length, bytes);
  }

  /** Refuses prefixes that do not rise, or of which one begins another: no name is meant twice. */
  static void require(List<Prefix> prefixes) throws MalformedFrameException {
    for (int i = 1; i < prefixes.size(); i++) {
      Prefix before = prefixes.get(i - 1);
      Prefix next = prefixes.get(i);
      if (next.length < before.length && next.begins(before)
          || before.compare(next.padded(), 0) <= 0) {
        throw new MalformedFrameException("prefixes");
      }
    }
  }

  private boolean begins(Prefix longer) {
    return compare(longer.padded(), 0) == 0;
  }

  private byte[] padded() {
    byte[] padded = new byte[Hash.LENGTH];
    bytes.copyTo(padded, 0);
    return padded;
  }
}
