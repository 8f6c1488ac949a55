import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { store } from 'p2pcp/agent';
import { Component } from 'p2pcp/component';
import { ago, blocks, copies, day, many, moment, roomOf, size } from 'p2pcp/format';
import { icon } from 'p2pcp/icons';
import { itemCopies } from 'p2pcp/item-copies';
import { FollowItems, items } from 'p2pcp/items';
import { newNotePath, texts, titleOf } from 'p2pcp/note-texts';
import { serverList } from 'p2pcp/servers';

const SHOWN_AT_FIRST = 12;

/** What the person lends and uses, what is stored and how safe it is, and who introduces them. */
class Home extends Component {
  static properties = { all: { state: true } };

  constructor() {
    super();
    this.all = false;
    new FollowItems(this);
    texts.addEventListener('change', () => this.requestUpdate());
  }

  render() {
    const status = store.status;
    if (!status) return nothing;
    const list = items.under();
    return html`
      <h1>Home</h1>
      ${shortWords(status)} ${nextSteps()}
      <div class="cards">${useCard(status)} ${lendCard(status)}</div>
      ${this.#stored(list, status)}
      <section aria-labelledby="servers-title">
        <h2 id="servers-title">Index servers</h2>
        <p class="hint">
          They introduce you to other people and keep nothing. If all of them went away, your data would still be there.
        </p>
        ${serverList(status.servers)} ${awayWords(status.servers)}
      </section>
    `;
  }

  #stored(list, status) {
    const shown = this.all ? list : list.slice(0, SHOWN_AT_FIRST);
    texts.want(shown.filter((item) => item.path.startsWith('/notes/')));
    return html`<section aria-labelledby="items-title" aria-busy=${!items.loaded}>
      <div class="section-head">
        <h2 id="items-title">What you have stored</h2>
        ${status.items.waiting > 0 ? html`<span class="tag wait">${many(status.items.waiting, 'thing')} waiting</span>` : nothing}
      </div>
      ${
        items.loaded && list.length === 0
          ? html`<div class="empty">
              <p>Nothing yet. What you write appears here with the number of its copies.</p>
              <a class="button" href=${newNotePath()}>Write your first note</a>
            </div>`
          : html`<ul class="items" data-testid="items">
              ${repeat(shown, (item) => item.path, itemRow)}
            </ul>`
      }
      ${
        list.length > shown.length
          ? html`<button data-variant="quiet" @click=${() => (this.all = true)}>Show all ${list.length}</button>`
          : nothing
      }
    </section>`;
  }
}

/** One that is away costs nothing while there is another. */
function awayWords(servers) {
  const there = servers.filter((server) => server.state === 'connected').length;
  return there > 0 && there < servers.length
    ? html`<p class="hint">Everything works meanwhile: the others do the same work.</p>`
    : nothing;
}

function useCard({ account, lending, servers }) {
  if (account.lent === 0 && !servers.some((server) => server.state === 'connected')) return unknownUse(account);
  const full = account.lent === 0 ? 0 : Math.min(100, (account.needed / account.lent) * 100);
  const left = Math.floor(Math.max(0, account.lent - account.needed) / account.copies);
  return html`<article class="card" data-testid="card-use">
    <h2>You use</h2>
    <p class="figure">
      ${account.needed.toLocaleString('en')}<span> of ${account.lent.toLocaleString('en')} blocks</span>
    </p>
    ${meter(full, 'Share of your room in use')}
    <p>
      ${
        account.blocks === 0
          ? 'Nothing of yours is stored yet.'
          : `${blocks(account.blocks)} × ${copies(account.copies)} = room for ${account.needed.toLocaleString('en')}.`
      }
      ${left > 0 ? `There is room for ${blocks(left)} more of yours, about ${roomOf(left)}.` : fullWords(lending)}
    </p>
  </article>`;
}

/** The account's room over all devices is known to the index servers only. */
function unknownUse(account) {
  return html`<article class="card" data-testid="card-use">
    <h2>You use</h2>
    <p class="figure">${account.needed.toLocaleString('en')}<span> blocks</span></p>
    <p>
      How much room you have is known again when you are connected. What you write until then is kept here and copied
      later.
    </p>
  </article>`;
}

function fullWords({ slots, room }) {
  return slots < room
    ? html`It is full: <a href="/settings">lend more</a> to store more.`
    : 'It is full. Delete something, or lend from another device too.';
}

