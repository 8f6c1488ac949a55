package dev.p2pcp.transport;

import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.wire.ChannelFrame;
import dev.p2pcp.wire.Frame;
import dev.p2pcp.wire.FrameCodec;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.TunnelFrame;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A link over a channel of its own. Before anything else both ends prove their device keys in it,
 * bound to both certificates of its encryption, so that whoever carried the signals can't be in
 * between; then it is a {@link Tunnel}, where streams have even numbers on the side of the lesser
 * peer id.
 */
public final class DirectLink implements Link, DirectChannel.Listener {
  /** Messages that may come while proofs are checked. */
  private static final int EARLY = 256;

  private final Platform platform;
  private final Crypto.SigningKey device;
  private final DeviceCertificate certificate;
  private final PeerId peer;
  private final PeerHandler handler;
  private final Events events;
  private final Bytes nonce;
  private final Deque<Bytes> early = new ArrayDeque<>();
  private @Nullable DirectChannel channel;
  private @Nullable ChannelSink sink;
  private @Nullable Tunnel tunnel;
  private DirectChannel.@Nullable Binding binding;
  private @Nullable Bytes theirNonce;
  private boolean reading;
  private boolean proven;
  private boolean interrupted;
  private boolean closed;
  private volatile long lastUsed;
  private long carried;

  /** Hears about the link, one call at a time. Must not suspend. */
  public interface Events {
    /** To be said to the other end. */
    void signal(Signal to);

    /** Calls go through. */
    void up();

    /** They do not for now; those under way have failed. */
    void interrupted();

    /** Once. */
    void closed(String why);
  }

  /** Who is here, to be proven. */
  public record Self(Crypto.SigningKey device, DeviceCertificate certificate) {}

  public DirectLink(Platform platform, Self self, PeerId peer, PeerHandler handler, Events events) {
    this.platform = platform;
    this.device = self.device();
    this.certificate = self.certificate();
    this.peer = peer;
    this.handler = handler;
    this.events = events;
    this.nonce = platform.entropy().bytes(ChannelFrame.NONCE_LENGTH);
    this.lastUsed = platform.clock().ticks();
  }

  /** Begins with a channel. Never suspends. */
  public void open(Channels channels, Channels.Setup setup) {
    channel = channels.open(setup, this);
  }

  /** Describes itself to the other end. Never suspends. */
  public void offer(boolean again) {
    channel().offer(again);
  }

  /** What the other end said. Never suspends. */
  public void hear(Signal from) {
    channel().signal(from);
  }

  /** Whether calls go through, as far as is known. */
  public synchronized boolean isUp() {
    return proven && !interrupted && !closed;
  }

  public synchronized boolean isRelayed() {
    return binding != null && binding.relayed();
  }

  /** When a call was made or answered last, on {@code Clock.ticks()}. */
  public long lastUsed() {
    return lastUsed;
  }

  /** Bytes that came, so far. */
  public synchronized long carried() {
    return carried;
  }

  /** Never suspends. */
  public void close() {
    channel().close();
  }

  @Override
  public PeerId peer() {
    return peer;
  }

  @Override
  public PeerFrame.Reply call(PeerFrame.Request request, Deadline deadline) throws LinkException {
    Tunnel open;
    synchronized (this) {
      open = isUp() ? tunnel : null;
    }
    if (open == null) {
      throw new LinkException("channel is not open");
    }
    lastUsed = platform.clock().ticks();
    PeerFrame.Reply reply = open.to(peer).call(request, deadline);
    lastUsed = platform.clock().ticks();
    return reply;
  }

  @Override
  public void signal(Signal to) {
    events.signal(to);
  }

  @Override
  public void opened(DirectChannel.Binding ends) {
    synchronized (this) {
      binding = ends;
      sink = new ChannelSink(platform.tasks(), channel());
      int first = certificate.device().compareTo(peer) < 0 ? 0 : 1;
      tunnel = new Tunnel(platform, sink, this::answer, first);
    }
    try {
      channel().send(FrameCodec.encode(new ChannelFrame.Greet(nonce)));
    } catch (LinkException e) {
      channel().close();
    }
    readSoon();
  }

  @Override
  public void received(Bytes message) {
    Tunnel open;
    synchronized (this) {
      carried += message.length();
      open = proven && early.isEmpty() && !reading ? tunnel : null;
      if (open == null) {
        early.add(message);
      }
    }
    if (open == null) {
      if (early.size() > EARLY) {
        channel().close();
      } else {
        readSoon();
      }
      return;
    }
    take(open, message);
  }

