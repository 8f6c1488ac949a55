package dev.p2pcp.server.cluster;

import com.hazelcast.nio.MemberSocketInterceptor;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.platform.Entropy;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Properties;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The first bytes on a connection between members: each proves that it knows the secret, so that
 * the name of the cluster, which later travels openly, is not enough to join.
 *
 * <pre>
 *   who connects ── nonce 32 ─────────────────────────────────────────▶ who accepts
 *                ◀── nonce 32 ‖ HMAC-SHA-256(key, 1 ‖ both nonces) ────
 *                ─── HMAC-SHA-256(key, 2 ‖ both nonces) ──────────────▶
 * </pre>
 */
final class MemberProof implements MemberSocketInterceptor {
  private static final int LENGTH = 32;
  private static final byte ACCEPTS = 1;
  private static final byte CONNECTS = 2;

  /** Longest wait for the other's next bytes, in milliseconds. */
  private static final int PATIENCE = 3_000;

  private static final String ALGORITHM = "HmacSHA256";

  private final byte[] key;
  private final Entropy entropy;

  MemberProof(Bytes key, Entropy entropy) {
    this.key = key.toArray();
    this.entropy = entropy;
  }

  @Override
  public void init(Properties properties) {}

  @Override
  public void onConnect(Socket socket) throws IOException {
    socket.setSoTimeout(PATIENCE);
    byte[] mine = entropy.bytes(LENGTH).toArray();
    write(socket, mine);
    byte[] theirs = read(socket);
    require(read(socket), proof(ACCEPTS, mine, theirs));
    write(socket, proof(CONNECTS, mine, theirs));
    socket.setSoTimeout(0);
  }

  @Override
  public void onAccept(Socket socket) throws IOException {
    socket.setSoTimeout(PATIENCE);
    byte[] theirs = read(socket);
    byte[] mine = entropy.bytes(LENGTH).toArray();
    write(socket, mine, proof(ACCEPTS, theirs, mine));
    require(read(socket), proof(CONNECTS, theirs, mine));
    socket.setSoTimeout(0);
  }

  private byte[] proof(byte role, byte[] connecting, byte[] accepting) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      mac.update(role);
      mac.update(connecting);
      return mac.doFinal(accepting);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  private static void require(byte[] given, byte[] right) throws IOException {
    if (!MessageDigest.isEqual(given, right)) {
      throw new IOException("the other side does not know the cluster's secret");
    }
  }

  private static void write(Socket socket, byte[]... parts) throws IOException {
    for (byte[] part : parts) {
      socket.getOutputStream().write(part);
    }
    socket.getOutputStream().flush();
  }

  /** Not a byte more is read: what follows is for Hazelcast. */
  private static byte[] read(Socket socket) throws IOException {
    byte[] bytes = socket.getInputStream().readNBytes(LENGTH);
    if (bytes.length < LENGTH) {
      throw new EOFException("the other side gave up");
    }
    return bytes;
  }
}
