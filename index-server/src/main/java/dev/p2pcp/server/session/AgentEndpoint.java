package dev.p2pcp.server.session;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Entropy;
import dev.p2pcp.server.admission.Admission;
import dev.p2pcp.server.admission.Origins;
import dev.p2pcp.server.cluster.ClusterSecret;
import dev.p2pcp.transport.Transport;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.SessionFrame;
import io.netty.buffer.ByteBufAllocator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.WebSocketSession;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.reactive.socket.server.support.HandshakeWebSocketService;
import org.springframework.web.reactive.socket.server.upgrade.ReactorNettyRequestUpgradeStrategy;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.WebsocketServerSpec;

/** Takes agents' WebSocket connections at {@code /agent}. */
@Component
class AgentEndpoint implements WebHandler {
  /** Stands for a message that is not binary, and is malformed as an empty one is. */
  private static final Bytes NOT_BINARY = Bytes.EMPTY;

  private final WebSocketService webSockets =
      new HandshakeWebSocketService(
          new ReactorNettyRequestUpgradeStrategy(
              () ->
                  WebsocketServerSpec.builder()
                      .maxFramePayloadLength(Limits.MESSAGE)
                      .compress(false)));

  private final Origins origins;
  private final Admission admission;
  private final Sessions sessions;
  private final SessionServices services;
  private final ClusterSecret cluster;
  private final Entropy entropy;

  AgentEndpoint(
      Origins origins,
      Admission admission,
      Sessions sessions,
      SessionServices services,
      ClusterSecret cluster,
      Entropy entropy) {
    this.origins = origins;
    this.admission = admission;
    this.sessions = sessions;
    this.services = services;
    this.cluster = cluster;
    this.entropy = entropy;
  }

  @Override
  public Mono<Void> handle(ServerWebExchange exchange) {
    ServerHttpRequest request = exchange.getRequest();
    if (!"websocket".equalsIgnoreCase(request.getHeaders().getUpgrade())) {
      return refuse(HttpStatus.UPGRADE_REQUIRED, "agents connect here by WebSocket");
    }
    if (!origins.allows(request.getHeaders().getOrigin(), request.getHeaders().getFirst("Host"))) {
      return refuse(HttpStatus.FORBIDDEN, "pages of this origin may not connect");
    }
    if (!offersProtocol(request)) {
      return refuse(HttpStatus.BAD_REQUEST, "the subprotocol is " + Transport.SUBPROTOCOL);
    }
    InetAddress address = addressOf(request);
    String host = SessionFrame.Challenge.hostOf(request.getURI().getAuthority());
    Admission.Decision decision = admission.enter(address);
    if (decision instanceof Admission.Refused) {
      return refuse(HttpStatus.SERVICE_UNAVAILABLE, "too many connections");
    }
    AgentHandler handler =
        new AgentHandler(new Remote(connection(request), address, host), decision);
    return webSockets
        .handleRequest(exchange, handler)
        .doFinally(
            signal -> {
              if (!handler.started()) {
                leave(address, decision);
              }
            });
  }

  private void leave(InetAddress address, Admission.Decision decision) {
    if (decision instanceof Admission.SentAway) {
      admission.explained();
    } else {
      admission.leave(address);
    }
  }

  private static boolean offersProtocol(ServerHttpRequest request) {
    return request.getHeaders().getOrEmpty("Sec-WebSocket-Protocol").stream()
        .flatMap(line -> List.of(line.split(",")).stream())
        .anyMatch(name -> name.strip().equals(Transport.SUBPROTOCOL));
  }

  /** What a proxy forwards is an address in text, which nobody has resolved. */
  private static InetAddress addressOf(ServerHttpRequest request) {
    InetSocketAddress remote = Objects.requireNonNull(request.getRemoteAddress());
    InetAddress address = remote.getAddress();
    if (address != null) {
      return address;
    }
    try {
      return InetAddress.ofLiteral(remote.getHostString());
    } catch (IllegalArgumentException e) {
      throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "forwarded address", e);
    }
  }

  private static Mono<Void> refuse(HttpStatus status, String why) {
    return Mono.error(new ResponseStatusException(status, why));
  }

  private static Connection connection(ServerHttpRequest request) {
    HttpServerRequest netty = ServerHttpRequestDecorator.getNativeRequest(request);
    AtomicReference<Connection> connection = new AtomicReference<>();
    netty.withConnection(connection::set);
    return Objects.requireNonNull(connection.get());
  }

  /** One connection, from upgrade to end. */
  private final class AgentHandler implements WebSocketHandler {
    private final Remote remote;
    private final Admission.Decision decision;
    private volatile boolean started;

    AgentHandler(Remote remote, Admission.Decision decision) {
      this.remote = remote;
      this.decision = decision;
    }

    boolean started() {
      return started;
    }

    @Override
    public List<String> getSubProtocols() {
      return List.of(Transport.SUBPROTOCOL);
    }

    @Override
    public Mono<Void> handle(WebSocketSession socket) {
      started = true;
      Clock clock = services.clock();
      SessionFrame.Challenge challenge =
          new SessionFrame.Challenge(
              entropy.bytes(SessionFrame.NONCE_LENGTH), cluster.tickets().publicKey(), clock.now());
      AgentSession session = new AgentSession(sessions.freeNumber(), remote, challenge, services);
      sessions.add(session);
      session.lane().subscribe();
      if (decision instanceof Admission.SentAway away) {
        session.end(away.why(), away.retryAfter());
      }
      Mono<Void> sending =
          socket
              .send(session.outbound().frames().map(frame -> message(socket, session, frame)))
              .then(Mono.fromRunnable(() -> remote.beginClose(session.closeStatus())));
      Mono<Void> receiving =
          socket
              .receive()
              .map(
                  message ->
                      message.getType() == WebSocketMessage.Type.TEXT ? NOT_BINARY : copy(message))
              .concatMap(session::received, 1)
              .doFinally(signal -> session.outbound().close())
              .then();
      return Mono.when(sending, receiving)
          .onErrorComplete()
          .doFinally(
              signal -> {
                session.leave();
                sessions.remove(session);
                AgentEndpoint.this.leave(remote.address(), decision);
              });
    }

    private static Bytes copy(WebSocketMessage message) {
      DataBuffer payload = message.getPayload();
      byte[] bytes = new byte[payload.readableByteCount()];
      payload.read(bytes);
      return Bytes.wrap(bytes);
    }

    private static WebSocketMessage message(
        WebSocketSession socket, AgentSession session, Bytes frame) {
      NettyDataBufferFactory buffers = (NettyDataBufferFactory) socket.bufferFactory();
      ByteBufAllocator allocator = buffers.getByteBufAllocator();
      return new WebSocketMessage(
          WebSocketMessage.Type.BINARY,
          buffers.wrap(new AccountedBuffer(allocator, frame.unsafeArray(), session.outbound())));
    }
  }
}
