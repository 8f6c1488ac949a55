import { html, nothing } from 'lit';
import { store } from 'p2pcp/agent';
import { Component } from 'p2pcp/component';
import { explain } from 'p2pcp/errors';
import { toasts } from 'p2pcp/toasts';

/** Machines in the own network that blocks may be read from: nothing there is asked unless it is in this list. */
class Nearby extends Component {
  static properties = { origins: { state: true }, wrong: { state: true } };

  async connectedCallback() {
    super.connectedCallback();
    this.origins = await store.agent.bucket.allowed().catch(() => []);
  }

  render() {
    if (!this.origins) return nothing;
    return html`<section class="card" aria-labelledby="nearby-title">
      <h2 id="nearby-title">Buckets in your own network</h2>
      <p class="hint">
        Others can say that something is in a bucket. This browser follows them to machines on the internet only, never
        into your home or office, except to the addresses that you list here.
      </p>
      <ul class="servers">
        ${this.origins.map(
          (origin) =>
            html`<li>
              <code>${origin}</code>
              <button data-variant="quiet" data-size="small" aria-label=${`Remove ${origin}`} @click=${() => this.#allow(this.origins.filter((one) => one !== origin))}>Remove</button>
            </li>`,
        )}
      </ul>
      <form @submit=${this.#add} novalidate>
        <label
          >Address
          <input name="origin" inputmode="url" autocomplete="off" autocapitalize="none" spellcheck="false" placeholder="http://nas.local:9000" aria-invalid=${this.wrong ? 'true' : nothing} aria-describedby="nearby-wrong" @input=${() => (this.wrong = null)} />
        </label>
        <p id="nearby-wrong" class="error" role="alert" ?hidden=${!this.wrong}>${this.wrong}</p>
        <button type="submit" data-variant="quiet">Allow it</button>
      </form>
    </section>`;
  }

  async #add(event) {
    event.preventDefault();
    const text = String(new FormData(event.target).get('origin')).trim();
    const address = text.includes('://') ? text : `http://${text}`;
    if (!text || !URL.canParse(address)) {
      this.wrong = 'This is no address. It looks like http://nas.local:9000.';
      return;
    }
    if (await this.#allow([...new Set([...this.origins, new URL(address).origin])])) event.target.reset();
  }

  async #allow(origins) {
    try {
      this.origins = await store.agent.bucket.allow(origins);
      toasts.say('Saved.');
      return true;
    } catch (error) {
      this.wrong = explain(error).text;
      return false;
    }
  }
}

customElements.define('p2p-bucket-nearby', Nearby);
