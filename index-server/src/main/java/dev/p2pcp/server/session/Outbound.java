package dev.p2pcp.server.session;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.platform.Clock;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.util.concurrent.Queues;

/**
 * What waits to be sent to one agent: bounded in bytes, filled by any thread, drained by the
 * connection.
 */
final class Outbound {
  /** Bytes that may wait; an agent for which more would wait is too slow. */
  static final int LIMIT = 4 * 1024 * 1024;

  /** Bytes from which on those who send to this agent wait. */
  static final int HIGH_WATER = 1024 * 1024;

  private final Clock clock;
  private final Sinks.Many<Bytes> frames =
      Sinks.unsafe()
          .many()
          .unicast()
          .onBackpressureBuffer(Queues.<Bytes>unboundedMultiproducer().get());
  private final Queue<Sinks.Empty<Void>> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger bytes = new AtomicInteger();
  private volatile long progress;
  private volatile boolean closed;

  Outbound(Clock clock) {
    this.clock = clock;
    this.progress = clock.ticks();
  }

  /** Queues a frame; false if it is one too many. */
  boolean offer(Bytes frame) {
    if (closed) {
      return true;
    }
    int before = bytes.getAndAdd(frame.length());
    if (before == 0) {
      progress = clock.ticks();
    }
    if (before + frame.length() > LIMIT) {
      bytes.addAndGet(-frame.length());
      return false;
    }
    frames.tryEmitNext(frame);
    return true;
  }

  /** No more frames after those that wait; nobody waits for room any longer. */
  void close() {
    closed = true;
    frames.tryEmitComplete();
    releaseWaiting();
  }

  /** The frames, for the connection. */
  Flux<Bytes> frames() {
    return frames.asFlux();
  }

  /** The connection has passed on so many bytes. */
  void written(int count) {
    progress = clock.ticks();
    if (bytes.addAndGet(-count) <= HIGH_WATER / 2) {
      releaseWaiting();
    }
  }

  boolean hasRoom() {
    return closed || bytes.get() <= HIGH_WATER;
  }

  /** Completes when there is room, on a thread that holds nothing. */
  Mono<Void> room() {
    return Mono.defer(
        () -> {
          Sinks.Empty<Void> room = Sinks.empty();
          waiting.add(room);
          if (hasRoom()) {
            releaseWaiting();
          }
          return room.asMono().publishOn(Schedulers.parallel());
        });
  }

  /** Milliseconds since anything was taken of what waits; 0 if nothing waits. */
  long stalledFor(long ticks) {
    return bytes.get() == 0 ? 0 : ticks - progress;
  }

  private void releaseWaiting() {
    for (Sinks.Empty<Void> room = waiting.poll(); room != null; room = waiting.poll()) {
      room.tryEmitEmpty();
    }
  }
}
