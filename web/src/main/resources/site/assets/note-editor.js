import { html, nothing } from 'lit';
import { store } from 'p2pcp/agent';
import { busy } from 'p2pcp/busy';
import { Component } from 'p2pcp/component';
import { explain, explainWaiting } from 'p2pcp/errors';
import { copies, copiesNow } from 'p2pcp/format';
import { icon } from 'p2pcp/icons';
import { FollowItems, items } from 'p2pcp/items';
import { draftAt, leave } from 'p2pcp/note-drafts';
import { newNotePath, texts, textOf, titleOf } from 'p2pcp/note-texts';
import { router } from 'p2pcp/router';
import { toasts } from 'p2pcp/toasts';
import 'p2pcp/conflicts';
import 'p2pcp/lend-more';

/** One note: its text or preview, and how safely it is stored. Event `draft` when its draft changed. */
class NoteEditor extends Component {
  static properties = { path: {}, reading: { state: true }, shown: { state: true } };
  #draft = null;
  #again = () => {
    this.requestUpdate();
    this.dispatchEvent(new Event('draft'));
  };

  constructor() {
    super();
    this.reading = false;
    new FollowItems(this);
  }

  willUpdate(changed) {
    if (!changed.has('path')) return;
    this.#leave();
    this.#draft = draftAt(this.path);
    this.#draft.addEventListener('change', this.#again);
    this.reading = false;
  }

  disconnectedCallback() {
    this.#leave();
    this.#draft = null;
    super.disconnectedCallback();
  }

  updated(changed) {
    const draft = this.#draft;
    router.title(draft.state === 'loading' ? 'Note' : titleOf(draft.text));
    if (changed.has('path') || this.#waitsForFocus) this.#focusIfNew(draft);
  }

  #waitsForFocus = false;

  #focusIfNew(draft) {
    this.#waitsForFocus = draft.state === 'loading';
    if (draft.state === 'absent' && draft.text === '') this.querySelector('textarea')?.focus();
  }

  #leave() {
    if (!this.#draft) return;
    this.#draft.removeEventListener('change', this.#again);
    leave(this.#draft);
  }

  render() {
    const draft = this.#draft;
    return html`
      <header class="note-head">
        <a class="icon-button note-back" href="/notes" aria-label="Back to the list">${icon('back')}</a>
        <h1>${draft.text ? titleOf(draft.text) : 'New note'}</h1>
        <button data-variant="small quiet" aria-pressed=${this.reading} @click=${this.#toggle}>
          ${icon('eye')}<span>Preview</span>
        </button>
        <button
          class="icon-button"
          aria-label="Delete note"
          title="Delete note"
          ?disabled=${draft.fresh && !draft.text}
          @click=${this.#remove}
        >
          ${icon('trash')}
        </button>
      </header>
      <p class="note-state" role="status" data-testid="note-state">${this.#state(draft)}</p>
      ${this.#refused(draft)}
      <p2p-conflicts
        .path=${this.path}
        .now=${draft.text}
        .show=${textOf}
        @use=${(event) => this.#use(event.detail)}
        @both=${(event) => this.#both(event.detail)}
      ></p2p-conflicts>
      ${
        this.reading
          ? html`<div class="markdown" data-testid="preview">${this.shown}</div>`
          : html`<textarea
              aria-label="Note"
              placeholder="The first line is the title"
              spellcheck="true"
              .value=${draft.text}
              ?readonly=${draft.state === 'loading'}
              aria-busy=${draft.state === 'loading'}
              @input=${(event) => draft.edit(event.target.value)}
              @blur=${() => draft.state === 'edited' && draft.save()}
            ></textarea>`
      }
    `;
  }

  #state(draft) {
    if (draft.state === 'loading') return 'Reading…';
    if (draft.state === 'edited') return 'Writing…';
    if (draft.state === 'saving') return 'Saving…';
    if (draft.state === 'refused') return html`<span class="wait">Not saved yet; the text stays here.</span>`;
    if (draft.state === 'broken') return nothing;
    const item = items.at(this.path);
    if (draft.state === 'absent' || !item) return 'Saved by itself while you write. Only you can read it.';
    if (item.placement === 'done') return html`${icon('check')} Saved · ${copiesNow(item.copies)}`;
    if (item.placement === 'placing')
      return `Saved here · making copies, ${item.copies.stored} of ${item.copies.wanted}`;
    const { text, todo } = explainWaiting(item.why);
    return html`Saved here · ${copies(item.copies.stored)} · <span class="wait">waiting: ${text}. ${todo}</span>`;
  }

  #refused(draft) {
    if (!draft.error) return nothing; // it stays while the next save is under way, so that its button can be pressed
    if (draft.error.code === 'over-allowance') {
      return html`<p2p-lend-more
        .error=${draft.error}
        what="This note is not saved yet."
        verb="save"
        .again=${() => draft.save()}
      ></p2p-lend-more>`;
    }
    const { text, todo } = explain(draft.error);
    const again = () => busy.during(draft.state === 'broken' ? draft.load() : draft.save());
    return html`<div class="shortage" role="alert">
      <p>${text} ${todo}</p>
      <button data-variant="small" @click=${again}>Try again</button>
    </div>`;
  }

  async #toggle() {
    if (this.reading) {
      this.reading = false;
      return;
    }
    try {
      const { markdown } = await busy.during(import('p2pcp/markdown'));
      this.shown = markdown(this.#draft.text);
      this.reading = true;
      this.#draft.save();
    } catch (error) {
      toasts.fail(error);
    }
  }

  async #remove() {
    const draft = this.#draft;
    const text = draft.text;
    try {
      await draft.save();
      draft.forget();
      router.go('/notes');
      if (items.at(draft.path)) await busy.during(store.agent.remove(draft.path));
      toasts.say('Note deleted.', { action: { label: 'Undo', run: () => restore(draft.path, text) } });
    } catch (error) {
      draft.load();
      toasts.fail(error);
    }
  }

  async #use(conflict) {
    this.#draft.edit(textOf(conflict.bytes));
    await this.#draft.save();
    if (!this.#draft.dirty) await store.dismiss(conflict);
  }

  async #both(conflict) {
    try {
      items.keep(await busy.during(store.agent.put(newNotePath(), conflict.bytes)));
      await store.dismiss(conflict);
      toasts.say('Both are kept: the other one is a note of its own now.');
    } catch (error) {
      toasts.fail(error);
    }
  }
}

async function restore(path, text) {
  try {
    const item = await busy.during(store.agent.put(path, new TextEncoder().encode(text)));
    items.keep(item);
    texts.keep(path, item.version, text);
    router.go(path);
  } catch (error) {
    toasts.say(`The note could not be brought back: ${explain(error).text}`, {
      bad: true,
      action: { label: 'Try again', run: () => restore(path, text) },
    });
  }
}

customElements.define('p2p-note-editor', NoteEditor);
