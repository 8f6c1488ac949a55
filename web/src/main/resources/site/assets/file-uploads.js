import { store } from 'p2pcp/agent';
import { items } from 'p2pcp/items';
import { toasts } from 'p2pcp/toasts';

/** Where files are, as paths of items. */
export const FOLDER = '/files/';

/** Weight of the newest second in the rate that is shown. */
const FRESH = 0.3;

/**
 * Files on their way into the store, one after the other. Tells `change`.
 * Of an upload: `state` is `waiting`, `storing`, `paused`, `lacking` (its page was left: the file is needed again) or `refused`.
 */
class Uploads extends EventTarget {
  /** @type {{path: string, name: string, size: number, time: number, done: number, rate: number, state: string, file: File | null, error?: unknown}[]} */
  list = [];
  #working = null;

  /** Reads what was left unfinished before. */
  async load() {
    const left = await store.agent.files.unfinished();
    for (const { path, name, size, time, doneBytes } of left) {
      if (this.at(path)) continue;
      this.list.push({ path, name, size, time, done: doneBytes, rate: 0, state: 'lacking', file: null });
    }
    this.#changed();
  }

  at(path) {
    return this.list.find((upload) => upload.path === path);
  }

  /**
   * Stores files.
   * @param {{file: File, path: string}[]} files `path` is relative: folders and name
   */
  async add(files) {
    await Promise.all([items.ready(), this.load()]);
    for (const { file, path } of files) {
      const left = this.list.find((u) => u.state === 'lacking' && isSame(u, file));
      if (left) {
        Object.assign(left, { file, state: 'waiting' });
      } else {
        const at = this.#free(FOLDER + path);
        this.list.push({
          path: at,
          name: file.name,
          size: file.size,
          time: file.lastModified,
          done: 0,
          rate: 0,
          state: 'waiting',
          file,
        });
      }
    }
    this.#next();
  }

  pause(upload) {
    upload.stop?.abort();
    upload.state = 'paused';
    this.#changed();
  }

  resume(upload) {
    upload.error = null;
    upload.state = 'waiting';
    this.#next();
  }

  async cancel(upload) {
    upload.stop?.abort();
    this.list = this.list.filter((other) => other !== upload);
    this.#changed();
    await store.agent.files.cancel(upload.path);
    this.#next();
  }

  #next() {
    const upload = this.#working ? null : this.list.find((each) => each.state === 'waiting');
    if (upload) {
      this.#working = this.#store(upload).finally(() => {
        this.#working = null;
        this.#next();
      });
    }
    this.#changed();
  }

  async #store(upload) {
    const stop = (upload.stop = new AbortController());
    upload.state = 'storing';
    let since = performance.now();
    let before = -1;
    const onProgress = ({ doneBytes }) => {
      const now = performance.now();
      if (before >= 0 && now > since) {
        const rate = ((doneBytes - before) / (now - since)) * 1000;
        upload.rate = upload.rate ? upload.rate + FRESH * (rate - upload.rate) : rate;
      }
      [since, before] = [now, doneBytes];
      upload.done = doneBytes;
      this.#changed();
    };
    try {
      const { path, file } = upload;
      items.keep(await store.agent.files.put(path, file, { signal: stop.signal, onProgress }));
      this.list = this.list.filter((other) => other !== upload);
    } catch (error) {
      if (upload.state !== 'storing' || stop.signal.aborted) return; // paused or cancelled by the person
      upload.state = error.code === 'unreadable' ? 'lacking' : 'refused';
      upload.error = error;
      if (error.code !== 'over-allowance') toasts.fail(error);
    } finally {
      upload.rate = 0;
    }
  }

  /** A path that neither a file nor an upload has. */
  #free(path) {
    const dot = path.lastIndexOf('.');
    const end = dot > path.lastIndexOf('/') + 1 ? dot : path.length;
    for (let number = 1; ; number++) {
      const free = number === 1 ? path : `${path.slice(0, end)} (${number})${path.slice(end)}`;
      if (!items.at(free) && !this.at(free)) return free;
    }
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

function isSame({ name, size, time }, file) {
  return file.name === name && file.size === size && file.lastModified === time;
}

/** What a drop holds, folders with all that is in them. */
export async function filesIn({ items: dropped, files }) {
  const entries = [...dropped].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (entries.length === 0) return [...files].map((file) => ({ file, path: file.name }));
  const found = [];
  for (const entry of entries) await collect(entry, '', found);
  return found;
}

async function collect(entry, folder, found) {
  const path = folder + entry.name;
  if (entry.isFile) {
    found.push({ file: await new Promise((resolve, reject) => entry.file(resolve, reject)), path });
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    for (const child of some) await collect(child, `${path}/`, found);
  }
}

/** Files that are being stored. */
export const uploads = new Uploads();
