package dev.p2pcp.node;

import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Gate;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.transport.Channels;
import dev.p2pcp.transport.DirectLink;
import dev.p2pcp.transport.Envelope;
import dev.p2pcp.transport.Link;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.transport.PeerHandler;
import dev.p2pcp.wire.IceServer;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The ways to other agents: through the index server at once, and straight where that is worth it
 * and works. A call whose channel breaks is made again through the index server, as whatever one
 * agent asks of another may be done twice and comes to the same.
 */
final class Links {
  /** Channels at once, those that are being made included. */
  static final int MOST = 32;

  /** Of them taken up for others and not yet proven. */
  static final int MOST_JOINING = 8;

  /** A channel unused for so long is closed, in milliseconds. */
  static final long IDLE = 120_000;

  /** One unused for so long gives way to another where there is no room, in milliseconds. */
  private static final long SPARE = 10_000;

  private static final long LOOK = 15_000;

  /** Peers remembered: those without a channel are forgotten first, the longest unused before. */
  private static final int PEERS = 1_024;

  /** A peer counts as reached through an index server for so long after a call. */
  private static final long RECENT = 60_000;

  /** Before who is busy is asked again, in milliseconds: at first, and at most. */
  private static final int FIRST_PAUSE = 25;

  private static final int LONGEST_PAUSE = 800;

  /** Answers of one server that are asked for in one go. */
  private static final int PULLS = 64;

  /** Pulls that may be under way or wait: servers ring once until they are asked. */
  private static final int MOST_PULLS = 2 * Servers.MAX;

  private static final long PULL_TIME = 30_000;

  private final Platform platform;
  private final Channels channels;
  private final Device device;
  private final PeerHandler handler;
  private final Map<PeerId, Peering> peers = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<String, Ice> ice = new HashMap<>();
  private volatile boolean relayOnly;
  private volatile Keeping keeping = peer -> false;
  private final Gate pulling;
  private int pulls;
  private boolean looking;
  private volatile boolean stopped;

  /** What a server said of STUN and TURN, and until when that is used. */
  private record Ice(List<IceServer> servers, long until) {}

  /** Whether a channel is to be kept. Must not suspend. */
  interface Keeping {
    boolean keeps(PeerId peer);
  }

  /** How agents are reached now, and how many channels can still be made here, ever. */
  record Counts(int direct, int relayed, int tunnel, int left) {}

  Links(Platform platform, Channels channels, Device device, PeerHandler handler) {
    this.platform = platform;
    this.channels = channels;
    this.device = device;
    this.handler = handler;
    this.pulling = new Gate(platform.tasks(), 1);
  }

  /** The link to a peer that is found through that session. Never suspends. */
  Link to(PeerId peer, IndexSession via) {
    return new Link() {
      @Override
      public PeerId peer() {
        return peer;
      }

      @Override
      public PeerFrame.Reply call(PeerFrame.Request request, Deadline deadline)
          throws LinkException {
        return Links.this.call(peer, via, request, deadline);
      }
    };
  }

  /** Uses relays only from now on, or any way; what is open otherwise is closed. */
  void relayOnly(boolean yes) {
    if (relayOnly != yes) {
      relayOnly = yes;
      closeAll();
    }
  }

  boolean isRelayOnly() {
    return relayOnly;
  }

  /**
   * The channel to a peer, if there is one now. Never suspends.
   *
   * @param lasting whether one is worth it though there was no call yet
   */
  @Nullable Link direct(PeerId peer, boolean lasting) {
    Peering known;
    synchronized (this) {
      known = lasting && channels.left() > 0 ? peering(peer) : peers.get(peer);
    }
    return known == null ? null : known.direct(lasting);
  }

  /** Whose channels are not given up for others is said by that from now on. */
  void keep(Keeping whom) {
    keeping = whom;
  }

  /** Never suspends. */
  void stop() {
    stopped = true;
    closeAll();
  }

