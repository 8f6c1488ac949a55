import { html, nothing } from 'lit';
import { store } from 'p2pcp/agent';
import { busy } from 'p2pcp/busy';
import { Component } from 'p2pcp/component';
import { explain } from 'p2pcp/errors';
import { icon, mark } from 'p2pcp/icons';
import { router } from 'p2pcp/router';

const WORDS = 24;
/** More missing words than these are counted, not named. */
const MOST_NAMED = 6;
const FIELDS = [...Array(WORDS).keys()];

/** Coming back with the 24 words, typed one by one with completion or pasted at once. */
class Login extends Component {
  static properties = {
    words: { state: true },
    bad: { state: true },
    choices: { state: true },
    error: { state: true },
    working: { state: true },
  };

  constructor() {
    super();
    Object.assign(this, { words: Array(WORDS).fill(''), bad: new Set(), choices: [], error: null, working: false });
  }

  render() {
    const left = this.words.filter((word) => !word).length;
    return html`<section class="narrow login">
      <p class="brand">${mark()}<span>p2pcp</span></p>
      <h1>Come back with your 24 words</h1>
      <p class="hint">
        Type them in their order, or paste all of them into the first field. They stay in this browser.
      </p>
      <form @submit=${this.#login} @paste=${this.#paste} novalidate>
        <ol class="word-fields">
          ${FIELDS.map((index) => this.#field(index))}
        </ol>
        <datalist id="word-choices">${this.choices.map((word) => html`<option value=${word}></option>`)}</datalist>
        <label>
          <input type="checkbox" name="relays-only" @change=${(event) => (this.relaysOnly = event.target.checked)} />
          Hide my network address from other people (slower)
        </label>
        ${this.error ? html`<p class="error" role="alert" data-testid="login-error">${this.error}</p>` : nothing}
        <div class="actions">
          <button type="submit" aria-busy=${this.working} ?disabled=${this.working}>Log in</button>
          <a class="button" data-variant="quiet" href="/">${icon('back')}Back</a>
          <span class="hint" role="status">${left > 0 && left < WORDS ? `${left} to go` : nothing}</span>
        </div>
      </form>
    </section>`;
  }

  #field(index) {
    return html`<li>
      <input
        aria-label=${`Word ${index + 1}`}
        list="word-choices"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        .value=${this.words[index]}
        aria-invalid=${this.bad.has(index) ? 'true' : nothing}
        @focus=${() => (this.choices = [])}
        @input=${(event) => this.#typed(index, event.target.value)}
        @keydown=${(event) => this.#key(event, index)}
        @blur=${() => this.#check(index)}
      />
    </li>`;
  }

  #typed(index, value) {
    this.#set(index, value.trim().toLowerCase());
    this.choices = this.#complete(this.words[index]);
    this.error = null;
  }

  /** Space or Enter takes the only word that fits and goes on. */
  #key(event, index) {
    if (event.key !== ' ' && !(event.key === 'Enter' && index < WORDS - 1)) return;
    event.preventDefault();
    const [only, ...others] = this.#complete(this.words[index]);
    if (only && (others.length === 0 || only === this.words[index])) this.#set(index, only);
    this.querySelectorAll('.word-fields input')[index + 1]?.focus();
  }

  #check(index) {
    const word = this.words[index];
    const bad = new Set(this.bad);
    if (word && this.#complete(word)[0] !== word) bad.add(index);
    else bad.delete(index);
    this.bad = bad;
  }

  #paste(event) {
    const found = wordsIn(event.clipboardData.getData('text'));
    if (found.length < 2) return;
    event.preventDefault();
    const fields = [...this.querySelectorAll('.word-fields input')];
    const from = found.length >= WORDS ? 0 : Math.max(0, fields.indexOf(event.target));
    this.words = this.words.map((word, index) => found[index - from] ?? word);
    FIELDS.forEach((index) => this.#check(index));
    this.error = null;
    fields[Math.min(from + found.length, WORDS) - 1].focus();
  }

  #set(index, word) {
    this.words = this.words.with(index, word);
    if (this.bad.has(index)) this.#check(index);
  }

  #complete(prefix) {
    return prefix && store.agent ? store.agent.identity.complete(prefix) : [];
  }

  async #login(event) {
    event.preventDefault();
    FIELDS.forEach((index) => this.#check(index));
    this.error = this.#complaint();
    if (this.error) return;
    this.working = true;
    try {
      await busy.during(store.enter({ words: this.words.join(' '), relaysOnly: this.relaysOnly }));
      router.go('/');
    } catch (error) {
      const { text, todo } = explain(error);
      this.error = `${text} ${todo}`;
      if (error.code === 'bad-words') this.bad = new Set(error.figures?.positions ?? []);
    } finally {
      this.working = false;
    }
  }

  #complaint() {
    const missing = FIELDS.filter((index) => !this.words[index]);
    if (missing.length === WORDS) return 'Type or paste your 24 words first.';
    if (missing.length > MOST_NAMED) return `${missing.length} of the 24 words are missing.`;
    if (missing.length > 0) return `Still missing: word ${missing.map((index) => index + 1).join(', ')}.`;
    if (this.bad.size === 0) return null;
    const bad = [...this.bad].sort((a, b) => a - b);
    return `Not in the list: ${bad.map((index) => `word ${index + 1} (“${this.words[index]}”)`).join(', ')}. Look at ${bad.length === 1 ? 'it' : 'them'} again.`;
  }
}

/** The words in what was pasted; numbers in front of them do no harm, nor do the head lines of the saved file. */
function wordsIn(text) {
  const numbered = [...text.matchAll(/\b\d{1,2}[.):]?\s+([a-z]+)/gi)].map((match) => match[1]);
  const words = numbered.length >= WORDS ? numbered.slice(-WORDS) : (text.match(/[a-z]+/gi) ?? []).slice(0, WORDS);
  return words.map((word) => word.toLowerCase());
}

customElements.define('p2p-login', Login);

export const title = () => 'Log in';
export const view = () => html`<p2p-login></p2p-login>`;
