import { store } from 'p2pcp/agent';
import { toasts } from 'p2pcp/toasts';

/** Copies online change without the items changing; so often at most they are asked for again. */
const REFRESH_MS = 3_000;

/** The person's own items, kept up to date by the agent's events. Tells `change`. */
class Items extends EventTarget {
  #byPath = new Map();
  #timer = 0;
  /** False until the list arrived for the first time. */
  loaded = false;

  constructor() {
    super();
    store.addEventListener('phase', () => this.#begin());
    store.addEventListener('item', ({ detail }) => this.#take(detail));
    store.addEventListener('change', () => this.#refreshLater());
    this.#begin();
  }

  /** The item at a path, or null. */
  at(path) {
    return this.#byPath.get(path) ?? null;
  }

  /** Items whose path begins with the prefix, newest first. */
  under(prefix = '/') {
    return [...this.#byPath.values()].filter((item) => item.path.startsWith(prefix)).sort((a, b) => b.time - a.time);
  }

  /** Puts an item that a call returned in its place. */
  keep(item) {
    const known = this.#byPath.get(item.path);
    if (known && known.version > item.version) return;
    this.#byPath.set(item.path, item);
    this.#changed();
  }

  /** Resolves once the list has been read. */
  async ready() {
    if (!this.loaded) await this.refresh();
  }

  /** Reads the whole list again. */
  async refresh() {
    if (store.phase !== 'open') return;
    const list = await store.agent.list('/');
    this.#byPath = new Map(list.map((item) => [item.path, this.#newer(item)]));
    this.loaded = true;
    this.#changed();
  }

  /** An event may have overtaken the list. */
  #newer(item) {
    const known = this.#byPath.get(item.path);
    return known && known.version > item.version ? known : item;
  }

  #begin() {
    this.#byPath.clear();
    this.loaded = false;
    this.refresh().catch((error) => toasts.fail(error));
  }

  #take({ path, item }) {
    if (item) this.#byPath.set(path, item);
    else this.#byPath.delete(path);
    this.#changed();
  }

  #refreshLater() {
    if (this.#timer || document.hidden || store.phase !== 'open') return;
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      this.refresh().catch((error) => toasts.fail(error));
    }, REFRESH_MS);
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

/** Everything the person has stored. */
export const items = new Items();

/** Renders a component again whenever the items change; give it to the component's constructor. */
export class FollowItems {
  #again;

  constructor(host) {
    this.#again = () => host.requestUpdate();
    host.addController(this);
  }

  hostConnected() {
    items.addEventListener('change', this.#again);
  }

  hostDisconnected() {
    items.removeEventListener('change', this.#again);
  }
}
