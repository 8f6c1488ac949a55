package dev.p2pcp.server;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.jvm.JvmEntropy;
import dev.p2pcp.transport.Transport;
import dev.p2pcp.wire.Frame;
import dev.p2pcp.wire.FrameCodec;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.SessionFrame;
import dev.p2pcp.wire.TunnelFrame;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** An agent that does exactly what a test says, right or wrong. */
final class RawAgent implements AutoCloseable {
  static final JvmCrypto CRYPTO = new JvmCrypto();
  private static final JvmEntropy ENTROPY = new JvmEntropy();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final int WAIT = 60;

  /** Instead of a status: the connection was cut without a closing handshake. */
  static final int LOST = -1;

  private final WebSocket socket;
  private final Inbox inbox;
  private SessionFrame.@Nullable Challenge challenge;
  private SessionFrame.@Nullable Welcome welcome;
  private final Crypto.SigningKey vault;
  private final Crypto.SigningKey device;

  private RawAgent(
      Crypto.SigningKey vault, Crypto.SigningKey device, Inbox inbox, WebSocket socket) {
    this.vault = vault;
    this.device = device;
    this.socket = socket;
    this.inbox = inbox;
  }

  static Crypto.SigningKey newKey() {
    return CRYPTO.signingKey(ENTROPY.bytes(32));
  }

  /** Connected, nothing sent. */
  static RawAgent connect(int port, Crypto.SigningKey vault, Crypto.SigningKey device) {
    Inbox inbox = new Inbox();
    WebSocket socket =
        HTTP.newWebSocketBuilder()
            .subprotocols(Transport.SUBPROTOCOL)
            .buildAsync(URI.create("ws://127.0.0.1:" + port + "/agent"), inbox)
            .join();
    return new RawAgent(vault, device, inbox, socket);
  }

  /** A new account, logged in. */
  static RawAgent login(int port) {
    return login(port, newKey(), newKey());
  }

  static RawAgent login(int port, Crypto.SigningKey vault, Crypto.SigningKey device) {
    RawAgent agent = connect(port, vault, device);
    agent.send(new SessionFrame.Hello(Limits.VERSION));
    agent.challenge = agent.await(SessionFrame.Challenge.class);
    agent.send(agent.proof(agent.challenge));
    agent.welcome = agent.await(SessionFrame.Welcome.class);
    return agent;
  }

  SessionFrame.Proof proof(SessionFrame.Challenge challenge) {
    return new SessionFrame.Proof(
        certificate(),
        device.sign(Domain.SESSION_PROOF, challenge.signed(Limits.VERSION, "127.0.0.1")));
  }

  DeviceCertificate certificate() {
    return DeviceCertificate.issue(vault, peer(), System.currentTimeMillis() - 1000, 3_600_000);
  }

  /** The challenge of a login. */
  SessionFrame.Challenge challenge() {
    return Objects.requireNonNull(challenge);
  }

  /** The end of a login. */
  SessionFrame.Welcome welcome() {
    return Objects.requireNonNull(welcome);
  }

  Crypto.SigningKey device() {
    return device;
  }

  PeerId peer() {
    return PeerId.of(device.publicKey());
  }

  AccountId account() {
    return AccountId.of(vault.publicKey());
  }

  void send(Frame frame) {
    send(FrameCodec.encode(frame));
  }

  void send(Bytes message) {
    socket.sendBinary(ByteBuffer.wrap(message.toArray()), true).join();
  }

  /** Waits for the next frame of that kind; other frames are skipped. */
  <F extends Frame> F await(Class<F> kind) {
    return kind.cast(await(kind::isInstance));
  }

  Frame await(Predicate<Frame> wanted) {
    try {
      for (Frame frame = poll(); frame != null; frame = poll()) {
        if (wanted.test(frame)) {
          return frame;
        }
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    throw new AssertionError("it did not come in time");
  }

  /** Sends a request and waits for its answer. */
  SessionFrame.Answer ask(SessionFrame.Request request) {
    send(request);
    return (SessionFrame.Answer)
        await(frame -> frame instanceof SessionFrame.Answer answer && answer.id() == request.id());
  }

  /** Waits until the server has closed; the WebSocket status. */
  int awaitClosed() {
    return inbox.closed.orTimeout(WAIT, TimeUnit.SECONDS).join();
  }

  /** Sends if the connection is still there. */
  boolean trySend(Bytes message) {
    try {
      send(message);
      return true;
    } catch (CompletionException e) {
      return false;
    }
  }

  void sendText(String text) {
    socket.sendText(text, true).join();
  }

  /** Reads nothing from now on. */
  void stopReading() {
    inbox.reading = false;
  }

  /** Waits for a request through a stream; answers it by {@link #reply}. */
  Asked awaitRequest() throws MalformedFrameException {
    TunnelFrame.Open open = await(TunnelFrame.Open.class);
    List<Bytes> pieces = new ArrayList<>();
    boolean last = false;
    while (!last) {
      TunnelFrame.Data data = await(TunnelFrame.Data.class);
      pieces.add(data.bytes());
      last = data.last();
      if (!last) {
        send(new TunnelFrame.Credit(open.stream(), data.bytes().length()));
      }
    }
    Bytes message = Bytes.concat(pieces.toArray(new Bytes[0]));
    return new Asked(
        open.stream(), open.peer(), (PeerFrame.Request) FrameCodec.decodePeer(message));
  }

  /** A request that came through a stream. */
  record Asked(long stream, PeerId from, PeerFrame.Request request) {}

  /** Answers, in pieces as credit allows. */
  void reply(Asked asked, PeerFrame.Reply reply) {
    Bytes message = FrameCodec.encode(reply);
    int credit = Limits.INITIAL_CREDIT;
    for (int at = 0; at < message.length(); ) {
      while (credit < Limits.DATA) {
        credit += await(TunnelFrame.Credit.class).bytes();
      }
      int count = Math.min(Limits.DATA, message.length() - at);
      boolean last = at + count == message.length();
      send(new TunnelFrame.Data(asked.stream(), last, message.slice(at, count)));
      credit -= count;
      at += count;
    }
  }

  @Override
  public void close() {
    socket.abort();
  }

  private @Nullable Frame poll() throws InterruptedException {
    return inbox.frames.poll(WAIT, TimeUnit.SECONDS);
  }

  private static final class Inbox implements WebSocket.Listener {
    private final LinkedBlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private volatile boolean reading = true;
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      byte[] bytes = new byte[data.remaining()];
      data.get(bytes);
      partial.writeBytes(bytes);
      if (last) {
        try {
          frames.add(FrameCodec.decodeMessage(Bytes.wrap(partial.toByteArray())));
        } catch (MalformedFrameException e) {
          throw new IllegalStateException("the server sent " + e.getMessage(), e);
        }
        partial.reset();
      }
      if (reading) {
        socket.request(1);
      }
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
      closed.complete(status);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      closed.complete(LOST);
    }
  }
}
