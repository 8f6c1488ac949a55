package dev.p2pcp.server.topic;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.IExecutorService;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.index.Gathering;
import dev.p2pcp.index.TopicBook;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Entropy;
import dev.p2pcp.server.cluster.Members;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.Refusal;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.stereotype.Component;

/**
 * The members of topics that have their sessions here; those of the other servers of the cluster
 * are asked for. So nothing is to be merged after a partition, and what a lost server knew is lost
 * with its sessions, which come back elsewhere.
 */
@Component
public class Topics implements Gathering {
  /** Name of the executor that answers other servers. */
  public static final String EXECUTOR = "topics";

  /** Questions of others that may wait here; more are refused. */
  public static final int WAITING = 1_000;

  /** How long all others together may take, in milliseconds. */
  private static final long PATIENCE = 500;

  private static final int BUSY_PAUSE = 1_000;

  private static final System.Logger LOG = System.getLogger(Topics.class.getName());

  private final TopicBook book;
  private final TopicRoom room;
  private final IExecutorService executor;
  private final Members members;
  private final Entropy entropy;
  private final Clock clock;

  Topics(
      HazelcastInstance hazelcast,
      Members members,
      Entropy entropy,
      Clock clock,
      MeterRegistry meters) {
    this.book = new TopicBook(entropy);
    this.room = new TopicRoom(Runtime.getRuntime().maxMemory(), book::size);
    this.executor = hazelcast.getExecutorService(EXECUTOR);
    this.members = members;
    this.entropy = entropy;
    this.clock = clock;
    hazelcast.getUserContext().put(EXECUTOR, this);
    Gauge.builder("p2pcp.topics.joined", this, Topics::size)
        .description("Memberships in topics of the agents of this member")
        .register(meters);
  }

  private synchronized int size() {
    return book.size();
  }

  /** The session of that number is over. */
  public synchronized void gone(int session) {
    book.gone(session);
  }

  @Override
  public synchronized Optional<Refusal> join(int session, PeerId peer, List<Hash> topics) {
    long now = clock.ticks();
    return room.take(topics.size(), now)
        ? book.join(session, peer, topics, now)
        : Optional.of(Refusal.of(Refusal.BUSY, "topics", BUSY_PAUSE));
  }

  @Override
  public synchronized void leave(int session, List<Hash> topics) {
    book.leave(session, topics);
  }

  /** Waits for the other servers; not for event loops. */
  @Override
  public List<List<PeerId>> sample(PeerId asking, List<Hash> topics) {
    List<Future<byte[]>> asked = new ArrayList<>();
    for (int other : members.others()) {
      members.find(other).ifPresent(member -> ask(asking, topics, member, asked));
    }
    List<List<TopicBook.Share>> shares = new ArrayList<>();
    topics.forEach(topic -> shares.add(new ArrayList<>(List.of(share(asking, topic)))));
    long until = clock.ticks() + PATIENCE;
    for (Future<byte[]> answer : asked) {
      List<TopicBook.Share> far = await(answer, until - clock.ticks());
      for (int i = 0; i < Math.min(far.size(), topics.size()); i++) {
        shares.get(i).add(far.get(i));
      }
    }
    return shares.stream().map(all -> TopicBook.merge(all, Limits.SAMPLE, entropy)).toList();
  }

  /** What another server asks: for each topic {@code count u32 ‖ list of peers}. */
  byte[] shares(PeerId asking, List<Hash> topics) {
    ByteWriter writer = new ByteWriter();
    for (Hash topic : topics) {
      TopicBook.Share share = share(asking, topic);
      writer.u32(share.count()).u16(share.some().size());
      share.some().forEach(peer -> writer.bytes(peer.bytes()));
    }
    return writer.toBytes().toArray();
  }

  private synchronized TopicBook.Share share(PeerId asking, Hash topic) {
    return book.sample(asking, topic, Limits.SAMPLE, clock.ticks());
  }

  private void ask(
      PeerId asking,
      List<Hash> topics,
      com.hazelcast.cluster.Member member,
      List<Future<byte[]>> asked) {
    try {
      asked.add(executor.submitToMember(new TopicQuery(asking, topics), member));
    } catch (RejectedExecutionException e) {
      LOG.log(System.Logger.Level.DEBUG, "a member takes no more questions", e);
    }
  }

  /** What another server answered by then, nothing if it did not. */
  private static List<TopicBook.Share> await(Future<byte[]> answer, long millis) {
    List<TopicBook.Share> shares = new ArrayList<>();
    try {
      ByteReader in =
          new ByteReader(Bytes.wrap(answer.get(Math.max(0, millis), TimeUnit.MILLISECONDS)));
      while (in.remaining() > 0) {
        int count = in.count(Limits.TOPIC_MEMBERS, "count");
        shares.add(
            new TopicBook.Share(
                count, in.list(Limits.SAMPLE, "peers", r -> PeerId.read(r, "peer"))));
      }
    } catch (ExecutionException | TimeoutException | MalformedFrameException e) {
      LOG.log(System.Logger.Level.DEBUG, "a member does not tell of topics", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return shares;
  }
}
