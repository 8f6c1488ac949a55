import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { store } from 'p2pcp/agent';
import { busy } from 'p2pcp/busy';
import { Component } from 'p2pcp/component';
import { explain } from 'p2pcp/errors';
import { filesIn, FOLDER, uploads } from 'p2pcp/file-uploads';
import { addStyles, baseName } from 'p2pcp/file-view';
import { ago, many, moment, size } from 'p2pcp/format';
import { icon } from 'p2pcp/icons';
import { itemCopies } from 'p2pcp/item-copies';
import { FollowItems, items } from 'p2pcp/items';
import { toasts } from 'p2pcp/toasts';
import 'p2pcp/lend-more';

const SHOWN_AT_FIRST = 100;

/** How long a deletion can be undone, in milliseconds: a little longer than it is offered. */
const UNDO_MS = 12_500;

/** Rates are told once there is something to tell, in milliseconds of work left. */
const SHORT_MS = 1_000;

const leaving = new Map();

/** The person's files: those on their way, those that are stored, and the one that is open. */
class Files extends Component {
  static properties = { open: { state: true }, link: { state: true }, over: { state: true }, limit: { state: true } };
  #again = () => this.requestUpdate();
  #opener = null;

  constructor() {
    super();
    this.limit = SHOWN_AT_FIRST;
    new FollowItems(this);
  }

  connectedCallback() {
    super.connectedCallback();
    addStyles();
    uploads.addEventListener('change', this.#again);
    uploads.load().catch((error) => toasts.fail(error));
  }

  disconnectedCallback() {
    uploads.removeEventListener('change', this.#again);
    super.disconnectedCallback();
  }

  updated(changed) {
    if (changed.has('open') && this.open) this.querySelector('dialog').showModal();
  }

  render() {
    const all = items.under(FOLDER).filter(({ path }) => !leaving.has(path));
    return html`<div
      class="files ${this.over ? 'over' : ''}"
      @dragover=${this.#drag}
      @dragleave=${this.#dragLeave}
      @drop=${this.#drop}
    >
      <div class="section-head">
        <h1>Files</h1>
        <div class="files-add">
          <button data-variant="small" @click=${() => this.#pick('files')}>${icon('plus')}Add files</button>
          <button data-variant="small quiet" class="wide-only" @click=${() => this.#pick('folder')}>Add a folder</button>
        </div>
      </div>
      <input id="pick-files" type="file" multiple hidden aria-label="Files to add" @change=${this.#picked} />
      <input id="pick-folder" type="file" webkitdirectory hidden aria-label="Folder to add" @change=${this.#picked} />
      ${this.#uploads()} ${this.#list(all)} ${this.open ? this.#dialog() : nothing}
    </div>`;
  }

  #uploads() {
    if (uploads.list.length === 0) return nothing;
    return html`<section aria-labelledby="uploads-title">
      <h2 id="uploads-title">On their way</h2>
      <ul class="uploads" data-testid="uploads">
        ${repeat(
          uploads.list,
          ({ path }) => path,
          (upload) => this.#upload(upload),
        )}
      </ul>
    </section>`;
  }

  #upload(upload) {
    const { path, size: bytes, done, state, error } = upload;
    const name = path.slice(FOLDER.length);
    const share = bytes === 0 ? 0 : Math.floor((done / bytes) * 100);
    const stopped = state === 'paused' || state === 'refused';
    return html`<li data-testid="upload">
      <div class="upload-what">
        <strong title=${name}>${name}</strong>
        <small>${stateOf(upload)}</small>
      </div>
      <progress max="100" value=${share} aria-label=${`Stored of ${name}`}></progress>
      <div class="upload-do">
        ${
          state === 'storing' || state === 'waiting'
            ? html`<button data-variant="small quiet" @click=${() => uploads.pause(upload)}>Pause</button>`
            : nothing
        }
        ${stopped ? html`<button data-variant="small quiet" @click=${() => uploads.resume(upload)}>Go on</button>` : nothing}
        ${
          state === 'lacking'
            ? html`<button data-variant="small quiet" @click=${() => this.#pick('files')}>Choose the file</button>`
            : nothing
        }
        <button class="icon-button" aria-label=${`Cancel ${name}`} title="Cancel" @click=${() => cancel(upload)}>
          ${icon('close')}
        </button>
      </div>
      ${
        error?.code === 'over-allowance'
          ? html`<p2p-lend-more
              .error=${error}
              .what=${'It was not stored.'}
              .verb=${'go on'}
              .again=${async () => uploads.resume(upload)}
            ></p2p-lend-more>`
          : state === 'refused'
            ? html`<p class="error">${explain(error).text} ${explain(error).todo}</p>`
            : nothing
      }
    </li>`;
  }

  #list(all) {
    if (!items.loaded) return html`<p role="status">Reading the list of your files…</p>`;
    if (all.length === 0) {
      return html`<div class="empty drop-here">
        ${icon('files')}
        <p>No files yet. Drop some here, or a whole folder.</p>
        <p class="hint">
          Each is cut into pieces and encrypted before it leaves this device; others keep the copies. Up to 2 GB a file.
        </p>
      </div>`;
    }
    return html`<ul class="items file-list" data-testid="files">
        ${repeat(
          all.slice(0, this.limit),
          (item) => item.path,
          (item) => this.#row(item),
        )}
      </ul>
      ${
        all.length > this.limit
          ? html`<button data-variant="quiet" @click=${() => (this.limit = Infinity)}>Show all ${all.length}</button>`
          : html`<p class="hint wide-only">Drop more files anywhere on this page.</p>`
      }`;
  }

  #row(item) {
    const name = item.path.slice(FOLDER.length);
    const base = baseName(name);
    const folder = name.slice(0, name.length - base.length);
    return html`<li class=${item.placement} data-testid="file">
      ${icon('files')}
      <div class="item-what">
        <button class="file-name" title=${name} @click=${(event) => this.#show(item, event.currentTarget)}>
          ${folder ? html`<span class="file-folder">${folder}</span>` : nothing}${base}
        </button>
        <small>${size(item.size)} · <time title=${moment(item.time)}>${ago(item.time)}</time></small>
      </div>
      ${itemCopies(item)}
      <button class="icon-button" aria-label=${`Share ${base}`} title="Share a link" @click=${() => share(item.path)}>
        ${icon('share')}
      </button>
      <button class="icon-button" aria-label=${`Delete ${base}`} title="Delete" @click=${() => this.#remove(item, base)}>
        ${icon('trash')}
      </button>
    </li>`;
  }

  #dialog() {
    const base = baseName(this.open);
    return html`<dialog class="file-dialog" aria-labelledby="file-dialog-title" @close=${this.#close}>
      <article>
        <header>
          <h2 id="file-dialog-title" class="file-title">${base}</h2>
          <button class="icon-button" aria-label="Close" @click=${(event) => event.target.closest('dialog').close()}>
            ${icon('close')}
          </button>
        </header>
        <p2p-file-view .file=${this.open}></p2p-file-view>
      </article>
    </dialog>`;
  }

  #show(item, opener) {
    this.#opener = opener;
    this.open = item.path;
  }

  #close() {
    this.open = null;
    this.#opener?.focus();
  }

  #pick(what) {
    this.querySelector(`#pick-${what}`).click();
  }

  #picked({ target }) {
    add([...target.files].map((file) => ({ file, path: file.webkitRelativePath || file.name })));
    target.value = '';
  }

  #drag(event) {
    if (![...event.dataTransfer.types].includes('Files')) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    this.over = true;
  }

  #dragLeave(event) {
    if (!this.contains(event.relatedTarget)) this.over = false;
  }

