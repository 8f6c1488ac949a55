package dev.p2pcp.browser.cases;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.BlockStore.Batch;
import dev.p2pcp.block.BlockStore.Table;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.browser.store.IndexedDbBlockStore;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.platform.Platform;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** IndexedDB by calls of text; the first argument names the store, and bytes are hex. */
final class RemoteStore {
  private final Platform platform;
  private final Map<String, BlockStore> stores = new HashMap<>();

  RemoteStore(Platform platform) {
    this.platform = platform;
  }

  List<String> call(String verb, String[] arguments)
      throws StoreException, MalformedFrameException {
    if (verb.equals("open")) {
      stores.put(
          arguments[0], IndexedDbBlockStore.open(arguments[0], platform.clock(), platform.tasks()));
      return List.of();
    }
    BlockStore store = stores.get(arguments[0]);
    return switch (verb) {
      case "block" ->
          store.block(key(arguments[1])).map(Bytes::hex).map(List::of).orElse(List.of());
      case "present" -> {
        List<StorageKey> asked = new ArrayList<>();
        for (int i = 1; i < arguments.length; i++) {
          asked.add(key(arguments[i]));
        }
        yield texts(store.present(asked));
      }
      case "keys" -> texts(store.keys());
      case "record" ->
          store
              .record(Table.valueOf(arguments[1]), Bytes.fromHex(arguments[2]))
              .map(Bytes::hex)
              .map(List::of)
              .orElse(List.of());
      case "records" -> {
        List<String> all = new ArrayList<>();
        store
            .records(Table.valueOf(arguments[1]))
            .forEach(
                (key, value) -> {
                  all.add(key.hex());
                  all.add(value.hex());
                });
        yield all;
      }
      case "apply" -> {
        store.apply(batch(arguments));
        yield List.of();
      }
      case "usage" -> {
        BlockStore.Usage usage = store.usage();
        yield List.of(
            String.valueOf(usage.usedBytes()),
            String.valueOf(usage.grantedBytes()),
            String.valueOf(usage.persistent()));
      }
      case "close" -> {
        store.close();
        yield List.of();
      }
      default -> throw new IllegalArgumentException(verb);
    };
  }

  /** Four words for each change: what, table, key, value. */
  private static Batch batch(String[] words) throws MalformedFrameException {
    Batch batch = new Batch();
    for (int i = 1; i < words.length; i += 4) {
      Bytes key = Bytes.fromHex(words[i + 2]);
      Bytes value = Bytes.fromHex(words[i + 3]);
      switch (words[i]) {
        case "put-block" -> batch.putBlock(new StorageKey(key), value);
        case "remove-block" -> batch.removeBlock(new StorageKey(key));
        case "put-record" -> batch.putRecord(Table.valueOf(words[i + 1]), key, value);
        case "remove-record" -> batch.removeRecord(Table.valueOf(words[i + 1]), key);
        default -> throw new IllegalArgumentException(words[i]);
      }
    }
    return batch;
  }

  private static StorageKey key(String hex) throws MalformedFrameException {
    return new StorageKey(Bytes.fromHex(hex));
  }

  private static List<String> texts(List<StorageKey> keys) {
    List<String> texts = new ArrayList<>();
    keys.forEach(key -> texts.add(key.bytes().hex()));
    return texts;
  }
}
