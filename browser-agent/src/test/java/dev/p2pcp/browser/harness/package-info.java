/** Compiles test code to JavaScript, serves it on loopback and drives it in a real Chromium. */
@NullMarked
package dev.p2pcp.browser.harness;

import org.jspecify.annotations.NullMarked;
