package dev.p2pcp.browser;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.BlockStoreContract;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.browser.cases.RemoteExports;
import dev.p2pcp.browser.harness.Bridge;
import dev.p2pcp.browser.harness.Compiled;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** IndexedDB in a real Chromium keeps the contract of stores. */
class IndexedDbContractTest extends BlockStoreContract {
  private static final AtomicInteger LAST = new AtomicInteger();

  private static Bridge bridge;

  private String name = "";

  @BeforeAll
  static void start() {
    bridge = new Bridge(Compiled.module(RemoteExports.class));
  }

  @AfterAll
  static void stop() {
    bridge.close();
  }

  @Override
  protected BlockStore create(long limitBytes) throws StoreException {
    name = "store" + LAST.incrementAndGet();
    call("open", name);
    return new InPage(name);
  }

  @Override
  protected Optional<BlockStore> reopen(long limitBytes) throws StoreException {
    call("open", name);
    return Optional.of(new InPage(name));
  }

  @Override
  protected boolean countsItsBytes() {
    return false;
  }

  private static List<String> call(String verb, String... arguments) throws StoreException {
    try {
      return bridge.call("store." + verb, arguments);
    } catch (Bridge.RemoteException e) {
      String message = String.valueOf(e.getMessage());
      for (StoreException.Reason reason : StoreException.Reason.values()) {
        if (message.contains("StoreException: " + reason)) {
          throw new StoreException(reason, message);
        }
      }
      throw e;
    }
  }

  /** Forwards to the page. */
  private record InPage(String name) implements BlockStore {
    @Override
    public Optional<Bytes> block(StorageKey key) throws StoreException {
      return first(call("block", name, key.bytes().hex()));
    }

    @Override
    public List<StorageKey> present(List<StorageKey> keys) throws StoreException {
      List<String> words = new ArrayList<>(List.of(name));
      keys.forEach(key -> words.add(key.bytes().hex()));
      return keys(call("present", words.toArray(String[]::new)));
    }

    @Override
    public List<StorageKey> keys() throws StoreException {
      return keys(call("keys", name));
    }

    @Override
    public Optional<Bytes> record(Table table, Bytes key) throws StoreException {
      return first(call("record", name, table.name(), key.hex()));
    }

    @Override
    public Map<Bytes, Bytes> records(Table table) throws StoreException {
      List<String> words = call("records", name, table.name());
      Map<Bytes, Bytes> records = new LinkedHashMap<>();
      for (int i = 0; i < words.size(); i += 2) {
        records.put(bytes(words.get(i)), bytes(words.get(i + 1)));
      }
      return records;
    }

    @Override
    public void apply(Batch batch) throws StoreException {
      List<String> words = new ArrayList<>(List.of(name));
      for (Change change : batch.changes()) {
        words.addAll(
            switch (change) {
              case PutBlock put ->
                  List.of("put-block", "", put.key().bytes().hex(), put.encoded().hex());
              case RemoveBlock remove ->
                  List.of("remove-block", "", remove.key().bytes().hex(), "");
              case PutRecord put ->
                  List.of("put-record", put.table().name(), put.key().hex(), put.value().hex());
              case RemoveRecord remove ->
                  List.of("remove-record", remove.table().name(), remove.key().hex(), "");
            });
      }
      call("apply", words.toArray(String[]::new));
    }

    @Override
    public Usage usage() throws StoreException {
      List<String> words = call("usage", name);
      return new Usage(
          Long.parseLong(words.get(0)),
          Long.parseLong(words.get(1)),
          Boolean.parseBoolean(words.get(2)));
    }

    @Override
    public void close() {
      bridge.call("store.close", name);
    }

    private static Optional<Bytes> first(List<String> words) {
      return words.stream().findFirst().map(InPage::bytes);
    }

    private static List<StorageKey> keys(List<String> words) {
      return words.stream().map(word -> new StorageKey(bytes(word))).toList();
    }

    private static Bytes bytes(String hex) {
      try {
        return Bytes.fromHex(hex);
      } catch (MalformedFrameException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
