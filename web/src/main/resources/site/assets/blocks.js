import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { store } from 'p2pcp/agent';
import { busy } from 'p2pcp/busy';
import { Component } from 'p2pcp/component';
import { explain } from 'p2pcp/errors';
import { blocks, copiesNow, moment, short, size } from 'p2pcp/format';
import { FollowItems, items } from 'p2pcp/items';
import 'p2pcp/copy-field';

const SHOWN_AT_FIRST = 25;
const KINDS = { content: 'fixed', signed: 'changing' };
const FILTERS = [
  ['all', 'All', () => true],
  ['own', 'Yours', (block) => block.own],
  ['others', 'Kept for others', (block) => !block.own],
];

/** For the curious: every block that this browser keeps, and where it can be read. */
class Blocks extends Component {
  static properties = {
    list: { state: true },
    error: { state: true },
    filter: { state: true },
    query: { state: true },
    limit: { state: true },
    opened: { state: true },
    urls: { state: true },
  };

  constructor() {
    super();
    Object.assign(this, {
      list: null,
      error: null,
      filter: 'all',
      query: '',
      limit: SHOWN_AT_FIRST,
      opened: null,
      urls: null,
    });
    new FollowItems(this);
  }

  connectedCallback() {
    super.connectedCallback();
    this.#load();
  }

  async #load() {
    this.error = null;
    try {
      this.list = await busy.during(store.agent.blocks());
    } catch (error) {
      this.error = explain(error);
    }
  }

  render() {
    return html`
      <h1>Blocks</h1>
      <p class="hint">
        For the curious. Everything is kept in blocks of at most 256 KB. Yours are encrypted unless you published them;
        of those kept for others you know neither what is in them nor whose they are.
      </p>
      ${this.error ? html`<p class="error" role="alert">${this.error.text} ${this.error.todo}</p>` : nothing}
      ${this.list ? this.#table(this.list.filter((block) => this.#matches(block))) : html`<p aria-busy="true">Reading…</p>`}
    `;
  }

  #matches(block) {
    const [, , wanted] = FILTERS.find(([name]) => name === this.filter);
    const query = this.query.trim().toLowerCase();
    return (
      wanted(block) &&
      (!query || block.storageKey.toLowerCase().includes(query) || (block.path ?? '').toLowerCase().includes(query))
    );
  }

  #table(found) {
    return html`
      <div class="toolbar">
        <div class="segments" role="group" aria-label="Which blocks">
          ${FILTERS.map(([name, label]) => html`<button aria-pressed=${this.filter === name} @click=${() => (this.filter = name)}>${label}</button>`)}
        </div>
        <input
          type="search"
          placeholder="Key or name"
          aria-label="Filter blocks"
          @input=${(event) => (this.query = event.target.value)}
        />
        <button data-variant="quiet" @click=${this.#load}>Refresh</button>
      </div>
      <p class="hint" role="status" data-testid="block-count">${blocks(found.length)}</p>
      ${
        found.length === 0
          ? html`<p class="empty">
              ${this.list.length === 0 ? 'This browser keeps no blocks yet.' : 'No block fits this filter.'}
            </p>`
          : html`<div class="table-wrap" tabindex="0" role="region" aria-label="Blocks">
              <table class="blocks" data-testid="blocks">
                <thead>
                  <tr>
                    <th scope="col">Storage key</th>
                    <th scope="col">Kind</th>
                    <th scope="col">Size</th>
                    <th scope="col">Whose</th>
                    <th scope="col">Copies</th>
                    <th scope="col">Addresses</th>
                  </tr>
                </thead>
                <tbody>
                  ${repeat(
                    found.slice(0, this.limit),
                    (block) => block.storageKey,
                    (block) => this.#row(block),
                  )}
                </tbody>
              </table>
            </div>`
      }
      ${
        found.length > this.limit
          ? html`<button data-variant="quiet" @click=${() => (this.limit += SHOWN_AT_FIRST * 4)}>Show more</button>`
          : nothing
      }
    `;
  }

  #row(block) {
    const open = this.opened === block.storageKey;
    const item = block.own ? items.at(block.path) : null;
    return html`<tr>
        <td>
          <p2p-copy-field
            label="storage key"
            .value=${block.storageKey}
            .shown=${short(block.storageKey)}
          ></p2p-copy-field>
        </td>
        <td
          title=${block.kind === 'content' ? 'Named by what is in it, so it never changes' : 'Has versions, each signed by its owner'}
        >
          ${KINDS[block.kind]}
        </td>
        <td>${size(block.size)}</td>
        <td>
          ${block.own ? html`yours<small>${block.path ?? nothing}</small>` : html`kept for others<small>${block.keptUntil ? `until ${moment(block.keptUntil)}` : nothing}</small>`}
        </td>
        <td>${item ? copiesNow(item.copies) : '–'}</td>
        <td>
          <button data-variant="small quiet" aria-expanded=${open} @click=${() => this.#toggle(block)}>
            ${open ? 'Hide' : 'Show'}
          </button>
        </td>
      </tr>
      ${
        open
          ? html`<tr class="urls">
              <td colspan="6">${this.#addresses()}</td>
            </tr>`
          : nothing
      }`;
  }

  #addresses() {
    if (!this.urls) return html`<p aria-busy="true">Asking where it can be read…</p>`;
    if (this.urls.length === 0)
      return html`<p class="hint">No address right now: you are not connected, or no copy is online.</p>`;
    return html`<ul class="address-list" data-testid="addresses">
      ${this.urls.map((url) => html`<li><p2p-copy-field label="address" .value=${url}></p2p-copy-field></li>`)}
    </ul>`;
  }

  async #toggle(block) {
    if (this.opened === block.storageKey) {
      this.opened = null;
      return;
    }
    this.opened = block.storageKey;
    this.urls = null;
    try {
      const urls = await busy.during(addressesOf(block));
      if (this.opened === block.storageKey) this.urls = urls;
    } catch (error) {
      this.opened = null;
      this.error = explain(error);
    }
  }
}

/** Where a block can be read: own items are asked for all copies, others' are known here only. */
async function addressesOf(block) {
  const here = store.status.servers
    .filter((server) => server.state === 'connected')
    .map(({ origin }) => `${origin}/peers/${store.me.peer}/blocks/${block.storageKey}`);
  if (!block.own || !items.at(block.path)) return here;
  const lists = await store.agent.urls(block.path);
  const everywhere = lists.filter((list) => list.storageKey === block.storageKey).flatMap((list) => list.urls);
  return [...new Set([...here, ...everywhere])];
}

customElements.define('p2p-blocks', Blocks);

export const title = () => 'Blocks';
export const view = () => html`<p2p-blocks></p2p-blocks>`;
