import { html, nothing } from 'lit';
import { explainWaiting } from 'p2pcp/errors';
import { copies, copiesNow, day } from 'p2pcp/format';

/**
 * How safe an item is: a dot for each copy, how many exist and are online now, and on request what becomes of them.
 * @param {import('/agent/agent.d.ts').Item} item
 */
export function itemCopies(item) {
  const { text, todo, tone } = stateOf(item);
  return html`<details class="item-copies" data-testid="item-copies">
    <summary>
      <span class="copy-dots" aria-hidden="true">${dots(item.copies)}</span>
      <span>${copiesNow(item.copies)}</span>
      ${tone === 'done' ? nothing : html`<small class=${tone}>${text}</small>`}
    </summary>
    <ul class="copy-facts">
      ${facts(item).map((fact) => html`<li>${fact}</li>`)}
    </ul>
    <p><strong>What to do:</strong> ${todo}</p>
  </details>`;
}

/** A dot for each copy: online, away, or missing still. */
function dots({ stored, online, wanted }) {
  const all = Math.max(stored, wanted);
  return Array.from({ length: all }, (_, at) => {
    const kind = at < online ? 'here' : at < stored ? 'away' : 'gone';
    return html`<i class=${kind}></i>`;
  });
}

function stateOf({ copies: count, placement, why }) {
  if (placement === 'waiting') {
    const { text, todo } = explainWaiting(why);
    return { text: `waiting: ${text}`, todo, tone: 'wait' };
  }
  if (count.repairing > 0) {
    return {
      text: `repairing ${copies(count.repairing)}…`,
      todo: 'Nothing: it is copied anew from a copy that is left. Stay open until it is done.',
      tone: 'placing',
    };
  }
  if (placement === 'placing') {
    return {
      text: `making ${copies(count.wanted)}…`,
      todo: 'Nothing: stay open until it is done.',
      tone: 'placing',
    };
  }
  return { text: '', todo: 'Nothing. Copies are looked after and renewed by themselves.', tone: 'done' };
}

function facts({ copies: count }) {
  const away = Math.max(0, count.stored - count.online);
  return [
    `${copies(count.stored)} of ${count.wanted} exist, this browser’s among them.`,
    away === 0
      ? 'All of them are online now.'
      : `${count.online} online now; ${away} with ${away === 1 ? 'somebody who is' : 'people who are'} away and will be back.`,
    count.lost === 0
      ? null
      : `${copies(count.lost)} lost: whoever kept ${count.lost === 1 ? 'it' : 'them'} has not been seen for days, or has cleared the browser.`,
    count.paidUntil
      ? `Paid for until ${day(count.paidUntil)} at least, and renewed ten days before as long as you lend enough.`
      : null,
  ].filter(Boolean);
}
