import { html } from 'lit';

export const title = () => 'Not found';

/** Nothing lives at this address. */
export const view = () => html`
  <h1>There is nothing here</h1>
  <p>The address may be mistyped, or from an older version of this site.</p>
  <a class="button" href="/">Go home</a>
`;
