const BLOCK_KB = 256;
const UNITS = ['KB', 'MB', 'GB', 'TB'];
const AGO = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const STEPS = [
  ['second', 60],
  ['minute', 60],
  ['hour', 24],
  ['day', 7],
];

/** A size in bytes as a person reads it: `840 bytes`, `1.2 MB`. */
export function size(bytes) {
  if (bytes < 1024) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value < 10 ? Math.round(value * 10) / 10 : Math.round(value)} ${UNITS[unit]}`;
}

/** The size of this many blocks. */
export function roomOf(count) {
  return size(count * BLOCK_KB * 1024);
}

/** `1 block`, `3 blocks`, `1,200 blocks`. */
export function blocks(count) {
  return many(count, 'block');
}

/** A number with its noun. */
export function many(count, noun, plural = `${noun}s`) {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : plural}`;
}

/** `1 copy`, `3 copies`. */
export function copies(count) {
  return many(count, 'copy', 'copies');
}

/** `3 copies, 2 online now`. */
export function copiesNow({ stored, online }) {
  return `${copies(stored)}, ${online} online now`;
}

/** A moment as a person says it: `just now`, `5 minutes ago`, `3 May 2026`. */
export function ago(time, now = Date.now()) {
  let span = Math.round((now - time) / 1000);
  if (span < 20) return 'just now';
  for (const [unit, length] of STEPS) {
    if (span < length) return AGO.format(-span, unit);
    span = Math.round(span / length);
  }
  return new Date(time).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
}

/** A moment in full, for titles. */
export function moment(time) {
  return new Date(time).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short' });
}

/** A day as a person says it: `3 May`, with the year if it is another one. */
export function day(time, now = Date.now()) {
  const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  return new Date(time).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: sameYear ? undefined : 'numeric',
  });
}

/** The beginning and end of a long key. */
export function short(key, ends = 6) {
  return key.length <= 2 * ends + 1 ? key : `${key.slice(0, ends)}…${key.slice(-ends)}`;
}
