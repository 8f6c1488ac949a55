package dev.p2pcp.inprocess;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.index.Mailboxes;
import dev.p2pcp.index.Signalling;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Signals of the agents of one server; what is relayed can be looked at, but not read. */
final class MemorySignals implements Signalling {
  private static final int ICE_LIFE = 3_600_000;

  private final Mailboxes boxes = new Mailboxes();
  private final Clock clock;
  private final Ringing ringing;
  final List<SessionFrame.Signal> relayed = new ArrayList<>();

  /** Rings a peer. */
  interface Ringing {
    void ring(PeerId peer);
  }

  MemorySignals(Clock clock, Ringing ringing) {
    this.clock = clock;
    this.ringing = ringing;
  }

  void connect(PeerId peer) {
    boxes.open(peer);
  }

  void disconnect(PeerId peer) {
    boxes.close(peer);
  }

  @Override
  public Optional<Refusal> post(PeerId from, PeerId to, Bytes sealed) {
    relayed.add(new SessionFrame.Signal(0, to, sealed));
    return switch (boxes.post(from, to, sealed, clock.ticks())) {
      case RING -> {
        ringing.ring(to);
        yield Optional.empty();
      }
      case WAITS -> Optional.empty();
      case FULL -> Optional.of(Refusal.of(Refusal.BUSY, "signals", 1_000));
      case UNKNOWN -> Optional.of(Refusal.of(Refusal.UNKNOWN_PEER, "not connected"));
    };
  }

  @Override
  public SessionFrame.Signals pull(PeerId peer, long id) {
    return boxes.pull(peer, id, clock.ticks());
  }

  @Override
  public SessionFrame.IceServers ice(PeerId peer, long id) {
    return new SessionFrame.IceServers(id, ICE_LIFE, List.of());
  }
}