  synchronized Counts counts() {
    int direct = 0;
    int relayed = 0;
    int tunnel = 0;
    long now = platform.clock().ticks();
    for (Peering peer : peers.values()) {
      if (peer.isUp()) {
        direct += peer.isRelayed() ? 0 : 1;
        relayed += peer.isRelayed() ? 1 : 0;
      } else if (peer.wasTunnelledSince(now - RECENT)) {
        tunnel++;
      }
    }
    return new Counts(direct, relayed, tunnel, channels.left());
  }

  /** Signals wait at a server. Never suspends. */
  void ringing(IndexSession session) {
    synchronized (this) {
      if (pulls >= MOST_PULLS) {
        return;
      }
      pulls++;
    }
    platform.tasks().spawn("signals", () -> pullInTurn(session));
  }

  /** One pull at a time, so that signals are heard in the order in which they were said. */
  private void pullInTurn(IndexSession session) {
    try {
      if (pulling.enter(platform.deadline(PULL_TIME))) {
        try {
          pull(session);
        } finally {
          pulling.leave();
        }
      }
    } finally {
      synchronized (this) {
        pulls--;
      }
    }
  }

  private PeerFrame.Reply call(
      PeerId peer, IndexSession via, PeerFrame.Request request, Deadline deadline)
      throws LinkException {
    if (channels.left() == 0) {
      return tunnelled(peer, via, request, deadline);
    }
    Peering peering = peering(peer);
    peering.calling(via, deadline);
    DirectLink direct = peering.direct(false);
    if (direct != null) {
      try {
        return direct.call(request, deadline);
      } catch (LinkException e) {
        // It broke, or the other side has too much to do; a call that took too long is not
        // repeated.
        if (deadline.passed(platform.clock())) {
          throw e;
        }
      }
    }
    PeerFrame.Reply reply = tunnelled(peer, via, request, deadline);
    if (direct != null && isDone(reply)) {
      reply = new PeerFrame.Ok();
    }
    peering.tunnelled(weight(request) + weight(reply));
    return reply;
  }

  /**
   * Nobody but this device can use its tickets: one that is spent when it is shown again was taken
   * the first time, with its block.
   */
  private static boolean isDone(PeerFrame.Reply again) {
    return again instanceof PeerFrame.Denied denied
        && denied.refusal().code() == Refusal.TICKET_SPENT;
  }

  /** Through the index server; who is busy is asked again, less and less often. */
  private PeerFrame.Reply tunnelled(
      PeerId peer, IndexSession via, PeerFrame.Request request, Deadline deadline)
      throws LinkException {
    int pause = FIRST_PAUSE;
    while (true) {
      try {
        return via.tunnelTo(peer).call(request, deadline);
      } catch (LinkException e) {
        if (!e.isBusy() || deadline.left(platform.clock()) <= 2L * pause) {
          throw e;
        }
      }
      platform.tasks().sleep(pause + platform.entropy().below(pause));
      pause = Math.min(2 * pause, LONGEST_PAUSE);
    }
  }

  /** About how many bytes a frame has. */
  private static long weight(PeerFrame frame) {
    return switch (frame) {
      case PeerFrame.Put put -> put.block().length();
      case PeerFrame.Update update -> update.block().length();
      case PeerFrame.Entrust entrust -> entrust.block().length();
      case PeerFrame.BlockReply reply -> reply.block().length();
      default -> 0;
    };
  }

  private void pull(IndexSession session) {
    try {
      for (int i = 0; i < PULLS && !stopped; i++) {
        SessionFrame.Signals came = session.ask(SessionFrame.Pull::new, SessionFrame.Signals.class);
        for (SessionFrame.Signals.Note note : came.notes()) {
          take(note, session);
        }
        if (!came.more()) {
          return;
        }
      }
    } catch (LinkException | RefusedException e) {
      // Who wants a link asks again.
      return;
    }
  }

  private void take(SessionFrame.Signals.Note note, IndexSession session) {
    if (note.from().equals(device.peer())) {
      return;
    }
    try {
      peering(note.from()).heard(Envelope.decode(note.sealed()), session);
    } catch (MalformedFrameException e) {
      // Not of this version, or of nobody's.
      return;
    }
  }

