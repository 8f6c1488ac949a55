package dev.p2pcp.node;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.identity.KeyRing;
import dev.p2pcp.identity.Path;
import dev.p2pcp.identity.PeerId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** By which URLs any program can read blocks: those that lead through index servers to agents. */
final class Urls {
  private Urls() {}

  /** Of the blocks of an own item, or of another's public one. Suspends. */
  static Map<StorageKey, List<String>> of(Node node, Path path, Optional<PublicKey> of)
      throws ItemException {
    List<StorageKey> keys;
    if (of.isPresent()) {
      keys = List.of(KeyRing.publicKeyOf(of.get(), path));
    } else {
      keys = node.items.state(path).map(ItemState::blocks).orElse(List.of());
    }
    return of(node, keys);
  }

  /** Of this device where it has them, and of others. */
  private static Map<StorageKey, List<String>> of(Node node, List<StorageKey> keys) {
    Map<StorageKey, List<String>> urls = new LinkedHashMap<>();
    Map<StorageKey, List<Servers.Location>> found = node.servers.lookup(keys);
    for (StorageKey key : keys) {
      List<String> all = new ArrayList<>();
      if (node.holdings.of(key).isPresent()) {
        for (IndexSession session : node.servers.sessions()) {
          all.add(url(session.origin(), node.device().peer(), key));
        }
      }
      for (Servers.Location location : found.getOrDefault(key, List.of())) {
        if (location instanceof Servers.Online online) {
          all.add(url(online.via().origin(), online.peer(), key));
        }
      }
      urls.put(key, List.copyOf(all));
    }
    return urls;
  }

  private static String url(String origin, PeerId peer, StorageKey key) {
    return origin + "/peers/" + peer + "/blocks/" + key;
  }
}
