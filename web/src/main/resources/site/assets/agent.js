const KNOWN = 'p2pcp.known';

/** Index servers that an agent can be on at once. */
export const MOST_SERVERS = 8;

/** Longest wait for the list of index servers, in milliseconds; without it the page's own is enough to begin. */
const LIST_PATIENCE = 1_000;

/**
 * The one place that opens the agent. Holds what every page shows of it and tells changes as events:
 * `change` (anything below), `phase` (another phase), `item` (detail of the agent's item event).
 */
class Store extends EventTarget {
  /** @type {'opening'|'missing'|'failed'|'new'|'locked'|'open'|'lost'} */
  phase = 'opening';
  /** What this browser lacks, in phase `missing`. */
  missing = [];
  /** The error, in phase `failed`. */
  failure = null;
  /** Who the person is, in phase `open`. */
  me = null;
  /** The agent's last status, or null. */
  status = null;
  /** Versions that lost against an edit made elsewhere at the same time. */
  conflicts = [];
  /** The agent, once it is open. */
  agent = null;
  /** Resolves when the phase is no longer `opening`. Never rejects. */
  opened = this.#open();

  /** True when this browser had an identity the last time: the start page would be a lie then. */
  get wasHere() {
    try {
      return localStorage.getItem(KNOWN) === '1';
    } catch {
      return false; // storage may be forbidden; the start page is shown a moment then
    }
  }

  /** Makes a new identity, or takes on the one of 24 words; others never see this device's address, if so. */
  async enter({ words, relaysOnly } = {}) {
    await this.opened;
    if (this.phase !== 'new') return;
    await (words ? this.agent.identity.login(words, { relaysOnly }) : this.agent.identity.create({ relaysOnly }));
    await this.#sync();
  }

  /** Reads again who the person is, after a call that changed it: words saved, passphrase set. */
  refreshMe() {
    this.me = this.agent.identity.me();
    this.#changed();
  }

  /** Takes over a status that a call returned. */
  show(status) {
    this.status = status;
    this.#changed();
  }

  /** Removes a conflict copy that has been dealt with. */
  async dismiss(conflict) {
    await this.agent.dismissConflict(conflict.id);
    this.conflicts = this.conflicts.filter((other) => other.id !== conflict.id);
    this.#changed();
  }

  async #open() {
    try {
      const listed = this.wasHere ? [] : knownServers();
      const { open, missing } = await import('p2pcp-agent');
      this.missing = await missing();
      if (this.missing.length > 0) return this.#turn('missing');
      this.agent = await open({ indexServers: await listed });
      this.agent.on('state', () => this.#sync().catch((error) => this.#fail(error)));
      this.agent.on('status', (status) => this.show(status));
      this.agent.on('item', (detail) => this.dispatchEvent(new CustomEvent('item', { detail })));
      this.agent.on('conflict', (conflict) => this.#conflict(conflict));
      await this.#sync();
    } catch (error) {
      this.#fail(error);
    }
  }

  async #sync() {
    const state = this.agent.state();
    const open = state === 'open';
    this.me = open ? this.agent.identity.me() : null;
    [this.status, this.conflicts] = open
      ? await Promise.all([this.agent.status(), this.agent.conflicts()])
      : [null, []];
    remember(state === 'open' || state === 'locked');
    this.#turn(this.agent.state() === state ? state : this.phase);
  }

  #conflict(conflict) {
    this.conflicts = [...this.conflicts.filter((other) => other.id !== conflict.id), conflict];
    this.#changed();
  }

  #fail(error) {
    this.failure = error;
    this.#turn('failed');
  }

  #turn(phase) {
    const other = this.phase !== phase;
    this.phase = phase;
    if (other) this.dispatchEvent(new Event('phase'));
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

/** Origins of this index server and of those that its operator knows; none if it does not tell in time. */
async function knownServers() {
  try {
    const answer = await fetch('/config.json', { signal: AbortSignal.timeout(LIST_PATIENCE) });
    return answer.ok ? (await answer.json()).indexServers.slice(0, MOST_SERVERS) : [];
  } catch {
    return []; // the agent then begins with the origin of the page
  }
}

function remember(known) {
  try {
    if (known) localStorage.setItem(KNOWN, '1');
    else localStorage.removeItem(KNOWN);
  } catch {
    return; // only a hint for the first paint
  }
}

/** What the site knows of the agent. */
export const store = new Store();
