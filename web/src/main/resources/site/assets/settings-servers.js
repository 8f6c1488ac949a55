import { html, nothing } from 'lit';
import { MOST_SERVERS, store } from 'p2pcp/agent';
import { busy } from 'p2pcp/busy';
import { Component } from 'p2pcp/component';
import { explain } from 'p2pcp/errors';
import { icon } from 'p2pcp/icons';
import { serverList } from 'p2pcp/servers';
import { toasts } from 'p2pcp/toasts';

/** The index servers that introduce this person to others. */
class ServerSettings extends Component {
  static properties = { wrong: { state: true } };

  render() {
    const servers = store.status?.servers ?? [];
    return html`<section class="card" aria-labelledby="server-settings-title">
      <h2 id="server-settings-title">Index servers</h2>
      <p class="hint">
        They introduce you to other people and keep nothing. Two or three of different operators are safer than one.
      </p>
      ${serverList(servers, (server) => this.#removeButton(server, servers))}
      ${this.#known(servers)}
      ${servers.length >= MOST_SERVERS ? html`<p class="hint">Eight are the most. Remove one to add another.</p>` : this.#form(servers)}
    </section>`;
  }

  #removeButton(server, servers) {
    if (servers.length < 2 || server.standIn) return nothing;
    const rest = servers.filter((other) => other !== server && !other.standIn).map(({ origin }) => origin);
    return html`<button
      class="icon-button"
      aria-label=${`Remove ${server.origin}`}
      title="Remove"
      @click=${() => this.#use(rest)}
    >
      ${icon('trash')}
    </button>`;
  }

  /** Servers by hearsay: nothing is asked of them until the person says so. */
  #known(servers) {
    const known = store.status?.knownServers ?? [];
    if (known.length === 0 || servers.length >= MOST_SERVERS) return nothing;
    return html`<h3>Known to others</h3>
      <ul class="servers" data-testid="known-servers">
        ${known.slice(0, 8).map(
          (one) =>
            html`<li>
              <span class="server-name"
                >${new URL(one.origin).host}<small
                  >${
                    one.operator
                      ? `recommended by ${new URL(one.operator).host}`
                      : `used by ${one.agents === 1 ? 'somebody' : `${one.agents} people`} you met`
                  }</small
                ></span
              >
              <button
                data-variant="quiet"
                data-size="small"
                @click=${() => this.#use([...servers.filter((s) => !s.standIn).map((s) => s.origin), one.origin])}
              >
                Use it too
              </button>
            </li>`,
        )}
      </ul>`;
  }

  #form(servers) {
    return html`<form @submit=${(event) => this.#add(event, servers)} novalidate>
      <label
        >Add an index server
        <input
          name="origin"
          inputmode="url"
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
          placeholder="https://index.example.org"
          aria-invalid=${this.wrong ? 'true' : nothing}
          aria-describedby="server-wrong"
          @input=${() => (this.wrong = null)}
        />
      </label>
      <p id="server-wrong" class="error" role="alert" ?hidden=${!this.wrong}>${this.wrong}</p>
      <button type="submit" data-variant="quiet">Add</button>
    </form>`;
  }

  async #add(event, servers) {
    event.preventDefault();
    const form = event.target;
    const origin = originOf(new FormData(form).get('origin').trim());
    if (!origin) {
      this.wrong = 'This is no address of a server. It looks like https://index.example.org.';
      return;
    }
    const known = servers.filter((server) => !server.standIn).map((server) => server.origin);
    if (known.includes(origin)) {
      this.wrong = 'This server is in the list already.';
      return;
    }
    if (await this.#use([...known, origin])) form.reset();
  }

  async #use(origins) {
    try {
      store.show(await busy.during(store.agent.useIndexServers(origins)));
      toasts.say('Saved.');
      return true;
    } catch (error) {
      this.wrong = `${explain(error).text} ${explain(error).todo}`;
      return false;
    }
  }
}

function originOf(text) {
  const address = text.includes('://') ? text : `https://${text}`;
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  return ['http:', 'https:'].includes(url.protocol) && url.hostname ? url.origin : null;
}

customElements.define('p2p-settings-servers', ServerSettings);
