import { html, nothing } from 'lit';
import { store } from 'p2pcp/agent';
import { busy } from 'p2pcp/busy';
import { Component } from 'p2pcp/component';
import { explain } from 'p2pcp/errors';
import { toasts } from 'p2pcp/toasts';

/** How other people's browsers are reached, and whether they may see this device's address. */
class LinkSettings extends Component {
  static properties = { error: { state: true } };

  render() {
    const links = store.status?.links;
    if (!links) return nothing;
    return html`<section class="card" aria-labelledby="link-settings-title">
      <h2 id="link-settings-title">Connections</h2>
      <p data-testid="links" role="status">${reached(links)}</p>
      ${links.left === 0 ? html`<p class="hint" data-testid="links-left">This tab has made all the direct connections that it can, or your browser has none; everything goes through index servers. Loading the page anew may help.</p>` : nothing}
      <label>
        <input type="checkbox" role="switch" name="relays-only" .checked=${links.relaysOnly} @change=${this.#set} />
        Hide my network address from other people
      </label>
      <p class="hint">
        Directly connected, two browsers see each other’s network address, and a bucket that somebody lends sees yours. With
        this on they meet only through relays, and buckets are read through whoever lends them;
        files travel slower.
      </p>
      ${this.error ? html`<p class="error" role="alert">${this.error.text} ${this.error.todo}</p>` : nothing}
    </section>`;
  }

  async #set(event) {
    this.error = null;
    try {
      store.show(await busy.during(store.agent.useRelaysOnly(event.target.checked)));
      toasts.say('Saved.');
    } catch (error) {
      this.error = explain(error);
      this.requestUpdate();
    }
  }
}

function reached({ direct, relayed, tunnel }) {
  if (direct + relayed + tunnel === 0) return 'Connected to nobody just now. Connections are made when there is something to fetch or to store.';
  const ways = [
    [direct, 'directly'],
    [relayed, 'through a relay'],
    [tunnel, 'through an index server'],
  ];
  const named = ways.filter(([count]) => count > 0).map(([count, how]) => `${count} ${how}`);
  return `Other browsers reached now: ${named.join(', ')}.`;
}

customElements.define('p2p-settings-links', LinkSettings);
