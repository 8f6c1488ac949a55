package dev.p2pcp.index;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.Hasher;
import dev.p2pcp.crypto.TreeRoot;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one session has promised to bring: a device signs once for all the receipt batches that
 * follow, so that it can be held to each of them. A few hundred bytes, whatever is promised. Any
 * number of threads may call: a request that takes too long may meet the next one.
 */
public final class ManifestCheck {
  /** How far a manifest's time may be off, in milliseconds: it is made at login. */
  public static final long SKEW = DeviceCertificate.CLOCK_SKEW;

  /** Manifests that a session may open; an honest one opens one. */
  public static final int MOST = 4;

  private SessionFrame.@Nullable Manifest open;
  private TreeRoot tree = new TreeRoot();
  private int opened;

  /** Whether batches of a manifest are still to come. */
  public synchronized boolean isOpen() {
    return open != null;
  }

  /** Begins with a manifest; empty if it is right. An open one is given up. One signature. */
  public synchronized Optional<Refusal> open(
      Crypto crypto, DeviceCertificate presenter, SessionFrame.Manifest manifest, long now) {
    close();
    opened++;
    if (opened > MOST) {
      return Optional.of(Refusal.of(Refusal.OVER_LIMIT, "manifests", MOST, opened));
    }
    if (Math.abs(now - manifest.time()) > SKEW) {
      return Optional.of(Refusal.of(Refusal.EXPIRED, "manifest"));
    }
    boolean right =
        crypto.verify(
            presenter.device().publicKey(),
            Domain.MANIFEST,
            manifest.signed(),
            manifest.signature());
    if (!right) {
      return Optional.of(Refusal.of(Refusal.BAD_SIGNATURE, "manifest"));
    }
    open = manifest;
    return Optional.empty();
  }

  /** The next batch came, as it travelled; false if it was the last and they are not those. */
  public synchronized boolean takes(Hasher hasher, Bytes batch) {
    SessionFrame.Manifest current = open;
    if (current == null) {
      return true;
    }
    tree.add(hasher, batch);
    if (tree.count() < current.batches()) {
      return true;
    }
    boolean right = tree.root(hasher).equals(current.root());
    close();
    return right;
  }

  /** What comes from now on is under no manifest. */
  public synchronized void close() {
    open = null;
    tree = new TreeRoot();
  }
}
