import { store } from 'p2pcp/agent';

const WORKER = '/files-worker.js';

/** How long the worker is given to begin; without it files are read whole. */
const START_MS = 4_000;

/** Between two signs to the worker that bytes still flow, in milliseconds. */
const AWAKE_MS = 10_000;

/** Largest file, in bytes, that is put together in memory where there is no service worker. */
export const MOST_IN_MEMORY = 256 * 1024 * 1024;

const given = new Map();
let sending = 0;
let awake = 0;
let starting = null;

/** Whether files can be read in ranges: there is a service worker for this page. */
export function canStream() {
  starting ??= start();
  return starting;
}

async function start() {
  if (!navigator.serviceWorker) return false;
  try {
    navigator.serviceWorker.addEventListener('message', serve);
    navigator.serviceWorker.startMessages();
    await navigator.serviceWorker.register(WORKER, { updateViaCache: 'none' });
    if (navigator.serviceWorker.controller) return true;
    return await Promise.race([
      new Promise((resolve) =>
        navigator.serviceWorker.addEventListener('controllerchange', () => resolve(true), { once: true }),
      ),
      new Promise((resolve) => setTimeout(() => resolve(Boolean(navigator.serviceWorker.controller)), START_MS)),
    ]);
  } catch {
    return false; // some private windows forbid it
  }
}

/**
 * An address at which this page's browser can read a file until `release` is called with it.
 * @param {string} file a path, or the link of a file
 * @param {import('/agent/agent.d.ts').FileStat} stat
 * @param {{download?: boolean}} [options]
 */
export function addressOf(file, stat, { download = false } = {}) {
  const token = crypto.randomUUID();
  given.set(token, { file, stat, download });
  return `/file/${token}/${encodeURIComponent(stat.name.split('/').pop() || 'file')}`;
}

/** Ends an address. */
export function release(address) {
  given.delete(address?.split('/')[2]);
}

/** Reads a whole file into memory. */
export async function blobOf(file, stat) {
  const parts = [];
  for await (const bytes of store.agent.files.read(file)) parts.push(bytes);
  return new Blob(parts, { type: stat.type });
}

/** Saves a file where the browser saves downloads, as it arrives. */
export async function save(file, stat) {
  if (await canStream()) {
    const frame = document.createElement('iframe');
    frame.hidden = true;
    frame.src = addressOf(file, stat, { download: true });
    document.body.append(frame);
    return;
  }
  if (stat.size > MOST_IN_MEMORY) throw Object.assign(new Error('no service worker'), { code: 'unsupported' });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await blobOf(file, stat));
  link.download = stat.name.split('/').pop();
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), AWAKE_MS);
}

/** Answers the worker, piece by piece as it asks. */
function serve({ data, ports: [port] }) {
  const known = given.get(data?.token);
  if (!port) return;
  if (!known) return port.postMessage(null);
  let reader = null;
  port.onmessage = async ({ data: { from, to, more } }) => {
    if (to !== undefined) {
      reader = store.agent.files.read(known.file, { from, to }).getReader();
      keepAwake(1);
    } else if (more) {
      try {
        const { value } = await reader.read();
        port.postMessage({ bytes: value });
        if (!value) end();
      } catch (error) {
        port.postMessage({ failed: String(error.message) });
        end();
      }
    } else {
      end();
    }
  };
  const end = () => {
    if (reader) keepAwake(-1);
    reader?.cancel().catch(() => {}); // nobody waits for it any more
    reader = null;
    port.close();
  };
  port.postMessage({ size: known.stat.size, type: known.stat.type, name: known.stat.name, download: known.download });
}

/** A worker that hears nothing for half a minute is put to sleep, and what it sends breaks off. */
function keepAwake(change) {
  sending += change;
  clearInterval(awake);
  if (sending > 0) awake = setInterval(() => navigator.serviceWorker.controller?.postMessage(null), AWAKE_MS);
}
