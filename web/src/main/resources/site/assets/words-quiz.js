import { html, nothing } from 'lit';
import { store } from 'p2pcp/agent';
import { busy } from 'p2pcp/busy';
import { Component } from 'p2pcp/component';
import { explain } from 'p2pcp/errors';

/** Asks for some of the words. Events: `confirmed` when they are right, `back` to see them again. */
class WordsQuiz extends Component {
  static properties = { positions: { state: true }, error: { state: true }, working: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.#draw();
  }

  async #draw() {
    try {
      const positions = await store.agent.identity.quiz();
      this.positions = [...positions].sort((a, b) => a - b);
    } catch (error) {
      this.#say(error);
    }
  }

  render() {
    return html`<h1>Just to be sure</h1>
      <p>Take your copy at hand and type these words. It proves that you can read what you saved.</p>
      <form class="card quiz" @submit=${this.#check}>
        ${(this.positions ?? []).map(
          (position) =>
            html`<label
              >Word ${position + 1}
              <input name=${String(position)} autocomplete="off" autocapitalize="none" spellcheck="false" required
            /></label>`,
        )}
        ${this.error ? html`<p class="error" role="alert">${this.error}</p>` : nothing}
        <div class="actions">
          <button type="submit" aria-busy=${Boolean(this.working)} ?disabled=${!this.positions || this.working}>
            Check
          </button>
          <button type="button" data-variant="quiet" @click=${() => this.dispatchEvent(new Event('back'))}>
            See the words again
          </button>
        </div>
      </form>`;
  }

  async #check(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    const answers = this.positions.map((position) => ({
      position,
      word: form.get(String(position)).trim().toLowerCase(),
    }));
    this.working = true;
    this.error = null;
    try {
      if (await busy.during(store.agent.identity.confirm(answers))) this.dispatchEvent(new Event('confirmed'));
      else this.error = 'At least one of them is different. Look at your copy again, or see the words once more.';
    } catch (error) {
      this.#say(error);
    } finally {
      this.working = false;
    }
  }

  #say(error) {
    const { text, todo } = explain(error);
    this.error = `${text} ${todo}`;
  }
}

customElements.define('p2p-words-quiz', WordsQuiz);
