package dev.p2pcp.testing;

import dev.p2pcp.bytes.Bytes;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** All the ways to change one bit of some bytes, in order. */
public final class BitFlips implements Iterable<Bytes> {
  private final Bytes bytes;

  /** Of these bytes. */
  public BitFlips(Bytes bytes) {
    this.bytes = bytes;
  }

  @Override
  public Iterator<Bytes> iterator() {
    return new Iterator<>() {
      private int bit;

      @Override
      public boolean hasNext() {
        return bit < 8 * bytes.length();
      }

      @Override
      public Bytes next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        byte[] changed = bytes.toArray();
        changed[bit / 8] ^= (byte) (1 << bit % 8);
        bit++;
        return Bytes.wrap(changed);
      }
    };
  }
}
