package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Entropy;
import dev.p2pcp.wire.Limits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Canaries planted for others: content blocks that grow from a seed, that are announced like any
 * other and can be read here, and that nobody but who asked for them knows of. So that agent can
 * see what index servers leave out, and they can't see that they are looked at.
 */
final class Canaries {
  /** Canaries for one agent: one that leaves out every tenth shows in 99 of 100 looks. */
  static final int COUNT = 48;

  /** Agents that have canaries here; the one that has them for the longest time makes room. */
  private static final int AGENTS = 8;

  /**
   * Nobody makes room before, in milliseconds: where more than {@link #AGENTS} look at the same
   * time, each would take the canaries of another at every look.
   */
  private static final long STAY = 10 * 60_000;

  private final Clock clock;
  private final Entropy entropy;
  private final Map<PeerId, Planted> planted = new LinkedHashMap<>();

  /** Canaries, the block of each, and since when they are there. */
  private record Planted(Bytes seed, Map<StorageKey, Bytes> blocks, long since) {}

  Canaries(Clock clock, Entropy entropy) {
    this.clock = clock;
    this.entropy = entropy;
  }

  /** What servers are to be told once somebody has asked, and what the canaries grow from. */
  record Planting(Bytes seed, List<StorageKey> here, List<StorageKey> gone) {}

  /** Empty if there is no room for another yet. Never suspends. */
  synchronized Optional<Planting> plantFor(PeerId agent) {
    Planted known = planted.get(agent);
    if (known != null) {
      return Optional.of(new Planting(known.seed, List.of(), List.of()));
    }
    List<StorageKey> gone = List.of();
    if (planted.size() == AGENTS) {
      Map.Entry<PeerId, Planted> first = planted.entrySet().iterator().next();
      if (clock.ticks() - first.getValue().since < STAY) {
        return Optional.empty();
      }
      gone = List.copyOf(first.getValue().blocks.keySet());
      planted.remove(first.getKey());
    }
    Bytes seed = entropy.bytes(Limits.CANARY_SEED);
    Map<StorageKey, Bytes> blocks = grow(seed);
    planted.put(agent, new Planted(seed, blocks, clock.ticks()));
    return Optional.of(new Planting(seed, List.copyOf(blocks.keySet()), gone));
  }

  /** Keys of all that are planted. Never suspends. */
  synchronized List<StorageKey> keys() {
    List<StorageKey> keys = new ArrayList<>();
    planted.values().forEach(one -> keys.addAll(one.blocks.keySet()));
    return keys;
  }

  /** The bytes of one. Never suspends. */
  synchronized Optional<Bytes> block(StorageKey key) {
    return planted.values().stream()
        .flatMap(one -> Optional.ofNullable(one.blocks.get(key)).stream())
        .findFirst();
  }

  /** The canaries of a seed, in their order. */
  static Map<StorageKey, Bytes> grow(Bytes seed) {
    Map<StorageKey, Bytes> blocks = new LinkedHashMap<>();
    for (int i = 0; i < COUNT; i++) {
      Bytes payload = Sha256.hash(new ByteWriter().bytes(seed).u8(i).toBytes()).bytes();
      Bytes encoded = Block.Content.of(payload).encoded();
      StorageKey key = new StorageKey(Sha256.hash(Domain.CONTENT_KEY.frame(encoded)).bytes());
      blocks.put(key, encoded);
    }
    return blocks;
  }
}
