import { html } from 'lit';

/** Leads to the page that lends a bucket, whose code nobody else needs. */
export const bucketSettings = () => html`<section class="card" aria-labelledby="bucket-settings-title">
  <h2 id="bucket-settings-title">Lend a bucket</h2>
  <p class="hint">Room at S3, or on a disk at home that speaks like it, earns you room here and is there while your browser is closed.</p>
  <a class="button" data-variant="quiet" href="/settings/bucket">Lend a bucket</a>
</section>`;