  #drop(event) {
    event.preventDefault();
    this.over = false;
    filesIn(event.dataTransfer).then(add, (error) => toasts.fail(error));
  }

  #remove({ path }, base) {
    const timer = setTimeout(() => {
      store.agent
        .remove(path)
        .catch((error) => toasts.fail(error))
        .finally(() => leaving.delete(path));
    }, UNDO_MS);
    leaving.set(path, timer);
    this.requestUpdate();
    const run = () => {
      clearTimeout(timer);
      leaving.delete(path);
      this.requestUpdate();
    };
    toasts.say(`${base} is deleted.`, { action: { label: 'Undo', run } });
  }
}

function stateOf({ state, size: bytes, done, rate }) {
  const part = `${size(done)} of ${size(bytes)}`;
  if (state === 'waiting') return `waits · ${size(bytes)}`;
  if (state === 'paused') return `paused · ${part}`;
  if (state === 'lacking') return `${part} stored. Choose the same file again and it goes on from there.`;
  if (state === 'refused') return part;
  const left = rate > 0 ? ((bytes - done) / rate) * 1000 : 0;
  return left > SHORT_MS ? `${part} · ${size(Math.round(rate))} a second · ${duration(left)} left` : part;
}

function duration(millis) {
  const seconds = Math.ceil(millis / 1000);
  if (seconds < 60) return many(seconds, 'second');
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? many(minutes, 'minute') : many(Math.ceil(minutes / 60), 'hour');
}

function add(files) {
  if (files.length > 0) uploads.add(files).catch((error) => toasts.fail(error));
}

function cancel(upload) {
  uploads.cancel(upload).catch((error) => toasts.fail(error));
}

async function share(path) {
  try {
    const link = await busy.during(store.agent.files.share(path));
    const address = `${location.origin}/f#${link}`;
    const open = { label: 'Open', run: () => window.open(address, '_blank', 'noopener') };
    try {
      await navigator.clipboard.writeText(address);
      toasts.say('Link copied. Whoever has it can open the file.', { action: open });
    } catch {
      toasts.say(address, { action: open }); // the browser does not let a page write there
    }
  } catch (error) {
    toasts.fail(error);
  }
}

customElements.define('p2p-files', Files);

export const title = () => 'Files';
export const view = () => html`<p2p-files></p2p-files>`;
