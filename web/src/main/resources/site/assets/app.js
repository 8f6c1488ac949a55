import { html, nothing } from 'lit';
import { store } from 'p2pcp/agent';
import { busy } from 'p2pcp/busy';
import { Component } from 'p2pcp/component';
import { router } from 'p2pcp/router';
import { screenFor } from 'p2pcp/screens';

/** What single pages look like: the first screen does without, and a first visit is shorter by it. */
function pageStyles() {
  const link = document.getElementById('page-styles');
  if (!link.disabled && link.sheet) return null;
  return new Promise((resolve) => {
    link.addEventListener('load', resolve, { once: true });
    link.addEventListener('error', resolve, { once: true });
    link.disabled = false;
  });
}

/** The whole page: picks the screen for phase and address, loads its module, and frames it. */
class App extends Component {
  /** The screen that is wanted; it is shown once its module has arrived. */
  #wanted = null;
  #shown = null;
  #failure = null;

  connectedCallback() {
    super.connectedCallback();
    router.addEventListener('change', () => this.#move());
    store.addEventListener('phase', () => this.#move());
    busy.addEventListener('change', () => this.requestUpdate());
    this.#move();
  }

  async #move() {
    const screen = screenFor(store.phase, router.path);
    this.#wanted = screen;
    const entering = this.#shown !== null && this.#shown.key !== screen.key;
    try {
      const shell = screen.bare ? null : import('p2pcp/shell');
      const [module, frame] = await busy.during(Promise.all([
        screen.load(),
        shell,
        ...(screen.plain ? [] : [pageStyles(), import('p2pcp/toasts')]),
      ]));
      if (this.#wanted !== screen) return; // gone elsewhere while it loaded
      this.#shown = { key: screen.key, view: module.view(screen.params), frame: frame?.frame };
      this.#failure = null;
      router.title(module.title(screen.params));
    } catch (error) {
      this.#failure = error;
    }
    this.requestUpdate();
    if (entering) this.#focusMain();
  }

  /** Tells people who listen or use the keyboard that this is another page. */
  async #focusMain() {
    await this.updateComplete;
    window.scrollTo(0, 0);
    this.querySelector('#main')?.focus({ preventScroll: true });
  }

  render() {
    return html`
      ${this.#content()}
      <div class="busy" role="region" aria-label="Progress">
        ${busy.shown ? html`<div class="busy-bar" role="progressbar" aria-label="Working"></div>` : nothing}
      </div>
      <p2p-toasts></p2p-toasts>
    `;
  }

  #content() {
    if (this.#failure) return notLoaded();
    if (store.phase === 'opening' && store.wasHere) return opening();
    if (!this.#shown) return opening();
    const { view, frame } = this.#shown;
    if (frame) return frame(view, router.path);
    return html`<main id="main" class="bare" tabindex="-1" aria-busy=${busy.shown}>${view}</main>`;
  }
}

function opening() {
  return html`<main id="main" class="bare" tabindex="-1" aria-busy="true">
    <p class="opening" role="status">Opening your place…</p>
  </main>`;
}

function notLoaded() {
  return html`<main id="main" class="bare" tabindex="-1">
    <section class="narrow">
      <h1>This part of the page did not arrive</h1>
      <p>Look at your connection, then load the page again. What you wrote is safe in this browser.</p>
      <p><button @click=${() => location.reload()}>Load again</button></p>
    </section>
  </main>`;
}

customElements.define('p2p-app', App);
