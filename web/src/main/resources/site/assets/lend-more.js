import { html, nothing } from 'lit';
import { store } from 'p2pcp/agent';
import { busy } from 'p2pcp/busy';
import { Component } from 'p2pcp/component';
import { explain } from 'p2pcp/errors';
import { roomOf } from 'p2pcp/format';
import { toasts } from 'p2pcp/toasts';

/**
 * Says that something was refused for want of room lent, and offers one button that lends it and goes on.
 * `error` is the refusal, `what` begins the sentence, `verb` names what follows, `again` does it.
 */
class LendMore extends Component {
  static properties = { error: {}, what: {}, verb: {}, again: {}, working: { state: true } };

  render() {
    const { text, todo } = explain(this.error);
    const more = this.#more();
    return html`<div class="shortage" role="alert" data-testid="shortage">
      <p><strong>${this.what}</strong> ${text} ${more ? nothing : todo}</p>
      ${
        more
          ? html`<button
              data-variant="small"
              aria-busy=${Boolean(this.working)}
              ?disabled=${this.working}
              @click=${this.#lend}
            >
              Lend ${more} more (${roomOf(more)}) and ${this.verb}
            </button>`
          : html`<a class="button" data-variant="small" href="/settings">Open Settings</a>`
      }
    </div>`;
  }

  #more() {
    const { more, needed, lent } = this.error.figures ?? {};
    return more ?? Math.max(0, (needed ?? 0) - (lent ?? 0));
  }

  async #lend() {
    this.working = true;
    try {
      const { slots } = store.status.lending;
      store.show(await busy.during(store.agent.lend(slots + this.#more())));
      await this.again();
    } catch (error) {
      toasts.fail(error);
    } finally {
      this.working = false;
    }
  }
}

customElements.define('p2p-lend-more', LendMore);
