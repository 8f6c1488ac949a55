package dev.p2pcp.crypto;

import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import java.util.Arrays;

/** Hashing where the platform has nothing faster for small inputs. */
final class PlainHasher implements Hasher {
  private ByteWriter added = new ByteWriter();

  @Override
  public Hasher add(int octet) {
    added.u8(octet);
    return this;
  }

  @Override
  public Hasher add(Bytes run) {
    added.bytes(run);
    return this;
  }

  @Override
  public Hasher add(byte[] array, int from, int count) {
    added.bytes(Bytes.wrap(Arrays.copyOfRange(array, from, from + count)));
    return this;
  }

  @Override
  public void into(byte[] target, int at) {
    Sha256.hash(added.toBytes()).bytes().copyTo(target, at);
    added = new ByteWriter();
  }
}
