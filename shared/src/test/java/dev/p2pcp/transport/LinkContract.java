package dev.p2pcp.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.jvm.JvmClock;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.jvm.JvmEntropy;
import dev.p2pcp.jvm.VirtualThreadTasks;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Parallel;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.Refusal;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every way to another agent does. */
@Timeout(60)
public abstract class LinkContract {
  private static final long PATIENCE = 20_000;

  /** Calls made at once; more than any link carries side by side. */
  private static final int MANY = 200;

  private final Queue<Throwable> crashes = new ConcurrentLinkedQueue<>();
  private final JvmClock clock = new JvmClock();
  private final Seeded arbitrary = new Seeded(1);

  protected final Platform platform =
      new Platform(
          clock,
          new JvmEntropy(),
          new VirtualThreadTasks(clock, (task, cause) -> crashes.add(cause)),
          new JvmCrypto());

  /** Who is at this end. */
  protected abstract PeerId here();

  /** A link to an agent that answers so. */
  protected abstract Link linkTo(PeerHandler there) throws Exception;

  /** The far end is gone without a word. */
  protected abstract void cut();

  @AfterEach
  void nothing_crashed() {
    assertThat(crashes).isEmpty();
  }

  @Test
  void a_request_is_answered_by_the_other_end_which_sees_who_asks() throws Exception {
    Refusal refusal = Refusal.of(Refusal.OVER_LIMIT, "too much", 3, 4);
    Link link =
        linkTo(
            (from, request) ->
                from.equals(here()) && request.equals(new PeerFrame.Get(key(1)))
                    ? new PeerFrame.Ok()
                    : new PeerFrame.Denied(refusal));
    assertThat(call(link, new PeerFrame.Get(key(1)))).isEqualTo(new PeerFrame.Ok());
    assertThat(call(link, new PeerFrame.Get(key(2)))).isEqualTo(new PeerFrame.Denied(refusal));
  }

  @Test
  void the_largest_block_travels_whole_there_and_back() throws Exception {
    Bytes largest = arbitrary.bytes(Block.MAX_LENGTH);
    Link link =
        linkTo((from, request) -> new PeerFrame.BlockReply(((PeerFrame.Update) request).block()));
    assertThat(call(link, new PeerFrame.Update(key(1), largest)))
        .isEqualTo(new PeerFrame.BlockReply(largest));
  }

  @Test
  void many_calls_at_once_each_get_their_own_reply() throws Exception {
    List<Bytes> blocks = IntStream.range(0, MANY).mapToObj(i -> arbitrary.upTo(20_000)).toList();
    Link link =
        linkTo((from, request) -> new PeerFrame.BlockReply(((PeerFrame.Update) request).block()));
    Queue<Bytes> echoed = new ConcurrentLinkedQueue<>();
    Parallel.forEach(
        platform,
        blocks,
        MANY,
        platform.deadline(PATIENCE),
        block -> {
          try {
            if (call(link, new PeerFrame.Update(key(1), block))
                    instanceof PeerFrame.BlockReply reply
                && reply.block().equals(block)) {
              echoed.add(block);
            }
          } catch (LinkException e) {
            throw new AssertionError(e);
          }
        });
    assertThat(echoed).containsExactlyInAnyOrderElementsOf(blocks);
  }

  @Test
  void a_call_that_is_answered_too_late_fails_and_the_next_one_works() throws Exception {
    Pending<Boolean> open = platform.tasks().pending();
    Link link =
        linkTo(
            (from, request) -> {
              if (request.equals(new PeerFrame.Get(key(1)))) {
                open.await(platform.deadline(PATIENCE));
              }
              return new PeerFrame.Ok();
            });
    long began = clock.ticks();
    assertThatExceptionOfType(LinkException.class)
        .isThrownBy(() -> link.call(new PeerFrame.Get(key(1)), platform.deadline(100)));
    assertThat(clock.ticks() - began).isLessThan(PATIENCE / 2);
    assertThat(call(link, new PeerFrame.Get(key(2)))).isEqualTo(new PeerFrame.Ok());
    open.complete(true);
    assertThat(call(link, new PeerFrame.Get(key(1)))).isEqualTo(new PeerFrame.Ok());
  }

  @Test
  void calls_under_way_fail_at_once_when_the_other_end_is_gone() throws Exception {
    Pending<Boolean> asked = platform.tasks().pending();
    Pending<Boolean> never = platform.tasks().pending();
    Link link =
        linkTo(
            (from, request) -> {
              asked.complete(true);
              never.await(platform.deadline(PATIENCE));
              return new PeerFrame.Ok();
            });
    Pending<Boolean> failed = platform.tasks().pending();
    platform
        .tasks()
        .spawn(
            "call",
            () -> {
              try {
                call(link, new PeerFrame.Get(key(1)));
                failed.complete(false);
              } catch (LinkException e) {
                failed.complete(true);
              }
            });
    assertThat(asked.await(platform.deadline(PATIENCE))).contains(true);

    cut();

    assertThat(failed.await(platform.deadline(PATIENCE / 2))).contains(true);
    assertThatExceptionOfType(LinkException.class)
        .isThrownBy(() -> call(link, new PeerFrame.Get(key(1))));
    never.complete(true);
  }

  protected final PeerFrame.Reply call(Link link, PeerFrame.Request request) throws LinkException {
    Deadline deadline = platform.deadline(PATIENCE);
    return link.call(request, deadline);
  }

  protected static StorageKey key(int number) {
    return new StorageKey(new Seeded(number).bytes(StorageKey.LENGTH));
  }
}
