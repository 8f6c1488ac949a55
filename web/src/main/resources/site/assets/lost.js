import { html } from 'lit';
import { mark } from 'p2pcp/icons';

export const title = () => 'Storage was cleared';

/** Says that the browser took the storage away under the open page, and the way back. */
export function view() {
  return html`<section class="narrow" data-testid="lost">
    <p class="brand">${mark()}<span>p2pcp</span></p>
    <h1>This browser’s storage was cleared</h1>
    <p role="alert">
      Somebody, or the browser itself, deleted what this site kept here: your keys, your own copies and what you kept for
      others. Those whose copies you kept have been told, and make new ones.
    </p>
    <p>Your data is not lost: the copies with others are still there. Your 24 words bring you back to it.</p>
    <div class="actions">
      <a class="button" href="/login" @click=${anew}>Log in with your 24 words</a>
      <a href="/" @click=${anew}>Begin anew</a>
    </div>
  </section>`;
}

/** The agent of this page has ended: only a fresh page has another. */
function anew(event) {
  event.preventDefault();
  event.stopPropagation();
  location.assign(event.currentTarget.getAttribute('href'));
}
