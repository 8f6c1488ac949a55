package dev.p2pcp.node;

import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.identity.KeyRing;
import dev.p2pcp.identity.Path;
import dev.p2pcp.identity.Place;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The keys of an account's paths, derived once: derivation suspends several times in the browser.
 */
final class Places {
  private static final int CACHED = 2_000;

  private final KeyRing keys;
  private final Map<Path, Place> derived = new LinkedHashMap<>();

  Places(KeyRing keys) {
    this.keys = keys;
  }

  /** Where an own item is. May suspend. */
  Place of(Path path, boolean isPublic) {
    if (isPublic) {
      return keys.publicAt(path);
    }
    synchronized (this) {
      Place known = derived.get(path);
      if (known != null) {
        return known;
      }
    }
    Place place = keys.privateAt(path);
    synchronized (this) {
      if (derived.size() >= CACHED) {
        derived.remove(derived.keySet().iterator().next());
      }
      derived.put(path, place);
    }
    return place;
  }

  Optional<Crypto.SealingKey> sealOf(Path path, boolean isPublic) {
    return of(path, isPublic).seal();
  }
}
