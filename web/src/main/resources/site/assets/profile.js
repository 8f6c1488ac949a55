import { html, nothing } from 'lit';
import { store } from 'p2pcp/agent';
import { busy } from 'p2pcp/busy';
import { Component } from 'p2pcp/component';
import { personLink, personPath } from 'p2pcp/did';
import { explain, explainWaiting } from 'p2pcp/errors';
import { copiesNow, size } from 'p2pcp/format';
import { FollowItems, items } from 'p2pcp/items';
import {
  ABOUT_LENGTH,
  NAME_LENGTH,
  PICTURE,
  PICTURE_BYTES,
  PICTURE_TYPES,
  PROFILE,
  profileBytes,
  profileOf,
  readProfile,
} from 'p2pcp/profile-data';
import { toasts } from 'p2pcp/toasts';
import 'p2pcp/conflicts';
import 'p2pcp/copy-field';
import 'p2pcp/fingerprint';
import 'p2pcp/lend-more';

/** One's own public page: edit, publish, hand on the link. */
class Profile extends Component {
  static properties = {
    state: { state: true },
    name: { state: true },
    about: { state: true },
    picture: { state: true },
    saving: { state: true },
    error: { state: true },
    edited: { state: true },
  };
  #base;
  /** Version of the published profile that was looked at last. */
  #seen = 0;
  #pictureChanged = false;
  #url = null;

  constructor() {
    super();
    Object.assign(this, {
      state: 'loading',
      name: '',
      about: '',
      picture: null,
      saving: false,
      error: null,
      edited: false,
    });
    new FollowItems(this);
  }

  connectedCallback() {
    super.connectedCallback();
    this.#load();
  }

  disconnectedCallback() {
    this.#showPicture(null);
    super.disconnectedCallback();
  }

  /** Another tab or device may have published since. */
  updated() {
    const newer = (items.at(PROFILE)?.version ?? 0) > this.#seen;
    if (newer && this.state === 'ready' && !this.edited && !this.saving) this.#load();
  }

