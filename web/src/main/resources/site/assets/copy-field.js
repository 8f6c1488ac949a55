import { LitElement, html } from 'lit';
import { icon } from 'p2pcp/icons';
import { toasts } from 'p2pcp/toasts';

/** Shows a value that people hand on, with a button that copies it. `label` says what it is. */
class CopyField extends LitElement {
  static properties = { value: {}, label: {}, shown: {} };

  createRenderRoot() {
    return this;
  }

  render() {
    return html`<span class="copy-field">
      <code title=${this.value}>${this.shown ?? this.value}</code>
      <button class="icon-button" aria-label=${`Copy ${this.label}`} title=${`Copy ${this.label}`} @click=${this.#copy}>
        ${icon('copy')}
      </button>
    </span>`;
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.value);
      toasts.say('Copied.');
    } catch {
      getSelection().selectAllChildren(this.querySelector('code'));
      toasts.say('The browser does not let this page copy. It is selected now: copy it with the keyboard.');
    }
  }
}

customElements.define('p2p-copy-field', CopyField);
