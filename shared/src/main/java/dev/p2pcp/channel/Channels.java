package dev.p2pcp.channel;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Gate;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.topic.Topic;
import dev.p2pcp.topic.TopicUser;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The channels that this device takes part in, all of them while the agent runs. Methods suspend;
 * any number of tasks may call.
 */
public final class Channels {
  /** Channels at most. */
  public static final int MAX_CHANNELS = 24;

  private final Platform platform;
  private final Crypto.SigningKey me;
  private final ChannelStore store;
  private final Meeting meeting;
  private final Channel.Events events;
  private final Gate changing;
  private final Map<Hash, Channel> channels = new LinkedHashMap<>();
  private final Set<PublicKey> muted = new HashSet<>();
  private boolean loaded;
  private volatile boolean over;

  /** Where members of a topic meet. */
  @FunctionalInterface
  public interface Meeting {
    /** Suspends. */
    Topic join(Hash topic, TopicUser user);
  }

  public Channels(
      Platform platform,
      Crypto.SigningKey me,
      BlockStore store,
      Meeting meeting,
      Channel.Events events) {
    this.platform = platform;
    this.me = me;
    this.store = new ChannelStore(store);
    this.meeting = meeting;
    this.events = events;
    this.changing = new Gate(platform.tasks(), 1);
  }

  /** Work that only one task does at a time. */
  private interface Work<T> {
    T run() throws StoreException, ChannelException;
  }

  private <T> T inTurn(Work<T> work) throws StoreException, ChannelException {
    changing.enter(Deadline.NEVER);
    try {
      if (!loaded) {
        load();
      }
      return work.run();
    } finally {
      changing.leave();
    }
  }

  private void load() throws StoreException {
    ChannelStore.All all = store.load();
    synchronized (this) {
      muted.addAll(all.muted());
    }
    for (ChannelStore.Kept kept : all.channels()) {
      begin(kept);
    }
    loaded = true;
  }

  private Channel begin(ChannelStore.Kept kept) {
    Channel channel = new Channel(platform, me, store, kept, events);
    synchronized (this) {
      channels.put(channel.link().graph(), channel);
    }
    if (!over) {
      channel.join(meeting);
    }
    return channel;
  }

  /** Takes part in all that were left open. */
  public void start() throws StoreException, ChannelException {
    inTurn(() -> true);
  }

  /** Ends all work. Never suspends. */
  public void stop() {
    over = true;
    List<Channel> open;
    synchronized (this) {
      open = List.copyOf(channels.values());
    }
    open.forEach(Channel::end);
  }

  /** Takes part in a channel from now on. */
  public Channel open(ChannelLink link) throws StoreException, ChannelException {
    return inTurn(
        () -> {
          Optional<Channel> known = known(link);
          if (known.isPresent()) {
            return known.get();
          }
          if (channels.size() >= MAX_CHANNELS) {
            throw new ChannelException(ChannelException.Reason.TOO_LARGE, "too many channels");
          }
          ChannelStore.Note note = new ChannelStore.Note(link, 0, "", List.of());
          store.write(note, List.of());
          return begin(new ChannelStore.Kept(note, List.of()));
        });
  }

  /** The link of a channel that the person founds, or has founded. Never suspends. */
  public ChannelLink own(String name) {
    return new ChannelLink(me.publicKey(), name);
  }

  /** One that this device takes part in. */
  public Channel channel(ChannelLink link) throws StoreException, ChannelException {
    return inTurn(
        () ->
            known(link)
                .orElseThrow(
                    () ->
                        new ChannelException(
                            ChannelException.Reason.NOT_FOUND, "it was not opened here")));
  }

  private synchronized Optional<Channel> known(ChannelLink link) {
    return Optional.ofNullable(channels.get(link.graph()));
  }

  /** In the order in which they were opened since the start. */
  public List<Channel> all() throws StoreException, ChannelException {
    return inTurn(
        () -> {
          synchronized (this) {
            return new ArrayList<>(channels.values());
          }
        });
  }

  /** Takes part no more, and forgets what is here of it, even if it can't be loaded. */
  public void leave(ChannelLink link) throws StoreException {
    changing.enter(Deadline.NEVER);
    try {
      Optional<Channel> known = known(link);
      if (known.isPresent()) {
        known.get().end();
        synchronized (this) {
          channels.remove(link.graph());
        }
        known.get().forget();
      } else {
        store.forget(link.graph());
      }
    } finally {
      changing.leave();
    }
  }

  /** Shows nothing of somebody here from now on, or shows it again. */
  public void mute(PublicKey person, boolean yes) throws StoreException, ChannelException {
    inTurn(
        () -> {
          synchronized (this) {
            if (yes && muted.size() >= ChannelStore.MUTED) {
              throw new ChannelException(
                  ChannelException.Reason.TOO_LARGE, "too many people are muted");
            }
            if (yes ? !muted.add(person) : !muted.remove(person)) {
              return true;
            }
          }
          store.mute(muted());
          for (Channel channel : List.copyOf(channels.values())) {
            channel.changed();
          }
          return true;
        });
  }

  /** Never suspends. */
  public synchronized Set<PublicKey> muted() {
    return Set.copyOf(muted);
  }
}
