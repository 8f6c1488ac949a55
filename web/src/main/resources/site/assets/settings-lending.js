import { html, nothing } from 'lit';
import { store } from 'p2pcp/agent';
import { busy } from 'p2pcp/busy';
import { Component } from 'p2pcp/component';
import { explain } from 'p2pcp/errors';
import { blocks, copies, roomOf } from 'p2pcp/format';
import { toasts } from 'p2pcp/toasts';

/** Most blocks that the slider offers; the number field takes what the browser grants. */
const SLIDER_SLOTS = 8_000;
const MOST_COPIES = 10;

/** How much the person lends and how many copies of their own they want, with what follows from it. */
class LendingSettings extends Component {
  static properties = {
    slots: { state: true },
    wanted: { state: true },
    working: { state: true },
    error: { state: true },
  };

  render() {
    const status = store.status;
    if (!status) return nothing;
    const slots = this.slots ?? status.lending.slots;
    const wanted = this.wanted ?? status.account.copies;
    const changed = slots !== status.lending.slots || wanted !== status.account.copies;
    return html`<section class="card" aria-labelledby="lending-title">
      <h2 id="lending-title">Room and copies</h2>
      <form @submit=${(event) => this.#save(event, slots, wanted)} novalidate>
        ${this.#room(status.lending, slots)} ${this.#copies(wanted)}
        <p class="consequence" role="status" data-testid="consequence">${consequence(status, slots, wanted)}</p>
        ${this.error ? html`<p class="error" role="alert">${this.error.text} ${this.error.todo}</p>` : nothing}
        <div class="actions">
          <button type="submit" aria-busy=${Boolean(this.working)} ?disabled=${!changed || this.working}>Save</button>
          ${changed ? html`<button type="button" data-variant="quiet" @click=${this.#reset}>Undo changes</button>` : nothing}
        </div>
      </form>
    </section>`;
  }

  #room(lending, slots) {
    const used = lending.own + lending.forOthers;
    const most = Math.max(lending.room, lending.slots);
    const set = (event) => (this.slots = Math.max(0, Math.floor(Number(event.target.value)) || 0));
    return html`<fieldset>
      <legend>Room you lend</legend>
      <p class="hint">
        In blocks of 256 KB. ${blocks(used)} in use now; this browser grants ${most.toLocaleString('en')}
        (${roomOf(most)}).
      </p>
      <div class="slider">
        <input
          type="range"
          aria-label="Room you lend, slider"
          min="0"
          max=${Math.min(most, SLIDER_SLOTS)}
          step="1"
          .value=${String(slots)}
          @input=${set}
        />
        <input
          type="number"
          aria-label="Room you lend, in blocks"
          min="0"
          max=${most}
          step="1"
          inputmode="numeric"
          .value=${String(slots)}
          @input=${set}
        />
        <output>${roomOf(slots)}</output>
      </div>
    </fieldset>`;
  }

  #copies(wanted) {
    const set = (event) =>
      (this.wanted = Math.min(MOST_COPIES, Math.max(1, Math.floor(Number(event.target.value)) || 1)));
    return html`<fieldset>
      <legend>Copies of what is yours</legend>
      <p class="hint">
        Your own counts as one. More copies make it likelier that one is online when you need it, and take more of your
        room.
      </p>
      <div class="slider">
        <input
          type="range"
          aria-label="Copies, slider"
          min="1"
          max=${MOST_COPIES}
          step="1"
          .value=${String(wanted)}
          @input=${set}
        />
        <input
          type="number"
          aria-label="Copies"
          min="1"
          max=${MOST_COPIES}
          step="1"
          inputmode="numeric"
          .value=${String(wanted)}
          @input=${set}
        />
        <output>${copies(wanted)}</output>
      </div>
    </fieldset>`;
  }

  #reset() {
    this.slots = this.wanted = undefined;
    this.error = null;
  }

  /** Room grows before copies do and shrinks after, so that each step is covered by what is lent. */
  async #save(event, slots, wanted) {
    event.preventDefault();
    const { lending, account } = store.status;
    const lend = async () => slots !== lending.slots && store.show(await store.agent.lend(slots));
    const want = async () => wanted !== account.copies && store.show(await store.agent.wantCopies(wanted));
    this.working = true;
    this.error = null;
    try {
      for (const step of slots > lending.slots ? [lend, want] : [want, lend]) await busy.during(step());
      this.#reset();
      toasts.say('Saved.');
    } catch (error) {
      this.error = explain(error);
    } finally {
      this.working = false;
    }
  }
}

function consequence({ lending, account }, slots, wanted) {
  const elsewhere = Math.max(0, account.lent - lending.slots);
  const total = elsewhere + slots;
  const fit = Math.floor(total / wanted);
  const needed = account.blocks * wanted;
  const also = elsewhere > 0 ? html` Your other devices lend ${blocks(elsewhere)} too.` : nothing;
  if (needed > total) {
    return html`<span class="wait"
        >Too little: ${copies(wanted)} of your ${blocks(account.blocks)} need room for ${needed.toLocaleString('en')}.
        Lend at least ${(needed - elsewhere).toLocaleString('en')}.</span
      >${also}`;
  }
  return html`With ${copies(wanted)} you can store <strong>${blocks(fit)}</strong>, about
    <strong>${roomOf(fit)}</strong>. You use ${account.blocks.toLocaleString('en')} of them.${also}`;
}

customElements.define('p2p-settings-lending', LendingSettings);
