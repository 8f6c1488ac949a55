import { store } from 'p2pcp/agent';
import { PROFILE, PICTURE_TYPES, profileOf } from 'p2pcp/profile-data';

/** Who has no name yet is asked for again after this time, in milliseconds. */
const AGAIN_MS = 60_000;
/** Profiles read at once. */
const AT_ONCE = 4;
/** Names remembered. */
const MOST = 2_000;

/** Pictures larger than this are shown only when asked for, in bytes. */
export const SHOWN_BYTES = 4 * 1024 * 1024;

/** Names that people gave themselves in their profiles. Tells `change`. */
class Names extends EventTarget {
  #known = new Map();
  #wanted = [];
  #running = 0;

  /** The name of a person as far as it is known; it is looked for meanwhile. */
  of(did) {
    const known = this.#known.get(did);
    if (!known || (!known.name && known.at + AGAIN_MS < Date.now())) {
      if (this.#known.size >= MOST) this.#known.clear();
      this.#known.set(did, { name: known?.name ?? '', at: Date.now() });
      this.#wanted.push(did);
      this.#next();
    }
    return this.#known.get(did).name;
  }

  #next() {
    while (this.#running < AT_ONCE && this.#wanted.length > 0) {
      this.#running++;
      this.#read(this.#wanted.shift()).finally(() => {
        this.#running--;
        this.#next();
      });
    }
  }

  async #read(did) {
    try {
      const content = await store.agent.get(PROFILE, did === store.me?.did ? {} : { of: did });
      const name = content ? profileOf(content.bytes).name.trim() : '';
      if (!name) return;
      this.#known.set(did, { name, at: Date.now() });
      this.dispatchEvent(new Event('change'));
    } catch {
      return; // nobody who is online has the profile: asked for again later
    }
  }
}

/** The one list of names. */
export const names = new Names();

/** The end of a key, for who has no name. */
export function shortDid(did) {
  return `…${did.slice(-6)}`;
}

/** How a person is called. */
export function called(did) {
  return names.of(did) || (did === store.me?.did ? 'You' : `Somebody ${shortDid(did)}`);
}

/** Where a channel is opened; what is behind the # reaches no server. */
export function channelPath(link) {
  return `/channels#channel=${link}`;
}

/** The channel that an address or a pasted text names, or null. */
export function linkIn(text) {
  return /(?:channel=|^\s*)([\w-]{44,180})\s*$/.exec(text)?.[1] ?? null;
}

/** Whether a file is a picture that a browser may show. */
export function isPicture({ type }) {
  return PICTURE_TYPES.includes(type);
}

/** Adds the styles of the pages about channels, which no other page needs. */
export function addStyles() {
  const href = import.meta.resolve('p2pcp/channels.css');
  if (document.querySelector(`link[href="${href}"]`)) return;
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = href;
  document.head.append(link);
}
