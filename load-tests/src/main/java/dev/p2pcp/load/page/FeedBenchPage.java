package dev.p2pcp.load.page;

import dev.p2pcp.block.MemoryBlockStore;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.browser.js.Binary;
import dev.p2pcp.browser.js.Consumer;
import dev.p2pcp.browser.platform.BrowserPlatform;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.feed.Feed;
import dev.p2pcp.feed.FeedException;
import dev.p2pcp.feed.FeedPart;
import dev.p2pcp.feed.LeafHasher;
import dev.p2pcp.feed.Runs;
import dev.p2pcp.feed.StoreShelf;
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

/** Verifies entries of a feed in a browser, as a stream brings them. */
public final class FeedBenchPage {
  private static final Platform PLATFORM = BrowserPlatform.create();
  private static final List<Bytes> ENTRIES = new ArrayList<>();
  private static final List<Bytes> PARTS = new ArrayList<>();

  private FeedBenchPage() {}

  /** Makes a feed of random entries, and of each so many a part with its proof. */
  @JSExport
  public static JSPromise<JSObject> prepare(int count, int length, int part) {
    return inTask(
        () -> {
          ENTRIES.clear();
          PARTS.clear();
          for (int i = 0; i < count; i++) {
            ENTRIES.add(PLATFORM.entropy().bytes(length));
          }
          MemoryBlockStore store = new MemoryBlockStore(1L << 31);
          Feed feed =
              Feed.own(
                  PLATFORM,
                  new StoreShelf(store, PLATFORM.crypto()),
                  PLATFORM.crypto().signingKey(PLATFORM.entropy().bytes(32)));
          feed.append(ENTRIES);
          for (int from = 0; from < count; from += part) {
            Runs runs = Runs.of(from, Math.min(count, from + part));
            PARTS.add(feed.prove(feed.snapshot(), runs).encoded());
          }
          return JSNumber.valueOf(PARTS.size());
        });
  }

  /** The same entries for the browser alone. */
  @JSExport
  public static JSArray<JSObject> entries() {
    JSArray<JSObject> entries = new JSArray<>();
    ENTRIES.forEach(entry -> entries.push(Binary.view(entry)));
    return entries;
  }

  /** Resolves to the milliseconds to decode and verify all parts, and their head once. */
  @JSExport
  public static JSPromise<JSObject> verify() {
    return inTask(
        () -> {
          double start = Performance.now();
          LeafHasher leaves = new LeafHasher(PLATFORM.crypto());
          boolean signed = false;
          for (Bytes encoded : PARTS) {
            FeedPart part = FeedPart.decode(encoded);
            signed = signed || part.head().isGenuine(PLATFORM.crypto());
            if (!signed || !part.fits(leaves)) {
              throw new IllegalStateException("a genuine part is refused");
            }
          }
          return JSNumber.valueOf(Performance.now() - start);
        });
  }

  /** What a task gives back. */
  @FunctionalInterface
  private interface Work {
    JSObject run() throws StoreException, FeedException, MalformedFrameException;
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
                      } catch (StoreException
                          | FeedException
                          | MalformedFrameException
                          | RuntimeException failure) {
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
