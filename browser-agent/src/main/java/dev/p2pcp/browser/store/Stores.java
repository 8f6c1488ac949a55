package dev.p2pcp.browser.store;

import dev.p2pcp.block.BlockStore.Table;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.browser.js.Binary;
import dev.p2pcp.bytes.Bytes;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSArray;
import org.teavm.jso.core.JSString;
import org.teavm.jso.typedarrays.ArrayBuffer;
import org.teavm.jso.typedarrays.Uint8Array;

/** Names, keys and values as the database holds them. */
final class Stores {
  static final int VERSION = 1;
  static final String BLOCKS = "blocks";
  static final String RECORDS = "records";
  static final String DEVICE = "device";

  /** The stores that one batch may touch. */
  static final JSArray<JSObject> BOTH = list(BLOCKS, RECORDS);

  static final JSArray<JSObject> ONLY_BLOCKS = list(BLOCKS);
  static final JSArray<JSObject> ONLY_RECORDS = list(RECORDS);
  static final JSArray<JSObject> ONLY_DEVICE = list(DEVICE);
  static final JSArray<JSObject> ALL = list(BLOCKS, RECORDS, DEVICE);

  private Stores() {}

  static Uint8Array value(Bytes bytes) {
    return Binary.view(bytes);
  }

  static JSObject blockKey(StorageKey key) {
    return Binary.view(key.bytes());
  }

  static JSObject recordKey(Table table, Bytes key) {
    return pair(table.name(), Binary.view(key));
  }

  /** Sorts after every key of the table: an array is after anything binary. */
  static JSObject lastRecordKey(Table table) {
    return pair(table.name(), new JSArray<>());
  }

  /** Sorts before every key of the table. */
  static JSObject firstRecordKey(Table table) {
    return single(table.name());
  }

  /** A storage key as the browser gives it back. */
  static StorageKey readBlockKey(JSObject key) {
    return new StorageKey(Binary.bytes((ArrayBuffer) key));
  }

  /** The second part of a record's key as the browser gives it back. */
  static Bytes readRecordKey(JSObject key) {
    return Binary.bytes(second(key));
  }

  static Bytes readValue(JSObject value) {
    return Binary.bytes((Uint8Array) value);
  }

  private static JSArray<JSObject> list(String... names) {
    JSArray<JSObject> list = new JSArray<>();
    for (String name : names) {
      list.push(JSString.valueOf(name));
    }
    return list;
  }

  @JSBody(
      params = {"first", "second"},
      script = "return [first, second];")
  private static native JSObject pair(String first, JSObject second);

  @JSBody(params = "first", script = "return [first];")
  private static native JSObject single(String first);

  @JSBody(params = "pair", script = "return pair[1];")
  private static native ArrayBuffer second(JSObject pair);
}
