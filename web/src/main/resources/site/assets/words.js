import { html, nothing } from 'lit';
import { store } from 'p2pcp/agent';
import { busy } from 'p2pcp/busy';
import { Component } from 'p2pcp/component';
import { explain } from 'p2pcp/errors';
import { toasts } from 'p2pcp/toasts';
import 'p2pcp/passphrase';
import 'p2pcp/words-quiz';

/** Shows the 24 words, helps to save them, lets the person repeat some, and offers a passphrase. */
class Words extends Component {
  static properties = {
    words: { state: true },
    step: { state: true },
    error: { state: true },
    working: { state: true },
  };

  constructor() {
    super();
    this.step = 'show';
  }

  render() {
    if (this.step === 'quiz')
      return html`<p2p-words-quiz @confirmed=${this.#confirmed} @back=${() => (this.step = 'show')}></p2p-words-quiz>`;
    if (this.step === 'saved') return this.#saved();
    return html`
      <div class="screen-only">
        <h1>Your 24 words</h1>
        <p>
          These words are your key. With them you get everything back on any device, and so does anybody else who has
          them. <strong>Nobody can reset them</strong>: not we, not a server, not a friend.
        </p>
      </div>
      ${this.words ? this.#grid() : this.#cover()}
    `;
  }

  #cover() {
    const locked = store.me?.hasPassphrase;
    return html`<form class="card words-cover" @submit=${this.#show}>
      <p>Make sure that nobody looks over your shoulder.</p>
      ${locked ? html`<label>Your passphrase<input type="password" name="passphrase" autocomplete="current-password" required /></label>` : nothing}
      ${this.error ? html`<p class="error" role="alert">${this.error.text} ${this.error.todo}</p>` : nothing}
      <button type="submit" aria-busy=${Boolean(this.working)}>Show the words</button>
    </form>`;
  }

  #grid() {
    return html` <section class="print-sheet" aria-label="The 24 words">
        <h1 class="print-only">p2pcp: the 24 words of ${store.me.fingerprint}</h1>
        <p class="print-only">Keep this sheet where only you find it. Nobody can reset these words.</p>
        <ol class="words" data-testid="words">
          ${this.words.map((word) => html`<li><span>${word}</span></li>`)}
        </ol>
      </section>
      <div class="screen-only">
        <div class="actions">
          <button data-variant="quiet" @click=${() => window.print()}>Print</button>
          <button data-variant="quiet" @click=${this.#file}>Save to a file</button>
          <button data-variant="quiet" @click=${this.#copy}>Copy</button>
        </div>
        <p class="hint">Paper is best. A file is as safe as the place where you keep it.</p>
        ${
          store.me.wordsSaved
            ? html`<p class="ok" role="status">You have confirmed that these words are saved.</p>`
            : html`<button @click=${() => (this.step = 'quiz')}>I have saved them</button>`
        }
      </div>`;
  }

  #saved() {
    return html`<h1>Your words are saved</h1>
      <p>You can come back to your data from any browser now.</p>
      ${
        store.me.hasPassphrase
          ? html`<a class="button" href="/">Go on</a>`
          : html`<section class="card">
                <h2>Lock this browser too?</h2>
                <p>
                  With a passphrase, your keys in this browser open only for you. It is a good idea if others use this
                  device.
                </p>
                <p2p-passphrase></p2p-passphrase>
              </section>
              <p><a href="/">Not now</a></p>`
      }`;
  }

  async #show(event) {
    event.preventDefault();
    const passphrase = new FormData(event.target).get('passphrase') ?? undefined;
    this.working = true;
    this.error = null;
    try {
      this.words = await busy.during(store.agent.identity.words(passphrase));
    } catch (error) {
      this.error = explain(error);
    } finally {
      this.working = false;
    }
  }

  #file() {
    const lines = this.words.map((word, index) => `${String(index + 1).padStart(2)}. ${word}`);
    const text = `p2pcp: the 24 words of ${store.me.fingerprint}\nWho has them has everything. Nobody can reset them.\n\n${lines.join('\n')}\n`;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    link.download = 'p2pcp-24-words.txt';
    link.click();
    URL.revokeObjectURL(link.href);
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.words.join(' '));
      toasts.say('Copied. Paste them where only you can read them, then copy something else.');
    } catch {
      toasts.say('The browser does not let this page copy. Print them or save them to a file.', { bad: true });
    }
  }

  #confirmed() {
    store.refreshMe();
    this.words = null;
    this.step = 'saved';
  }
}

customElements.define('p2p-words', Words);

export const title = () => 'Your 24 words';
export const view = () => html`<p2p-words></p2p-words>`;
