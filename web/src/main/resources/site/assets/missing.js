import { html } from 'lit';
import { store } from 'p2pcp/agent';
import { mark } from 'p2pcp/icons';

const NEWER = 'Use a newer browser: Chrome or Edge 137, Firefox 130, Safari 17, or later.';

/** What each thing is for, and how to get it. */
const WORDS = {
  'secure-context': [
    'A secure connection',
    'Browsers give the means of encryption only to pages that came over https (or from this very machine).',
    'Open this site with https:// in front. If you run it yourself, put it behind a certificate, or open it as http://localhost on the machine where it runs.',
  ],
  ed25519: ['Signatures', 'Your browser cannot make the signatures that show that something is from you.', NEWER],
  x25519: ['Key agreement', 'Your browser cannot agree on keys with others.', NEWER],
  indexeddb: [
    'Storage in the browser',
    'Your data lives in this browser, and it does not let this page store anything.',
    'Leave the private window, or allow this site to store data in the browser’s settings.',
  ],
  'web-locks': ['Order between tabs', 'Your browser cannot keep several tabs from getting in each other’s way.', NEWER],
  websocket: [
    'A standing connection',
    'Your browser, or something between you and this site, does not allow connections that stay open.',
    'Use a newer browser, or ask who runs your network.',
  ],
};

export const title = () => 'Something is missing';

/** Says what the browser lacks and what to do. */
export function view() {
  // Without a secure context most of the rest is hidden by the browser as well, so the cure of that comes alone.
  const lacking = store.missing.includes('secure-context') ? ['secure-context'] : store.missing;
  return html`<section class="narrow">
    <p class="brand">${mark()}<span>p2pcp</span></p>
    <h1>Your browser lacks something</h1>
    <p>
      Everything here is encrypted and stored in your own browser, so it has to bring a few things. This is missing:
    </p>
    <ul class="lacking" data-testid="missing">
      ${lacking.map((name) => {
        const [what, why, todo] = WORDS[name] ?? [name, 'This page needs it.', NEWER];
        return html`<li class="card">
          <h2>${what}</h2>
          <p>${why}</p>
          <p><strong>What to do:</strong> ${todo}</p>
        </li>`;
      })}
    </ul>
    <button @click=${() => location.reload()}>Try again</button>
  </section>`;
}
