import { store } from 'p2pcp/agent';

/** Where a person's public page is stored. */
export const PROFILE = '/profile';
export const PICTURE = '/profile/picture';

/** Longest name and text that are shown, in characters, and the largest picture, in bytes. */
export const NAME_LENGTH = 80;
export const ABOUT_LENGTH = 2_000;
export const PICTURE_BYTES = 2_097_152;

/** Kinds of picture that are shown; anything else from a stranger is not. */
export const PICTURE_TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif'];

/**
 * Reads what somebody published as their profile. It is a stranger's data: everything is checked and cut.
 * @param {Uint8Array} bytes
 * @returns {{name: string, about: string, picture: string | null, pictureType: string | null}}
 */
export function profileOf(bytes) {
  const data = parsed(bytes);
  const type = PICTURE_TYPES.includes(data.pictureType) ? data.pictureType : null;
  return {
    name: words(data.name, NAME_LENGTH),
    about: words(data.about, ABOUT_LENGTH),
    picture: type && data.picture === PICTURE ? PICTURE : null,
    pictureType: type,
  };
}

/** The bytes to publish. */
export function profileBytes({ name, about, pictureType }) {
  const data = {
    name: name.trim(),
    about: about.trim(),
    picture: pictureType ? PICTURE : null,
    pictureType: pictureType ?? null,
  };
  return new TextEncoder().encode(JSON.stringify(data));
}

/**
 * Reads a profile with its picture.
 * @param {string} [of] did of another person
 * @returns {Promise<null | {profile: object, version: number, time: number, picture: Blob | null}>}
 */
export async function readProfile(of, signal) {
  const content = await store.agent.get(PROFILE, { of, signal });
  if (!content) return null;
  const profile = profileOf(content.bytes);
  const picture = profile.picture ? await store.agent.get(profile.picture, { of, signal }) : null;
  return {
    profile,
    version: content.version,
    time: content.time,
    picture: picture && new Blob([picture.bytes], { type: profile.pictureType }),
  };
}

function parsed(bytes) {
  try {
    const data = JSON.parse(new TextDecoder().decode(bytes));
    return data && typeof data === 'object' ? data : {};
  } catch {
    return {}; // whoever publishes something else under this name has an empty page
  }
}

function words(value, length) {
  return typeof value === 'string' ? [...value].slice(0, length).join('') : '';
}
