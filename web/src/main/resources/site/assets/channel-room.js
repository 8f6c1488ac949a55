import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { store } from 'p2pcp/agent';
import { ask } from 'p2pcp/ask';
import { called, channelPath, names } from 'p2pcp/channel-data';
import { Component } from 'p2pcp/component';
import { personPath } from 'p2pcp/did';
import { day, many } from 'p2pcp/format';
import { icon } from 'p2pcp/icons';
import { toasts } from 'p2pcp/toasts';
import 'p2pcp/channel-compose';
import 'p2pcp/channel-message';
import 'p2pcp/copy-field';
import 'p2pcp/fingerprint';

/** Messages shown at first, and how many more at a time. */
const PAGE = 100;
/** Messages of one person that are nearer than this, in milliseconds, stand under one name. */
const NEAR_MS = 5 * 60_000;
/** So near to the end, in pixels, the page goes on by itself. */
const AT_END = 80;
const SEARCH_AFTER_MS = 200;

/** One channel: what is said, who is here, and where one writes. */
class ChannelRoom extends Component {
  static properties = {
    link: {},
    view: { state: true },
    found: { state: true },
    reply: { state: true },
    muted: { state: true },
    below: { state: true },
  };
  #again = () => this.requestUpdate();
  #visible = () => this.#seen();
  #outside = ({ type, key, target }) => {
    if (type === 'keydown' && key !== 'Escape') return;
    for (const menu of this.querySelectorAll('details[open]:is(.message-menu, .channel-people)')) {
      if (type === 'click' && menu.contains(target)) continue;
      if (type === 'keydown' && menu.contains(document.activeElement)) menu.querySelector('summary').focus();
      menu.open = false;
    }
  };
  #stop = null;
  #last = PAGE;
  #atEnd = true;
  #timer = 0;

  constructor() {
    super();
    this.muted = [];
  }

  connectedCallback() {
    super.connectedCallback();
    names.addEventListener('change', this.#again);
    document.addEventListener('visibilitychange', this.#visible);
    document.addEventListener('click', this.#outside);
    document.addEventListener('keydown', this.#outside);
  }

  disconnectedCallback() {
    this.#stop?.abort();
    names.removeEventListener('change', this.#again);
    document.removeEventListener('visibilitychange', this.#visible);
    document.removeEventListener('click', this.#outside);
    document.removeEventListener('keydown', this.#outside);
    super.disconnectedCallback();
  }

  willUpdate(changed) {
    if (!changed.has('link')) return;
    this.view = this.found = this.reply = null;
    this.#last = PAGE;
    this.#atEnd = true;
    this.#follow();
  }

  updated(changed) {
    if (changed.has('view') && this.#atEnd) this.#toEnd();
  }

  async #follow() {
    this.#stop?.abort();
    const stop = (this.#stop = new AbortController());
    try {
      const views = store.agent.channel.read(this.link, { last: this.#last, live: true, signal: stop.signal });
      for await (const view of views) {
        if (stop.signal.aborted) return;
        if (this.view && !this.#atEnd && lastOf(view) !== lastOf(this.view)) this.below = true;
        this.view = view;
        this.muted = await store.agent.channel.muted();
        this.#seen();
      }
    } catch (error) {
      if (!stop.signal.aborted) toasts.fail(error);
    }
  }

  #seen() {
    if (document.hidden || !this.view?.channel.unread || this.#stop?.signal.aborted) return;
    store.agent.channel.seen(this.link).catch((error) => toasts.fail(error));
  }

  render() {
    if (!this.view) return html`<p role="status">Opening the channel…</p>`;
    const { channel, messages, earlier } = this.view;
    const shown = this.found ?? messages;
    return html`
      <header class="channel-head">
        <a class="icon-button channel-back" href="/channels" aria-label="All channels" title="All channels">${icon('back')}</a>
        <h2><bdi>${channel.name}</bdi></h2>
        <input
          type="search"
          aria-label="Search in this channel"
          placeholder="Search"
          autocomplete="off"
          @input=${this.#search}
        />
        ${this.#people(channel)}
      </header>
      ${this.#notice(channel)}
      <div class="channel-log" role="log" aria-label="Messages" tabindex="0" data-testid="log" @scroll=${this.#scrolled}>
        ${earlier && !this.found ? html`<button data-variant="small quiet" class="channel-earlier" @click=${this.#more}>Show earlier messages</button>` : nothing}
        ${this.found ? html`<p class="hint" role="status">${this.found.length === 0 ? 'Nothing was found.' : `${many(this.found.length, 'message')} found.`}</p>` : nothing}
        ${shown.length === 0 && !this.found ? this.#empty() : nothing}
        <ol class="messages">
          ${repeat(
            shown,
            ({ id }) => id,
            (message, at) => this.#message(message, shown[at - 1], channel),
          )}
        </ol>
      </div>
      ${this.below ? html`<button class="channel-below" data-variant="small" @click=${this.#toEnd}>New messages</button>` : nothing}
      ${
        channel.role === 'banned'
          ? html`<p class="error">You were banned here: others do not see what you write.</p>`
          : html`<p2p-channel-compose
              .channel=${channel}
              .reply=${this.reply}
              @sent=${this.#toEnd}
              @reply=${({ detail }) => (this.reply = detail)}
            ></p2p-channel-compose>`
      }
    `;
  }

  #message(message, before, channel) {
    const sameDay = before && day(before.time) === day(message.time);
    const under = sameDay && before.author === message.author && Math.abs(message.time - before.time) < NEAR_MS;
    const answered = message.reply && this.view.messages.find(({ id }) => id === message.reply);
    return html`<li id=${`message-${message.id}`} class=${under && !message.reply ? 'under' : ''}>
      ${sameDay ? nothing : html`<p class="channel-day"><span>${day(message.time)}</span></p>`}
      <p2p-channel-message
        .message=${message}
        .answered=${answered}
        .channel=${channel}
        .under=${Boolean(under && !message.reply)}
        .name=${called(message.author)}
        .answeredName=${answered ? called(answered.author) : ''}
        @reply=${() => (this.reply = message)}
        @show=${() => this.#show(message.reply)}
        @appoint=${({ detail }) => this.#appoint(message.author, detail)}
        @mute=${() => this.#mute(message.author, true)}
      ></p2p-channel-message>
    </li>`;
  }

  #empty() {
    return html`<div class="empty">
      <p>Nothing has been said here yet. Say the first word, or invite somebody by the link:</p>
      <p2p-copy-field label="the link of this channel" .value=${address(this.link)}></p2p-copy-field>
    </div>`;
  }

  #notice({ neighbours }) {
    const connected = store.status?.servers.some(({ state }) => state === 'connected');
    if (neighbours > 0 && connected) return nothing;
    const text =
      neighbours > 0
        ? 'No index server can be reached. Messages go on from browser to browser.'
        : connected
          ? 'Nobody else of this channel is online. What you write is sent as soon as somebody comes.'
          : 'You are not connected. What you write is kept here and sent later.';
    return html`<p class="channel-notice" role="status" data-testid="notice">${icon('wait')}<span>${text}</span></p>`;
  }

  #people(channel) {
    const { present, moderators, banned, founder, role } = channel;
    return html`<details class="channel-people">
      <summary aria-label=${`People and settings, ${present.length} here now`} title="People and settings">
        ${icon('people')}<span data-testid="present">${present.length}</span>
      </summary>
      <div class="card">
        <h3>Here now</h3>
        ${present.length === 0 ? html`<p class="hint">Nobody shows.</p>` : this.#list(present)}
        <h3>Founder</h3>
        ${this.#list([founder])}
        ${moderators.length > 0 ? html`<h3>Moderators</h3>${this.#list(moderators, role === 'founder' ? ['member', 'Dismiss'] : null)}` : nothing}
        ${banned.length > 0 ? html`<h3>Banned</h3>${this.#list(banned, isStaff(role) ? ['member', 'Let in'] : null)}` : nothing}
        ${this.muted.length > 0 ? html`<h3>Muted by you</h3>${this.#list(this.muted, ['unmute', 'Show again'])}` : nothing}
        <h3>Link</h3>
        <p2p-copy-field label="the link of this channel" .value=${address(this.link)}></p2p-copy-field>
        <p class="actions"><button data-variant="small danger-quiet" @click=${this.#leave}>Leave the channel</button></p>
      </div>
    </details>`;
  }

  #list(dids, action = null) {
    return html`<ul class="channel-members">
      ${dids.map(
        (did) => html`<li>
          <p2p-fingerprint .did=${did}></p2p-fingerprint>
          <a href=${personPath(did)}><bdi>${called(did)}</bdi></a>
          ${
            action
              ? html`<button data-variant="small quiet" aria-label=${`${action[1]}: ${called(did)}`} @click=${() => (action[0] === 'unmute' ? this.#mute(did, false) : this.#appoint(did, action[0]))}>
                  ${action[1]}
                </button>`
              : nothing
          }
        </li>`,
      )}
    </ul>`;
  }

  async #appoint(did, role) {
    if (role === 'banned') {
      const yes = await ask({
        title: `Ban ${called(did)}?`,
        text: 'Nobody in this channel sees what they write from now on. You can let them in again later.',
        yes: 'Ban',
      });
      if (!yes) return;
    }
    store.agent.channel.appoint(this.link, did, role).catch((error) => toasts.fail(error));
  }

  #mute(did, yes) {
    store.agent.channel.mute(did, yes).catch((error) => toasts.fail(error));
    if (yes) {
      toasts.say(`You see nothing of ${called(did)} any more. They do not hear of it.`, {
        action: { label: 'Undo', run: () => this.#mute(did, false) },
      });
    }
  }

  async #leave() {
    const { name } = this.view.channel;
    const yes = await ask({
      title: `Leave ${name}?`,
      text: 'What was said is removed from this browser. With the link you can come back, and get it from the others again.',
      yes: 'Leave',
    });
    if (!yes) return;
    this.#stop?.abort();
    await store.agent.channel.leave(this.link).catch((error) => toasts.fail(error));
    this.dispatchEvent(new Event('left'));
  }

  #search({ target }) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(async () => {
      const text = target.value.trim();
      this.#atEnd = !text;
      const found = text ? await store.agent.channel.search(this.link, text) : null;
      if (target.value.trim() === text) this.found = found;
    }, SEARCH_AFTER_MS);
  }

  #more() {
    this.#last += PAGE;
    this.#atEnd = false;
    this.#follow();
  }

  #show(id) {
    const element = this.querySelector(`#message-${CSS.escape(id)}`);
    element?.scrollIntoView({ block: 'center' });
    element?.classList.add('shown');
    setTimeout(() => element?.classList.remove('shown'), 1_500);
  }

  #scrolled({ target }) {
    this.#atEnd = target.scrollHeight - target.scrollTop - target.clientHeight < AT_END;
    if (this.#atEnd) this.below = false;
  }

  /** Each message renders by itself, and only then the list is as high as it will be. */
  async #toEnd() {
    this.#atEnd = true;
    this.below = false;
    await this.updateComplete;
    await Promise.allSettled([...this.querySelectorAll('p2p-channel-message')].map((message) => message.updateComplete));
    const log = this.querySelector('.channel-log');
    if (log) log.scrollTop = log.scrollHeight;
  }
}

/** Founder and moderators ban people and let them in. */
export function isStaff(role) {
  return role === 'founder' || role === 'moderator';
}

function lastOf({ messages }) {
  return messages.at(-1)?.id;
}

function address(link) {
  return location.origin + channelPath(link);
}

customElements.define('p2p-channel-room', ChannelRoom);
