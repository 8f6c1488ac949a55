/** Tells `change` when the address changed. */
class Router extends EventTarget {
  #wish = null;

  constructor() {
    super();
    window.addEventListener('popstate', () => this.#changed());
    document.addEventListener('click', (event) => this.#follow(event));
  }

  /** The path of the address. */
  get path() {
    return location.pathname;
  }

  /** Goes to a path of the site without loading the page again. */
  go(path, { replace = false } = {}) {
    if (path === this.path && !location.hash) return;
    history[replace ? 'replaceState' : 'pushState'](null, '', path);
    this.#changed();
  }

  /** Leaves a wish for the page that comes next, such as `search`. */
  wish(what) {
    this.#wish = what;
  }

  /** True once if that was wished. */
  wants(what) {
    const wanted = this.#wish === what;
    if (wanted) this.#wish = null;
    return wanted;
  }

  /** Names the page in the tab and the history. */
  title(text) {
    document.title = text ? `${text} · p2pcp` : 'p2pcp';
  }

  #follow(event) {
    const plain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
    if (!plain || event.defaultPrevented || !link || link.target || link.hasAttribute('download')) return;
    const url = new URL(link.href);
    if (url.origin !== location.origin || url.hash) return;
    event.preventDefault();
    this.go(url.pathname);
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

/** The site's one router. */
export const router = new Router();
