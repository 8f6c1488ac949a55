import { html, nothing } from 'lit';
import { store } from 'p2pcp/agent';
import { busy } from 'p2pcp/busy';
import { Component } from 'p2pcp/component';
import { icon, mark } from 'p2pcp/icons';
import { router } from 'p2pcp/router';

const PROMISES = [
  [
    'key',
    'No account to register',
    'Your identity is made here, in your browser. No e-mail address, no password at somebody’s server.',
  ],
  [
    'shield',
    'Only you can read it',
    'What you keep for yourself leaves this device only encrypted. What you publish is signed, so nobody can alter it.',
  ],
  [
    'people',
    'Kept by people',
    'You lend some room to others, and others keep copies of yours. Lose this browser, and it all comes back.',
  ],
];

/** First visit: what this is, and one button that begins. */
class Start extends Component {
  static properties = { path: {}, working: { state: true }, error: { state: true } };

  render() {
    return html`
      <section class="start">
        <p class="brand">${mark()}<span>p2pcp</span></p>
        <h1>A place of your own, kept by people</h1>
        <p class="lead">
          Write notes and show who you are without handing anything to a company: your data lives in your own browser
          and, encrypted, in the browsers of others. You lend them some room, and they keep copies of yours.
        </p>
        ${
          this.path.startsWith('/u/')
            ? html`<p class="note-box">Somebody sent you the link to a person’s page. Begin, and you will see it.</p>`
            : nothing
        }
        <div class="start-actions">
          <button class="big" aria-busy=${Boolean(this.working)} ?disabled=${this.working} @click=${this.#begin}>
            Begin
          </button>
          <a class="button big" data-variant="quiet" href="/login">I have my 24 words</a>
        </div>
        <label class="start-choice">
          <input type="checkbox" name="relays-only" @change=${(event) => (this.relaysOnly = event.target.checked)} />
          Hide my network address from other people (slower)
        </label>
        ${this.error ? html`<p class="error" role="alert">${this.error.text} ${this.error.todo}</p>` : nothing}
        <ul class="promises">
          ${PROMISES.map(
            ([name, title, text]) =>
              html`<li>
                ${icon(name)}
                <div><strong>${title}</strong><span>${text}</span></div>
              </li>`,
          )}
        </ul>
      </section>
    `;
  }

  async #begin() {
    this.working = true;
    this.error = null;
    const next = Promise.allSettled([import('p2pcp/shell'), import('p2pcp/home'), import('p2pcp/toasts')]);
    document.getElementById('page-styles').disabled = false;
    try {
      await busy.during(store.enter({ relaysOnly: this.relaysOnly }));
      await next;
      // Whoever was quick has gone on already, and is not to be called back.
      if (router.path === this.path && !this.path.startsWith('/u/')) router.go('/');
    } catch (error) {
      const { explain } = await import('p2pcp/errors');
      this.error = explain(error);
    } finally {
      this.working = false;
    }
  }
}

customElements.define('p2p-start', Start);

export const title = () => '';
export const view = ({ path }) => html`<p2p-start .path=${path}></p2p-start>`;
