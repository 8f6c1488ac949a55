package dev.p2pcp.web.harness;

import dev.p2pcp.block.BlockVerifier;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.jvm.JvmCrypto;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The blocks that lie in a tab's IndexedDB, read past the agent. */
public final class Shelf {
  private static final Crypto CRYPTO = new JvmCrypto();
  private static final BlockVerifier VERIFIER = new BlockVerifier(CRYPTO);

  /** Opens the agent's database as it is and answers with pairs of key and bytes. */
  private static final String READ =
      """
      const database = await new Promise((resolve, reject) => {
        const request = indexedDB.open('p2pcp');
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      try {
        const blocks = database.transaction('blocks').objectStore('blocks');
        const ask = request => new Promise((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        });
        const [keys, values] = await Promise.all([ask(blocks.getAllKeys()), ask(blocks.getAll())]);
        const url = { alphabet: 'base64url', omitPadding: true };
        return keys.map((key, index) => [new Uint8Array(key).toBase64(url), values[index].toBase64()]);
      } finally {
        database.close();
      }
      """;

  private final TreeMap<String, Bytes> blocks = new TreeMap<>();

  private Shelf() {}

  /** What lies there now. */
  public static Shelf of(Person person) {
    Shelf shelf = new Shelf();
    for (String[] pair : person.ask(READ, null, String[][].class)) {
      shelf.blocks.put(pair[0], Bytes.wrap(Base64.getDecoder().decode(pair[1])));
    }
    return shelf;
  }

  /** Keys of all blocks. */
  public List<String> keys() {
    return List.copyOf(blocks.keySet());
  }

  /** The bytes under a key. */
  public Optional<byte[]> block(String storageKey) {
    return Optional.ofNullable(blocks.get(storageKey)).map(Bytes::toArray);
  }

  /** Keys of blocks that are not whole and genuine. */
  public List<String> broken() {
    return blocks.entrySet().stream()
        .filter(entry -> !isGenuine(entry.getKey(), entry.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Whether the bytes are what the key names. */
  public static boolean isGenuine(String key, Bytes bytes) {
    try {
      return VERIFIER.verify(StorageKey.parse(key), bytes) instanceof BlockVerifier.Genuine;
    } catch (MalformedFrameException e) {
      return false;
    }
  }
}
