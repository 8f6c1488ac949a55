import { html } from 'lit';
import { store } from 'p2pcp/agent';
import { busy } from 'p2pcp/busy';
import { icon, mark } from 'p2pcp/icons';
import { many } from 'p2pcp/format';
import { newNotePath } from 'p2pcp/note-texts';
import { router } from 'p2pcp/router';
import 'p2pcp/fingerprint';
import 'p2pcp/reminder';

const PLACES = [
  ['/', 'home', 'Home'],
  ['/notes', 'notes', 'Notes'],
  ['/files', 'files', 'Files'],
  ['/channels', 'channels', 'Channels'],
  ['/people', 'people', 'People'],
  ['/profile', 'profile', 'Profile'],
  ['/blocks', 'blocks', 'Blocks'],
  ['/settings', 'settings', 'Settings'],
];

/** Frames a page with navigation, connection and the reminder. */
export function frame(view, path) {
  return html`<div class="shell">
    <header class="side">
      <a class="brand" href="/">${mark()}<span>p2pcp</span></a>
      <nav aria-label="Main">
        <ul>
          ${PLACES.map(([to, name, label]) => place(to, name, label, path))}
        </ul>
      </nav>
      <div class="side-foot">
        ${connection()}
        <a class="me-chip" href="/profile">
          <p2p-fingerprint .did=${store.me?.did}></p2p-fingerprint>
          <span><small>You are</small><span class="mono">${store.me?.fingerprint}</span></span>
        </a>
      </div>
    </header>
    <main id="main" tabindex="-1" aria-busy=${busy.shown}>
      <p2p-reminder .path=${path}></p2p-reminder>
      ${view}
    </main>
  </div>`;
}

function place(to, name, label, path) {
  const here = to === '/' ? path === '/' || path === '/login' : path === to || path.startsWith(`${to}/`);
  return html`<li class="place-${name}">
    <a href=${to} aria-current=${here ? 'page' : 'false'}>${icon(name)}<span>${label}</span></a>
  </li>`;
}

function connection() {
  const servers = store.status?.servers ?? [];
  const up = servers.filter((server) => server.state === 'connected').length;
  const text = up > 0 ? 'Connected' : 'Not connected';
  const more = up > 0 ? `to ${many(up, 'index server')}` : 'What you write is kept here and copied later';
  return html`<p class="connection ${up > 0 ? 'up' : 'down'}" role="status" data-testid="connection" title=${more}>
    <span class="dot" aria-hidden="true"></span><span>${text}</span>
  </p>`;
}

/** Ctrl or Cmd + K searches the notes, Alt + N begins a new one, from every page. */
document.addEventListener('keydown', (event) => {
  if (store.phase !== 'open' || document.querySelector('dialog[open]')) return;
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.code === 'KeyK') {
    event.preventDefault();
    search();
  } else if (event.altKey && !event.ctrlKey && !event.metaKey && event.code === 'KeyN') {
    event.preventDefault();
    router.go(newNotePath());
  }
});

function search() {
  const field = document.querySelector('p2p-notes input[type=search]');
  if (field?.checkVisibility()) return field.focus();
  router.wish('search');
  router.go('/notes');
}
