import { LitElement } from 'lit';
import { store } from 'p2pcp/agent';

/**
 * Base of every component. It renders into the page itself, so that one stylesheet, the browser's
 * find, print and assistive software all see plain HTML; and it renders again when the agent's state changes.
 */
export class Component extends LitElement {
  #again = () => this.requestUpdate();

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    store.addEventListener('change', this.#again);
  }

  disconnectedCallback() {
    store.removeEventListener('change', this.#again);
    super.disconnectedCallback();
  }
}
