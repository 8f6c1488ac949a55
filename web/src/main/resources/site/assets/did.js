const DID = /did:key:z[1-9A-HJ-NP-Za-km-z]{40,60}/;

/**
 * Finds a person's did:key in what somebody pasted: the key itself or a link to the person's page.
 * @param {string} text
 * @returns {string | null}
 */
export function didIn(text) {
  return DID.exec(decodeURIComponentSafely(text))?.[0] ?? null;
}

/** The path of a person's page. */
export function personPath(did) {
  return `/u/${did}`;
}

/** The link that a person hands on. */
export function personLink(did) {
  return `${location.origin}${personPath(did)}`;
}

function decodeURIComponentSafely(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // not an encoded link, so it is looked at as it stands
  }
}
