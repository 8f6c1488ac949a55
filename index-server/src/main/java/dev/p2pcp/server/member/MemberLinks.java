package dev.p2pcp.server.member;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Entropy;
import dev.p2pcp.server.cluster.ClusterSecret;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import reactor.netty.http.HttpResources;
import reactor.netty.tcp.TcpClient;

/**
 * Keeps one link to every other member: of two members the one with the smaller id dials, again and
 * again while both are in the cluster.
 */
@Component
public class MemberLinks implements SmartLifecycle, LinkUser {
  private static final Duration STEP = Duration.ofSeconds(1);

  /** Before a lost link is dialled again, in milliseconds. */
  private static final int PAUSE = 200;

  private static final int CONNECT = 3_000;
  private static final int NONCE = 32;

  /** Connections that have not proven themselves yet; more are cut off. */
  private static final int STRANGERS = 64;

  private final HazelcastInstance hazelcast;
  private final LinkPort port;
  private final Crypto.DerivationKey secret;
  private final Entropy entropy;
  private final Clock clock;
  private final List<LinkUser> users = new CopyOnWriteArrayList<>();
  private final Map<Bytes, MemberLink> open = new ConcurrentHashMap<>();
  private final Set<MemberLink> all = ConcurrentHashMap.newKeySet();
  private final Set<Bytes> dialled = ConcurrentHashMap.newKeySet();
  private final AtomicInteger numbers = new AtomicInteger();
  private Disposable running = Disposables.disposed();

  MemberLinks(
      HazelcastInstance hazelcast,
      LinkPort port,
      ClusterSecret secret,
      Crypto crypto,
      Entropy entropy,
      Clock clock,
      MeterRegistry meters) {
    this.hazelcast = hazelcast;
    this.port = port;
    this.secret = crypto.derivationKey(secret.derive("p2pcp/cluster/links"));
    this.entropy = entropy;
    this.clock = clock;
    Gauge.builder("p2pcp.member.links", open, Map::size)
        .description("Links to other members that are up")
        .register(meters);
  }

  /** Is told of all links and frames from now on; to be called before the start. */
  public void join(LinkUser user) {
    users.add(user);
  }

  /** Sends a frame to every other member. Never waits. */
  public void broadcast(LinkFrame frame) {
    open.values().forEach(link -> link.send(frame));
  }

  /** Links that are up. */
  public int size() {
    return open.size();
  }

  /** Where links of others arrive; empty for a member that seeks none. */
  public Optional<InetSocketAddress> address() {
    return port.address().map(LinkAddress::address);
  }

  /** Cuts all links off; they come back by themselves. */
  public void cut() {
    all.forEach(link -> link.close("cut off"));
  }

  @Override
  public void up(MemberLink link) {
    MemberLink before = open.put(link.far(), link);
    if (before != null) {
      before.close("there is a newer one");
    }
    users.forEach(user -> user.up(link));
  }

  @Override
  public void received(MemberLink link, LinkFrame frame) {
    users.forEach(user -> user.received(link, frame));
  }

  @Override
  public void down(MemberLink link) {
    all.remove(link);
    if (link.isDialler()) {
      dialled.remove(link.far());
      Schedulers.parallel().schedule(this::dial, PAUSE, TimeUnit.MILLISECONDS);
    }
    if (link.wasOpen()) {
      open.remove(link.far(), link);
      users.forEach(user -> user.down(link));
    }
  }

  @Override
  public void start() {
    if (port.address().isEmpty()) {
      running = Disposables.single();
      return;
    }
    port.open(this::accept);
    hazelcast.getCluster().addMembershipListener(new Newcomers());
    running = Flux.interval(Duration.ZERO, STEP).onBackpressureDrop().subscribe(tick -> check());
  }

  @Override
  public void stop() {
    running.dispose();
    port.open(Connection::dispose);
    cut();
  }

  @Override
  public boolean isRunning() {
    return !running.isDisposed();
  }

  /** Links are there before the first agent and until after the last. */
  @Override
  public int getPhase() {
    return 0;
  }

  private void check() {
    long ticks = clock.ticks();
    all.forEach(link -> link.check(ticks));
    if (!hazelcast.getLifecycleService().isRunning()) {
      return;
    }
    Set<Bytes> members = members().keySet();
    for (MemberLink link : all) {
      if (link.isDialler() && !members.contains(link.far())) {
        link.close("the member has left");
      }
    }
    dial();
  }

  private Map<Bytes, LinkAddress> members() {
    Map<Bytes, LinkAddress> members = new HashMap<>();
    hazelcast
        .getCluster()
        .getMembers()
        .forEach(
            member ->
                LinkAddress.parse(member.getAttribute(LinkAddress.ATTRIBUTE))
                    .ifPresent(address -> members.put(address.id(), address)));
    return members;
  }

  private void dial() {
    if (!isRunning() || !hazelcast.getLifecycleService().isRunning()) {
      return;
    }
    for (LinkAddress address : members().values()) {
      if (port.id().compareTo(address.id()) < 0 && dialled.add(address.id())) {
        dial(address);
      }
    }
  }

  private void dial(LinkAddress to) {
    TcpClient.create()
        .runOn(HttpResources.get())
        .remoteAddress(to::address)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT)
        .connect()
        .subscribe(
            connection ->
                take(
                    connection,
                    LinkHandshake.dialler(secret, port.id(), entropy.bytes(NONCE), to.id())),
            fault -> dialled.remove(to.id()));
  }

  private void accept(Connection connection) {
    if (all.stream().filter(link -> !link.wasOpen()).count() >= STRANGERS) {
      connection.dispose();
      return;
    }
    take(connection, LinkHandshake.dialled(secret, port.id(), entropy.bytes(NONCE)));
  }

  private void take(Connection connection, LinkHandshake handshake) {
    int number = numbers.decrementAndGet();
    MemberLink link = new MemberLink(number, connection, handshake, this, clock);
    all.add(link);
    link.start();
    if (!isRunning()) {
      link.close("this member stops");
    }
  }

  /** Dials who joins at once. */
  private final class Newcomers implements MembershipListener {
    @Override
    public void memberAdded(MembershipEvent event) {
      Schedulers.parallel().schedule(MemberLinks.this::dial);
    }

    @Override
    public void memberRemoved(MembershipEvent event) {
      // The next check closes the link, if it has not noticed by itself.
    }
  }
}
