import * as start from 'p2pcp/start';

/**
 * A screen: `load` gives a module with `view(params)` (a template) and `title(params)`;
 * `bare` screens stand without navigation, `plain` ones need no styles of pages.
 */
const BARE = {
  missing: { load: () => import('p2pcp/missing') },
  failed: { load: () => import('p2pcp/failed') },
  lost: { load: () => import('p2pcp/lost') },
  locked: { load: () => import('p2pcp/unlock') },
};
const START = { load: () => start, plain: true };
const LOGIN = { load: () => import('p2pcp/login') };
const SHARED = { path: /^\/f$/, load: () => import('p2pcp/shared-file') };
const NOT_FOUND = { load: () => import('p2pcp/not-found') };

const ROUTES = [
  { path: /^\/(?:login)?$/, load: () => import('p2pcp/home') },
  { path: /^\/notes(?:\/(?<id>[\w-]{1,64}))?$/, load: () => import('p2pcp/notes') },
  { path: /^\/files$/, load: () => import('p2pcp/files') },
  SHARED,
  { path: /^\/channels$/, load: () => import('p2pcp/channels') },
  { path: /^\/profile$/, load: () => import('p2pcp/profile') },
  { path: /^\/people$/, load: () => import('p2pcp/people') },
  { path: /^\/u\/(?<did>[\w:%.-]{1,200})$/, load: () => import('p2pcp/person') },
  { path: /^\/blocks$/, load: () => import('p2pcp/blocks') },
  { path: /^\/settings\/bucket$/, load: () => import('p2pcp/bucket') },
  { path: /^\/settings$/, load: () => import('p2pcp/settings') },
  { path: /^\/words$/, load: () => import('p2pcp/words') },
];

/**
 * What to show for a phase of the agent at a path.
 * @returns {{key: object, load: () => unknown, params: object, bare: boolean, plain?: boolean}}
 */
export function screenFor(phase, path) {
  if (phase !== 'open') return bareScreen(phase, path);
  for (const route of ROUTES) {
    const match = route.path.exec(path);
    if (match) return { key: route, load: route.load, params: decoded(match.groups), bare: false };
  }
  return { key: NOT_FOUND, load: NOT_FOUND.load, params: {}, bare: false };
}

function bareScreen(phase, path) {
  const shared = SHARED.path.test(path) && (phase === 'new' || phase === 'locked');
  const screen = shared ? SHARED : BARE[phase] ?? (path === '/login' ? LOGIN : START);
  return { key: screen, load: screen.load, params: { path }, bare: true, plain: screen.plain };
}

function decoded(groups = {}) {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, value && decodePart(value)]));
}

function decodePart(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a stray % is no reason to fail; the page will say that it knows nobody of that name
  }
}
