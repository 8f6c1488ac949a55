/** Work shorter than this many milliseconds shows no sign: a flash would only disturb. */
const QUIET_MS = 300;

class Busy extends EventTarget {
  #working = 0;
  #timer = 0;
  /** True while some work takes longer than the quiet time. */
  shown = false;

  /**
   * Shows the slim bar while the promise takes longer than 300 ms.
   * @template T
   * @param {Promise<T>} promise
   * @returns {Promise<T>} the same promise
   */
  during(promise) {
    this.#working++;
    this.#timer ||= setTimeout(() => this.#show(true), QUIET_MS);
    const done = () => {
      if (--this.#working > 0) return;
      clearTimeout(this.#timer);
      this.#timer = 0;
      this.#show(false);
    };
    promise.then(done, done);
    return promise;
  }

  #show(shown) {
    if (this.shown === shown) return;
    this.shown = shown;
    this.dispatchEvent(new Event('change'));
  }
}

/** The page's one sign that something is going on. */
export const busy = new Busy();
