import { html, nothing } from 'lit';
import { store } from 'p2pcp/agent';
import { ask } from 'p2pcp/ask';
import { busy } from 'p2pcp/busy';
import { Component } from 'p2pcp/component';
import { explain } from 'p2pcp/errors';
import { mark } from 'p2pcp/icons';
import { router } from 'p2pcp/router';
import { toasts } from 'p2pcp/toasts';

/** Opens the keys of this browser with the passphrase. */
class Unlock extends Component {
  static properties = { working: { state: true }, error: { state: true } };

  firstUpdated() {
    this.querySelector('input').focus();
  }

  render() {
    return html`<section class="narrow unlock">
      <p class="brand">${mark()}<span>p2pcp</span></p>
      <h1>Welcome back</h1>
      <form @submit=${this.#unlock} novalidate>
        <label
          >Your passphrase
          <input
            type="password"
            name="passphrase"
            autocomplete="current-password"
            aria-invalid=${this.error ? 'true' : nothing}
            @input=${() => (this.error = null)}
          />
        </label>
        ${this.error ? html`<p class="error" role="alert">${this.error.text} ${this.error.todo}</p>` : nothing}
        <button type="submit" aria-busy=${Boolean(this.working)} ?disabled=${this.working}>Unlock</button>
      </form>
      <details>
        <summary>I have forgotten it</summary>
        <p>
          Nobody can reset a passphrase. But your 24 words open everything again: log out of this browser, then log in
          with them.
        </p>
        <button data-variant="danger-quiet" @click=${this.#logout}>Log out of this browser</button>
      </details>
    </section>`;
  }

  async #unlock(event) {
    event.preventDefault();
    this.working = true;
    this.error = null;
    try {
      await busy.during(store.agent.identity.unlock(new FormData(event.target).get('passphrase')));
    } catch (error) {
      this.error = explain(error);
    } finally {
      this.working = false;
    }
    if (this.error) this.querySelector('input').select();
  }

  async #logout() {
    const sure = await ask({
      title: 'Log out of this browser?',
      text: 'Your identity and all blocks are removed from this browser. Only your 24 words bring you back: have them at hand.',
      yes: 'Log out',
      type: 'log out',
    });
    if (!sure) return;
    try {
      await busy.during(store.agent.identity.logout());
      router.go('/login');
    } catch (error) {
      toasts.fail(error);
    }
  }
}

customElements.define('p2p-unlock', Unlock);

export const title = () => 'Unlock';
export const view = () => html`<p2p-unlock></p2p-unlock>`;