function lendCard(status) {
  const { lending } = status;
  const share = lending.slots === 0 ? 0 : Math.min(100, ((lending.forOthers + lending.own) / lending.slots) * 100);
  return html`<article class="card" data-testid="card-lend">
    <h2>You lend</h2>
    <p class="figure">${roomOf(lending.slots)}<span> room for ${blocks(lending.slots)}</span></p>
    ${meter(share, 'Share of this browser’s room in use')}
    <p data-testid="kept">${keptWords(lending)} ${blocks(lending.own)} of your own here.</p>
    <p>
      ${earned(status)}
      ${
        lending.persisted
          ? 'The browser has promised to keep it.'
          : 'The browser may clear it when space runs short; copies elsewhere bring it back.'
      } <a href="/settings">Change</a>
    </p>
  </article>`;
}

function keptWords({ forOthers, accounts, bytesForOthers }) {
  if (forOthers === 0) return 'Nothing is kept for others yet;';
  return `You keep ${blocks(forOthers)} (${size(bytesForOthers)}) for ${many(accounts, 'other person', 'other people')};`;
}

/** What lending earns; not all of it may count yet. */
function earned({ account, lending }) {
  const own = Math.floor(account.lent / account.copies);
  const pending = lending.slots > account.lent && account.lent > 0;
  return html`That earns you room for ${blocks(own)} of yours in ${copies(account.copies)} each.
  ${
    pending
      ? html`<span class="hint" data-testid="vetting"
          >${account.lent.toLocaleString('en')} of your ${lending.slots.toLocaleString('en')} count so far: the rest does as
          others fill them and checks show that you keep what you took.</span
        >`
      : nothing
  }`;
}

/** Who lends less than is used can read everything and store nothing more; says how long the data stays. */
function shortWords({ account }) {
  if (account.lent === 0 || account.lent >= account.needed) return nothing;
  const short = account.needed - account.lent;
  return html`<section class="shortage" role="status" data-testid="short">
    <p>
      <strong>You lend less than you use.</strong> You can read all that is yours and store nothing more.
      ${account.paidUntil ? `What others keep for you stays until ${day(account.paidUntil)} at least.` : nothing}
      Lend ${short.toLocaleString('en')} more (${roomOf(short)}), or delete something, and it is renewed again.
    </p>
    <a class="button" data-variant="small" href="/settings">Lend more</a>
  </section>`;
}

function meter(percent, label) {
  const value = Math.round(percent);
  return html`<div
    class="meter ${value >= 95 ? 'high' : ''}"
    role="meter"
    aria-label=${label}
    aria-valuemin="0"
    aria-valuemax="100"
    aria-valuenow=${value}
  >
    <div .style=${`width: ${percent}%`}></div>
  </div>`;
}

function itemRow(item) {
  const { name, to, kind } = describe(item);
  return html`<li class=${item.placement}>
    ${icon(kind)}
    <div class="item-what">
      ${to ? html`<a href=${to}>${name}</a>` : html`<span>${name}</span>`}
      <small
        >${item.public ? 'Public' : 'Private'} · ${size(item.size)} ·
        <time title=${moment(item.time)}>${ago(item.time)}</time></small
      >
    </div>
    ${itemCopies(item)}
  </li>`;
}

function describe(item) {
  if (item.path === '/profile') return { name: 'Your profile', to: '/profile', kind: 'profile' };
  if (item.path === '/profile/picture') return { name: 'Your picture', to: '/profile', kind: 'picture' };
  if (item.path.startsWith('/notes/'))
    return { name: titleOf(texts.at(item.path) ?? '…'), to: item.path, kind: 'notes' };
  return { name: item.path, to: null, kind: 'blocks' };
}

function nextSteps() {
  const steps = [
    [
      items.under('/notes/').length > 0,
      newNotePath(),
      'Write your first note',
      'Private, and copied to others at once.',
    ],
    [store.me.wordsSaved, '/words', 'Save your 24 words', 'The only way back to your data from another browser.'],
    [
      items.at('/profile') !== null,
      '/profile',
      'Show who you are',
      'A name, some words and a picture that people can find.',
    ],
  ];
  if (!items.loaded || steps.every(([done]) => done)) return nothing;
  return html`<section class="steps" aria-labelledby="steps-title">
    <h2 id="steps-title">Next steps</h2>
    <ol>
      ${steps.map(
        ([done, to, title, text]) =>
          html`<li class=${done ? 'done' : ''}>
            <span class="step-mark" aria-hidden="true">${done ? icon('check') : nothing}</span>
            <div>
              ${done ? html`<span>${title}<span class="sr-only"> (done)</span></span>` : html`<a href=${to}>${title}</a>`}<small
                >${text}</small
              >
            </div>
          </li>`,
      )}
    </ol>
  </section>`;
}

customElements.define('p2p-home', Home);

export const title = () => 'Home';
export const view = () => html`<p2p-home></p2p-home>`;
