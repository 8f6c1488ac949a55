// Runs in every page before the page's own scripts: how a test talks to the agent of the page.
globalThis.trial = {
  /** The agent of this page: the one that the site opened, or one that `open` was called for. */
  agent: null,

  bytes: (base64) => Uint8Array.fromBase64(base64),

  /** Does the work and answers as JSON, bytes in base64; a rejection is an answer too. */
  async ask(work, argument) {
    try {
      return JSON.stringify({ value: await work(trial.agent, argument) }, asText);
    } catch (error) {
      const { code, figures, message, stack } = error ?? {};
      return JSON.stringify({ refused: { code, figures, message: code ? message : String(stack ?? error) } });
    }
  },

  /** Resolves with the first answer of `look` that is neither null nor false; looks after every event of the agent. */
  until(look, millis) {
    const { agent } = trial;
    return new Promise((resolve, reject) => {
      let last;
      let busy = false;
      let again = false;
      const stop = ['status', 'item', 'conflict', 'state'].map((event) => agent.on(event, () => check()));
      // Who is online changes without an event of its own.
      const ticks = setInterval(() => check(), 500);
      const timer = setTimeout(() => end(reject, new Error(`in vain: ${JSON.stringify(last, asText)}`)), millis);
      function end(how, value) {
        stop.forEach((each) => each());
        clearInterval(ticks);
        clearTimeout(timer);
        how(value);
      }
      async function check() {
        again = true;
        if (busy) return;
        busy = true;
        try {
          while (again) {
            again = false;
            last = await look(agent, (seen) => (last = seen));
            if (last !== null && last !== undefined && last !== false && last.not === undefined) return end(resolve, last);
          }
        } catch (error) {
          end(reject, error);
        } finally {
          busy = false;
        }
      }
      check();
    });
  },
};

function asText(_, value) {
  return value instanceof Uint8Array ? value.toBase64() : value;
}
