import { store } from 'p2pcp/agent';
import { toasts } from 'p2pcp/toasts';

/** So many notes are read at a time, so that a long list does not hold up the page. */
const READ_AT_ONCE = 4;
const TITLE_LENGTH = 80;
const SNIPPET_LENGTH = 140;
const ID_BYTES = 12;

const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });

/** The text of a note, which is stored as plain UTF-8 Markdown. */
export function textOf(bytes) {
  return DECODER.decode(bytes);
}

/** The title of a note: its first line that says something, without Markdown's marks. */
export function titleOf(text) {
  const line = text.split('\n').find((each) => each.trim() !== '') ?? '';
  return plain(line).slice(0, TITLE_LENGTH) || 'Untitled note';
}

/** The beginning of what follows the title. */
export function snippetOf(text) {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(1).map(plain).join(' ').slice(0, SNIPPET_LENGTH);
}

/** A path for a new note, which nobody can guess. */
export function newNotePath() {
  const bytes = crypto.getRandomValues(new Uint8Array(ID_BYTES));
  return `/notes/${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

function plain(line) {
  return line
    .replace(/^[\s#>*-]+/, '')
    .replace(/^\[[ x]\]\s*/i, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*_`]/g, '')
    .trim();
}

/** The texts of the notes, for titles and search; read when first wanted. Tells `change`. */
class NoteTexts extends EventTarget {
  #known = new Map();
  #wanted = new Map();
  #reading = 0;

  constructor() {
    super();
    store.addEventListener('phase', () => {
      this.#known.clear();
      this.#wanted.clear();
    });
  }

  /** The text of the note at a path, if it has been read. */
  at(path) {
    return this.#known.get(path)?.text;
  }

  /** Takes over a text that was just read or written. */
  keep(path, version, text) {
    if ((this.#known.get(path)?.version ?? -1) > version) return;
    this.#known.set(path, { version, text });
    this.dispatchEvent(new Event('change'));
  }

  /** Reads those of the items that are not known in their version. */
  want(list) {
    for (const item of list) {
      if ((this.#known.get(item.path)?.version ?? -1) < item.version) this.#wanted.set(item.path, item.version);
    }
    while (this.#wanted.size > 0 && this.#reading < READ_AT_ONCE) this.#readNext();
  }

  #readNext() {
    const [path, version] = this.#wanted.entries().next().value;
    this.#wanted.delete(path);
    this.#reading++;
    store.agent
      .get(path)
      .then((content) =>
        this.keep(path, Math.max(version, content?.version ?? 0), content ? textOf(content.bytes) : ''),
      )
      .catch((error) => toasts.fail(error))
      .finally(() => {
        this.#reading--;
        this.want([]);
      });
  }
}

/** The texts of the person's notes. */
export const texts = new NoteTexts();
