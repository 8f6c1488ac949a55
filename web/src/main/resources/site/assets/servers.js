import { html, nothing } from 'lit';

const SAYING = {
  connected: () => 'connected',
  connecting: () => 'connecting…',
  waiting: ({ retryIn, awaySince }) =>
    `${awaySince ? `not there since ${clock(awaySince)}, ` : ''}trying again ${retryIn ? `in ${Math.ceil(retryIn / 1000)} s` : 'soon'}`,
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
          <span class="server-name"
            >${hostOf(server.origin)}<small>${SAYING[server.state](server)}${server.standIn ? ', stands in for yours' : nothing}</small
            >${doubts(server, servers)}</span
          >
          ${extra(server)}
        </li>`,
    )}
  </ul>`;
}

/** What is wrong with its answers, and what can be done about it. */
function doubts({ omits, forges }, servers) {
  if (!omits && !forges) return nothing;
  return html`<small class="error" role="status" data-testid="doubt">
    ${omits ? `Leaves out about ${omits} % of what it should tell.` : nothing}
    ${forges ? 'Names people for what they do not have.' : nothing} Your data is checked and safe;
    <a href="/settings">${servers.length > 1 ? 'you can remove this server' : 'add another server'}</a>.
  </small>`;
}

const clock = (time) => new Date(time).toLocaleTimeString('en', { hour: '2-digit', minute: '2-digit', hour12: false });

function hostOf(origin) {
  return URL.canParse(origin) ? new URL(origin).host : origin;
}
