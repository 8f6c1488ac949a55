/**
 * Clock, randomness and coroutines of the browser. All of Java runs on the one thread of the page;
 * a coroutine gives it up only where it suspends, so state that is touched between two suspensions
 * needs no lock, and no monitor is used.
 */
@NullMarked
package dev.p2pcp.browser.platform;

import org.jspecify.annotations.NullMarked;
