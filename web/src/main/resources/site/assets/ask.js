import { LitElement, html, nothing } from 'lit';

/**
 * Asks before something that cannot be undone.
 * @param {{title: string, text: string, yes: string, type?: string}} question `type` is a word to be typed first
 * @returns {Promise<boolean>} true for yes
 */
export function ask(question) {
  const dialog = document.createElement('p2p-ask');
  dialog.question = question;
  document.body.append(dialog);
  return dialog.answer;
}

class Ask extends LitElement {
  static properties = { question: {}, typed: { state: true } };
  #answer;
  #opener = document.activeElement;
  answer = new Promise((resolve) => (this.#answer = resolve));

  createRenderRoot() {
    return this;
  }

  firstUpdated() {
    this.querySelector('dialog').showModal();
  }

  render() {
    const { title, text, yes, type } = this.question;
    const ready = !type || this.typed?.trim().toLowerCase() === type;
    return html`<dialog aria-labelledby="ask-title" @close=${() => this.#close(false)}>
      <article>
        <h2 id="ask-title">${title}</h2>
        <p>${text}</p>
        <form @submit=${(event) => this.#submit(event, ready)}>
          ${type ? this.#typing(type) : nothing}
          <div class="actions end">
            <button type="button" data-variant="quiet" @click=${() => this.#close(false)}>Cancel</button>
            <button type="submit" data-variant="danger" ?disabled=${!ready}>${yes}</button>
          </div>
        </form>
      </article>
    </dialog>`;
  }

  #typing(type) {
    return html`<label>
      Type <strong>${type}</strong> to go on
      <input
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        @input=${(event) => (this.typed = event.target.value)}
      />
    </label>`;
  }

  #submit(event, ready) {
    event.preventDefault();
    if (ready) this.#close(true);
  }

  #close(yes) {
    this.#answer(yes);
    this.remove();
    if (this.#opener?.isConnected) this.#opener.focus();
  }
}

customElements.define('p2p-ask', Ask);
