import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { Component } from 'p2pcp/component';
import { ago, many, moment } from 'p2pcp/format';
import { icon } from 'p2pcp/icons';
import { FollowItems, items } from 'p2pcp/items';
import { refused } from 'p2pcp/note-drafts';
import { newNotePath, snippetOf, texts, titleOf } from 'p2pcp/note-texts';
import { router } from 'p2pcp/router';
import 'p2pcp/note-editor';

const SHOWN_AT_FIRST = 100;

/** The list of notes with search beside the note that is open. */
class Notes extends Component {
  static properties = { noteId: {}, query: { state: true }, limit: { state: true } };
  #keys = (event) => this.#key(event);
  #again = () => this.requestUpdate();

  constructor() {
    super();
    this.query = '';
    this.limit = SHOWN_AT_FIRST;
    new FollowItems(this);
  }

  connectedCallback() {
    super.connectedCallback();
    document.addEventListener('keydown', this.#keys);
    texts.addEventListener('change', this.#again);
  }

  disconnectedCallback() {
    document.removeEventListener('keydown', this.#keys);
    texts.removeEventListener('change', this.#again);
    super.disconnectedCallback();
  }

  updated() {
    if (router.wants('search')) this.#search().focus();
  }

  render() {
    const all = items.under('/notes/');
    texts.want(all);
    const rows = this.#found(all);
    return html`<div class="notes ${this.noteId ? 'has-note' : ''}">
      <section class="notes-list" aria-labelledby="notes-title">
        <div class="section-head">
          ${this.noteId ? html`<h2 id="notes-title">Notes</h2>` : html`<h1 id="notes-title">Notes</h1>`}
          <a class="button" data-variant="small" href=${newNotePath()} data-testid="new-note" title="Alt+N"
            >${icon('plus')}New note</a
          >
        </div>
        <input
          type="search"
          placeholder="Search"
          aria-label="Search notes"
          title="Ctrl+K"
          .value=${this.query}
          @input=${(event) => (this.query = event.target.value)}
          @keydown=${this.#fromSearch}
        />
        <p class="sr-only" role="status">${this.query ? many(rows.length, 'note') : nothing}</p>
        ${this.#list(rows, all)}
      </section>
      <section class="notes-open" aria-label="Note">
        ${
          this.noteId
            ? html`<p2p-note-editor .path=${`/notes/${this.noteId}`} @draft=${this.#again}></p2p-note-editor>`
            : html`<div class="empty quiet">
                ${icon('notes')}
                <p>Choose a note, or write a new one.</p>
                <p class="hint"><kbd>Alt</kbd> <kbd>N</kbd> new note · <kbd>Ctrl</kbd> <kbd>K</kbd> search</p>
              </div>`
        }
      </section>
    </div>`;
  }

  #list(rows, all) {
    if (!items.loaded) return html`<p aria-busy="true">Reading your notes…</p>`;
    const lost = refused().filter((draft) => draft.fresh);
    if (all.length === 0 && lost.length === 0) {
      return html`<div class="empty">
        <p>No notes yet. What you write is private: it is encrypted before it leaves this device.</p>
        <a class="button" href=${newNotePath()}>Write your first note</a>
      </div>`;
    }
    if (rows.length === 0 && this.query) return html`<p class="empty">No note says “${this.query}”.</p>`;
    return html`<ul class="note-rows" data-testid="notes" @keydown=${this.#inList}>
        ${this.query ? nothing : lost.map((draft) => this.#lostRow(draft))}
        ${repeat(
          rows.slice(0, this.limit),
          (item) => item.path,
          (item) => this.#row(item),
        )}
      </ul>
      ${
        rows.length > this.limit
          ? html`<button data-variant="quiet" @click=${() => (this.limit = Infinity)}>Show all ${rows.length}</button>`
          : nothing
      }`;
  }

  #lostRow({ path, text }) {
    return html`<li>
      <a href=${path} aria-current=${this.#isOpen(path)}>
        <strong>${titleOf(text)}</strong><span class="snippet">${snippetOf(text)}</span
        ><small class="wait">not saved yet</small>
      </a>
    </li>`;
  }

  #row(item) {
    const text = texts.at(item.path);
    const kept = refused().some((draft) => draft.path === item.path)
      ? html`<small class="wait">not saved yet</small>`
      : nothing;
    return html`<li>
      <a href=${item.path} aria-current=${this.#isOpen(item.path)}>
        <strong>${text === undefined ? '…' : titleOf(text)}</strong>
        <span class="snippet">${text === undefined ? nothing : snippetOf(text)}</span>
        <small
          ><time title=${moment(item.time)}>${ago(item.time)}</time
          >${item.placement === 'waiting' ? ' · waiting for copies' : nothing}</small
        >
        ${kept}
      </a>
    </li>`;
  }

  #isOpen(path) {
    return path === `/notes/${this.noteId}` ? 'page' : 'false';
  }

  #found(all) {
    const words = this.query.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return all;
    return all.filter((item) => {
      const text = texts.at(item.path)?.toLowerCase() ?? '';
      return words.every((word) => text.includes(word));
    });
  }

  #search() {
    return this.querySelector('input[type=search]');
  }

  #key(event) {
    if (event.key === 'Escape' && this.noteId && !event.defaultPrevented && !document.querySelector('dialog[open]')) {
      const open = this.querySelector('.note-rows [aria-current=page]');
      if (document.activeElement === this.#search()) return;
      router.go('/notes');
      this.updateComplete.then(() => (open ?? this.#search())?.focus());
    }
  }

  #fromSearch(event) {
    if (event.key === 'Escape' && this.query) {
      this.query = '';
    } else if (event.key === 'ArrowDown') {
      event.preventDefault();
      this.querySelector('.note-rows a')?.focus();
    } else if (event.key === 'Enter') {
      this.querySelector('.note-rows a')?.click();
    }
  }

  #inList(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const links = [...this.querySelectorAll('.note-rows a')];
    const to = links.indexOf(document.activeElement) + step;
    if (to < 0) this.#search().focus();
    else links[to]?.focus();
  }
}

customElements.define('p2p-notes', Notes);

export const title = () => 'Notes';
export const view = ({ id }) => html`<p2p-notes .noteId=${id}></p2p-notes>`;
