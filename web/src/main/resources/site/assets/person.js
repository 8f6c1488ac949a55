import { html, nothing } from 'lit';
import { store } from 'p2pcp/agent';
import { busy } from 'p2pcp/busy';
import { Component } from 'p2pcp/component';
import { didIn } from 'p2pcp/did';
import { explain } from 'p2pcp/errors';
import { ago, moment, short } from 'p2pcp/format';
import { icon } from 'p2pcp/icons';
import { readProfile } from 'p2pcp/profile-data';
import { router } from 'p2pcp/router';
import 'p2pcp/copy-field';
import 'p2pcp/fingerprint';

/** A person's public page, read from whoever keeps it and checked against the person's key. */
class Person extends Component {
  static properties = {
    did: {},
    state: { state: true },
    found: { state: true },
    error: { state: true },
    picture: { state: true },
  };
  #stop = null;

  willUpdate(changed) {
    if (changed.has('did')) this.#load();
  }

  disconnectedCallback() {
    this.#stop?.abort();
    this.#showPicture(null);
    super.disconnectedCallback();
  }

  async #load() {
    this.#stop?.abort();
    const stop = (this.#stop = new AbortController());
    this.found = this.error = null;
    this.#showPicture(null);
    this.state = didIn(this.did) === this.did ? 'loading' : 'wrong';
    if (this.state === 'wrong') return;
    try {
      const found = await busy.during(readProfile(this.did, stop.signal));
      if (stop.signal.aborted) return;
      this.found = found;
      this.state = found ? 'found' : 'absent';
      if (found?.picture) this.#showPicture(found.picture);
      if (found) router.title(found.profile.name || 'A person');
    } catch (error) {
      if (stop.signal.aborted) return;
      this.error = error;
      this.state = 'broken';
    }
  }

  #showPicture(blob) {
    if (this.picture) URL.revokeObjectURL(this.picture);
    this.picture = blob ? URL.createObjectURL(blob) : null;
  }

  render() {
    if (this.state === 'wrong')
      return this.#message(
        'This is not a person’s key',
        'The link may have been cut. Ask for it again and paste the whole of it.',
      );
    if (this.state === 'loading')
      return html`<h1>A person’s page</h1>
        <p role="status" aria-busy="true">Looking for somebody who keeps this page…</p>`;
    if (this.state === 'absent') return this.#absent();
    if (this.state === 'broken') return this.#broken();
    return this.#page();
  }

  #page() {
    const { profile, time, version } = this.found;
    return html`<article class="person" data-testid="person">
      <header>
        ${
          this.picture
            ? html`<img
                class="portrait"
                src=${this.picture}
                alt=${profile.name ? `Picture of ${profile.name}` : 'Picture of this person'}
              />`
            : html`<p2p-fingerprint class="portrait" .did=${this.did}></p2p-fingerprint>`
        }
        <div>
          <h1><bdi>${profile.name || 'A person without a name'}</bdi></h1>
          <p class="verified" data-testid="verified">
            ${icon('shield')}<span
              ><strong>Verified.</strong> Signed with this person’s key and unaltered, whoever kept it.</span
            >
          </p>
        </div>
      </header>
      ${profile.about ? html`<p class="about"><bdi>${profile.about}</bdi></p>` : html`<p class="hint">No words about themselves yet.</p>`}
      ${profile.picture && !this.picture ? html`<p class="hint">There is a picture too, but nobody who is online has it now. <button data-variant="small quiet" @click=${this.#load}>Try again</button></p>` : nothing}
      <footer>
        <p class="hint"><time title=${moment(time)}>Written ${ago(time)}</time> · version ${version}</p>
        ${this.#who()}
      </footer>
    </article>`;
  }

  #who() {
    const own = this.did === store.me?.did;
    return html`<div class="who">
      <p2p-fingerprint .did=${this.did}></p2p-fingerprint>
      <div>
        <p2p-copy-field label="the key" .value=${this.did} .shown=${short(this.did, 14)}></p2p-copy-field>
        <p class="hint">
          ${
            own
              ? html`This is you, as others see you. <a href="/profile">Edit</a>`
              : 'The picture is made from the key: it looks the same for everybody who looks at this person.'
          }
        </p>
      </div>
    </div>`;
  }

  #absent() {
    const own = this.did === store.me?.did;
    if (own)
      return html`<h1>Your page is empty</h1>
        <p>Say who you are, and people who have your link will see it here.</p>
        <a class="button" href="/profile">Write your profile</a>`;
    return this.#message(
      'Nobody who is online has this page now',
      'The person may not have written one yet, or those who keep it are away. Try again later.',
      true,
    );
  }

  #broken() {
    const { text, todo } = explain(this.error);
    return this.#message(text, todo, true);
  }

  #message(heading, text, again = false) {
    return html`<h1>${heading}</h1>
      <p>${text}</p>
      <p class="actions">
        ${again ? html`<button @click=${this.#load}>Try again</button>` : nothing}
        <a class="button" data-variant="quiet" href="/people">Open somebody else</a>
      </p>
      ${again ? this.#who() : nothing}`;
  }
}

customElements.define('p2p-person', Person);

export const title = () => 'A person';
export const view = ({ did }) => html`<p2p-person .did=${did}></p2p-person>`;
