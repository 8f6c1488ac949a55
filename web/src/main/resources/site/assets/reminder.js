import { html, nothing } from 'lit';
import { store } from 'p2pcp/agent';
import { Component } from 'p2pcp/component';
import { icon } from 'p2pcp/icons';

/** Stays on every page until the 24 words are saved; it never stands in the way. */
class Reminder extends Component {
  static properties = { path: {} };

  render() {
    if (!store.me || store.me.wordsSaved || this.path === '/words') return nothing;
    return html`<aside class="reminder" aria-label="Save your 24 words" data-testid="reminder">
      ${icon('key')}
      <p>
        <strong>Save your 24 words.</strong>
        <span class="reminder-long">Only they bring your data back.</span> Nobody can reset them.
      </p>
      <a class="button" data-variant="small" href="/words">Save them</a>
    </aside>`;
  }
}

customElements.define('p2p-reminder', Reminder);
