import { html, nothing } from 'lit';
import { store } from 'p2pcp/agent';
import { busy } from 'p2pcp/busy';
import { Component } from 'p2pcp/component';
import { toasts } from 'p2pcp/toasts';
import 'p2pcp/passphrase';

/** Words, passphrase, lock. */
class IdentitySettings extends Component {
  static properties = { open: { state: true } };

  render() {
    const { me } = store;
    if (!me) return nothing;
    return html`<section class="card" aria-labelledby="identity-title">
      <h2 id="identity-title">Identity</h2>
      ${this.#words(me)} ${this.#passphrase(me)} ${this.#lock(me)}
    </section>`;
  }

  #words(me) {
    return html`<div class="setting">
      <div>
        <h3>Your 24 words</h3>
        <p>
          ${
            me.wordsSaved
              ? 'Saved. Look at them again whenever you like.'
              : 'Not saved yet. They are the only way back to your data; nobody can reset them.'
          }
        </p>
      </div>
      <a class="button" data-variant="quiet" href="/words">${me.wordsSaved ? 'Show the words' : 'Save the words'}</a>
    </div>`;
  }

  #passphrase(me) {
    return html`<div class="setting">
        <div>
          <h3>Passphrase</h3>
          <p>
            ${
              me.hasPassphrase
                ? 'Set. Your keys in this browser open only with it.'
                : 'None. Whoever can use this browser can use your identity.'
            }
          </p>
        </div>
        <button data-variant="quiet" aria-expanded=${Boolean(this.open)} @click=${() => (this.open = !this.open)}>
          ${me.hasPassphrase ? 'Change passphrase' : 'Set a passphrase'}
        </button>
      </div>
      ${this.open ? html`<p2p-passphrase @done=${() => (this.open = false)}></p2p-passphrase>` : nothing}`;
  }

  #lock(me) {
    return html`<div class="setting">
      <div>
        <h3>Lock</h3>
        <p>
          ${
            me.hasPassphrase
              ? 'Closes your keys until the passphrase is typed again. This browser keeps nothing for others meanwhile.'
              : 'Needs a passphrase first.'
          }
        </p>
      </div>
      <button data-variant="quiet" ?disabled=${!me.hasPassphrase} @click=${this.#lockNow}>Lock now</button>
    </div>`;
  }

  async #lockNow() {
    try {
      await busy.during(store.agent.identity.lock());
    } catch (error) {
      toasts.fail(error);
    }
  }
}

customElements.define('p2p-settings-identity', IdentitySettings);