  async #load() {
    this.state = 'loading';
    try {
      await busy.during(items.ready());
      this.#seen = items.at(PROFILE)?.version ?? 0;
      const found = items.at(PROFILE) ? await busy.during(readProfile()) : null;
      if (this.edited) return;
      this.#base = found?.version;
      this.name = found?.profile.name ?? '';
      this.about = found?.profile.about ?? '';
      this.#showPicture(found?.picture ?? null);
    } catch (error) {
      this.error = error;
    } finally {
      this.state = 'ready';
    }
  }

  render() {
    return html`
      <h1>Profile</h1>
      <p class="hint">
        Public: anyone who has your link can read it, even while you are away. It is signed, so nobody else can alter
        it.
      </p>
      ${linkCard()} ${this.#refusal()}
      <p2p-conflicts
        .path=${PROFILE}
        single
        .now=${`${this.name}\n\n${this.about}`}
        .show=${profileText}
        @use=${(event) => this.#use(event.detail)}
      ></p2p-conflicts>
      <form
        class="profile-form"
        aria-busy=${this.state === 'loading'}
        @submit=${this.#submit}
        @input=${() => (this.edited = true)}
      >
        <fieldset ?disabled=${this.state === 'loading' && this.#seen === 0}>
          ${this.#pictureField()}
          <label
            >Name
            <input
              name="name"
              autocomplete="name"
              maxlength=${NAME_LENGTH}
              .value=${this.name}
              placeholder="How people know you"
              @input=${(event) => (this.name = event.target.value)}
            />
          </label>
          <label
            >About you
            <textarea
              name="about"
              rows="5"
              maxlength=${ABOUT_LENGTH}
              .value=${this.about}
              placeholder="A few words, if you like"
              @input=${(event) => (this.about = event.target.value)}
            ></textarea>
          </label>
        </fieldset>
        <div class="actions">
          <button type="submit" aria-busy=${this.saving} ?disabled=${this.saving || this.state === 'loading'}>
            Publish
          </button>
          <span class="note-state" role="status" data-testid="profile-state">${this.#stored()}</span>
        </div>
      </form>
    `;
  }

  #pictureField() {
    return html`<div class="picture-field">
      ${
        this.picture
          ? html`<img class="portrait" src=${this.picture} alt="Your picture" />`
          : html`<p2p-fingerprint class="portrait" .did=${store.me?.did}></p2p-fingerprint>`
      }
      <div>
        <label
          >Picture
          <input type="file" accept=${PICTURE_TYPES.join(',')} @change=${this.#choose} />
        </label>
        <small>Kept as it is, up to ${size(PICTURE_BYTES)}.</small>
        ${this.picture ? html`<button type="button" data-variant="small quiet" @click=${this.#noPicture}>Remove picture</button>` : nothing}
      </div>
    </div>`;
  }

  #stored() {
    if (this.saving) return 'Publishing…';
    if (this.edited) return 'Not published yet';
    const item = items.at(PROFILE);
    if (!item) return nothing;
    if (item.placement === 'waiting')
      return html`Saved here · <span class="wait">waiting: ${explainWaiting(item.why).text}</span>`;
    return `Published · ${copiesNow(item.copies)}`;
  }

  #refusal() {
    if (!this.error) return nothing;
    if (this.error.code === 'over-allowance') {
      return html`<p2p-lend-more
        .error=${this.error}
        what="Your profile is not published yet."
        verb="publish"
        .again=${() => this.#save()}
      ></p2p-lend-more>`;
    }
    const { text, todo } = explain(this.error);
    return html`<p class="error" role="alert">${text} ${todo}</p>`;
  }

  #choose(event) {
    const [file] = event.target.files;
    if (!file) return;
    event.target.value = '';
    if (!PICTURE_TYPES.includes(file.type))
      return toasts.say('Choose a picture: JPEG, PNG, WebP, GIF or AVIF.', { bad: true });
    if (file.size > PICTURE_BYTES) {
      return toasts.say(`This picture has ${size(file.size)}. Choose one of at most ${size(PICTURE_BYTES)}.`, {
        bad: true,
      });
    }
    this.#pictureChanged = true;
    this.edited = true;
    this.#showPicture(file);
  }

  #noPicture() {
    this.#pictureChanged = true;
    this.edited = true;
    this.#showPicture(null);
  }

  #showPicture(blob) {
    if (this.#url) URL.revokeObjectURL(this.#url);
    this.file = blob;
    this.#url = this.picture = blob ? URL.createObjectURL(blob) : null;
  }

  #submit(event) {
    event.preventDefault();
    this.#save();
  }

  /** The picture first: a profile never names a picture that is not there. */
  async #save() {
    this.saving = true;
    this.error = null;
    try {
      await busy.during(this.#publish());
      this.edited = false;
      toasts.say('Your profile is published.');
    } catch (error) {
      this.error = error;
    } finally {
      this.saving = false;
    }
  }

  async #publish() {
    const { agent } = store;
    if (this.#pictureChanged && this.file) {
      items.keep(await agent.put(PICTURE, new Uint8Array(await this.file.arrayBuffer()), { public: true }));
    }
    const bytes = profileBytes({ name: this.name, about: this.about, pictureType: this.file?.type });
    const item = await agent.put(PROFILE, bytes, { public: true, base: this.#base });
    this.#base = this.#seen = item.version;
    items.keep(item);
    if (this.#pictureChanged && !this.file && items.at(PICTURE)) await agent.remove(PICTURE);
    this.#pictureChanged = false;
  }

  async #use(conflict) {
    const { name, about } = profileOf(conflict.bytes);
    Object.assign(this, { name, about });
    await this.#save();
    if (!this.error) await store.dismiss(conflict);
  }
}

function profileText(bytes) {
  const { name, about } = profileOf(bytes);
  return `${name}\n\n${about}`;
}

function linkCard() {
  const { did } = store.me;
  return html`<article class="card link-card">
    <p2p-fingerprint .did=${did}></p2p-fingerprint>
    <div>
      <h2>Your link</h2>
      <p2p-copy-field label="your link" .value=${personLink(did)} data-testid="own-link"></p2p-copy-field>
      <p class="hint">
        The little picture is made from your key: friends see the same one on your page.
        <a href=${personPath(did)}>See your page as others do</a>
      </p>
    </div>
  </article>`;
}

customElements.define('p2p-profile', Profile);

export const title = () => 'Profile';
export const view = () => html`<p2p-profile></p2p-profile>`;
