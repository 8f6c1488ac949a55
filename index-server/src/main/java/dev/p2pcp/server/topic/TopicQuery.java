package dev.p2pcp.server.topic;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.StreamSerializer;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.identity.PeerId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Asks another server of the cluster for some of its members of topics; runs there. */
public final class TopicQuery implements Callable<byte[]>, HazelcastInstanceAware {
  private final PeerId asking;
  private final List<Hash> topics;
  private @Nullable HazelcastInstance here;

  TopicQuery(PeerId asking, List<Hash> topics) {
    this.asking = asking;
    this.topics = List.copyOf(topics);
  }

  @Override
  public void setHazelcastInstance(HazelcastInstance instance) {
    here = instance;
  }

  /** Nothing if this server is not ready yet. */
  @Override
  public byte[] call() {
    Object known = Objects.requireNonNull(here).getUserContext().get(Topics.EXECUTOR);
    return known instanceof Topics ready ? ready.shares(asking, topics) : new byte[0];
  }

  /** Layout: {@code asking, topics one after the other}. */
  public static final class Serializer implements StreamSerializer<TopicQuery> {
    private static final int TYPE = 7;

    @Override
    public int getTypeId() {
      return TYPE;
    }

    @Override
    public void write(ObjectDataOutput out, TopicQuery query) throws IOException {
      out.writeByteArray(query.asking.bytes().toArray());
      Bytes[] all = query.topics.stream().map(Hash::bytes).toArray(Bytes[]::new);
      out.writeByteArray(Bytes.concat(all).toArray());
    }

    @Override
    public TopicQuery read(ObjectDataInput in) throws IOException {
      byte[] asking = in.readByteArray();
      byte[] all = in.readByteArray();
      if (asking == null
          || all == null
          || asking.length != PeerId.LENGTH
          || all.length % Hash.LENGTH != 0) {
        throw new IOException("not a question for members");
      }
      Bytes run = Bytes.wrap(all);
      List<Hash> topics = new ArrayList<>();
      for (int at = 0; at < all.length; at += Hash.LENGTH) {
        topics.add(new Hash(run.slice(at, Hash.LENGTH)));
      }
      return new TopicQuery(new PeerId(Bytes.wrap(asking)), topics);
    }
  }
}
