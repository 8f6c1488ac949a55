package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.BlockVerifier;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.wire.PeerFrame;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Asks holders for blocks: first the one that is expected to answer first, another beside it as
 * soon as it takes longer than it used to. What comes is verified; who sent forged bytes once is
 * not asked again.
 */
final class Fetching {
  /** Time for a block and for each holder's answer, in milliseconds. */
  private static final long TIME = 15_000;

  /** How often a block is asked for where all who have it were late. */
  private static final int ATTEMPTS = 2;

  /** A block that nobody sent for so long does not keep others from being fetched. */
  private static final long STALLED = 1_500;

  /** Peers remembered for what they sent, and for how fast they are. */
  private static final int PEERS = 1_000;

  private final Platform platform;
  private final Afar afar;
  private final BlockVerifier verifier;
  private final FetchWindow window;
  private final Set<PeerId> forgers = new LinkedHashSet<>();

  /** Those that named a URL where nothing was. */
  private final Set<PeerId> carriers = new LinkedHashSet<>();

  private final Map<PeerId, HolderPace> paces = new LinkedHashMap<>();

  Fetching(Platform platform, Afar afar) {
    this.platform = platform;
    this.afar = afar;
    this.verifier = new BlockVerifier(platform.crypto());
    this.window = new FetchWindow(platform.clock(), platform.tasks());
  }

  /** A content block from one of these; who has too much to do is asked again. Suspends. */
  Optional<Block> content(StorageKey key, List<Servers.Location> locations) {
    for (int attempt = 1; ; attempt++) {
      Race race = raced(key, locations);
      Optional<Block> found = race.answers().stream().findFirst();
      if (found.isPresent() || !race.wasLate() || attempt == ATTEMPTS) {
        return found;
      }
    }
  }

  private Race raced(StorageKey key, List<Servers.Location> locations) {
    Deadline deadline = platform.deadline(TIME);
    Race race = new Race(platform);
    window.enter();
    try {
      ask(key, honest(locations), race);
      race.awaitFirst(platform.deadline(STALLED));
    } finally {
      window.leave(!race.answers().isEmpty());
    }
    race.awaitFirst(deadline);
    return race;
  }

  /** Asks one after the other until somebody answers. */
  private void ask(StorageKey key, List<Servers.Location> holders, Race race) {
    List<Servers.Location> left = new ArrayList<>(holders);
    while (!left.isEmpty() && race.answers().isEmpty()) {
      Servers.Location next = fastestOf(left);
      left.remove(next);
      HolderPace pace = paceOf(next.peer());
      long patience = left.isEmpty() ? 0 : pace.patience(expectedOf(fastestOf(left)));
      race.begin(() -> ask(key, next, TIME));
      if (patience > 0 && !race.awaitNews(platform.deadline(patience))) {
        pace.late();
      }
    }
  }

  private double expectedOf(Servers.Location holder) {
    return paceOf(holder.peer()).expected();
  }

  private Servers.Location fastestOf(List<Servers.Location> holders) {
    Servers.Location fastest = holders.get(0);
    double least = Double.MAX_VALUE;
    for (Servers.Location holder : holders) {
      double expected = expectedOf(holder);
      if (expected < least) {
        least = expected;
        fastest = holder;
      }
    }
    return fastest;
  }

  /**
   * What one holder has, if that is genuine. Suspends.
   *
   * @throws LinkException if it has too much to do to answer in time
   */
  Optional<Block> ask(StorageKey key, Servers.Location location, long time) throws LinkException {
    Deadline deadline = platform.deadline(time);
    HolderPace pace = paceOf(location.peer());
    HolderPace.Asked asked = pace.ask();
    try {
      boolean follows = afar.isOpen() && !isCarrier(location.peer());
      PeerFrame.Request get = follows ? new PeerFrame.Get(key) : new PeerFrame.Carry(key);
      PeerFrame.Reply reply = location.link().call(get, deadline);
      if (reply instanceof PeerFrame.Elsewhere elsewhere) {
        // Not all of the time, so that there is some left to ask for the block itself.
        Optional<Block> there = followed(key, elsewhere.url(), platform.deadline(time / 3));
        if (there.isPresent()) {
          pace.answered(asked);
          return there;
        }
        remember(carriers, location.peer());
        reply = location.link().call(new PeerFrame.Carry(key), deadline);
      }
      if (!(reply instanceof PeerFrame.BlockReply found)) {
        pace.declined();
        return Optional.empty();
      }
      pace.answered(asked);
      Optional<Block> block = genuine(key, found.block());
      if (block.isEmpty()) {
        remember(forgers, location.peer());
      }
      return block;
    } catch (LinkException e) {
      // A holder that is not there is one that does not have it; others are asked.
      pace.failed();
      if (e.isBusy() || deadline.passed(platform.clock())) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** Who named a URL may not know that others spoiled what is there: it is asked for the block. */
  private Optional<Block> followed(StorageKey key, String url, Deadline deadline) {
    try {
      return genuine(key, afar.read(url, deadline));
    } catch (LinkException e) {
      return Optional.empty();
    }
  }

  /** The block, if the bytes are what the key names. Suspends. */
  Optional<Block> genuine(StorageKey key, Bytes encoded) {
    return verifier.verify(key, encoded) instanceof BlockVerifier.Genuine genuine
        ? Optional.of(genuine.block())
        : Optional.empty();
  }

  /** Without those that sent forged bytes before. */
  List<Servers.Location> honest(List<Servers.Location> locations) {
    synchronized (forgers) {
      return locations.stream().filter(l -> !forgers.contains(l.peer())).toList();
    }
  }

  /** Whether it carries blocks: nobody makes this device ask one machine after the other. */
  private boolean isCarrier(PeerId peer) {
    synchronized (carriers) {
      return carriers.contains(peer);
    }
  }

  /** Whether it sent forged bytes. */
  boolean isDistrusted(PeerId peer) {
    synchronized (forgers) {
      return forgers.contains(peer);
    }
  }

  private static void remember(Set<PeerId> some, PeerId peer) {
    synchronized (some) {
      if (some.size() >= PEERS) {
        some.remove(some.iterator().next());
      }
      some.add(peer);
    }
  }

  private HolderPace paceOf(PeerId peer) {
    synchronized (paces) {
      HolderPace known = paces.remove(peer);
      if (known == null) {
        known = new HolderPace(platform.clock());
        if (paces.size() >= PEERS) {
          paces.remove(paces.keySet().iterator().next());
        }
      }
      paces.put(peer, known);
      return known;
    }
  }
}
