import { html } from 'lit';
import { store } from 'p2pcp/agent';
import { explain } from 'p2pcp/errors';
import { mark } from 'p2pcp/icons';

export const title = () => 'It did not start';

/** Says why the agent could not be opened. */
export function view() {
  const { text, todo } = explain(store.failure);
  return html`<section class="narrow">
    <p class="brand">${mark()}<span>p2pcp</span></p>
    <h1>It did not start</h1>
    <p role="alert">${text} ${todo}</p>
    <p class="hint">What this browser keeps is still there.</p>
    <button @click=${() => location.reload()}>Load again</button>
  </section>`;
}
