import { html, nothing } from 'lit';
import { store } from 'p2pcp/agent';
import { busy } from 'p2pcp/busy';
import { Component } from 'p2pcp/component';
import { ago } from 'p2pcp/format';
import { toasts } from 'p2pcp/toasts';

/**
 * Offers what was written elsewhere at the same time. `now` is the text that is kept, `show` turns the other's
 * bytes into text. Events `use` and, where two can be kept, `both` carry the conflict.
 */
class Conflicts extends Component {
  static properties = { path: {}, now: {}, show: {}, single: { type: Boolean } };

  render() {
    return store.conflicts.filter((conflict) => conflict.path === this.path).map((conflict) => this.#offer(conflict));
  }

  #offer(conflict) {
    const tell = (name) => () => this.dispatchEvent(new CustomEvent(name, { detail: conflict }));
    return html`<section class="conflict" aria-label="Edited elsewhere at the same time" data-testid="conflict">
      <p><strong>Edited elsewhere at the same time.</strong> Nothing is lost: choose what stays.</p>
      <div class="conflict-sides">
        <div>
          <h2>Here now</h2>
          <pre tabindex="0">${this.now}</pre>
        </div>
        <div>
          <h2>Elsewhere, ${ago(conflict.time)}</h2>
          <pre tabindex="0">${this.show(conflict.bytes)}</pre>
        </div>
      </div>
      <div class="actions">
        <button data-variant="small" @click=${() => this.#keep(conflict)}>Keep this</button>
        <button data-variant="small quiet" @click=${tell('use')}>Use the other</button>
        ${this.single ? nothing : html`<button data-variant="small quiet" @click=${tell('both')}>Keep both</button>`}
      </div>
    </section>`;
  }

  async #keep(conflict) {
    try {
      await busy.during(store.dismiss(conflict));
    } catch (error) {
      toasts.fail(error);
    }
  }
}

customElements.define('p2p-conflicts', Conflicts);
