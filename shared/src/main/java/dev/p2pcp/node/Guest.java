package dev.p2pcp.node;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.KeyRing;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.quota.ReceiptBatch;
import dev.p2pcp.quota.Statement;
import dev.p2pcp.transport.Link;
import dev.p2pcp.transport.PeerHandler;
import dev.p2pcp.transport.Transport;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.Refusal;
import java.util.List;
import java.util.Optional;

/**
 * Reads shared files where there is no identity, or it is locked: logs in with throw-away keys,
 * lends nothing, keeps nothing, answers nothing. Methods suspend unless they say otherwise.
 */
public final class Guest implements FileAccess, Inventory, PeerHandler, ServerLoop.Events {
  /** How long the first index server is waited for, in milliseconds. */
  private static final long CONNECT = 10_000;

  private static final long CONNECT_LOOK = 25;

  private final Platform platform;
  private final Device device;
  private final Servers servers;
  private final FileReading reading;

  private Guest(Platform platform, Transport transport, Device device) {
    this.platform = platform;
    this.device = device;
    this.servers = new Servers(platform, transport, device, this, this, this);
    this.reading =
        new FileReading(
            platform,
            key -> Optional.empty(),
            new Fetching(platform, new Afar(platform, transport.web(), () -> true)),
            servers);
  }

  /**
   * Begins to log in.
   *
   * @param origins index servers (http(s) origins)
   */
  public static Guest start(Platform platform, Transport transport, List<String> origins) {
    KeyRing keys = KeyRing.of(platform.crypto(), platform.entropy().bytes(64));
    Bytes salt = platform.entropy().bytes(Device.SALT_LENGTH);
    Guest guest = new Guest(platform, transport, Device.of(keys, salt, platform.clock()));
    guest.servers.use(origins);
    return guest;
  }

  /** Leaves. Never suspends. */
  public void stop() {
    servers.stop();
  }

  @Override
  public FileInfo info(FileLink link) throws ItemException {
    awaitServer();
    return reading.info(link);
  }

  @Override
  public Bytes part(FileLink link, long from, int length) throws ItemException {
    awaitServer();
    return reading.part(link, from, length);
  }

  private void awaitServer() {
    Deadline deadline = platform.deadline(CONNECT);
    while (servers.sessions().isEmpty() && !deadline.passed(platform.clock())) {
      platform.tasks().sleep(CONNECT_LOOK);
    }
  }

  @Override
  public PeerFrame.Reply answer(PeerId from, PeerFrame.Request request) {
    return new PeerFrame.Denied(Refusal.of(Refusal.NOT_FOUND, "keeps nothing"));
  }

  @Override
  public void changed(ServerLoop server) {}

  @Override
  public void figuresChanged() {}

  @Override
  public void ready(ServerLoop server) {}

  /** Whoever opens a link has not said that holders may see this device's address. */
  @Override
  public Link linkTo(PeerId peer, IndexSession via) {
    return via.tunnelTo(peer);
  }

  @Override
  public void ringing(IndexSession session) {}

  @Override
  public int slots() {
    return 0;
  }

  @Override
  public int free() {
    return 0;
  }

  @Override
  public boolean alwaysOn() {
    return false;
  }

  @Override
  public List<StorageKey> keys() {
    return List.of();
  }

  @Override
  public List<ReceiptBatch> receipts() {
    return List.of();
  }

  @Override
  public List<Statement> statements() {
    return List.of();
  }

  @Override
  public void stale(long number) {}

  @Override
  public Device device() {
    return device;
  }
}
