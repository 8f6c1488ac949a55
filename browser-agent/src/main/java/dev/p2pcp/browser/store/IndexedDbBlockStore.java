package dev.p2pcp.browser.store;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.block.StoreException.Reason;
import dev.p2pcp.browser.js.Binary;
import dev.p2pcp.browser.js.Idb;
import dev.p2pcp.browser.js.JsFailure;
import dev.p2pcp.browser.js.Promises;
import dev.p2pcp.browser.js.StorageManager;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Tasks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSArray;

/**
 * The store of a browser profile. A batch is atomic at any time. It is <em>durable</em> as follows:
 * a batch that touches the tables PROFILE, ITEMS, RECEIPTS or CONFLICTS is flushed to the disk
 * before {@link #apply} returns (strict); any other, such as blocks kept for others, is handed to
 * the operating system (relaxed), so that it outlives the tab and the browser but perhaps not a
 * power cut; its owner has other copies.
 */
public final class IndexedDbBlockStore implements BlockStore {
  /** Keys or records that one request fetches. */
  private static final int PAGE = 1024;

  /** Milliseconds that a batch may wait; each transaction before it is bounded too. */
  private static final int WRITE_MILLIS = 10 * WriteQueue.TRANSACTION_MILLIS;

  private final Idb.Database database;
  private final Clock clock;
  private final WriteQueue writes;
  private final ReadQueue reads;
  private @Nullable String closed;
  private Loss loss = () -> {};

  private IndexedDbBlockStore(Idb.Database database, Clock clock, Tasks tasks) {
    this.database = database;
    this.clock = clock;
    this.writes = new WriteQueue(database, tasks);
    this.reads = new ReadQueue(database, tasks, clock);
  }

  /**
   * Opens the store, making it if it is not there. Suspends.
   *
   * @throws StoreException with {@code CLOSED} if the browser does not let us, as in some private
   *     modes
   */
  public static IndexedDbBlockStore open(String name, Clock clock, Tasks tasks)
      throws StoreException {
    Idb.Database database = openDatabase(name);
    IndexedDbBlockStore store = new IndexedDbBlockStore(database, clock, tasks);
    database.setOnversionchange(
        () -> store.close("another page deletes or upgrades the store", false));
    database.setOnclose(store::taken);
    return store;
  }

  @Override
  public Optional<Bytes> block(StorageKey key) throws StoreException {
    JSObject found =
        reads.read(transaction -> transaction.objectStore(Stores.BLOCKS).get(Stores.blockKey(key)));
    return found == null ? Optional.empty() : Optional.of(Stores.readValue(found));
  }

  @Override
  public List<StorageKey> present(List<StorageKey> keys) throws StoreException {
    mustBeOpen();
    List<StorageKey> present = new ArrayList<>();
    for (int from = 0; from < keys.size(); from += PAGE) {
      List<StorageKey> page = keys.subList(from, Math.min(keys.size(), from + PAGE));
      Presence presence = new Presence(page);
      reads.read(presence::ask);
      present.addAll(presence.found());
    }
    return present;
  }

  @Override
  public List<StorageKey> keys() throws StoreException {
    List<StorageKey> keys = new ArrayList<>();
    JSObject range = null;
    while (true) {
      JSObject start = range;
      JSArray<JSObject> page =
          page(transaction -> transaction.objectStore(Stores.BLOCKS).getAllKeys(start, PAGE));
      for (int i = 0; i < page.getLength(); i++) {
        keys.add(Stores.readBlockKey(page.get(i)));
      }
      if (page.getLength() < PAGE) {
        return keys;
      }
      range = Idb.after(page.get(PAGE - 1));
    }
  }

  @Override
  public Optional<Bytes> record(Table table, Bytes key) throws StoreException {
    JSObject found =
        reads.read(
            transaction ->
                transaction.objectStore(Stores.RECORDS).get(Stores.recordKey(table, key)));
    return found == null ? Optional.empty() : Optional.of(Stores.readValue(found));
  }

  /**
   * Pages of a large table are read one after another; a write between two of them is seen by the
   * later.
   */
  @Override
  public Map<Bytes, Bytes> records(Table table) throws StoreException {
    Map<Bytes, Bytes> records = new LinkedHashMap<>();
    JSObject last = Stores.lastRecordKey(table);
    JSObject from = Stores.firstRecordKey(table);
    while (true) {
      RecordPage page = new RecordPage(Idb.between(from, last), PAGE);
      JSArray<JSObject> values = page(page::ask);
      JSArray<JSObject> keys = page.keys();
      for (int i = 0; i < values.getLength(); i++) {
        records.put(Stores.readRecordKey(keys.get(i)), Stores.readValue(values.get(i)));
      }
      if (values.getLength() < PAGE) {
        return records;
      }
      from = keys.get(PAGE - 1);
    }
  }

