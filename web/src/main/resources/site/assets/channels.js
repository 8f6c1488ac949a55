import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { store } from 'p2pcp/agent';
import { addStyles, called, channelPath, linkIn, names } from 'p2pcp/channel-data';
import { busy } from 'p2pcp/busy';
import { Component } from 'p2pcp/component';
import { many } from 'p2pcp/format';
import { icon } from 'p2pcp/icons';
import { router } from 'p2pcp/router';
import { toasts } from 'p2pcp/toasts';

/** The longest name of a channel, in characters of the field; the agent counts bytes. */
const NAME_LENGTH = 80;

let current = 'Channels';

/** The channels that this browser takes part in, and the one that is open. */
class Channels extends Component {
  static properties = { list: { state: true }, open: { state: true }, wrong: { state: true }, failed: { state: true } };
  #again = () => this.requestUpdate();
  #hash = () => this.#read();
  #stop = null;

  connectedCallback() {
    super.connectedCallback();
    addStyles();
    names.addEventListener('change', this.#again);
    router.addEventListener('change', this.#hash);
    window.addEventListener('hashchange', this.#hash);
    this.#stop = store.agent.on('channels', () => this.#load());
    this.#load();
    this.#read();
  }

  disconnectedCallback() {
    this.#stop?.();
    names.removeEventListener('change', this.#again);
    current = 'Channels';
    router.removeEventListener('change', this.#hash);
    window.removeEventListener('hashchange', this.#hash);
    super.disconnectedCallback();
  }

  async #load() {
    try {
      this.list = await store.agent.channel.list();
    } catch (error) {
      if (!this.list) toasts.fail(error);
    }
  }

  /** Comes in by the link behind the # of the address. */
  async #read() {
    const link = location.hash ? linkIn(location.hash.slice(1)) : null;
    this.failed = Boolean(location.hash) && !link;
    if (link === this.open) return;
    this.open = null;
    this.#call('Channels');
    if (!link) return;
    try {
      const [channel] = await busy.during(Promise.all([store.agent.channel.open(link), import('p2pcp/channel-room')]));
      if (linkIn(location.hash.slice(1)) !== link) return;
      this.open = channel.link;
      this.#call(channel.name);
      await this.#load();
    } catch (error) {
      if (error.code === 'bad-argument') this.failed = true;
      else toasts.fail(error);
    }
  }

  #call(name) {
    current = name;
    router.title(name);
  }

  render() {
    return html`<div class="channels ${this.open ? 'has-room' : ''}">
      <section class="channels-list" aria-labelledby="channels-title">
        <h1 id="channels-title">Channels</h1>
        ${this.#list()} ${this.#form()}
      </section>
      <section class="channel-open" aria-label=${this.open ? 'Channel' : 'No channel is open'}>
        ${this.open ? html`<p2p-channel-room .link=${this.open} @left=${this.#left}></p2p-channel-room>` : this.#none()}
      </section>
    </div>`;
  }

  #list() {
    if (!this.list) return html`<p role="status">Looking for your channels…</p>`;
    if (this.list.length === 0) return nothing;
    return html`<ul class="channel-rows" data-testid="channels">
      ${repeat(
        this.list,
        ({ link }) => link,
        (channel) => this.#row(channel),
      )}
    </ul>`;
  }

  #row({ link, name, founder, unread, present, role }) {
    const by = role === 'founder' ? 'yours' : `by ${called(founder)}`;
    const here = present.length > 0 ? ` · ${present.length} here now` : '';
    return html`<li>
      <a href=${channelPath(link)} aria-current=${this.open === link ? 'page' : 'false'}>
        <span class="channel-row-what"><strong><bdi>${name}</bdi></strong><small><bdi>${by}</bdi>${here}</small></span>
        ${unread > 0 && this.open !== link ? html`<span class="unread" data-testid="unread">${unread > 99 ? '99+' : unread}<span class="sr-only"> unread ${unread === 1 ? 'message' : 'messages'}</span></span>` : nothing}
      </a>
    </li>`;
  }

  #form() {
    return html`<form class="channel-form" @submit=${this.#submit}>
      <label
        >Name or link of a channel
        <input
          name="what"
          autocomplete="off"
          spellcheck="false"
          maxlength="400"
          aria-invalid=${this.wrong ? 'true' : nothing}
          aria-describedby="channel-help"
          @input=${() => (this.wrong = '')}
        />
      </label>
      <p id="channel-help" class=${this.wrong ? 'error' : 'hint'} role=${this.wrong ? 'alert' : nothing}>
        ${this.wrong || 'Everybody who has the link of a channel can read it and speak there.'}
      </p>
      <button type="submit" data-variant=${this.list?.length ? 'small quiet' : nothing}>Open</button>
    </form>`;
  }

  #none() {
    if (this.failed) {
      return html`<div class="empty" role="alert">
        <p>This link of a channel is not whole. Ask whoever sent it to copy all of it once more.</p>
      </div>`;
    }
    const count = this.list?.length ?? 0;
    return html`<div class="empty">
      ${icon('channels')}
      <p>
        ${count > 0 ? `You are in ${many(count, 'channel')}. Choose one to read and to write.` : 'A channel is a place to talk in. Name one to begin it, or paste the link that somebody gave you.'}
      </p>
      <p class="hint">Messages go from browser to browser, signed; everybody in a channel keeps what was said there.</p>
    </div>`;
  }

  async #submit(event) {
    event.preventDefault();
    const field = event.target.elements.what;
    const text = field.value.normalize('NFC').trim();
    const link = linkIn(text);
    if (!text || (!link && text.length > NAME_LENGTH)) {
      this.wrong = text ? 'That name is too long.' : 'Give the channel a name first.';
      return field.focus();
    }
    try {
      const channel = await busy.during(link ? store.agent.channel.open(link) : store.agent.channel.found(text));
      event.target.reset();
      location.hash = `channel=${channel.link}`;
    } catch (error) {
      if (error.code !== 'bad-argument') return toasts.fail(error);
      this.wrong = link ? 'This is not the link of a channel.' : 'A channel can’t be called that. Try a shorter name.';
      field.focus();
    }
  }

  #left() {
    history.replaceState(null, '', '/channels');
    this.#read();
    this.#load();
  }
}

customElements.define('p2p-channels', Channels);

export const title = () => current;
export const view = () => html`<p2p-channels></p2p-channels>`;
