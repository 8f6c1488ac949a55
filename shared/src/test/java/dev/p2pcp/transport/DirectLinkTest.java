package dev.p2pcp.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.inprocess.MemoryChannels;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.wire.FrameCodec;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.TunnelFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Two agents with a channel between them, over which they prove who they are. */
class DirectLinkTest extends LinkContract {
  private static final long PATIENCE = 20_000;

  private final MemoryChannels channels = new MemoryChannels(platform.tasks());
  private final DirectLink.Self here = self(1);
  private final DirectLink.Self there = self(2);

  @Override
  protected PeerId here() {
    return here.certificate().device();
  }

  @Override
  protected Link linkTo(PeerHandler handler) throws Exception {
    return joined(there, there.certificate().device(), handler).asker.link;
  }

  @Override
  protected void cut() {
    channels.cut();
  }

  @Test
  void who_shows_the_certificate_of_another_device_is_not_believed() throws Exception {
    DirectLink.Self mallory = self(3);
    DirectLink.Self posing = new DirectLink.Self(mallory.device(), there.certificate());
    Pair pair = begun(posing, there.certificate().device(), (from, request) -> new PeerFrame.Ok());
    assertThat(pair.asker.closed.await(platform.deadline(PATIENCE))).isPresent();
    assertThat(pair.asker.link.isUp()).isFalse();
  }

  @Test
  void somebody_else_at_the_far_end_is_not_believed_whatever_he_proves() throws Exception {
    Pair pair = begun(self(3), there.certificate().device(), (from, r) -> new PeerFrame.Ok());
    assertThat(pair.asker.closed.await(platform.deadline(PATIENCE))).isPresent();
    assertThat(pair.asker.link.isUp()).isFalse();
  }

  @Test
  void a_certificate_that_has_run_out_is_not_believed() throws Exception {
    Crypto.SigningKey device = secret(5);
    long ago = platform.clock().now() - DeviceCertificate.MAX_LIFE;
    DeviceCertificate old =
        DeviceCertificate.issue(secret(6), PeerId.of(device.publicKey()), ago, 1_000);
    Pair pair =
        begun(
            new DirectLink.Self(device, old),
            PeerId.of(device.publicKey()),
            (from, r) -> new PeerFrame.Ok());
    assertThat(pair.asker.closed.await(platform.deadline(PATIENCE))).isPresent();
  }

  @Test
  void calls_fail_while_the_channel_is_interrupted_and_go_on_after_it() throws Exception {
    Link link = linkTo((from, request) -> new PeerFrame.Ok());
    channels.interrupt(true);
    Pending<Boolean> noticed = platform.tasks().pending();
    platform
        .tasks()
        .spawn(
            "call",
            () -> {
              try {
                while (true) {
                  link.call(new PeerFrame.Get(block(1)), platform.deadline(PATIENCE));
                }
              } catch (LinkException e) {
                noticed.complete(true);
              }
            });
    assertThat(noticed.await(platform.deadline(PATIENCE / 2))).contains(true);
    channels.interrupt(false);
    long until = platform.clock().ticks() + PATIENCE;
    while (!((DirectLink) link).isUp() && platform.clock().ticks() < until) {
      platform.tasks().sleep(1);
    }
    assertThat(call(link, new PeerFrame.Get(block(1)))).isEqualTo(new PeerFrame.Ok());
  }

  @Test
  void what_is_no_frame_closes_the_channel() throws Exception {
    Pair pair = joined(there, there.certificate().device(), (from, r) -> new PeerFrame.Ok());
    pair.asker.link.received(Bytes.wrap(new byte[] {(byte) 0xff}));
    assertThat(pair.asker.closed.await(platform.deadline(PATIENCE))).isPresent();
  }

  @Test
  void a_short_request_passes_large_blocks_that_wait() throws Exception {
    // A channel that takes bytes only when told to.
    SlowChannel slow = new SlowChannel();
    ChannelSink sink = new ChannelSink(platform.tasks(), slow);
    int streams = 8;
    AtomicInteger sent = new AtomicInteger();
    Bytes piece = new Seeded(1).bytes(60 * 1024);
    for (int i = 0; i < streams; i++) {
      long stream = i;
      platform
          .tasks()
          .spawn(
              "large",
              () -> {
                try {
                  for (int k = 0; k * piece.length() < 4 * Block.MAX_LENGTH; k++) {
                    sink.send(new TunnelFrame.Data(stream, false, piece));
                    sent.incrementAndGet();
                  }
                } catch (LinkException e) {
                  return;
                }
              });
    }
    slow.awaitFull();
    sink.send(new TunnelFrame.Data(99, true, Bytes.utf8("short")));
    // It is behind what the channel has already, and before all that waits.
    assertThat(slow.last())
        .isEqualTo(FrameCodec.encode(new TunnelFrame.Data(99, true, Bytes.utf8("short"))));
    assertThat(slow.waiting()).isLessThan(ChannelSink.HIGH_WATER + 2 * 64 * 1024);
    assertThat(sent.get()).isLessThan(streams * 4);
    sink.closed("end of the test");
  }

