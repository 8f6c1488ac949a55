package dev.p2pcp.channel;

import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.graph.GraphNode;
import dev.p2pcp.graph.Roles;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Gate;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.topic.Topic;
import dev.p2pcp.topic.TopicUser;
import dev.p2pcp.topic.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A channel that this device takes part in: it keeps its history, passes it on, and adds to it.
 * Methods suspend unless they say otherwise; any number of tasks may call.
 */
public final class Channel {
  private static final int NODE = 1;
  private static final int PRESENCE = 2;

  /** Counted no further. */
  private static final int MAX_UNREAD = 100_000;

  /** Hears that something changed. Must not suspend. */
  public interface Events {
    void channelChanged(Hash channel);
  }

  private final Crypto.SigningKey me;
  private final ChannelLink link;
  private final ChannelStore store;
  private final History history;
  private final Presences presences;
  private final Meetings meetings;
  private final Gate writing;
  private final Changes changes;
  private final Events events;
  private final Set<Hash> unsent = new HashSet<>();
  private @Nullable Topic topic;
  private String draft;
  private long unread;
  private volatile boolean forgotten;

  Channel(
      Platform platform,
      Crypto.SigningKey me,
      ChannelStore store,
      ChannelStore.Kept kept,
      Events events) {
    this.me = me;
    this.store = store;
    this.link = kept.note().link();
    this.draft = kept.note().draft();
    this.unread = kept.note().unread();
    this.unsent.addAll(kept.note().unsent());
    this.events = events;
    this.history = new History(platform, link, kept.nodes(), this::added);
    this.presences = new Presences(platform, link.graph());
    this.writing = new Gate(platform.tasks(), 1);
    this.changes = new Changes(platform);
    this.meetings = new Meetings(platform, history.sync(), new Doings());
  }

  /** A message as it is shown. */
  public record Message(GraphNode node, Post post, boolean waiting) {}

  /** What members do, told to the parts. */
  private final class Doings implements TopicUser, Meetings.Events {
    @Override
    public Verdict take(PeerId from, Bytes message) {
      try {
        ByteReader reader = new ByteReader(message);
        int kind = reader.u8("kind");
        if (kind == NODE) {
          Verdict verdict = history.take(GraphNode.decode(reader.rest()));
          if (verdict == Verdict.PARKED) {
            meetings.soon(from);
          }
          return verdict;
        }
        if (kind == PRESENCE) {
          Verdict verdict = presences.take(Presence.decode(reader.rest()));
          if (verdict == Verdict.NEW) {
            changed();
          }
          return verdict;
        }
        return Verdict.KNOWN;
      } catch (MalformedFrameException e) {
        return Verdict.BAD;
      }
    }

    @Override
    public Optional<Bytes> answer(PeerId from, Bytes request) {
      return history.sync().answer(request);
    }

    @Override
    public long weight(Bytes request) {
      return history.sync().weight(request);
    }

    @Override
    public void met(PeerId neighbour) {
      meetings.met(neighbour);
      changed();
    }

    @Override
    public void equal() {
      if (sent()) {
        try {
          write();
        } catch (StoreException e) {
          // It is found out again with whoever is met next.
          return;
        }
        changed();
      }
    }

    @Override
    public void gained() {
      for (GraphNode head : history.newHeads()) {
        publish(NODE, head.encoded());
      }
    }

    @Override
    public void here(boolean yes) {
      publish(PRESENCE, presences.sign(me, yes).encoded());
      changed();
    }
  }

  void join(Channels.Meeting meeting) {
    Topic joined = meeting.join(link.graph(), new Doings());
    topic = joined;
    meetings.run(joined);
  }

  /** Never suspends. */
  void end() {
    meetings.end();
    Topic joined = topic;
    if (joined != null) {
      joined.leave();
    }
  }

  /** Never suspends. */
  public ChannelLink link() {
    return link;
  }

  /** Says something; it is kept here when this returns, and goes to whoever is or will be met. */
  public Message post(Post post) throws StoreException, ChannelException {
    if (!post.fits()) {
      throw new ChannelException(ChannelException.Reason.TOO_LARGE, "over the limits of a post");
    }
    GraphNode node = append(post.value());
    return new Message(node, post, isWaiting(node));
  }

  /** Makes somebody moderator, bans somebody, or takes either back. */
  public void appoint(PublicKey person, Roles.Role role) throws StoreException, ChannelException {
    if (!history.mayAppoint(me.publicKey(), person, role)) {
      throw new ChannelException(
          ChannelException.Reason.NOT_YOURS, "only the founder or a moderator may do that");
    }
    append(new Roles.Grant(person, role).value());
  }

  private GraphNode append(Bytes value) throws StoreException, ChannelException {
    GraphNode node = stored(value);
    if (publish(NODE, node.encoded()) && sent()) {
      write();
    }
    changed();
    return node;
  }

