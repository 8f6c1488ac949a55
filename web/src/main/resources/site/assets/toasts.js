import { LitElement, html, nothing } from 'lit';
import { explain } from 'p2pcp/errors';
import { icon } from 'p2pcp/icons';
import { router } from 'p2pcp/router';

const MAX_TOASTS = 4;
const STAY_MS = 6_000;
const STAY_WITH_ACTION_MS = 12_000;

class Toasts extends EventTarget {
  /** @type {{id: number, text: string, bad: boolean, action?: {label: string, run: () => unknown}}[]} */
  list = [];
  #next = 1;
  #timers = new Map();

  /** Says something in passing; with an action it stays longer. */
  say(text, { action, bad = false } = {}) {
    const toast = { id: this.#next++, text, bad, action };
    for (const old of this.list.slice(0, Math.max(0, this.list.length - MAX_TOASTS + 1))) this.drop(old);
    this.list = [...this.list, toast];
    if (!bad) this.leaveLater(toast);
    this.#changed();
  }

  /** Says what went wrong and what to do; it stays until it is closed. */
  fail(error) {
    const { text, todo } = explain(error);
    const action =
      error?.code === 'over-allowance' ? { label: 'Settings', run: () => router.go('/settings') } : undefined;
    this.say(`${text} ${todo}`, { bad: true, action });
  }

  drop(toast) {
    this.stay(toast);
    this.list = this.list.filter((other) => other !== toast);
    this.#changed();
  }

  /** Holds a toast while somebody points at it or has the focus in it. */
  stay(toast) {
    clearTimeout(this.#timers.get(toast.id));
    this.#timers.delete(toast.id);
  }

  leaveLater(toast) {
    if (toast.bad) return;
    this.stay(toast);
    const time = toast.action ? STAY_WITH_ACTION_MS : STAY_MS;
    this.#timers.set(
      toast.id,
      setTimeout(() => this.drop(toast), time),
    );
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

/** Short messages at the edge of the page. */
export const toasts = new Toasts();

class ToastList extends LitElement {
  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    toasts.addEventListener('change', () => this.requestUpdate());
  }

  render() {
    return html`<div class="toasts" role="region" aria-label="Messages">
      <div aria-live="polite">${toasts.list.filter((toast) => !toast.bad).map(toastView)}</div>
      <div role="alert">${toasts.list.filter((toast) => toast.bad).map(toastView)}</div>
    </div>`;
  }
}

function toastView(toast) {
  const act = () => {
    toasts.drop(toast);
    toast.action.run();
  };
  return html`<div
    class="toast ${toast.bad ? 'bad' : ''}"
    data-testid="toast"
    @pointerenter=${() => toasts.stay(toast)}
    @pointerleave=${() => toasts.leaveLater(toast)}
    @focusin=${() => toasts.stay(toast)}
    @focusout=${() => toasts.leaveLater(toast)}
  >
    <span>${toast.text}</span>
    ${toast.action ? html`<button class="toast-action" @click=${act}>${toast.action.label}</button>` : nothing}
    <button class="icon-button" aria-label="Close message" @click=${() => toasts.drop(toast)}>${icon('close')}</button>
  </div>`;
}

customElements.define('p2p-toasts', ToastList);