  /** Room for one channel more, made where one can be spared. Never suspends. */
  boolean mayOpen(boolean joining) {
    if (stopped || channels.left() == 0) {
      return false;
    }
    Peering spare = null;
    synchronized (this) {
      int open = 0;
      int joins = 0;
      for (Peering peer : peers.values()) {
        open += peer.hasChannel() ? 1 : 0;
        joins += peer.isJoining() ? 1 : 0;
        boolean idle = peer.isUp() && platform.clock().ticks() - peer.lastUsed() > SPARE;
        if (idle
            && !keeping.keeps(peer.peer())
            && (spare == null || peer.lastUsed() < spare.lastUsed())) {
          spare = peer;
        }
      }
      if (joining && joins >= MOST_JOINING) {
        return false;
      }
      if (open < MOST) {
        return true;
      }
    }
    if (spare == null) {
      return false;
    }
    spare.close("another needs the room");
    return true;
  }

  /** Whether no more channels are to be had for a while. */
  synchronized boolean isFull() {
    return stopped
        || channels.left() == 0
        || peers.values().stream().filter(Peering::hasChannel).count() >= MOST;
  }

  /** How channels are made; what the session's server says of relays is kept. Suspends. */
  Channels.Setup setup(PeerId peer, IndexSession via) {
    boolean polite = device.peer().compareTo(peer) < 0;
    return new Channels.Setup(polite, relayOnly, servers(via));
  }

  private List<IceServer> servers(IndexSession via) {
    long now = platform.clock().ticks();
    synchronized (ice) {
      Ice known = ice.get(via.origin());
      if (known != null && known.until > now) {
        return known.servers;
      }
    }
    try {
      SessionFrame.IceServers told = via.ask(SessionFrame.Ice::new, SessionFrame.IceServers.class);
      synchronized (ice) {
        if (ice.size() > Servers.MAX) {
          ice.clear();
        }
        // Asked for again well before the credentials end.
        ice.put(via.origin(), new Ice(told.servers(), now + told.lifetime() / 2));
      }
      return told.servers();
    } catch (LinkException | RefusedException e) {
      return List.of();
    }
  }

  /** Whether anything may be found by these servers. */
  boolean isHopeless(Channels.Setup setup) {
    return setup.relayOnly()
        && setup.servers().stream()
            .noneMatch(server -> server.urls().stream().anyMatch(url -> url.startsWith("turn")));
  }

  Platform platform() {
    return platform;
  }

  Channels channels() {
    return channels;
  }

  Device device() {
    return device;
  }

  DirectLink link(PeerId peer, DirectLink.Events events) {
    return new DirectLink(
        platform, new DirectLink.Self(device.key(), device.certificate()), peer, handler, events);
  }

  /** A channel is up: from now on it is looked for idle ones. */
  void cameUp() {
    synchronized (this) {
      if (looking) {
        return;
      }
      looking = true;
    }
    platform.tasks().spawn("idle links", this::lookForIdle);
  }

  private void lookForIdle() {
    while (true) {
      platform.tasks().sleep(LOOK);
      List<Peering> idle = new ArrayList<>();
      synchronized (this) {
        boolean any = false;
        for (Peering peer : peers.values()) {
          any |= peer.hasChannel();
          if (peer.isUp() && platform.clock().ticks() - peer.lastUsed() > IDLE) {
            idle.add(peer);
          }
        }
        if (!any || stopped) {
          looking = false;
          return;
        }
      }
      idle.forEach(peer -> peer.close("idle"));
    }
  }

  private void closeAll() {
    List<Peering> all;
    synchronized (this) {
      all = List.copyOf(peers.values());
    }
    all.forEach(peer -> peer.close("stopped"));
  }

  private synchronized Peering peering(PeerId peer) {
    Peering known = peers.get(peer);
    if (known == null) {
      known = new Peering(this, peer);
      peers.put(peer, known);
      if (peers.size() > PEERS) {
        forgetOne();
      }
    }
    return known;
  }

  private void forgetOne() {
    for (Peering peer : peers.values()) {
      if (!peer.hasChannel()) {
        peers.remove(peer.peer());
        return;
      }
    }
  }
}
