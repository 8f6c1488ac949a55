import { html, nothing } from 'lit';
import { store } from 'p2pcp/agent';
import { ask } from 'p2pcp/ask';
import { busy } from 'p2pcp/busy';
import { Component } from 'p2pcp/component';
import { blocks, many } from 'p2pcp/format';
import { FollowItems, items } from 'p2pcp/items';
import { router } from 'p2pcp/router';
import { toasts } from 'p2pcp/toasts';

/** Log out, and delete everything; each says first what it means. */
class LeaveSettings extends Component {
  static properties = { deleted: { state: true }, leaving: { state: true }, handOver: { state: true } };

  constructor() {
    super();
    this.handOver = true;
    new FollowItems(this);
  }

  render() {
    if (!store.me) return nothing;
    return html`<section class="card" aria-labelledby="leave-title">
      <h2 id="leave-title">Leave</h2>
      ${this.#logout()} ${this.#deleteAll()}
    </section>`;
  }

  #logout() {
    const kept = store.status?.lending.forOthers ?? 0;
    return html`<div class="setting">
      <div>
        <h3>Log out</h3>
        <p>
          Removes your identity and all blocks from this browser. Copies elsewhere stay; your 24 words bring you back.
        </p>
        ${this.leaving ? html`<p role="status" data-testid="handing-over">${handingOver(kept)}</p>` : this.#handOver(kept)}
      </div>
      <button data-variant="danger-quiet" ?disabled=${this.leaving} aria-busy=${Boolean(this.leaving)} @click=${this.#logoutNow}>
        Log out
      </button>
    </div>`;
  }

  #handOver(kept) {
    if (kept === 0) return nothing;
    return html`<label>
      <input
        type="checkbox"
        .checked=${this.handOver}
        @change=${(event) => (this.handOver = event.target.checked)}
      />
      First bring the ${blocks(kept)} that you keep for others to other people (two minutes at most)
    </label>`;
  }

  #deleteAll() {
    const count = items.under().length;
    return html`<div class="setting">
      <div>
        <h3>Delete everything of mine</h3>
        <p>
          ${
            count === 0
              ? 'Nothing is stored.'
              : `Removes ${many(count, 'item')}, here and at everybody who keeps a copy. This cannot be undone.`
          }
        </p>
        ${this.deleted === undefined ? nothing : html`<p role="status">${this.deleted} deleted…</p>`}
      </div>
      <button
        data-variant="danger-quiet"
        ?disabled=${count === 0 || this.deleted !== undefined}
        @click=${this.#deleteNow}
      >
        Delete everything
      </button>
    </div>`;
  }

  async #logoutNow() {
    const saved = store.me.wordsSaved;
    const sure = await ask({
      title: 'Log out of this browser?',
      text: saved
        ? 'To come back you need your 24 words: have them at hand.'
        : 'You have not saved your 24 words. Without them there is no way back to your notes, your profile and your identity, for you or anybody else.',
      yes: 'Log out',
      type: saved ? undefined : 'log out',
    });
    if (!sure) return;
    this.leaving = true;
    try {
      await busy.during(store.agent.identity.logout({ handOver: this.handOver }));
      router.go('/');
    } catch (error) {
      toasts.fail(error);
    } finally {
      this.leaving = false;
    }
  }

  async #deleteNow() {
    const list = items.under();
    const first = await ask({
      title: 'Delete everything of yours?',
      text: `${many(list.length, 'item')} will be removed: notes, profile and picture, here and at everybody who keeps a copy.`,
      yes: 'Go on',
    });
    if (!first) return;
    const second = await ask({
      title: 'Really delete everything?',
      text: 'This cannot be undone.',
      yes: 'Delete everything',
      type: 'delete',
    });
    if (second) await busy.during(this.#deleteEach(list));
  }

  async #deleteEach(list) {
    this.deleted = 0;
    try {
      for (const item of list) {
        await store.agent.remove(item.path);
        this.deleted++;
      }
      toasts.say('Everything of yours is deleted.');
    } catch (error) {
      toasts.fail(error);
    } finally {
      this.deleted = undefined;
      await items.refresh();
    }
  }
}

function handingOver(kept) {
  return kept === 0 ? 'Leaving…' : `Bringing what you keep to others: ${blocks(kept)} left. Please stay on this page…`;
}

customElements.define('p2p-settings-leave', LeaveSettings);