  /** A node of one's own: it is in the history only if it could be stored. */
  private GraphNode stored(Bytes value) throws StoreException, ChannelException {
    writing.enter(Deadline.NEVER);
    try {
      GraphNode node = history.next(me, value);
      synchronized (this) {
        if (unsent.size() < ChannelStore.UNSENT) {
          unsent.add(node.name());
        }
      }
      try {
        store(List.of(node));
      } catch (StoreException e) {
        synchronized (this) {
          unsent.remove(node.name());
        }
        throw e;
      }
      history.own(node);
      return node;
    } finally {
      writing.leave();
    }
  }

  private synchronized boolean sent() {
    boolean some = !unsent.isEmpty();
    unsent.clear();
    return some;
  }

  /** Whether somebody is there to pass it on. Never suspends. */
  private boolean publish(int kind, Bytes body) {
    Topic joined = topic;
    if (joined == null) {
      return false;
    }
    joined.publish(new ByteWriter(1 + body.length()).u8(kind).bytes(body).toBytes());
    return !joined.neighbours().isEmpty();
  }

  /** New nodes of others are in the graph. */
  private void added(List<GraphNode> nodes, boolean old) {
    synchronized (this) {
      for (GraphNode node : nodes) {
        if (!old
            && Post.isMeant(node.value())
            && !node.author().equals(me.publicKey())
            && unread < MAX_UNREAD) {
          unread++;
        }
      }
    }
    try {
      write();
    } catch (StoreException e) {
      // The next writing tries again.
    }
    changed();
  }

  /** One after the other, so that nothing older replaces what is newer. */
  private void write() throws StoreException {
    writing.enter(Deadline.NEVER);
    try {
      store(List.of());
    } finally {
      writing.leave();
    }
  }

  /** Parents first, so that no child is there without them. */
  private void store(List<GraphNode> own) throws StoreException {
    List<GraphNode> fresh = history.takeUnstored();
    boolean done = false;
    try {
      if (!forgotten) {
        List<GraphNode> all = new ArrayList<>(fresh);
        all.addAll(own);
        store.write(note(), all);
      }
      done = true;
    } finally {
      if (!done) {
        history.putBack(fresh);
      }
    }
  }

  private synchronized ChannelStore.Note note() {
    return new ChannelStore.Note(link, unread, draft, List.copyOf(unsent));
  }

  private synchronized boolean isWaiting(GraphNode node) {
    return unsent.contains(node.name());
  }

  /** The last messages to be shown, in their order. Never suspends. */
  public List<Message> last(int most, Set<PublicKey> muted) {
    return found("", most, muted);
  }

  /** The last messages with that text, in their order. Never suspends. */
  public List<Message> found(String text, int most, Set<PublicKey> muted) {
    String wanted = text.toLowerCase(Locale.ROOT);
    List<Message> found = new ArrayList<>();
    history.posts(
        (node, post) -> {
          if (!muted.contains(node.author())
              && (wanted.isEmpty() || post.text().toLowerCase(Locale.ROOT).contains(wanted))) {
            found.add(new Message(node, post, isWaiting(node)));
          }
          return found.size() < most;
        });
    Collections.reverse(found);
    return found;
  }

  /** What those are whom a role was given; the founder is not among them. Never suspends. */
  public Map<PublicKey, Roles.Role> roles() {
    return history.roles().now();
  }

  /** Who looks at the channel now. Never suspends. */
  public List<PublicKey> present() {
    return presences.here();
  }

  /** Members that messages are exchanged with. Never suspends. */
  public int neighbours() {
    Topic joined = topic;
    return joined == null ? 0 : joined.neighbours().size();
  }

  /** Messages of others since {@link #read}. Never suspends. */
  public synchronized long unread() {
    return unread;
  }

  /** All has been read by now. */
  public void read() throws StoreException {
    synchronized (this) {
      if (unread == 0) {
        return;
      }
      unread = 0;
    }
    write();
    changed();
  }

  /** A text that was begun. Never suspends. */
  public synchronized String draft() {
    return draft;
  }

  /** Remembers a text that was begun. */
  public void draft(String text) throws StoreException, ChannelException {
    if (Bytes.utf8(text).length() > Post.MAX_TEXT) {
      throw new ChannelException(ChannelException.Reason.TOO_LARGE, "the draft is too long");
    }
    synchronized (this) {
      draft = text;
    }
    write();
  }

  /** Rises with each change. Never suspends. */
  public long version() {
    return changes.version();
  }

  /** The person looks at the channel, and is present for a while. Never suspends. */
  public void watch() {
    meetings.watch();
  }

  /** Waits until the version is another one. */
  public void awaitChange(long since, Deadline deadline) {
    changes.await(since, deadline);
  }

  /** Something else changed that is shown with the channel. Never suspends. */
  void changed() {
    changes.happened();
    events.channelChanged(link.graph());
  }

  void forget() throws StoreException {
    writing.enter(Deadline.NEVER);
    try {
      forgotten = true;
      store.forget(link.graph());
    } finally {
      writing.leave();
    }
  }
}
