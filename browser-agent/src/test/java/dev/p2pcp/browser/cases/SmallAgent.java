package dev.p2pcp.browser.cases;

import dev.p2pcp.block.BlockStore.Batch;
import dev.p2pcp.block.BlockStore.Table;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.browser.api.AgentCalls;
import dev.p2pcp.browser.api.AgentException;
import dev.p2pcp.browser.api.Snapshot;
import dev.p2pcp.browser.crypto.WebSealingKey;
import dev.p2pcp.browser.js.Binary;
import dev.p2pcp.browser.js.Promises;
import dev.p2pcp.browser.js.Subtle;
import dev.p2pcp.browser.store.IndexedDbBlockStore;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.SealBrokenException;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Platform;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSArray;
import org.teavm.jso.core.JSString;
import org.teavm.jso.typedarrays.Uint8Array;

/**
 * An agent that keeps values in the profile's store and seals them with a key that only unlocking
 * makes.
 */
final class SmallAgent implements AgentCalls {
  private static final Bytes NONCE = Bytes.wrap(new byte[12]);
  private static final long LONG = 60_000;

  private final Platform platform;
  private final Host host;
  private final IndexedDbBlockStore store;
  private @Nullable WebSealingKey key;

  private SmallAgent(Platform platform, Host host, IndexedDbBlockStore store) {
    this.platform = platform;
    this.host = host;
    this.store = store;
    JSObject inherited = host.inheritedKeys();
    if (inherited != null) {
      key = new WebSealingKey((Subtle.CryptoKey) inherited);
    }
  }

  static AgentCalls start(Platform platform, Host host) throws AgentException {
    try {
      IndexedDbBlockStore store =
          IndexedDbBlockStore.open("small-agent", platform.clock(), platform.tasks());
      SmallAgent agent = new SmallAgent(platform, host, store);
      agent.mirror();
      return agent;
    } catch (StoreException e) {
      throw new AgentException("storage-failed", String.valueOf(e.getMessage()));
    }
  }

  @Override
  public @Nullable JSObject call(String method, JSArray<JSObject> arguments, CallContext context)
      throws AgentException {
    try {
      return switch (method) {
        case "put" -> put((JSString) arguments.get(0), (Uint8Array) arguments.get(1), context);
        case "get" -> get((JSString) arguments.get(0));
        case "status" -> untilAborted(context);
        case "list", "identity.confirm" -> held();
        case "lend" -> throw new AgentException("in-use", "more is in use", figures());
        case "identity.create" -> create();
        default -> throw new AgentException("bad-argument", "no method " + method);
      };
    } catch (StoreException e) {
      throw new AgentException("storage-failed", String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void close() {
    store.close();
  }

  private JSObject put(JSString path, Uint8Array value, CallContext context)
      throws AgentException, StoreException {
    Bytes plain = Binary.bytes(value);
    context.progress(1, plain.length());
    Bytes sealed = unlocked().seal(NONCE, Bytes.EMPTY, plain);
    store.apply(new Batch().putRecord(Table.ITEMS, Bytes.utf8(path.stringValue()), sealed));
    context.progress(plain.length(), plain.length());
    host.emit("item", item(path));
    return item(path);
  }

  private @Nullable JSObject get(JSString path) throws AgentException, StoreException {
    Bytes sealed = store.record(Table.ITEMS, Bytes.utf8(path.stringValue())).orElse(null);
    try {
      return sealed == null ? null : Binary.view(unlocked().open(NONCE, Bytes.EMPTY, sealed));
    } catch (SealBrokenException e) {
      throw new AgentException("not-verified", "another key sealed it");
    }
  }

  private @Nullable JSObject create() {
    key = new WebSealingKey(Promises.await(Subtle.generateSealingKey()));
    host.shareKeys(key.handle());
    mirror();
    return host.inheritedKeys();
  }

  private JSObject untilAborted(CallContext context) throws AgentException {
    Pending<Integer> aborted = platform.tasks().pending();
    context.onAbort(() -> aborted.complete(1));
    if (aborted.await(platform.deadline(LONG)).isEmpty()) {
      throw new AgentException("offline", "nobody aborted");
    }
    host.emit("status", JSString.valueOf("aborted"));
    throw new AgentException("aborted", "aborted");
  }

  /** Answers only if nobody holds the lock that the page uses to keep a call waiting. */
  private static JSObject held() {
    return Promises.await(onceFree());
  }

  private WebSealingKey unlocked() throws AgentException {
    if (key == null) {
      throw new AgentException("locked", "no key");
    }
    return key;
  }

  private void mirror() {
    host.mirror(Snapshot.Of.state(key == null ? "new" : "open", key == null ? null : me()));
  }

  @JSBody(script = "return navigator.locks.request('test-hold', function() { return 'free'; });")
  private static native org.teavm.jso.core.JSPromise<JSObject> onceFree();

  @JSBody(script = "return {lent: 3, positions: [1, 2]};")
  private static native JSObject figures();

  @JSBody(script = "return {did: 'did:key:z'};")
  private static native JSObject me();

  @JSBody(params = "path", script = "return {path: path};")
  private static native JSObject item(JSString path);
}
