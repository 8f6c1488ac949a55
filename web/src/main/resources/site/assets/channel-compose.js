import { html, nothing } from 'lit';
import { store } from 'p2pcp/agent';
import { busy } from 'p2pcp/busy';
import { called } from 'p2pcp/channel-data';
import { Component } from 'p2pcp/component';
import { size } from 'p2pcp/format';
import { icon } from 'p2pcp/icons';
import { toasts } from 'p2pcp/toasts';

const DRAFT_AFTER_MS = 400;
const MOST_FILES = 8;
/** Longest message, in bytes. */
const MOST_BYTES = 8 * 1024;
/** Where files go that are put into a channel: among the person's own files. */
const FOLDER = '/files/channels/';

/** Where one writes: Enter sends, Shift and Enter begin a new line. Tells `sent`, and `reply` with the message that is answered. */
class ChannelCompose extends Component {
  static properties = { channel: {}, reply: {}, files: { state: true }, long: { state: true } };
  #timer = 0;
  #link = null;
  #sent = Promise.resolve();

  constructor() {
    super();
    this.files = [];
  }

  willUpdate(changed) {
    if (changed.has('channel') && this.channel.link !== this.#link) {
      if (this.#link) this.#keep();
      this.files = [];
    }
  }

  updated(changed) {
    if (this.channel.link !== this.#link) {
      this.#link = this.channel.link;
      this.#field.value = this.channel.draft;
    }
    if (changed.has('reply') && this.reply) this.#field.focus();
  }

  disconnectedCallback() {
    this.#keep();
    super.disconnectedCallback();
  }

  get #field() {
    return this.querySelector('textarea');
  }

  render() {
    return html`<form class="compose" @submit=${this.#submit}>
      ${
        this.reply
          ? html`<p class="compose-reply">
              <span>Answers <strong><bdi>${called(this.reply.author)}</bdi></strong>: ${this.reply.text.slice(0, 80)}</span>
              <button type="button" class="icon-button" aria-label="Do not answer" title="Do not answer" @click=${() => this.#answer(null)}>
                ${icon('close')}
              </button>
            </p>`
          : nothing
      }
      ${
        this.files.length > 0
          ? html`<ul class="compose-files" data-testid="compose-files">
              ${this.files.map(
                (file) => html`<li>
                  <span>${file.name} <small>${size(file.size)}</small></span>
                  <button type="button" class="icon-button" aria-label=${`Leave out ${file.name}`} title="Leave out" @click=${() => this.#without(file)}>
                    ${icon('close')}
                  </button>
                </li>`,
              )}
            </ul>`
          : nothing
      }
      <div class="compose-row">
        <button type="button" class="icon-button" aria-label="Add a picture or file" title="Add a picture or file" @click=${() => this.querySelector('[type=file]').click()}>
          ${icon('picture')}
        </button>
        <input type="file" multiple hidden aria-label="Pictures or files to add" @change=${this.#picked} />
        <textarea
          rows="1"
          aria-label=${`Message to ${this.channel.name}`}
          placeholder="Write a message"
          @keydown=${this.#key}
          @input=${this.#edited}
          @paste=${this.#pasted}
        ></textarea>
        <button type="submit" ?disabled=${this.long}>Send</button>
      </div>
      ${this.long ? html`<p class="error" role="alert">A message has at most 8 KB. Put longer text into a file.</p>` : nothing}
    </form>`;
  }

  #key(event) {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      event.target.form.requestSubmit();
    } else if (event.key === 'Escape' && this.reply) {
      this.#answer(null);
    }
  }

  #edited() {
    this.long = new TextEncoder().encode(this.#field.value).length > MOST_BYTES;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#keep(), DRAFT_AFTER_MS);
  }

  #keep() {
    clearTimeout(this.#timer);
    if (!this.#timer || this.long || !this.#field || store.phase !== 'open') return;
    this.#timer = 0;
    this.#draft(this.#link, this.#field.value);
  }

  /** A draft that can't be kept is still in the field, and what was sent is sent. */
  async #draft(link, text) {
    await store.agent.channel.draft(link, text).catch(() => {});
  }

  #submit(event) {
    event.preventDefault();
    const text = this.#field.value.trim();
    if (this.long || (!text && this.files.length === 0)) return;
    const { files, reply } = this;
    const link = this.#link;
    // One after the other, as they were written.
    this.#sent = this.#sent.then(() => this.#send(link, text, files, reply));
    // What is typed and added from now on is for the next message.
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#field.value = '';
    this.files = [];
    this.#answer(null);
    this.#field.focus();
  }

  async #send(link, text, files, reply) {
    try {
      const stored = await busy.during(this.#store(files));
      await store.agent.channel.post(link, text, { reply: reply?.id, files: stored });
      if (this.#link === link) this.dispatchEvent(new Event('sent'));
      await this.#draft(link, this.#link === link ? (this.#field?.value ?? '') : '');
    } catch (error) {
      toasts.fail(error);
      await this.#putBack(link, text, files, reply);
    }
  }

  /** What could not be sent stands before what was begun meanwhile. */
  async #putBack(link, text, files, reply) {
    if (this.#link !== link || !this.#field) {
      await this.#draft(link, text);
      return;
    }
    this.#field.value = [text, this.#field.value].filter(Boolean).join('\n');
    this.files = [...files, ...this.files].slice(0, MOST_FILES);
    this.#answer(this.reply ?? reply);
    this.#edited();
  }

  #answer(message) {
    this.dispatchEvent(new CustomEvent('reply', { detail: message }));
  }

  /** Files become the person's own, in copies like all else, and go along by their links. */
  async #store(chosen) {
    const files = [];
    for (const file of chosen) {
      const path = `${FOLDER}${Date.now()} ${file.name || 'picture'}`;
      await store.agent.files.put(path, file);
      const link = await store.agent.files.share(path);
      files.push({ link, name: [...(file.name || 'picture')].slice(0, 60).join(''), type: file.type, size: file.size });
    }
    return files;
  }

  #picked({ target }) {
    this.#add([...target.files]);
    target.value = '';
  }

  #pasted(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    this.#add(files);
  }

  #add(files) {
    this.files = [...this.files, ...files].slice(0, MOST_FILES);
    this.#field.focus();
  }

  #without(file) {
    this.files = this.files.filter((other) => other !== file);
    this.#field.focus();
  }
}

customElements.define('p2p-channel-compose', ChannelCompose);
