package dev.p2pcp.jvm;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.platform.Entropy;
import java.security.SecureRandom;

/** The operating system's random bytes. */
public final class JvmEntropy implements Entropy {
  private final SecureRandom random = new SecureRandom();

  @Override
  public Bytes bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return Bytes.wrap(bytes);
  }
}
