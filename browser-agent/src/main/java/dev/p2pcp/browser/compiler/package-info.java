/**
 * Steps of the compiler that turns the agent into JavaScript. Runs at build time only; nothing of
 * it is in the compiled agent.
 */
@NullMarked
package dev.p2pcp.browser.compiler;

import org.jspecify.annotations.NullMarked;
