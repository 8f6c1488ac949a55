package dev.p2pcp.server.member;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.platform.Clock;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;

/**
 * The connection to another member: the handshake, then frames both ways. Any thread may send;
 * frames keep the order in which {@link #send} was called and leave by the connection's event loop,
 * where all that comes is handled too.
 */
public final class MemberLink {
  /** Bytes that may wait to be sent; a link with more is given up. */
  static final int LIMIT = 64 * 1024 * 1024;

  /** Bytes from which on those who send data over the link wait. */
  static final int HIGH_WATER = 4 * 1024 * 1024;

  /** Time to prove the secret, in milliseconds. */
  static final long HANDSHAKE = 5_000;

  /** After so many milliseconds with nothing sent, a ping is. */
  static final long BEAT = 1_000;

  /** A link on which nothing comes, or nothing leaves that waits, for so long is given up. */
  static final long SILENCE = 8_000;

  private static final int LENGTH = Integer.BYTES;
  private static final int FRAME = 64 * 1024;

  /** Longest message of who has not proven himself. */
  private static final int GREETING = 128;

  /** Bytes read at a time: few frames cost as few calls of the system as many. */
  private static final int LEAST = 1024;

  private static final int MOST = 256 * 1024;

  private static final System.Logger LOG = System.getLogger(MemberLink.class.getName());

  private final int number;
  private final Connection connection;
  private final Channel channel;
  private final LinkHandshake handshake;
  private final LinkUser user;
  private final Clock clock;
  private final FrameAssembly assembly = new FrameAssembly();
  private final Queue<LinkFrame> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger bytes = new AtomicInteger();
  private final AtomicBoolean leaving = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Queue<Sinks.Empty<Void>> room = new ConcurrentLinkedQueue<>();
  private final long begun;
  private @Nullable LinkSeal sending;
  private @Nullable LinkSeal receiving;
  private volatile boolean open;
  private volatile long heard;
  private volatile long sent;

  MemberLink(
      int number, Connection connection, LinkHandshake handshake, LinkUser user, Clock clock) {
    this.number = number;
    this.connection = connection;
    this.channel = connection.channel();
    this.handshake = handshake;
    this.user = user;
    this.clock = clock;
    this.begun = clock.ticks();
    this.heard = begun;
    this.sent = begun;
  }

  /** Below zero, and another for each link that this member ever has. */
  public int number() {
    return number;
  }

  /** Whether this member dialled. */
  public boolean isDialler() {
    return handshake.isDialler();
  }

  /** Sends a frame after those before it. Never waits. */
  public void send(LinkFrame frame) {
    if (closed.get()) {
      return;
    }
    int before = bytes.getAndAdd(frame.cost());
    if (before + frame.cost() > LIMIT) {
      bytes.addAndGet(-frame.cost());
      close("too much waits for it");
      return;
    }
    if (before == 0) {
      sent = clock.ticks();
    }
    waiting.add(frame);
    leave();
  }

  /** Whether little enough waits to be sent. */
  public boolean hasRoom() {
    return closed.get() || bytes.get() <= HIGH_WATER;
  }

  /** Completes when there is room, or the link is lost, on a thread that holds nothing. */
  public Mono<Void> room() {
    return Mono.defer(
        () -> {
          Sinks.Empty<Void> sink = Sinks.empty();
          room.add(sink);
          if (hasRoom()) {
            releaseRoom();
          }
          return sink.asMono().publishOn(Schedulers.parallel());
        });
  }

  /** Whether both sides had proven themselves, now or before the link was lost. */
  boolean wasOpen() {
    return open;
  }

  /** The id of the other member: for who dialled at once, else once it is open. */
  Bytes far() {
    return handshake.far();
  }

  /** Begins; the dialler speaks first. */
  void start() {
    channel.config().setRecvByteBufAllocator(new AdaptiveRecvByteBufAllocator(LEAST, FRAME, MOST));
    connection
        .inbound()
        .receive()
        .subscribe(this::received, fault -> close("broken"), () -> close("closed there"));
    if (handshake.isDialler()) {
      say(handshake.first());
    }
  }

