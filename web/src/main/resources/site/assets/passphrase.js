import { html, nothing } from 'lit';
import { store } from 'p2pcp/agent';
import { busy } from 'p2pcp/busy';
import { Component } from 'p2pcp/component';
import { explain } from 'p2pcp/errors';
import { toasts } from 'p2pcp/toasts';

const SHORTEST = 8;

/** Sets or changes the passphrase that opens the keys in this browser. Event `done` when it is set. */
class Passphrase extends Component {
  static properties = { working: { state: true }, error: { state: true } };

  render() {
    const has = store.me?.hasPassphrase;
    return html`<form class="passphrase-form" @submit=${this.#set} novalidate>
      <input hidden name="username" autocomplete="username" .value=${store.me?.fingerprint ?? ''} />
      ${has ? field('current', 'Passphrase now', 'current-password') : nothing}
      ${field('next', has ? 'New passphrase' : 'Passphrase', 'new-password')}
      ${field('again', 'Once more', 'new-password')}
      <p class="hint">
        At least ${SHORTEST} characters; three or four words that only you would put together are good. It protects this
        browser only. Nobody can reset it, but your 24 words always let you in again.
      </p>
      ${this.error ? html`<p class="error" role="alert">${this.error}</p>` : nothing}
      <button type="submit" aria-busy=${Boolean(this.working)} ?disabled=${this.working}>
        ${has ? 'Change passphrase' : 'Set passphrase'}
      </button>
    </form>`;
  }

  async #set(event) {
    event.preventDefault();
    const form = event.target;
    const { current, next, again } = Object.fromEntries(new FormData(form));
    this.error =
      next.length < SHORTEST
        ? `That is too short: use at least ${SHORTEST} characters.`
        : next !== again
          ? 'The two are not the same. Type both again.'
          : null;
    if (this.error) return;
    this.working = true;
    try {
      await busy.during(store.agent.identity.setPassphrase(next, current));
      store.refreshMe();
      form.reset();
      toasts.say('Your passphrase is set. You will be asked for it when you come back.');
      this.dispatchEvent(new Event('done'));
    } catch (error) {
      const { text, todo } = explain(error);
      this.error = `${text} ${todo}`;
    } finally {
      this.working = false;
    }
  }
}

function field(name, label, autocomplete) {
  return html`<label>${label}<input type="password" name=${name} autocomplete=${autocomplete} required /></label>`;
}

customElements.define('p2p-passphrase', Passphrase);
