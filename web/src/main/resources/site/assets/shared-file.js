import { html, nothing } from 'lit';
import { store } from 'p2pcp/agent';
import { Component } from 'p2pcp/component';
import { addStyles, baseName } from 'p2pcp/file-view';
import { mark } from 'p2pcp/icons';
import { router } from 'p2pcp/router';

/** A file that somebody shared: its link is behind the # of the address, which no server ever sees. */
class SharedFile extends Component {
  static properties = { link: { state: true }, name: { state: true } };
  #hash = () => this.#read();

  connectedCallback() {
    super.connectedCallback();
    addStyles();
    window.addEventListener('hashchange', this.#hash);
    this.#read();
  }

  disconnectedCallback() {
    window.removeEventListener('hashchange', this.#hash);
    super.disconnectedCallback();
  }

  #read() {
    const link = location.hash.slice(1);
    this.link = /^[\w-]{86}$/.test(link) ? link : null;
    this.name = null;
  }

  #known({ detail }) {
    this.name = baseName(detail.name);
    router.title(this.name);
  }

  render() {
    const guest = store.phase !== 'open';
    return html`<section class="shared-file">
      ${guest ? html`<p class="brand">${mark()}<span>p2pcp</span></p>` : nothing}
      <h1 class="file-title">${this.name ?? 'A shared file'}</h1>
      ${
        this.link
          ? html`<p2p-file-view .file=${this.link} @stat=${this.#known}></p2p-file-view>`
          : html`<p class="error" role="alert">
              This link is not whole. Ask whoever sent it to copy all of it once more.
            </p>`
      }
      <p class="hint">
        The file is kept by people, encrypted; only who has this link can open it, and it was checked piece by piece as
        it arrived. ${guest ? html`<a href="/">What is this place?</a>` : nothing}
      </p>
    </section>`;
  }
}

customElements.define('p2p-shared-file', SharedFile);

export const title = () => 'A shared file';
export const view = () => html`<p2p-shared-file></p2p-shared-file>`;
