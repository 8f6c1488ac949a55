import { html, nothing } from 'lit';
import { store } from 'p2pcp/agent';
import { busy } from 'p2pcp/busy';
import { Component } from 'p2pcp/component';
import { explain } from 'p2pcp/errors';
import { addressOf, blobOf, canStream, MOST_IN_MEMORY, release, save } from 'p2pcp/file-urls';
import { moment, size } from 'p2pcp/format';
import { toasts } from 'p2pcp/toasts';

/** How much of a text is shown, in bytes. */
const MOST_TEXT = 512 * 1024;

const KINDS = [
  ['picture', /^image\/(png|jpeg|gif|webp|avif|bmp)$/],
  ['video', /^video\/(mp4|webm|ogg)$/],
  ['audio', /^audio\/(mpeg|mp4|ogg|wav|webm|flac|aac)$/],
  ['pdf', /^application\/pdf$/],
  ['text', /^(text\/.*|application\/(json|xml|javascript))$/],
];

/** What kind of thing a file is, by the type that it is said to have. */
export function kindOf(type) {
  const plain = type.split(';')[0].trim().toLowerCase();
  return KINDS.find(([, types]) => types.test(plain))?.[0] ?? 'other';
}

/** The name of a file without folders. */
export function baseName(name) {
  return name.split('/').pop() || name;
}

/** Adds the styles of the pages about files, which no other page needs. */
export function addStyles() {
  const href = import.meta.resolve('p2pcp/files.css');
  if (document.querySelector(`link[href="${href}"]`)) return;
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = href;
  document.head.append(link);
}

/** Shows a file as far as a browser safely can, and saves it. `file` is a path or a link. */
class FileView extends Component {
  static properties = {
    file: {},
    stat: { state: true },
    address: { state: true },
    text: { state: true },
    error: { state: true },
    streams: { state: true },
  };
  #stop = null;

  willUpdate(changed) {
    if (changed.has('file')) this.#load();
  }

  disconnectedCallback() {
    this.#leave();
    super.disconnectedCallback();
  }

  #leave() {
    this.#stop?.abort();
    if (this.address?.startsWith('blob:')) URL.revokeObjectURL(this.address);
    else release(this.address);
    this.stat = this.address = this.text = this.error = null;
  }

  async #load() {
    this.#leave();
    const stop = (this.#stop = new AbortController());
    const { file } = this;
    try {
      const [stat, streams] = await busy.during(Promise.all([store.agent.files.stat(file), canStream()]));
      if (stop.signal.aborted) return;
      this.streams = streams;
      this.stat = stat;
      this.dispatchEvent(new CustomEvent('stat', { detail: stat }));
      const kind = kindOf(stat.type);
      if (kind === 'text') this.text = await textOf(file, stat);
      else if (kind !== 'other') this.address = await this.#addressOf(file, stat);
    } catch (error) {
      if (!stop.signal.aborted) this.error = error;
    }
  }

  async #addressOf(file, stat) {
    if (this.streams) return addressOf(file, stat);
    if (stat.size > MOST_IN_MEMORY) return null;
    return URL.createObjectURL(await busy.during(blobOf(file, stat)));
  }

  render() {
    if (this.error) return this.#failed();
    if (!this.stat) return html`<p class="file-wait" role="status">Opening the file…</p>`;
    const { stat } = this;
    return html`<div class="file-view" data-testid="file-view">
      ${this.#preview(kindOf(stat.type), stat)}
      <p class="file-facts">
        <span>${size(stat.size)}</span>${stat.time ? html`<span>changed ${moment(stat.time)}</span>` : nothing}
      </p>
      ${this.streams === false ? html`<p class="hint">${NO_WORKER}</p>` : nothing}
      <div class="actions">
        <button @click=${() => save(this.file, stat).catch((error) => toasts.fail(error))} data-testid="save">
          Save to this device
        </button>
      </div>
    </div>`;
  }

  #preview(kind, { name, size: bytes }) {
    const label = baseName(name);
    const { address } = this;
    if (kind === 'text' && this.text !== null) {
      return html`<pre class="file-text" tabindex="0" aria-label=${label}>${this.text}</pre>
        ${bytes > MOST_TEXT ? html`<p class="hint">This is the beginning; save the file to read all of it.</p>` : nothing}`;
    }
    if (!address) return html`<p class="file-none">${kind === 'other' ? 'A browser shows no such file. Save it to open it.' : 'No preview.'}</p>`;
    switch (kind) {
      case 'picture':
        return html`<img class="file-picture" src=${address} alt=${label} />`;
      case 'video':
        return html`<video class="file-video" src=${address} controls playsinline preload="metadata" aria-label=${label}></video>`;
      case 'audio':
        return html`<audio class="file-audio" src=${address} controls preload="metadata" aria-label=${label}></audio>`;
      default:
        return html`<iframe class="file-pdf" src=${address} title=${label}></iframe>`;
    }
  }

  #failed() {
    const { text, todo } = explain(this.error);
    const absent = this.error.code === 'offline';
    return html`<div class="empty" role="alert" data-testid="file-error">
      <p>${absent ? 'Nobody who is online has this file now. It may be back when one who keeps it is.' : `${text} ${todo}`}</p>
      <button data-variant="quiet" @click=${() => this.#load()}>Try again</button>
    </div>`;
  }
}

const NO_WORKER =
  'This window does not allow a service worker, so files are read whole before they are shown, up to 256 MB, and video can’t be watched while it arrives.';

async function textOf(file, { size: bytes }) {
  const parts = [];
  for await (const part of store.agent.files.read(file, { to: Math.min(bytes, MOST_TEXT) })) parts.push(part);
  return new Blob(parts).text();
}

customElements.define('p2p-file-view', FileView);
