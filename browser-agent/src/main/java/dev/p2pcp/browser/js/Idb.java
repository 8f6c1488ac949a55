package dev.p2pcp.browser.js;

import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;
import org.teavm.jso.core.JSArray;
import org.teavm.jso.core.JSPromise;

/**
 * IndexedDB, as far as a store of blocks needs it: with durability hints, {@code getAll} and binary
 * keys.
 */
public final class Idb {
  private Idb() {}

  /** An open database. */
  public interface Database extends JSObject {
    void close();

    /** Another page wants to delete or upgrade the database: it waits until this one is closed. */
    @JSProperty
    void setOnversionchange(Callback listener);

    /** The browser closed the database, such as when site data is cleared. */
    @JSProperty
    void setOnclose(Callback listener);
  }

  /**
   * One transaction. It commits by itself when no request is left, and then completes or is
   * aborted.
   */
  public interface Transaction extends JSObject {
    ObjectStore objectStore(String name);

    @JSProperty
    void setOncomplete(Callback listener);

    @JSProperty
    void setOnabort(Callback listener);

    /** Why it was aborted; null if {@link Idb#abort} was called. */
    @JSProperty
    @Nullable JSObject getError();
  }

  /**
   * An object store within a transaction. Keys are {@code Uint8Array} or arrays of text and such.
   */
  public interface ObjectStore extends JSObject {
    Request put(JSObject value, JSObject key);

    Request delete(JSObject key);

    Request get(JSObject key);

    Request getKey(JSObject key);

    Request getAll(@Nullable JSObject range, int count);

    Request getAllKeys(@Nullable JSObject range, int count);

    Request clear();
  }

  /** What becomes of one operation; a failed one aborts its transaction. */
  public interface Request extends JSObject {
    @JSProperty
    void setOnsuccess(Callback listener);

    @JSProperty
    JSObject getResult();
  }

  /**
   * Opens or makes the database; its stores have no key paths. Rejected when it is held at another
   * version.
   */
  @JSBody(
      params = {"name", "version", "stores"},
      script =
          "return new Promise(function(resolve, reject) {"
              + "  var r = indexedDB.open(name, version);"
              + "  r.onupgradeneeded = function() {"
              + "    stores.forEach(function(s) {"
              + "      if (!r.result.objectStoreNames.contains(s)) { r.result.createObjectStore(s); }"
              + "    });"
              + "  };"
              + "  r.onblocked = function() { reject(new DOMException('blocked', 'InvalidStateError')); };"
              + "  r.onerror = function() { reject(r.error); };"
              + "  r.onsuccess = function() { resolve(r.result); };"
              + "});")
  public static native JSPromise<Database> open(String name, int version, JSArray<JSObject> stores);

  @JSBody(
      params = "name",
      script =
          "return new Promise(function(resolve, reject) {"
              + "  var r = indexedDB.deleteDatabase(name);"
              + "  r.onerror = function() { reject(r.error); };"
              + "  r.onsuccess = function() { resolve(null); };"
              + "});")
  public static native JSPromise<JSObject> delete(String name);

  @JSBody(
      params = {"db", "stores", "strict"},
      script =
          "return db.transaction(stores, 'readwrite', {durability: strict ? 'strict' : 'relaxed'});")
  public static native Transaction write(Database db, JSArray<JSObject> stores, boolean strict);

  /** Aborts it unless it is over. */
  @JSBody(
      params = "transaction",
      script =
          "try { transaction.abort(); } catch (e) { if (e.name !== 'InvalidStateError') { throw e; } }")
  public static native void abort(Transaction transaction);

  @JSBody(
      params = {"db", "stores"},
      script = "return db.transaction(stores, 'readonly');")
  public static native Transaction read(Database db, JSArray<JSObject> stores);

  /** All keys after the given one and up to the limit, or before it. */
  @JSBody(
      params = {"after", "last"},
      script = "return IDBKeyRange.bound(after, last, true, false);")
  public static native JSObject between(JSObject after, JSObject last);

  /** All keys after the given one. */
  @JSBody(params = "after", script = "return IDBKeyRange.lowerBound(after, true);")
  public static native JSObject after(JSObject after);

  /** The outcome of one request outside any batch. */
  @JSBody(
      params = {"transaction", "request"},
      script =
          "return new Promise(function(resolve, reject) {"
              + "  transaction.oncomplete = function() { resolve(request.result); };"
              + "  transaction.onabort = function() { reject(transaction.error); };"
              + "});")
  public static native <T extends JSObject> JSPromise<T> outcome(
      Transaction transaction, Request request);
}
