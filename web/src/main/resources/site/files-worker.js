/*
 * Answers requests for /file/… with the bytes of a file that a page of this site reads, whole or in ranges, so that
 * media can seek and downloads need no memory. It does nothing else: every other request goes its own way.
 */

const ADDRESS = /^\/file\/([\da-f-]{36})\//;

/** How long pages are given to say that the file is theirs, in milliseconds. */
const PATIENCE_MS = 5_000;

/** Types that a browser shows without running anything of the file's own; all others are only saved. */
const SHOWN = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/bmp',
  'video/mp4',
  'video/webm',
  'video/ogg',
  'audio/mpeg',
  'audio/mp4',
  'audio/ogg',
  'audio/wav',
  'audio/webm',
  'audio/flac',
  'audio/aac',
  'application/pdf',
]);

self.addEventListener('install', (event) => {
  // Where the browser can, nothing but files even wakes this worker.
  event.addRoutes?.({ condition: { not: { urlPattern: { pathname: '/file/*' } } }, source: 'network' });
  self.skipWaiting();
});

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  const token = url.origin === self.location.origin ? ADDRESS.exec(url.pathname)?.[1] : undefined;
  if (token) event.respondWith(answer(token, event.request));
});

// A page says now and then that it still sends, which keeps the worker awake.
self.addEventListener('message', () => {});

async function answer(token, request) {
  if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405);
  const found = await whoHas(token);
  if (!found) return plain(404);
  const { file, port } = found;
  const range = rangeOf(request.headers.get('Range'), file.size);
  const headers = headersOf(file);
  if (!range) {
    port.postMessage({ stop: true });
    headers.set('Content-Range', `bytes */${file.size}`);
    return new Response(null, { status: 416, headers });
  }
  headers.set('Content-Length', String(range.to - range.from));
  if (range.partial) headers.set('Content-Range', `bytes ${range.from}-${range.to - 1}/${file.size}`);
  if (request.method === 'HEAD') port.postMessage({ stop: true });
  const body = request.method === 'HEAD' ? null : bytesFrom(port, range);
  return new Response(body, { status: range.partial ? 206 : 200, headers });
}

/** Asks all pages; the worker may have slept since the address was made, and remembers nothing. */
async function whoHas(token) {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  return new Promise((resolve) => {
    setTimeout(() => resolve(null), PATIENCE_MS);
    for (const page of pages) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data: file }) => (file ? resolve({ file, port: port1 }) : port1.close());
      page.postMessage({ token }, [port2]);
    }
  });
}

/** The bytes that are asked for, the end left out; null if there are none such. */
function rangeOf(header, size) {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (!match[1] && !match[2])) return { from: 0, to: size, partial: false };
  const [, first, last] = match;
  const from = first ? Number(first) : Math.max(0, size - Number(last));
  const to = first && last ? Math.min(size, Number(last) + 1) : size;
  return from < to ? { from, to, partial: true } : null;
}

function headersOf({ type, name, download }) {
  const kind = type.split(';')[0].trim().toLowerCase();
  const shown = SHOWN.has(kind) && !download;
  const file = encodeURIComponent(name).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
  // Whatever the name or type pretends, nothing of a file may run. Browsers show no PDF in a sandbox; they run
  // none of its scripts in this origin either.
  const policy = kind === 'application/pdf' ? "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'" : "default-src 'none'; sandbox";
  return new Headers({
    'Content-Type': shown ? kind : 'application/octet-stream',
    'Content-Disposition': `${shown ? 'inline' : 'attachment'}; filename*=UTF-8''${file}`,
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store',
    'Accept-Ranges': 'bytes',
  });
}

/** Asks the page for more whenever the browser wants more. */
function bytesFrom(port, { from, to }) {
  let answered = () => {};
  port.onmessage = ({ data }) => answered(data);
  port.postMessage({ from, to });
  return new ReadableStream(
    {
      pull(controller) {
        return new Promise((resolve) => {
          answered = ({ bytes, failed }) => {
            if (bytes) controller.enqueue(bytes);
            else if (failed) controller.error(new Error(failed));
            else controller.close();
            resolve();
          };
          port.postMessage({ more: true });
        });
      },
      cancel() {
        port.postMessage({ stop: true });
        port.close();
      },
    },
    { highWaterMark: 0 },
  );
}

function plain(status) {
  return new Response(null, { status });
}
