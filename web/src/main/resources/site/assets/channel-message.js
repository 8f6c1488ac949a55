import { html, nothing } from 'lit';
import { store } from 'p2pcp/agent';
import { isPicture, SHOWN_BYTES } from 'p2pcp/channel-data';
import { Component } from 'p2pcp/component';
import { personPath } from 'p2pcp/did';
import { blobOf } from 'p2pcp/file-urls';
import { moment, size } from 'p2pcp/format';
import { icon } from 'p2pcp/icons';
import { markdown } from 'p2pcp/markdown';
import 'p2pcp/fingerprint';

const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const QUOTED = 140;

/** A message with who wrote it, what it answers, and what can be done about it. */
class ChannelMessage extends Component {
  static properties = { message: {}, answered: {}, channel: {}, under: {}, name: {}, answeredName: {} };
  #text = null;
  #nodes = [];

  willUpdate() {
    if (this.#text === this.message.text) return;
    this.#text = this.message.text;
    try {
      this.#nodes = [...markdown(this.#text).childNodes];
    } catch {
      this.#nodes = [this.#text]; // too deep to be read as Markdown
    }
  }

  render() {
    const { message, under, name } = this;
    const time = html`<time title=${moment(message.time)}>${CLOCK.format(message.time)}</time>`;
    return html`<article class="message ${under ? 'under' : ''} ${message.own ? 'own' : ''}" data-testid="message">
      ${under ? nothing : html`<p2p-fingerprint .did=${message.author}></p2p-fingerprint>`}
      <div class="message-body">
        ${
          under
            ? html`<span class="sr-only">${name}, ${time}</span>`
            : html`<p class="message-head">
                <a href=${personPath(message.author)}><bdi>${name}</bdi></a>
                ${badge(this.channel, message.author)} ${time}
              </p>`
        }
        ${this.#answers()}
        <div class="message-text">${this.#nodes}</div>
        ${message.files.map((file) => html`<p2p-channel-file .file=${file}></p2p-channel-file>`)}
        ${message.waiting ? html`<p class="message-wait" data-testid="waiting">${icon('wait')} Waits until somebody is there</p>` : nothing}
      </div>
      <div class="message-do">
        <button class="icon-button" aria-label=${`Answer ${name}`} title="Answer" @click=${() => this.#tell('reply')}>
          ${icon('reply')}
        </button>
        ${message.own ? nothing : this.#menu()}
      </div>
    </article>`;
  }

  #answers() {
    const { message, answered } = this;
    if (!message.reply) return nothing;
    if (!answered) return html`<p class="message-quote">Answers an earlier message</p>`;
    return html`<button class="message-quote" @click=${() => this.#tell('show')}>
      <strong><bdi>${this.answeredName}</bdi></strong> <span>${answered.text.slice(0, QUOTED) || 'a file'}</span>
    </button>`;
  }

  #menu() {
    const { role, moderators, founder } = this.channel;
    const { author } = this.message;
    const moderator = moderators.includes(author);
    const canBan = author !== founder && (role === 'founder' || (role === 'moderator' && !moderator));
    return html`<details class="message-menu">
      <summary class="icon-button" aria-label=${`More about ${this.name}`} title="More">${icon('more')}</summary>
      <div class="card">
        <button @click=${() => this.#tell('mute')}>Mute ${this.name}</button>
        ${canBan ? html`<button @click=${() => this.#tell('appoint', 'banned')}>Ban ${this.name}</button>` : nothing}
        ${
          role === 'founder'
            ? html`<button @click=${() => this.#tell('appoint', moderator ? 'member' : 'moderator')}>
                ${moderator ? 'Dismiss as moderator' : 'Make moderator'}
              </button>`
            : nothing
        }
      </div>
    </details>`;
  }

  #tell(type, detail) {
    this.querySelector('.message-menu')?.removeAttribute('open');
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

function badge({ founder, moderators }, did) {
  if (did === founder) return html`<span class="message-badge">founder</span>`;
  return moderators.includes(did) ? html`<span class="message-badge">moderator</span>` : nothing;
}

/** A file of a message: pictures are shown, others are opened on a page of their own. */
class ChannelFile extends Component {
  static properties = { file: {}, address: { state: true }, failed: { state: true } };
  #link = null;

  /** Each view of the channel has new objects for the same files. */
  willUpdate() {
    if (this.#link === this.file.link) return;
    this.#link = this.file.link;
    this.#release();
    if (isPicture(this.file) && this.file.size <= SHOWN_BYTES) this.#load();
  }

  connectedCallback() {
    super.connectedCallback();
    if (this.#link === null) this.requestUpdate();
  }

  /** Who is only moved is here again at once. */
  disconnectedCallback() {
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#release();
      this.#link = null;
    });
    super.disconnectedCallback();
  }

  #release() {
    if (this.address) URL.revokeObjectURL(this.address);
    this.address = null;
  }

  async #load() {
    this.failed = false;
    const { file } = this;
    try {
      const stat = await store.agent.files.stat(file.link);
      if (!isPicture(stat) || stat.size > SHOWN_BYTES) return;
      const blob = await blobOf(file.link, stat);
      if (this.#link === file.link && this.isConnected) this.address = URL.createObjectURL(blob);
    } catch {
      this.failed = true; // nobody who is online has it: the page says so, and offers to try again
    }
  }

  render() {
    const { file } = this;
    const name = file.name || 'A file';
    if (this.address) {
      return html`<a class="message-picture" href=${`/f#${file.link}`} target="_blank"><img src=${this.address} alt=${name} /></a>`;
    }
    return html`<p class="message-file">
      ${icon(isPicture(file) ? 'picture' : 'files')}
      <a href=${`/f#${file.link}`} target="_blank"><bdi>${name}</bdi></a> <small>${size(file.size)}</small>
      ${this.failed ? html`<button data-variant="small quiet" @click=${() => this.#load()}>Not here yet. Try again</button>` : nothing}
    </p>`;
  }
}

customElements.define('p2p-channel-file', ChannelFile);
customElements.define('p2p-channel-message', ChannelMessage);
