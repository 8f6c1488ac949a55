import { html, nothing } from 'lit';
import { store } from 'p2pcp/agent';
import { ask } from 'p2pcp/ask';
import { bucketCost } from 'p2pcp/bucket-cost';
import { CORS_RULE, explainBucket } from 'p2pcp/bucket-errors';
import { busy } from 'p2pcp/busy';
import { Component } from 'p2pcp/component';
import { blocks, roomOf, size } from 'p2pcp/format';
import { toasts } from 'p2pcp/toasts';
import 'p2pcp/bucket-nearby';

const GB = 1e9;
const LOOK_MILLIS = 5_000;
const LEND_FIRST = 4_000;

/** Lends a bucket: says where it is, tries it out, shows what it keeps and costs. */
class LendBucket extends Component {
  static properties = {
    bucket: { state: true },
    known: { state: true },
    working: { state: true },
    told: { state: true },
    slots: { state: true },
    named: { state: true },
  };
  #timer = 0;

  connectedCallback() {
    super.connectedCallback();
    this.#look();
    this.#timer = setInterval(() => document.hidden || this.#look(), LOOK_MILLIS);
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
    super.disconnectedCallback();
  }

  async #look() {
    try {
      this.bucket = await store.agent.bucket.state();
    } catch (error) {
      this.told ??= { wrong: explainBucket(error) };
    }
    this.known = true;
  }

  render() {
    return html`
      <p><a href="/settings">← Settings</a></p>
      <h1>Lend a bucket</h1>
      <p class="hint">
        Room at Amazon S3 or anything that speaks like it: Backblaze, Cloudflare R2, MinIO on a disk at home. What you lend
        there earns room for what is yours, and your public pages can be read from it for a week while your browser is
        closed.
      </p>
      ${this.bucket ? this.#kept(this.bucket) : nothing}
      ${this.known ? this.#form(this.bucket) : html`<p aria-busy="true" role="status">Looking…</p>`}
      <p2p-bucket-nearby></p2p-bucket-nearby>
    `;
  }

  #kept(bucket) {
    if (!bucket.here) {
      return html`<section class="card" data-testid="bucket-elsewhere">
        <h2>${bucket.bucket}</h2>
        <p>Another device of yours lends this bucket. Its key is known here too: check it below to lend it from this browser as well.</p>
      </section>`;
    }
    const trouble = bucket.trouble ? explainBucket({ code: `bucket-${bucket.trouble}` }) : null;
    return html`<section class="card" aria-labelledby="bucket-title" data-testid="bucket-state">
      <h2 id="bucket-title">${bucket.bucket}</h2>
      ${
        bucket.spent
          ? html`<p class="error" role="status"><strong>This month’s budget is spent.</strong> Nothing more is taken or read for others until the next month; what is kept stays, and the last quarter is left to show that it is there.</p>`
          : trouble
            ? html`<p class="error" role="status" data-testid="bucket-trouble"><strong>${trouble.text}</strong> ${trouble.todo}</p>`
            : html`<p class="ok" role="status">Lent, and working.</p>`
      }
      <dl class="facts">
        <div><dt>Kept</dt><dd data-testid="bucket-blocks">${blocks(bucket.blocks)}</dd><dd>${size(bucket.kept)}</dd></div>
        <div><dt>Public, and there without you</dt><dd data-testid="bucket-published">${blocks(bucket.published)}</dd><dd>for a week</dd></div>
        <div><dt>Requests this month</dt><dd data-testid="bucket-requests">${(bucket.puts + bucket.gets).toLocaleString('en')}</dd><dd>${bucket.requests ? `of ${bucket.requests.toLocaleString('en')}` : 'no limit'}</dd></div>
        <div><dt>Traffic this month</dt><dd>${size(bucket.bytesIn + bucket.bytesOut)}</dd><dd>${bucket.bytes ? `of ${size(bucket.bytes)}` : 'no limit'}</dd></div>
      </dl>
      ${bucketCost(bucket, () => this.requestUpdate())}
      <div class="actions">
        <button type="button" data-variant="quiet" ?disabled=${this.working} @click=${this.#end}>Stop lending it</button>
      </div>
    </section>`;
  }

  #form(bucket) {
    const own = store.status?.lending.slots ?? 0;
    const slots = this.slots ?? (bucket?.here ? own : Math.max(own, LEND_FIRST));
    const told = this.told ?? {};
    const text = (name, label, more = {}) => html`<label
      >${label}
      <input
        name=${name}
        type=${more.type ?? 'text'}
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        placeholder=${more.placeholder ?? nothing}
        inputmode=${more.inputmode ?? nothing}
        ?required=${more.required}
        .defaultValue=${more.value ?? ''}
      />
      ${more.help ? html`<small>${more.help}</small>` : nothing}
    </label>`;
    return html`<section class="card" aria-labelledby="bucket-form-title">
      <h2 id="bucket-form-title">${bucket ? 'Change it' : 'Your bucket'}</h2>
      <form @submit=${this.#lend} @input=${() => (this.told = null)} novalidate>
        <fieldset class="pair">
          ${text('endpoint', 'Endpoint', { required: true, inputmode: 'url', placeholder: 'https://s3.eu-central-1.amazonaws.com', value: bucket?.endpoint })}
          ${text('region', 'Region', { placeholder: 'us-east-1', value: bucket?.region })}
          ${text('bucket', 'Bucket', { required: true, value: bucket?.bucket })}
          ${text('prefix', 'Folder in it', { placeholder: 'p2pcp/', value: bucket?.prefix ?? 'p2pcp/' })}
          ${text('keyId', 'Access key', { required: true, value: bucket?.keyId })}
          ${text('secret', 'Secret key', { type: 'password', required: !bucket, placeholder: bucket ? 'as it is' : '' })}
        </fieldset>
        <label>
          <input type="checkbox" role="switch" name="virtual" .defaultChecked=${bucket ? !bucket.pathStyle : false} />
          The bucket is part of the server’s name
        </label>
        <p class="hint">
          As in <code>my-bucket.s3.amazonaws.com</code>; off for MinIO and most others. Your keys stay with you: sealed
          among your own private data, so that your next device has them. No index server is told of them.
        </p>
        <fieldset class="pair">
          <label>Room you lend, in blocks
            <input name="slots" type="number" min="1" max="100000" inputmode="numeric" .value=${String(slots)} @input=${(event) => (this.slots = Math.max(1, Math.floor(Number(event.target.value)) || 1))} />
            <small>${roomOf(slots)} in all, this browser’s included</small>
          </label>
          ${text('requests', 'Requests a month at most', { type: 'number', inputmode: 'numeric', value: String(bucket?.requests || ''), placeholder: 'no limit' })}
          ${text('traffic', 'Traffic a month at most, in GB', { type: 'number', inputmode: 'decimal', value: bucket?.bytes ? String(bucket.bytes / GB) : '', placeholder: 'no limit' })}
        </fieldset>
        <div role="status" data-testid="bucket-told">
          ${told.right ? html`<p class="ok">${told.right}</p>` : nothing}
          ${told.wrong ? html`<p class="error"><strong>${told.wrong.text}</strong> ${told.wrong.todo}</p>` : nothing}
          ${told.wrong?.cors ? html`<pre class="rule" data-testid="cors-rule">${CORS_RULE}</pre>` : nothing}
        </div>
        <div class="actions">
          <button type="submit" aria-busy=${this.working === 'lend'} ?disabled=${this.working}>${bucket?.here ? 'Save' : 'Lend this bucket'}</button>
          <button type="button" data-variant="quiet" aria-busy=${this.working === 'check'} ?disabled=${this.working} @click=${this.#check}>Check it</button>
        </div>
      </form>
    </section>`;
  }

  /** What the form says, or null with the reason told. */
  #read() {
    const form = new FormData(this.querySelector('form'));
    const of = (name) => String(form.get(name) ?? '').trim();
    const address = of('endpoint').includes('://') ? of('endpoint') : `https://${of('endpoint')}`;
    if (!URL.canParse(address) || !of('bucket') || !of('keyId')) {
      this.told = { wrong: { text: 'Something is missing.', todo: 'Fill in endpoint, bucket and both keys.' } };
      return null;
    }
    return {
      endpoint: new URL(address).origin,
      region: of('region') || 'us-east-1',
      bucket: of('bucket'),
      prefix: of('prefix').replace(/^\/+/, ''),
      pathStyle: !form.has('virtual'),
      keyId: of('keyId'),
      secret: of('secret'),
      requests: Math.max(0, Math.floor(Number(of('requests')) || 0)),
      bytes: Math.max(0, Math.floor((Number(of('traffic')) || 0) * GB)),
    };
  }

  async #during(what, wanted, work) {
    this.working = what;
    this.told = null;
    try {
      await busy.during(work(wanted));
    } catch (error) {
      this.told = { wrong: await explainBucket.at(error, wanted) };
    } finally {
      this.working = null;
    }
  }

  #check() {
    const wanted = this.#read();
    if (!wanted) return;
    return this.#during('check', wanted, async () => {
      await store.agent.bucket.check(wanted);
      this.told = { right: 'It works: an object was written, read, listed and removed.' };
    });
  }

  #lend(event) {
    event.preventDefault();
    const wanted = this.#read();
    if (!wanted) return;
    const slots = Number(new FormData(event.target).get('slots'));
    return this.#during('lend', wanted, async () => {
      this.bucket = await store.agent.bucket.lend(wanted);
      if (slots > 0) store.show(await store.agent.lend(slots));
      this.slots = undefined;
      toasts.say('Saved.');
    });
  }

  async #end() {
    const yes = await ask({
      title: 'Stop lending this bucket?',
      text: 'What only the bucket keeps for others is given up, and they make other copies. Your own data stays in this browser. Objects that remain in the bucket you can delete.',
      yes: 'Stop lending',
    });
    if (!yes) return;
    await this.#during('end', null, async () => {
      this.bucket = await store.agent.bucket.end();
      toasts.say('No longer lent.');
    });
  }
}

customElements.define('p2p-lend-bucket', LendBucket);

export const title = () => 'Lend a bucket';
export const view = () => html`<p2p-lend-bucket></p2p-lend-bucket>`;
