package dev.p2pcp.channel;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.graph.GraphNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What this device remembers of channels, as records of one table:
 *
 * <pre>
 *    ""                muted people: list of key 32
 *    graph 32          note: link ‖ unread u32 ‖ draft ‖ list of name 32 of what nobody else has yet
 *    graph 32 ‖ name   node
 * </pre>
 *
 * Nodes were verified before they were stored. Methods suspend.
 */
final class ChannelStore {
  private static final BlockStore.Table TABLE = BlockStore.Table.CHANNELS;
  private static final int MAX_LINK = PublicKey.LENGTH + ChannelLink.MAX_NAME;

  /** People muted at most. */
  static final int MUTED = 1_000;

  /** Own messages remembered that nobody else has yet. */
  static final int UNSENT = 500;

  private final BlockStore store;

  /** What is remembered of a channel beside its nodes. */
  record Note(ChannelLink link, long unread, String draft, List<Hash> unsent) {
    Note {
      unsent = List.copyOf(unsent);
    }
  }

  /** A channel as it was left; nodes in any order. */
  record Kept(Note note, List<GraphNode> nodes) {}

  /** All that there is. */
  record All(List<Kept> channels, List<PublicKey> muted) {}

  ChannelStore(BlockStore store) {
    this.store = store;
  }

  All load() throws StoreException {
    Map<Hash, Kept> channels = new LinkedHashMap<>();
    List<PublicKey> muted = new ArrayList<>();
    Map<Bytes, Bytes> records = store.records(TABLE);
    // A graph's key stands before those of its nodes.
    for (Map.Entry<Bytes, Bytes> record : records.entrySet()) {
      Bytes key = record.getKey();
      try {
        if (key.isEmpty()) {
          ByteReader reader = new ByteReader(record.getValue());
          muted.addAll(reader.list(MUTED, "muted", r -> PublicKey.read(r, "muted")));
        } else if (key.length() == Hash.LENGTH) {
          channels.put(new Hash(key), new Kept(read(record.getValue()), new ArrayList<>()));
        } else {
          Kept kept = channels.get(new Hash(key.slice(0, Hash.LENGTH)));
          if (kept != null) {
            kept.nodes.add(GraphNode.decode(record.getValue()));
          }
        }
      } catch (MalformedFrameException e) {
        throw new StoreException(StoreException.Reason.DAMAGED, "a channel");
      }
    }
    return new All(List.copyOf(channels.values()), muted);
  }

  void write(Note note, Collection<GraphNode> fresh) throws StoreException {
    Bytes graph = note.link.graph().bytes();
    ByteWriter writer =
        new ByteWriter()
            .bytes16(Bytes.concat(note.link.founder().bytes(), Bytes.utf8(note.link.name())))
            .u32(note.unread)
            .bytes16(Bytes.utf8(note.draft))
            .u16(note.unsent.size());
    for (Hash name : note.unsent) {
      writer.bytes(name.bytes());
    }
    BlockStore.Batch batch = new BlockStore.Batch().putRecord(TABLE, graph, writer.toBytes());
    for (GraphNode node : fresh) {
      batch.putRecord(TABLE, Bytes.concat(graph, node.name().bytes()), node.encoded());
    }
    store.apply(batch);
  }

  private static Note read(Bytes record) throws MalformedFrameException {
    ByteReader reader = new ByteReader(record);
    return new Note(
        ChannelLink.of(reader.bytes16(MAX_LINK, "link")),
        reader.u32("unread"),
        reader.text(Post.MAX_TEXT, "draft"),
        reader.list(UNSENT, "unsent", r -> Hash.read(r, "unsent")));
  }

  void mute(Collection<PublicKey> muted) throws StoreException {
    ByteWriter writer = new ByteWriter().u16(muted.size());
    for (PublicKey person : muted) {
      writer.bytes(person.bytes());
    }
    store.apply(new BlockStore.Batch().putRecord(TABLE, Bytes.EMPTY, writer.toBytes()));
  }

  /** Removes all of a channel, be it readable or not. */
  void forget(Hash graph) throws StoreException {
    BlockStore.Batch batch = new BlockStore.Batch();
    for (Bytes key : store.records(TABLE).keySet()) {
      if (key.length() >= Hash.LENGTH && key.slice(0, Hash.LENGTH).equals(graph.bytes())) {
        batch.removeRecord(TABLE, key);
      }
    }
    store.apply(batch);
  }
}
