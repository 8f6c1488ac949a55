import { blocks, roomOf } from 'p2pcp/format';

/** People's words for each code of the agent: what happened, and what to do about it. */
const WORDS = {
  locked: () => ['Your keys are locked.', 'Unlock them with your passphrase and try again.'],
  'wrong-passphrase': () => [
    'That is not your passphrase.',
    'Look at capital letters and the keyboard layout, then try again.',
  ],
  'bad-words': (figures) => ['These words do not open an account.', badWords(figures)],
  'no-passphrase': () => [
    'There is no passphrase yet.',
    'Set one in Settings first; without it a lock would have no key.',
  ],
  'bad-path': () => ['This cannot be stored under that name.', 'Use another, shorter name.'],
  'too-large': () => ['This is too large to store.', 'Choose something smaller: 64 MB, or 2 GB for a file.'],
  'over-allowance': (figures) => [shortage(figures), lendMore(figures)],
  'in-use': (figures) => [inUse(figures), 'Choose a higher number, or delete something of yours first.'],
  'no-room': (figures) => ['This browser does not grant that much room.', noRoom(figures)],
  'storage-full': () => [
    'The storage of this browser is full.',
    'Free some space on this device; what waits is stored as soon as there is room.',
  ],
  'storage-failed': () => [
    'The browser could not write to its storage.',
    'Load the page again. If that does not help, restart the browser.',
  ],
  offline: () => [
    'No index server can be reached.',
    'Check your connection; the page goes on by itself when it is back.',
  ],
  'not-verified': () => [
    'What arrived was not genuine, so it is not shown.',
    'Try again later; somebody else may hold a genuine copy.',
  ],
  unreadable: () => ['The file can’t be read any more.', 'Choose it again.'],
  aborted: () => ['That was stopped.', 'Try again if you want it after all.'],
  closed: () => ['The agent in this tab has stopped.', 'Load the page again.'],
  'bad-argument': () => ['That input cannot be used.', 'Look at it again and correct it.'],
  unsupported: () => ['This browser cannot do that.', 'Use a newer browser.'],
};

/** People's words for the reasons why copies of an item are still waiting. */
const WAITING = {
  offline: ['not connected', 'Goes on by itself when the connection is back.'],
  'no-holders': ['nobody has room for it right now', 'Goes on by itself when more people are online.'],
  'over-allowance': ['you lend too little for it', 'Lend more in Settings.'],
  'not-here-yet': [
    'its newest version has not arrived in this browser',
    'Goes on by itself when somebody who keeps it is online.',
  ],
  'storage-full': ['the storage of this browser is full', 'Free some space on this device.'],
  'storage-failed': ['the browser could not write', 'Load the page again.'],
};

/**
 * Says an error in people's words.
 * @param {unknown} error an AgentError or any other
 * @returns {{text: string, todo: string}} what happened, and what to do
 */
export function explain(error) {
  const words = WORDS[error?.code];
  const [text, todo] = words
    ? words(error.figures ?? {})
    : [
        `Something went wrong: ${error?.message || 'the reason is unknown'}.`,
        'Load the page again; if it stays, tell who runs this site.',
      ];
  return { text, todo };
}

/**
 * Says why an item's copies are waiting.
 * @param {string | undefined} why the agent's reason
 * @returns {{text: string, todo: string}}
 */
export function explainWaiting(why) {
  const [text, todo] = WAITING[why] ?? [why || 'looking for people with room', 'Goes on by itself.'];
  return { text, todo };
}

function badWords({ positions }) {
  if (!Array.isArray(positions) || positions.length === 0 || positions.length >= 24) {
    return 'Each word is in the list, yet they do not belong together: look for two that are swapped or a similar one.';
  }
  const numbers = positions.map((position) => position + 1);
  const last = numbers.pop();
  const which = numbers.length ? `words ${numbers.join(', ')} and ${last}` : `word ${last}`;
  return `Look at ${which} again.`;
}

function shortage({ needed, lent }) {
  if (needed === undefined || lent === undefined) return 'You lend too little room for this.';
  return `This would take room for ${blocks(needed)}, and you lend ${lent}.`;
}

function lendMore({ more }) {
  return more ? `Lend ${more} more (${roomOf(more)}) and it fits.` : 'Lend more in Settings and it fits.';
}

function inUse({ used, kept, slots }) {
  const number = used ?? kept ?? slots;
  return number === undefined ? 'That room is in use already.' : `Room for ${blocks(number)} is in use already.`;
}

function noRoom({ room }) {
  return room === undefined ? 'Choose a lower number.' : `It grants ${blocks(room)} (${roomOf(room)}) at most.`;
}