  /** Pings when it is time, and gives up what is silent. */
  void check(long ticks) {
    if (!open) {
      if (ticks - begun > HANDSHAKE) {
        close("handshake takes too long");
      }
    } else if (ticks - heard > SILENCE || (bytes.get() > 0 && ticks - sent > SILENCE)) {
      close("silent");
    } else if (ticks - sent >= BEAT && bytes.get() == 0) {
      send(new LinkFrame.Ping());
    }
  }

  void close(String why) {
    if (closed.compareAndSet(false, true)) {
      if (open) {
        LOG.log(System.Logger.Level.INFO, "link {0} to another member is over: {1}", number, why);
      }
      connection.dispose();
      waiting.clear();
      releaseRoom();
      onLoop(() -> user.down(this));
    }
  }

  private void received(ByteBuf buffer) {
    heard = clock.ticks();
    try {
      while (buffer.isReadable() && !closed.get()) {
        Optional<Bytes> message = assembly.next(buffer, open ? FRAME : GREETING);
        if (message.isPresent()) {
          take(message.get());
        }
      }
    } catch (MalformedFrameException e) {
      LOG.log(System.Logger.Level.WARNING, "what came over a link is wrong: {0}", e.getMessage());
      close("wrong frame");
    }
  }

  private void take(Bytes message) throws MalformedFrameException {
    if (open) {
      user.received(this, opened(message));
      return;
    }
    handshake.received(message).ifPresent(this::say);
    if (handshake.isProven()) {
      sending = handshake.sending();
      receiving = handshake.receiving();
      open = true;
      user.up(this);
    }
  }

  private LinkFrame opened(Bytes message) throws MalformedFrameException {
    if (receiving == null || message.length() <= LinkSeal.TAG) {
      throw new MalformedFrameException("length");
    }
    Bytes frame = message.from(LinkSeal.TAG);
    Bytes head = LinkCodec.isData(frame) ? frame.slice(0, LinkCodec.DATA_HEAD) : frame;
    if (!receiving
        .next(frame.length(), head)
        .equalsInConstantTime(message.slice(0, LinkSeal.TAG))) {
      throw new MalformedFrameException("tag");
    }
    return LinkCodec.read(frame);
  }

  private void leave() {
    if (leaving.compareAndSet(false, true)) {
      onLoop(this::sendWaiting);
    }
  }

  private void sendWaiting() {
    leaving.set(false);
    if (sending == null) {
      return;
    }
    for (LinkFrame frame = waiting.poll(); frame != null; frame = waiting.poll()) {
      write(frame, sending);
    }
    channel.flush();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // A write that fails closes the connection.
  private void write(LinkFrame frame, LinkSeal seal) {
    Bytes head = LinkCodec.head(frame);
    Bytes data = frame instanceof LinkFrame.Data d ? d.bytes() : Bytes.EMPTY;
    int length = head.length() + data.length();
    ByteBuf out = channel.alloc().directBuffer(LENGTH + LinkSeal.TAG + length);
    out.writeInt(LinkSeal.TAG + length);
    seal.next(length, head).into(out::writeBytes);
    head.into(out::writeBytes);
    data.into(out::writeBytes);
    int cost = frame.cost();
    channel.write(out).addListener(future -> written(cost));
  }

  private void written(int cost) {
    sent = clock.ticks();
    if (bytes.addAndGet(-cost) <= HIGH_WATER / 2) {
      releaseRoom();
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // A write that fails closes the connection.
  private void say(Bytes message) {
    ByteBuf out = channel.alloc().directBuffer(LENGTH + message.length());
    out.writeInt(message.length());
    message.into(out::writeBytes);
    channel.writeAndFlush(out);
  }

  private void releaseRoom() {
    for (Sinks.Empty<Void> sink = room.poll(); sink != null; sink = room.poll()) {
      sink.tryEmitEmpty();
    }
  }

  private void onLoop(Runnable work) {
    try {
      channel.eventLoop().execute(work);
    } catch (RejectedExecutionException e) {
      // The process stops and its loops with it: nothing leaves or comes any more.
      closed.set(true);
    }
  }
}
