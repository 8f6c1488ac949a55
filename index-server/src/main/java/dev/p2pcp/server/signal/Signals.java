package dev.p2pcp.server.signal;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.index.Mailboxes;
import dev.p2pcp.index.Signalling;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.server.member.LinkFrame;
import dev.p2pcp.server.member.LinkUser;
import dev.p2pcp.server.member.MemberLink;
import dev.p2pcp.server.member.MemberLinks;
import dev.p2pcp.server.tunnel.Tunnels;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The signals for the peers of this member. Those for a peer of another member go over the link to
 * it, and from there no further; what is lost with a link the agents send again.
 */
@Component
public class Signals implements Signalling, LinkUser {
  private static final int BUSY_PAUSE = 1_000;

  private final Mailboxes boxes = new Mailboxes();
  private final Map<PeerId, Bell> bells = new HashMap<>();
  private final Tunnels tunnels;
  private final IceSettings settings;
  private final TurnCredentials credentials;
  private final Clock clock;
  private final Counter relayed;
  private final Counter refused;

  Signals(
      Tunnels tunnels, MemberLinks links, IceSettings settings, Clock clock, MeterRegistry meters) {
    this.tunnels = tunnels;
    this.settings = settings;
    this.credentials = new TurnCredentials(settings);
    this.clock = clock;
    this.relayed =
        Counter.builder("p2pcp.signals.relayed")
            .description("Signals between agents taken for a peer of this member or passed on")
            .register(meters);
    this.refused =
        Counter.builder("p2pcp.signals.refused")
            .description("Signals for which there was no peer or no room")
            .register(meters);
    links.join(this);
  }

  /** Rings the agent of a session. Never waits. */
  public interface Bell {
    void ring();
  }

  /** The peer is logged in here; what waits for it is told at once. */
  public void connect(PeerId peer, Bell bell) {
    boolean waiting;
    synchronized (this) {
      bells.put(peer, bell);
      boxes.open(peer);
      waiting = boxes.isWaiting(peer, clock.ticks());
    }
    if (waiting) {
      bell.ring();
    }
  }

  /** The session is gone; one that has followed it stays. */
  public synchronized void disconnect(PeerId peer, Bell bell) {
    if (bells.remove(peer, bell)) {
      boxes.close(peer);
    }
  }

  @Override
  public Optional<Refusal> post(PeerId from, PeerId to, Bytes sealed) {
    Optional<MemberLink> far = tunnels.linkTo(to);
    if (far.isEmpty()) {
      return take(from, to, sealed);
    }
    if (!far.get().hasRoom()) {
      refused.increment();
      return Optional.of(Refusal.of(Refusal.BUSY, "link", BUSY_PAUSE));
    }
    far.get().send(new LinkFrame.Signal(from, to, sealed));
    relayed.increment();
    return Optional.empty();
  }

  @Override
  public synchronized SessionFrame.Signals pull(PeerId peer, long id) {
    return boxes.pull(peer, id, clock.ticks());
  }

  @Override
  public SessionFrame.IceServers ice(PeerId peer, long id) {
    return new SessionFrame.IceServers(
        id,
        Math.toIntExact(settings.lifetime().toMillis()),
        credentials.serversFor(peer, clock.now()));
  }

  @Override
  public void up(MemberLink link) {
    // Who is where, the tunnels know.
  }

  @Override
  public void received(MemberLink link, LinkFrame frame) {
    if (frame instanceof LinkFrame.Signal signal) {
      take(signal.source(), signal.target(), signal.sealed());
    }
  }

  @Override
  public void down(MemberLink link) {
    // Likewise.
  }

  private Optional<Refusal> take(PeerId from, PeerId to, Bytes sealed) {
    Mailboxes.Posted posted;
    @Nullable Bell bell;
    synchronized (this) {
      posted = boxes.post(from, to, sealed, clock.ticks());
      bell = bells.get(to);
    }
    return switch (posted) {
      case RING -> {
        relayed.increment();
        if (bell != null) {
          bell.ring();
        }
        yield Optional.empty();
      }
      case WAITS -> {
        relayed.increment();
        yield Optional.empty();
      }
      case FULL -> {
        refused.increment();
        yield Optional.of(Refusal.of(Refusal.BUSY, "signals", BUSY_PAUSE));
      }
      case UNKNOWN -> {
        refused.increment();
        yield Optional.of(Refusal.of(Refusal.UNKNOWN_PEER, "not connected"));
      }
    };
  }
}