  @Override
  public void drained() {
    ChannelSink full;
    synchronized (this) {
      full = sink;
    }
    if (full != null) {
      full.drained();
    }
  }

  @Override
  public void interrupted() {
    Tunnel broken;
    synchronized (this) {
      interrupted = true;
      broken = tunnel;
    }
    if (broken != null) {
      broken.interrupted("channel is interrupted");
    }
    events.interrupted();
  }

  @Override
  public void resumed() {
    boolean up;
    synchronized (this) {
      interrupted = false;
      up = proven && !closed;
    }
    if (up) {
      events.up();
    }
  }

  @Override
  public void closed(String why) {
    ChannelSink gone;
    Tunnel ended;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      gone = sink;
      ended = tunnel;
      early.clear();
    }
    if (gone != null) {
      gone.closed(why);
    }
    if (ended != null) {
      ended.closed();
    }
    events.closed(why);
  }

  private PeerFrame.Reply answer(PeerId claimed, PeerFrame.Request request) {
    lastUsed = platform.clock().ticks();
    return handler.answer(peer, request);
  }

  private void readSoon() {
    synchronized (this) {
      if (reading || binding == null || early.isEmpty()) {
        return;
      }
      reading = true;
    }
    platform.tasks().spawn("channel proof", this::readEarly);
  }

  /** Reads what came before both proofs were right, and what came meanwhile. */
  private void readEarly() {
    while (true) {
      Bytes message;
      Tunnel open;
      synchronized (this) {
        message = early.poll();
        if (message == null) {
          reading = false;
          return;
        }
        open = proven ? tunnel : null;
      }
      if (open != null) {
        take(open, message);
      } else if (!prove(message)) {
        channel().close();
      }
    }
  }

  /** False if it is not what has to come now. Suspends. */
  private boolean prove(Bytes message) {
    try {
      return switch (FrameCodec.decodeChannel(message)) {
        case ChannelFrame.Greet greet when theirNonce == null -> {
          theirNonce = greet.nonce();
          Bytes signed = signed(certificate.device(), peer, nonce, greet.nonce(), true);
          channel()
              .send(
                  FrameCodec.encode(
                      new ChannelFrame.Prove(certificate, device.sign(Domain.CHANNEL, signed))));
          yield true;
        }
        case ChannelFrame.Prove proof when theirNonce != null -> {
          boolean right = isRight(proof, theirNonce);
          if (right) {
            synchronized (this) {
              proven = true;
            }
            events.up();
          }
          yield right;
        }
        default -> false;
      };
    } catch (MalformedFrameException | LinkException e) {
      return false;
    }
  }

  private boolean isRight(ChannelFrame.Prove proof, Bytes theirs) {
    DeviceCertificate shown = proof.certificate();
    return shown.device().equals(peer)
        && shown.verify(platform.crypto(), platform.clock().now())
            == DeviceCertificate.Verdict.VALID
        && platform
            .crypto()
            .verify(
                peer.publicKey(),
                Domain.CHANNEL,
                signed(peer, certificate.device(), theirs, nonce, false),
                proof.signature());
  }

  /** {@code own id ‖ other's id ‖ own nonce ‖ other's nonce ‖ own binding ‖ other's binding}. */
  private Bytes signed(PeerId own, PeerId other, Bytes ownNonce, Bytes otherNonce, boolean here) {
    DirectChannel.Binding ends = binding;
    if (ends == null) {
      throw new IllegalStateException("proof before the channel is open");
    }
    return new ByteWriter()
        .bytes(own.bytes())
        .bytes(other.bytes())
        .bytes(ownNonce)
        .bytes(otherNonce)
        .bytes(here ? ends.here() : ends.there())
        .bytes(here ? ends.there() : ends.here())
        .toBytes();
  }

  private void take(Tunnel open, Bytes message) {
    try {
      Frame frame = FrameCodec.decodeChannel(message);
      if (frame instanceof TunnelFrame tunnelled) {
        open.received(tunnelled);
      } else {
        channel().close();
      }
    } catch (MalformedFrameException e) {
      channel().close();
    }
  }

  private DirectChannel channel() {
    if (channel == null) {
      throw new IllegalStateException("not begun");
    }
    return channel;
  }
}