  @Override
  public void apply(Batch batch) throws StoreException {
    mustBeOpen();
    if (batch.isEmpty()) {
      return;
    }
    Deadline deadline = Deadline.in(clock, WRITE_MILLIS);
    for (Pending<Boolean> room = writes.roomFor(batch);
        room != null;
        room = writes.roomFor(batch)) {
      if (room.await(deadline).isEmpty()) {
        throw new StoreException(Reason.ABORTED, "storage is too slow");
      }
    }
    WriteQueue.Failure failure =
        writes
            .enter(batch)
            .await(Deadline.in(clock, WRITE_MILLIS))
            .orElseThrow(
                () -> new IllegalStateException("a transaction neither ended nor was aborted"))
            .failure();
    if (failure != null) {
      throw new StoreException(failure.reason(), failure.message());
    }
  }

  /** What the whole site uses and may use; browsers blur both figures. */
  @Override
  public Usage usage() throws StoreException {
    mustBeOpen();
    try {
      StorageManager.Estimate estimate = Promises.await(StorageManager.estimate());
      boolean persistent = Promises.await(StorageManager.persisted()).stringValue().equals("true");
      return new Usage((long) estimate.getUsage(), (long) estimate.getQuota(), persistent);
    } catch (JsFailure failure) {
      throw new StoreException(Reason.ABORTED, failure.name());
    }
  }

  /** Asks the browser never to evict this site's data. Suspends; some browsers ask the person. */
  public static boolean askToPersist() {
    return Promises.await(StorageManager.persist()).stringValue().equals("true");
  }

  /** Deletes a store and all in it; open ones are closed by that. Suspends. */
  public static void delete(String name) throws StoreException {
    try {
      Promises.await(Idb.delete(name));
    } catch (JsFailure failure) {
      throw new StoreException(Reason.ABORTED, failure.name());
    }
  }

  /** Keys of this device, kept in the same database. */
  public DeviceKeys deviceKeys() {
    return new DeviceKeys(database);
  }

  @Override
  public void close() {
    close("closed", false);
  }

  @Override
  public void onLoss(Loss hears) {
    loss = hears;
  }

  private void taken() {
    close("the browser took the store away", true);
    loss.lost();
  }

  private void close(String why, boolean gone) {
    closed = why;
    writes.close(why, gone);
    reads.close(why);
    database.close();
  }

  private void mustBeOpen() throws StoreException {
    if (closed != null) {
      throw new StoreException(Reason.CLOSED, closed);
    }
  }

  private static Idb.Database openDatabase(String name) throws StoreException {
    try {
      return Promises.await(Idb.open(name, Stores.VERSION, Stores.ALL));
    } catch (JsFailure failure) {
      throw new StoreException(Reason.CLOSED, failure.name() + ": " + failure.getMessage());
    }
  }

  @SuppressWarnings("unchecked")
  private JSArray<JSObject> page(ReadQueue.Question question) throws StoreException {
    JSObject answer = reads.read(question);
    if (answer == null) {
      throw new StoreException(Reason.ABORTED, "no list from storage");
    }
    return (JSArray<JSObject>) answer;
  }

  /**
   * Keys and values of one page, out of one transaction. The keys are there when the values are.
   */
  private static final class RecordPage {
    private final JSObject range;
    private final int limit;
    private Idb.@Nullable Request keys;

    RecordPage(JSObject range, int limit) {
      this.range = range;
      this.limit = limit;
    }

    Idb.Request ask(Idb.Transaction transaction) {
      Idb.ObjectStore records = transaction.objectStore(Stores.RECORDS);
      keys = records.getAllKeys(range, limit);
      return records.getAll(range, limit);
    }

    @SuppressWarnings("unchecked")
    JSArray<JSObject> keys() {
      if (keys == null) {
        throw new IllegalStateException("not asked yet");
      }
      return (JSArray<JSObject>) keys.getResult();
    }
  }

  /** Which keys of one page exist. All requests but the last are answered before it. */
  private static final class Presence {
    private final List<StorageKey> keys;
    private final List<Idb.Request> requests = new ArrayList<>();

    Presence(List<StorageKey> keys) {
      this.keys = keys;
    }

    Idb.Request ask(Idb.Transaction transaction) {
      Idb.ObjectStore blocks = transaction.objectStore(Stores.BLOCKS);
      for (StorageKey key : keys) {
        requests.add(blocks.getKey(Stores.blockKey(key)));
      }
      return requests.get(requests.size() - 1);
    }

    List<StorageKey> found() {
      List<StorageKey> found = new ArrayList<>();
      for (int i = 0; i < keys.size(); i++) {
        if (Binary.isDefined(requests.get(i).getResult())) {
          found.add(keys.get(i));
        }
      }
      return found;
    }
  }
}
