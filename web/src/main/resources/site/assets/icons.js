import { html, svg } from 'lit';

const STROKES = {
  home: svg`<path d="M4 11.5 12 4l8 7.5"/><path d="M6 10v9.5h12V10"/><path d="M10 19.5v-5h4v5"/>`,
  notes: svg`<path d="M6 3.5h9l3.5 3.5v13.5H6z"/><path d="M9.5 10h5.5M9.5 13.5h5.5M9.5 17h3"/>`,
  files: svg`<path d="M3.5 6.5v12h17v-10h-9l-2-2.5h-6z"/>`,
  share: svg`<circle cx="6.5" cy="12" r="2.5"/><circle cx="17" cy="6" r="2.5"/><circle cx="17" cy="18" r="2.5"/><path d="m8.8 10.8 6-3.5M8.8 13.2l6 3.5"/>`,
  people: svg`<circle cx="9" cy="8.5" r="3.5"/><path d="M2.5 20c.4-4 3-6 6.5-6s6.1 2 6.5 6"/><path d="M15.5 5.4a3.5 3.5 0 0 1 0 6.2M18 14.6c2 .8 3.2 2.6 3.5 5.4"/>`,
  channels: svg`<path d="M4 5h16v11.5H11L6.5 20v-3.5H4z"/><path d="M8 9.5h8M8 12.5h5"/>`,
  reply: svg`<path d="M10 6 4.5 11.5 10 17M4.5 11.5H14c3.5 0 5.5 2 5.5 6"/>`,
  more: svg`<circle cx="6" cy="12" r="1"/><circle cx="12" cy="12" r="1"/><circle cx="18" cy="12" r="1"/>`,
  profile: svg`<circle cx="12" cy="8.5" r="4"/><path d="M4.5 20.5c.6-4.5 3.4-6.5 7.5-6.5s6.9 2 7.5 6.5"/>`,
  blocks: svg`<path d="M12 3.5 20 8v8l-8 4.5L4 16V8z"/><path d="M4 8l8 4.5L20 8M12 12.5v8"/>`,
  settings: svg`<path d="M4 7h8M18 7h2M4 17h2M12 17h8"/><circle cx="15" cy="7" r="2.5"/><circle cx="9" cy="17" r="2.5"/>`,
  close: svg`<path d="M6 6l12 12M18 6 6 18"/>`,
  plus: svg`<path d="M12 5v14M5 12h14"/>`,
  check: svg`<path d="m5 12.5 4.5 4.5L19 7.5"/>`,
  key: svg`<circle cx="8" cy="15" r="4.5"/><path d="m11.5 11.5 8-8M16 7l3 3"/>`,
  copy: svg`<rect x="8.5" y="8.5" width="11" height="11" rx="2"/><path d="M15.5 5.5v-1h-11v11h1"/>`,
  search: svg`<circle cx="10.5" cy="10.5" r="6"/><path d="m15 15 5 5"/>`,
  trash: svg`<path d="M5 7h14M10 7V4.5h4V7M7 7l1 12.5h8L17 7"/>`,
  back: svg`<path d="M19 12H5M11 6l-6 6 6 6"/>`,
  shield: svg`<path d="M12 3.5 19 6v5.5c0 4.5-2.8 7.5-7 9-4.2-1.5-7-4.5-7-9V6z"/><path d="m9 12 2.2 2.2L15.2 10"/>`,
  wait: svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5V12l3 2"/>`,
  picture: svg`<rect x="3.5" y="5" width="17" height="14" rx="2"/><circle cx="9" cy="10" r="1.7"/><path d="m4.5 17.5 5-4.5 3.5 3 3-2.5 4 3.5"/>`,
  eye: svg`<path d="M2.5 12C5 7.5 8.2 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-5.7 6.5-9.5 6.5S5 16.5 2.5 12z"/><circle cx="12" cy="12" r="3"/>`,
};

/** A small line drawing in the colour of the text around it; it says nothing that the text does not. */
export function icon(name) {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${STROKES[name]}</svg>`;
}

/** The mark of the site: three places that hold each other. */
export function mark() {
  return html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <path d="M16 8.5 9 21.5h14z" fill="none" stroke="currentColor" stroke-width="2" opacity=".45" />
    <circle cx="16" cy="8" r="5" fill="currentColor" />
    <circle cx="8.5" cy="22" r="5" fill="currentColor" opacity=".8" />
    <circle cx="23.5" cy="22" r="5" fill="currentColor" opacity=".6" />
  </svg>`;
}
