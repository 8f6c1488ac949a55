package dev.p2pcp.node;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.identity.KeyRing;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.inprocess.MemoryIndex;
import dev.p2pcp.inprocess.MemoryNetwork;
import dev.p2pcp.quota.Allowance;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.transport.Link;
import dev.p2pcp.transport.LinkContract;
import dev.p2pcp.transport.PeerHandler;
import dev.p2pcp.trust.Candour;
import dev.p2pcp.wire.PeerFrame;
import org.junit.jupiter.api.AfterEach;

/** Two agents that are logged in at one index server. */
class SessionLinkTest extends LinkContract {
  private static final int SEED_LENGTH = 64;
  private static final String ORIGIN = "http://one.example";

  private final MemoryNetwork network = new MemoryNetwork();
  private final MemoryIndex index = network.server(platform, ORIGIN);
  private final Device asker = device(1);
  private final Device answerer = device(2);

  @AfterEach
  void stop() {
    index.kill();
  }

  @Override
  protected PeerId here() {
    return asker.peer();
  }

  @Override
  protected Link linkTo(PeerHandler there) throws Exception {
    login(answerer, there);
    return login(asker, (from, request) -> new PeerFrame.Ok()).linkTo(answerer.peer());
  }

  @Override
  protected void cut() {
    index.cut(answerer.peer());
  }

  private IndexSession login(Device device, PeerHandler handler) throws Exception {
    return IndexSession.login(
        platform,
        network,
        ORIGIN,
        device,
        handler,
        new IndexSession.Events() {
          @Override
          public Candour candour() {
            return new Candour();
          }

          @Override
          public boolean isAlone() {
            return true;
          }

          @Override
          public boolean isLoggedInWith(PublicKey cluster) {
            return false;
          }

          @Override
          public void standing(Allowance figures) {}

          @Override
          public Link linkTo(PeerId peer, IndexSession via) {
            return via.tunnelTo(peer);
          }

          @Override
          public void ringing(IndexSession session) {}

          @Override
          public void ended(IndexSession session, String why, long retryAfter) {}
        });
  }

  private Device device(long seed) {
    Bytes secret = new Seeded(seed).bytes(SEED_LENGTH);
    KeyRing keys = KeyRing.of(platform.crypto(), secret);
    return Device.of(keys, secret.slice(0, Device.SALT_LENGTH), platform.clock());
  }
}
