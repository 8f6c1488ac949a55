import { html, nothing } from 'lit';
import { store } from 'p2pcp/agent';
import { Component } from 'p2pcp/component';
import { didIn, personLink, personPath } from 'p2pcp/did';
import { router } from 'p2pcp/router';
import 'p2pcp/copy-field';

/** Opens a person's page by their link or did:key. */
class People extends Component {
  static properties = { wrong: { state: true } };

  render() {
    return html`
      <h1>People</h1>
      <p class="hint">There is no directory of everybody. You meet somebody by the link that they hand to you.</p>
      <form class="person-form" @submit=${this.#open}>
        <label
          >Link or key of a person
          <input
            name="person"
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            placeholder="https://…/u/did:key:z6Mk… or did:key:z6Mk…"
            aria-invalid=${this.wrong ? 'true' : nothing}
            aria-describedby="person-help"
            @input=${() => (this.wrong = false)}
          />
        </label>
        <p id="person-help" class=${this.wrong ? 'error' : 'hint'} role=${this.wrong ? 'alert' : nothing}>
          ${
            this.wrong
              ? 'There is no key in this. Paste the whole link, or what begins with did:key:z.'
              : 'What you see on their page is checked against their key, whoever kept it.'
          }
        </p>
        <button type="submit">Open page</button>
      </form>
      <article class="card">
        <h2>Let others find you</h2>
        <p>Hand your link to the people you want to be found by.</p>
        <p2p-copy-field label="your link" .value=${personLink(store.me.did)}></p2p-copy-field>
      </article>
    `;
  }

  #open(event) {
    event.preventDefault();
    const did = didIn(new FormData(event.target).get('person'));
    this.wrong = !did;
    if (did) router.go(personPath(did));
    else this.querySelector('input').focus();
  }
}

customElements.define('p2p-people', People);

export const title = () => 'People';
export const view = () => html`<p2p-people></p2p-people>`;
