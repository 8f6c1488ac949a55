/**
 * The browser's WebSocket as the core's transport. Messages reach the listener straight from the
 * browser's callback.
 */
@NullMarked
package dev.p2pcp.browser.transport;

import org.jspecify.annotations.NullMarked;
