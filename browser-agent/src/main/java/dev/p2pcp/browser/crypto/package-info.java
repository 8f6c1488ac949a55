/**
 * Cryptography by WebCrypto. Private keys are imported as non-extractable keys and the bytes they
 * came from are not kept; such handles can be stored in IndexedDB and sent to another tab of the
 * profile, and nowhere else.
 */
@NullMarked
package dev.p2pcp.browser.crypto;

import org.jspecify.annotations.NullMarked;
