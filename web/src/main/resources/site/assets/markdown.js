import DOMPurify from 'dompurify';
import { Marked } from 'marked';

const ALLOWED = {
  USE_PROFILES: { html: true },
  FORBID_TAGS: [
    'style',
    'form',
    'input',
    'button',
    'select',
    'textarea',
    'img',
    'picture',
    'source',
    'video',
    'audio',
    'dialog',
  ],
  FORBID_ATTR: ['style', 'id', 'name', 'class'],
  RETURN_DOM_FRAGMENT: true,
};

const marked = new Marked({
  gfm: true,
  breaks: true,
  renderer: {
    checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
    image: ({ href, text }) => `<a href="${escaped(href)}">${escaped(text || href)}</a>`,
  },
});

DOMPurify.addHook('afterSanitizeAttributes', (node) => {
  if (node.nodeName !== 'A' || !node.hasAttribute('href')) return;
  if (node.origin === location.origin) return;
  node.setAttribute('target', '_blank');
  node.setAttribute('rel', 'noopener noreferrer');
});

/**
 * Turns Markdown into nodes that are safe to show. Pictures become links: loading them would tell a stranger's
 * server who reads the note and when.
 * @param {string} text
 * @returns {DocumentFragment}
 */
export function markdown(text) {
  return DOMPurify.sanitize(marked.parse(text, { async: false }), ALLOWED);
}

function escaped(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
