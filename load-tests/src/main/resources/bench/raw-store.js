// Raw IndexedDB with the batching that our store has: the measure of what verification and bookkeeping cost.

const NAME = 'raw-bench';
const PER_TRANSACTION = 16;

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore('blocks');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function remove() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(NAME);
    request.onsuccess = resolve;
    request.onerror = () => reject(request.error);
  });
}

function done(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
}

/** Milliseconds to put all blocks. */
export async function put(keys, blocks) {
  await remove();
  const database = await open();
  const start = performance.now();
  for (let i = 0; i < blocks.length; i += PER_TRANSACTION) {
    const transaction = database.transaction('blocks', 'readwrite', {durability: 'relaxed'});
    const store = transaction.objectStore('blocks');
    for (let j = i; j < i + PER_TRANSACTION; j++) {
      store.put(blocks[j], keys[j]);
    }
    await done(transaction);
  }
  const millis = performance.now() - start;
  database.close();
  return millis;
}

/** Milliseconds to get all blocks, in another order than they were put. */
export async function get(keys, blocks) {
  const database = await open();
  const start = performance.now();
  let bytes = 0;
  for (let i = 0; i < keys.length; i += PER_TRANSACTION) {
    const transaction = database.transaction('blocks', 'readonly');
    const store = transaction.objectStore('blocks');
    for (let j = i; j < i + PER_TRANSACTION; j++) {
      const request = store.get(keys[(j * 97) % keys.length]);
      request.onsuccess = () => {
        bytes += request.result.length;
      };
    }
    await done(transaction);
  }
  const millis = performance.now() - start;
  database.close();
  if (bytes !== blocks.reduce((sum, block) => sum + block.length, 0)) {
    throw new Error('not all blocks came back');
  }
  await remove();
  return millis;
}
