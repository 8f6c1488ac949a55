import { store } from 'p2pcp/agent';
import { items } from 'p2pcp/items';
import { texts, textOf } from 'p2pcp/note-texts';

const SAVE_AFTER_MS = 600;
/** A note that is stored nowhere yet is saved sooner. */
const FIRST_SAVE_AFTER_MS = 250;
const ENCODER = new TextEncoder();

/**
 * A note that is being edited. It saves itself a moment after the last keystroke, one save at a time, and keeps
 * its text when a save is refused. Tells `change`.
 */
class Draft extends EventTarget {
  /** @type {'loading'|'clean'|'edited'|'saving'|'refused'|'absent'|'broken'} */
  state = 'loading';
  text = '';
  /** Why the last save was refused or reading failed. */
  error = null;
  #saved = '';
  #base;
  #timer = 0;
  #saving = null;

  constructor(path) {
    super();
    this.path = path;
    this.load();
  }

  /** True while there is text that is stored nowhere. */
  get dirty() {
    return this.text !== this.#saved;
  }

  /** True when the note was never stored. */
  get fresh() {
    return this.#base === undefined;
  }

  /** Reads the newest version; what is not saved yet is kept. */
  async load() {
    try {
      await items.ready();
      if (this.dirty || this.#saving) return;
      if (!items.at(this.path)) return this.#turn('absent'); // asking others for it would only take time
      const content = await store.agent.get(this.path);
      if (this.dirty || this.#saving) return;
      this.error = null;
      this.#base = content?.version;
      this.text = this.#saved = content ? textOf(content.bytes) : '';
      if (content) texts.keep(this.path, content.version, this.text);
      this.#turn(content ? 'clean' : 'absent');
    } catch (error) {
      this.error = error;
      this.#turn('broken');
    }
  }

  /** Takes what the person typed; it is saved a moment later. */
  edit(text) {
    this.text = text;
    if (!this.#saving) this.#turn('edited');
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.save(), this.fresh ? FIRST_SAVE_AFTER_MS : SAVE_AFTER_MS);
  }

  /** Saves at once what is not saved. Refusals show in `state` and `error`. */
  save() {
    clearTimeout(this.#timer);
    if (!this.dirty) return Promise.resolve();
    this.#saving ??= this.#saveAll().finally(() => {
      this.#saving = null;
      this.followItem();
    });
    return this.#saving;
  }

  /** Another tab or device may have stored a newer version or removed the note. */
  followItem() {
    if (this.#saving || this.dirty || this.state === 'loading') return;
    const item = items.at(this.path);
    if (item && item.version > (this.#base ?? -1)) this.load();
    else if (!item && items.loaded && this.#base !== undefined) this.forget();
  }

  /** The note was removed: nothing here is to be written back. */
  forget() {
    clearTimeout(this.#timer);
    this.error = null;
    this.#base = undefined;
    this.text = this.#saved = '';
    this.#turn('absent');
  }

  async #saveAll() {
    while (this.dirty) {
      const text = this.text;
      this.#turn('saving');
      try {
        const item = await store.agent.put(this.path, ENCODER.encode(text), { base: this.#base });
        this.#base = item.version;
        this.#saved = text;
        items.keep(item);
        texts.keep(this.path, item.version, text);
      } catch (error) {
        this.error = error;
        this.#turn('refused');
        return;
      }
    }
    this.error = null;
    this.#turn(this.fresh ? 'absent' : 'clean');
  }

  #turn(state) {
    this.state = state;
    this.dispatchEvent(new Event('change'));
  }
}

/** Drafts that are open or not saved; a refused text survives walking about the site. */
const drafts = new Map();

/** The draft of a note, opened if need be. */
export function draftAt(path) {
  if (!drafts.has(path)) drafts.set(path, new Draft(path));
  return drafts.get(path);
}

/** Saves a draft that is left; it is let go once nothing of it is unsaved. */
export async function leave(draft) {
  await draft.save();
  if (!draft.dirty) drafts.delete(draft.path);
}

/** Drafts whose text could not be stored yet. */
export function refused() {
  return [...drafts.values()].filter((draft) => draft.dirty && draft.error);
}

items.addEventListener('change', () => drafts.forEach((draft) => draft.followItem()));
store.addEventListener('phase', () => drafts.clear());
window.addEventListener('pagehide', () => drafts.forEach((draft) => draft.save()));
document.addEventListener('visibilitychange', () => {
  if (document.hidden) drafts.forEach((draft) => draft.save());
});
window.addEventListener('beforeunload', (event) => {
  if ([...drafts.values()].some((draft) => draft.dirty)) event.preventDefault();
});
