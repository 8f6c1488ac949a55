import { html } from 'lit';

const KEY = 'p2pcp-bucket-prices';
const GB = 1e9;

/** Listed prices of Amazon S3 Standard in US East, in dollars: where most people begin. */
const LISTED = { put: 0.005, get: 0.0004, month: 0.023, out: 0.09 };
const LABELS = {
  put: 'a thousand writes',
  get: 'a thousand reads',
  month: 'a GB kept for a month',
  out: 'a GB read',
};

/** What the bucket's month costs at prices that the person can edit. */
export function bucketCost(bucket, again) {
  const prices = read();
  const cost =
    (bucket.puts / 1000) * prices.put +
    (bucket.gets / 1000) * prices.get +
    (bucket.kept / GB) * prices.month +
    (bucket.bytesOut / GB) * prices.out;
  const set = (name) => (event) => {
    write({ ...read(), [name]: Math.max(0, Number(event.target.value) || 0) });
    again();
  };
  return html`<p data-testid="bucket-cost">About <strong>${money(cost)}</strong> this month at the prices below.</p>
    <details>
      <summary>Prices</summary>
      <p class="hint">
        Those that Amazon lists for its American bucket class “Standard”; what yours charges you find on your bill.
      </p>
      <div class="pair">
        ${Object.entries(LABELS).map(
          ([name, label]) =>
            html`<label
              >$ for ${label}
              <input type="number" min="0" step="any" inputmode="decimal" .value=${String(prices[name])} @change=${set(name)} />
            </label>`,
        )}
      </div>
    </details>`;
}

function money(dollars) {
  return dollars > 0 && dollars < 0.01
    ? 'less than one cent'
    : dollars.toLocaleString('en', { style: 'currency', currency: 'USD' });
}

function read() {
  try {
    return { ...LISTED, ...JSON.parse(localStorage.getItem(KEY) ?? '{}') };
  } catch {
    return LISTED;
  }
}

function write(prices) {
  try {
    localStorage.setItem(KEY, JSON.stringify(prices));
  } catch {
    // A browser that keeps nothing shows the listed ones again.
  }
}
