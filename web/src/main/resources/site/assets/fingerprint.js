import { LitElement, html, nothing, svg } from 'lit';

const CELLS = 5;
const HALF = 3;

/** A small picture made from somebody's key: the same for everyone, different for every key. */
class Fingerprint extends LitElement {
  static properties = { did: {}, drawing: { state: true } };

  createRenderRoot() {
    return this;
  }

  willUpdate(changed) {
    if (changed.has('did')) this.#draw(this.did);
  }

  async #draw(did) {
    if (!did) return;
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(did)));
    if (this.did === did) this.drawing = pattern(hash);
  }

  render() {
    return this.drawing ?? nothing;
  }
}

/** Mirrored cells like a face, in a hue taken from the key. */
function pattern(hash) {
  const hue = Math.round((((hash[0] << 8) | hash[1]) / 65_536) * 360);
  const other = (hue + 40 + (hash[2] % 80)) % 360;
  const cells = [];
  for (let column = 0; column < HALF; column++) {
    for (let row = 0; row < CELLS; row++) {
      const value = hash[3 + column * CELLS + row];
      if (value % 5 < 2) continue;
      const fill = value % 5 === 4 ? `hsl(${other} 55% 48%)` : `hsl(${hue} 52% 40%)`;
      cells.push(cell(column, row, fill));
      if (column !== CELLS - 1 - column) cells.push(cell(CELLS - 1 - column, row, fill));
    }
  }
  return html`<svg class="fingerprint" viewBox="0 0 7 7" aria-hidden="true" focusable="false">
    <rect width="7" height="7" rx="1.4" fill=${`hsl(${hue} 45% 92%)`} />
    ${cells}
  </svg>`;
}

function cell(column, row, fill) {
  return svg`<rect x=${column + 1} y=${row + 1} width="1.02" height="1.02" fill=${fill} />`;
}

customElements.define('p2p-fingerprint', Fingerprint);
