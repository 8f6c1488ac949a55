package dev.p2pcp.load.page;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.BlockStore.Batch;
import dev.p2pcp.block.BlockVerifier;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.browser.js.Binary;
import dev.p2pcp.browser.js.Consumer;
import dev.p2pcp.browser.platform.BrowserPlatform;
import dev.p2pcp.browser.store.IndexedDbBlockStore;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.platform.Platform;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSExport;
import org.teavm.jso.JSFunctor;
import org.teavm.jso.JSObject;
import org.teavm.jso.browser.Performance;
import org.teavm.jso.core.JSArray;
import org.teavm.jso.core.JSNumber;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.core.JSString;

/** Puts and gets verified blocks in our store, as the agent does when many come at once. */
public final class StoreBenchPage {
  private static final String NAME = "our-bench";

  /** Blocks in the agent's hands at a time: two transactions of 4 MiB. */
  private static final int WORKERS = 32;

  /** Another order than that of the puts; coprime with the number of blocks. */
  private static final int STRIDE = 97;

  private static final Platform PLATFORM = BrowserPlatform.create();
  private static final BlockVerifier VERIFIER = new BlockVerifier(PLATFORM.crypto());
  private static final List<StorageKey> KEYS = new ArrayList<>();
  private static final List<Bytes> BLOCKS = new ArrayList<>();

  private StoreBenchPage() {}

  /** Makes random blocks of the full size. */
  @JSExport
  public static JSPromise<JSObject> prepare(int count) {
    return inTask(
        () -> {
          for (int i = 0; i < count; i++) {
            Bytes block =
                Block.Content.of(PLATFORM.entropy().bytes(Block.Content.MAX_PAYLOAD)).encoded();
            BLOCKS.add(block);
            KEYS.add(StorageKey.ofContent(PLATFORM.crypto(), block));
          }
          return JSNumber.valueOf(count);
        });
  }

  /** The same blocks for the raw store. */
  @JSExport
  public static JSArray<JSObject> blocks() {
    JSArray<JSObject> blocks = new JSArray<>();
    BLOCKS.forEach(block -> blocks.push(Binary.view(block)));
    return blocks;
  }

  @JSExport
  public static JSArray<JSObject> keys() {
    JSArray<JSObject> keys = new JSArray<>();
    KEYS.forEach(key -> keys.push(Binary.view(key.bytes())));
    return keys;
  }

  /** Resolves to the milliseconds to verify and put all blocks, each in a batch of its own. */
  @JSExport
  public static JSPromise<JSObject> put() {
    return inTask(
        () -> {
          IndexedDbBlockStore.delete(NAME);
          return timed(
              (store, i) -> {
                verify(KEYS.get(i), BLOCKS.get(i));
                store.apply(new Batch().putBlock(KEYS.get(i), BLOCKS.get(i)));
              });
        });
  }

  /** Resolves to the milliseconds to get and verify all blocks. */
  @JSExport
  public static JSPromise<JSObject> get() {
    return inTask(
        () -> {
          JSNumber millis =
              timed(
                  (store, i) -> {
                    StorageKey key = KEYS.get(i * STRIDE % KEYS.size());
                    verify(key, store.block(key).orElseThrow());
                  });
          IndexedDbBlockStore.delete(NAME);
          return millis;
        });
  }

  private static void verify(StorageKey key, Bytes block) {
    if (!(VERIFIER.verify(key, block) instanceof BlockVerifier.Genuine)) {
      throw new IllegalStateException("a block is not what it was");
    }
  }

  /** What is done with one block. */
  @FunctionalInterface
  private interface Step {
    void run(BlockStore store, int index) throws StoreException;
  }

  private static JSNumber timed(Step step) throws StoreException {
    BlockStore store = IndexedDbBlockStore.open(NAME, PLATFORM.clock(), PLATFORM.tasks());
    double start = Performance.now();
    Crew crew = new Crew(PLATFORM, KEYS.size(), WORKERS);
    crew.run(index -> step.run(store, index));
    double millis = Performance.now() - start;
    store.close();
    return JSNumber.valueOf(millis);
  }

  /** What a task gives back. */
  @FunctionalInterface
  private interface Work {
    JSObject run() throws StoreException;
  }

  private static JSPromise<JSObject> inTask(Work work) {
    return promise(
        (resolve, reject) ->
            PLATFORM
                .tasks()
                .spawn(
                    "bench",
                    () -> {
                      try {
                        resolve.accept(work.run());
                      } catch (StoreException | RuntimeException failure) {
                        reject.accept(JSString.valueOf(String.valueOf(failure)));
                      }
                    }));
  }

  @JSFunctor
  private interface Executor extends JSObject {
    void execute(Consumer<@Nullable JSObject> resolve, Consumer<JSObject> reject);
  }

  @JSBody(params = "executor", script = "return new Promise(executor);")
  private static native JSPromise<JSObject> promise(Executor executor);
}
