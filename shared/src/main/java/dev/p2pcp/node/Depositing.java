package dev.p2pcp.node;

import dev.p2pcp.bucket.Bucket;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.Signature;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.quota.Grant;
import dev.p2pcp.transport.Link;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.transport.Web;
import dev.p2pcp.wire.PeerFrame;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Brings new blocks to holders: longer ones straight into the bucket of a holder that has one, so
 * that they do not pass through it. Whatever goes wrong with that, the holder is given the block.
 */
final class Depositing {
  /** Shorter ones are not worth the questions, in bytes. */
  private static final int LEAST = 32 * 1024;

  /** For one answer, in milliseconds. */
  private static final long TIME = 20_000;

  /** Holders remembered that have no bucket, or none that can be reached from here. */
  private static final int PEERS = 1_000;

  private static final int DONE = 200;
  private static final int REPORT = 4 * 1024;

  private final Platform platform;
  private final Device device;
  private final Afar afar;
  private final Set<PeerId> without = new LinkedHashSet<>();

  Depositing(Platform platform, Device device, Afar afar) {
    this.platform = platform;
    this.device = device;
    this.afar = afar;
  }

  /** What the holder says in the end. Suspends. */
  PeerFrame.Reply put(Link link, Grant grant, Signature signature, Bytes block)
      throws LinkException {
    if (block.length() >= LEAST && afar.isOpen() && !isWithout(link.peer())) {
      if (isDeposited(link, grant, signature, block)) {
        return new PeerFrame.Ok();
      }
      noteWithout(link.peer());
    }
    return link.call(
        new PeerFrame.Put(grant, device.certificate(), signature, block), platform.deadline(TIME));
  }

  private boolean isDeposited(Link link, Grant grant, Signature signature, Bytes block) {
    Hash checksum = platform.crypto().sha256(block);
    PeerFrame.Deposit deposit =
        new PeerFrame.Deposit(grant, device.certificate(), signature, block.length(), checksum);
    PeerFrame.Deposited left = new PeerFrame.Deposited(grant, device.certificate(), signature);
    try {
      PeerFrame.Reply where = link.call(deposit, platform.deadline(TIME));
      return where instanceof PeerFrame.Elsewhere elsewhere
          && isLeft(elsewhere.url(), block, checksum)
          && link.call(left, platform.deadline(TIME)) instanceof PeerFrame.Ok;
    } catch (LinkException e) {
      return false;
    }
  }

  private boolean isLeft(String url, Bytes block, Hash checksum) {
    List<String> headers = List.of(Bucket.CHECKSUM + Bucket.checksum(checksum.bytes()));
    try {
      Web.Request request =
          new Web.Request("PUT", url, headers, block, REPORT, afar.isAllowed(url));
      return afar.ask(request, afar.deadline()).status() == DONE;
    } catch (LinkException e) {
      return false;
    }
  }

  private synchronized boolean isWithout(PeerId peer) {
    return without.contains(peer);
  }

  private synchronized void noteWithout(PeerId peer) {
    without.add(peer);
    if (without.size() > PEERS) {
      without.remove(without.iterator().next());
    }
  }
}
