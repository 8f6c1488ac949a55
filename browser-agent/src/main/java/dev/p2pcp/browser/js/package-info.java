/**
 * Raw bindings of what the browser offers, each as small as its use: promises that a coroutine can
 * wait for, binary data without copies, WebCrypto, IndexedDB, Web Locks, broadcast channels,
 * timers. No rule of ours lives here. Nothing here suspends except {@link
 * dev.p2pcp.browser.js.Promises#await}.
 */
@NullMarked
package dev.p2pcp.browser.js;

import org.jspecify.annotations.NullMarked;
