package dev.p2pcp.load.peer;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.jvm.JvmEntropy;
import dev.p2pcp.wire.Frame;
import dev.p2pcp.wire.FrameCodec;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.SessionFrame;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** An account on one device, logged in at an index server. */
public final class VirtualPeer implements AutoCloseable {
  private static final JvmCrypto CRYPTO = new JvmCrypto();
  private static final JvmEntropy ENTROPY = new JvmEntropy();
  private static final int KEY = 32;
  private static final long CERTIFICATE_LIFE = 24 * 60 * 60 * 1000L;
  private static final String HOST = "127.0.0.1";

  private final FrameSocket socket;
  private final PeerId peer;
  private int requests;

  private VirtualPeer(FrameSocket socket, PeerId peer) {
    this.socket = socket;
    this.peer = peer;
  }

  /** Who logs in. */
  public record Keys(Crypto.SigningKey vault, Crypto.SigningKey device) {
    /** Of somebody new. */
    public static Keys fresh() {
      return new Keys(CRYPTO.signingKey(ENTROPY.bytes(KEY)), CRYPTO.signingKey(ENTROPY.bytes(KEY)));
    }
  }

  /** Logs in somebody new from that address, with so much room to read into at first. */
  public static VirtualPeer login(InetSocketAddress server, InetAddress from, int buffer)
      throws IOException {
    return login(server, from, buffer, Keys.fresh());
  }

  /** Logs in with these keys. */
  public static VirtualPeer login(InetSocketAddress server, InetAddress from, int buffer, Keys keys)
      throws IOException {
    FrameSocket socket = FrameSocket.connect(server, from, buffer);
    try {
      VirtualPeer peer = new VirtualPeer(socket, PeerId.of(keys.device().publicKey()));
      peer.send(new SessionFrame.Hello(Limits.VERSION));
      SessionFrame.Challenge challenge = peer.await(SessionFrame.Challenge.class);
      peer.send(
          new SessionFrame.Proof(
              DeviceCertificate.issue(keys.vault(), peer.peer, challenge.time(), CERTIFICATE_LIFE),
              keys.device().sign(Domain.SESSION_PROOF, challenge.signed(Limits.VERSION, HOST))));
      peer.await(SessionFrame.Welcome.class);
      return peer;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** From this machine itself. */
  public static VirtualPeer login(InetSocketAddress server) throws IOException {
    return login(server, InetAddress.getLoopbackAddress(), Limits.MESSAGE);
  }

  public PeerId peer() {
    return peer;
  }

  /** What travels, for those that speak of streams. */
  public FrameSocket socket() {
    return socket;
  }

  /** Announces these lists of storage keys, so many of them under way at once. */
  public void announce(List<List<StorageKey>> lists, int window) throws IOException {
    int sent = 0;
    for (int done = 0; done < lists.size(); done++) {
      while (sent < lists.size() && sent < done + window) {
        send(new SessionFrame.Announce(nextId(), lists.get(sent)));
        sent++;
      }
      await(SessionFrame.Done.class);
    }
  }

  /** Looks these up; which have no location. */
  public List<StorageKey> missing(List<StorageKey> keys) throws IOException {
    send(new SessionFrame.Lookup(nextId(), keys));
    List<List<PeerId>> found = await(SessionFrame.Found.class).locations();
    List<StorageKey> missing = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      if (found.get(i).isEmpty()) {
        missing.add(keys.get(i));
      }
    }
    return missing;
  }

  public void send(Frame frame) throws IOException {
    socket.send(FrameCodec.encode(frame));
  }

  /**
   * The next frame of that kind; standings and pings before it are skipped, else it is an error.
   */
  public <F extends Frame> F await(Class<F> kind) throws IOException {
    while (true) {
      Frame frame = next();
      if (kind.isInstance(frame)) {
        return kind.cast(frame);
      }
      if (frame instanceof SessionFrame.Refused || frame instanceof SessionFrame.GoAway) {
        throw new IOException("instead of " + kind.getSimpleName() + ": " + frame);
      }
    }
  }

  /** The next frame, whatever it is. */
  public Frame next() throws IOException {
    Bytes message = socket.read();
    try {
      return FrameCodec.decodeMessage(message);
    } catch (MalformedFrameException e) {
      throw new IOException(e);
    }
  }

  private int nextId() {
    return ++requests;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