  @Test
  void streams_of_large_blocks_take_turns() throws Exception {
    SlowChannel slow = new SlowChannel();
    ChannelSink sink = new ChannelSink(platform.tasks(), slow);
    Bytes piece = new Seeded(1).bytes(60 * 1024);
    int streams = 4;
    Pending<Boolean> all = platform.tasks().pending();
    AtomicInteger waiting = new AtomicInteger(streams * 20);
    for (int i = 0; i < streams; i++) {
      long stream = i;
      platform
          .tasks()
          .spawn(
              "large",
              () -> {
                try {
                  for (int k = 0; k < 20; k++) {
                    sink.send(new TunnelFrame.Data(stream, false, piece));
                    if (waiting.decrementAndGet() == 0) {
                      all.complete(true);
                    }
                  }
                } catch (LinkException e) {
                  return;
                }
              });
    }
    slow.awaitFull();
    while (!all.isComplete()) {
      slow.take();
      sink.drained();
      platform.tasks().sleep(1);
    }
    List<Bytes> order = slow.all();
    int[] counts = new int[streams];
    for (Bytes message : order.subList(8, 60)) {
      counts[(int) ((TunnelFrame.Data) FrameCodec.decodeChannel(message)).stream()]++;
    }
    for (int count : counts) {
      assertThat(count).isBetween(52 / streams - 4, 52 / streams + 4);
    }
  }

  @Test
  void after_the_end_nothing_can_be_sent() {
    ChannelSink sink = new ChannelSink(platform.tasks(), new SlowChannel());
    sink.closed("gone");
    assertThatExceptionOfType(LinkException.class)
        .isThrownBy(() -> sink.send(new TunnelFrame.Credit(1, 1)));
  }

  private static StorageKey block(int number) {
    return LinkContract.key(number);
  }

  private Pair joined(DirectLink.Self far, PeerId expected, PeerHandler handler) throws Exception {
    Pair pair = begun(far, expected, handler);
    assertThat(pair.asker.up.await(platform.deadline(PATIENCE))).contains(true);
    assertThat(pair.answerer.up.await(platform.deadline(PATIENCE))).contains(true);
    return pair;
  }

  private Pair begun(DirectLink.Self far, PeerId expected, PeerHandler handler) {
    Pair pair =
        new Pair(
            new End(here, expected, (from, request) -> new PeerFrame.Ok()),
            new End(far, here(), handler));
    pair.asker.other = pair.answerer;
    pair.answerer.other = pair.asker;
    Channels.Setup setup = new Channels.Setup(true, false, List.of());
    pair.asker.link.open(channels, setup);
    pair.answerer.link.open(channels, new Channels.Setup(false, false, List.of()));
    pair.asker.link.offer(false);
    return pair;
  }

  private DirectLink.Self self(int seed) {
    Crypto.SigningKey device = secret(seed);
    PeerId peer = PeerId.of(device.publicKey());
    return new DirectLink.Self(
        device,
        DeviceCertificate.issue(secret(100 + seed), peer, platform.clock().now(), 3_600_000));
  }

  private Crypto.SigningKey secret(int seed) {
    return platform.crypto().signingKey(new Seeded(seed).bytes(32));
  }

  private static final class Pair {
    final End asker;
    final End answerer;

    Pair(End asker, End answerer) {
      this.asker = asker;
      this.answerer = answerer;
    }
  }

  private final class End implements DirectLink.Events {
    final DirectLink link;
    final Pending<Boolean> up = platform.tasks().pending();
    final Pending<String> closed = platform.tasks().pending();
    @Nullable End other;

    End(DirectLink.Self self, PeerId peer, PeerHandler handler) {
      link = new DirectLink(platform, self, peer, handler, this);
    }

    @Override
    public void signal(Signal to) {
      Objects.requireNonNull(other).link.hear(to);
    }

    @Override
    public void up() {
      up.complete(true);
    }

    @Override
    public void interrupted() {}

    @Override
    public void closed(String why) {
      closed.complete(why);
    }
  }

  /** Has what was sent until it is taken. */
  private static final class SlowChannel implements DirectChannel {
    private final List<Bytes> sent = new ArrayList<>();
    private int taken;
    private int bytes;

    @Override
    public void offer(boolean again) {}

    @Override
    public void signal(Signal from) {}

    @Override
    public synchronized int waiting() {
      return bytes;
    }

    @Override
    public synchronized void send(Bytes message) {
      sent.add(message);
      bytes += message.length();
      notifyAll();
    }

    @Override
    public void close() {}

    synchronized void awaitFull() throws InterruptedException {
      while (bytes <= ChannelSink.HIGH_WATER) {
        wait(100);
      }
    }

    synchronized void take() {
      if (taken < sent.size()) {
        bytes -= sent.get(taken++).length();
      }
    }

    synchronized Bytes last() {
      return sent.getLast();
    }

    synchronized List<Bytes> all() {
      return List.copyOf(sent);
    }
  }
}
