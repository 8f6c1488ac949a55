import { html, nothing } from 'lit';

const SAYING = {
  connected: () => 'connected',
  connecting: () => 'connecting…',
  waiting: ({ retryIn }) => (retryIn ? `trying again in ${Math.ceil(retryIn / 1000)} s` : 'trying again soon'),
  refused: ({ why }) => `refused us${why ? `: ${why}` : ''}`,
};

/** Lists index servers with their state; `extra` adds something to each line. */
export function serverList(servers, extra = () => nothing) {
  if (servers.length === 0)
    return html`<p class="empty">No index server is known. Add one in <a href="/settings">Settings</a>.</p>`;
  return html`<ul class="servers" data-testid="servers">
    ${servers.map(
      (server) =>
        html`<li class=${server.state} title=${server.why || nothing}>
          <span class="dot" aria-hidden="true"></span>
          <span class="server-name">${hostOf(server.origin)}<small>${SAYING[server.state](server)}</small></span>
          ${extra(server)}
        </li>`,
    )}
  </ul>`;
}

function hostOf(origin) {
  return URL.canParse(origin) ? new URL(origin).host : origin;
}
