/**
 * Blocks and records in IndexedDB. The stored format, version 1, of one database:
 *
 * <pre>
 * object store  key                          value
 * blocks        storage key (32 bytes)       encoded block, Uint8Array
 * records       [table name, key bytes]      value, Uint8Array
 * device        name (text)                  CryptoKey, not extractable
 * </pre>
 *
 * <p>Writes that arrive while a transaction runs share the next one; each of them is still all or
 * nothing. Callbacks of the browser drive both queues, and nothing in here suspends but the calls
 * of the port.
 */
@NullMarked
package dev.p2pcp.browser.store;

import org.jspecify.annotations.NullMarked;
