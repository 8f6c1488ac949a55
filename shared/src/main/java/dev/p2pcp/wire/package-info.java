/**
 * Every message, its number, its limits, and how it is written: the one definition that server,
 * browser and headless agent run. docs/protocol.md says the same in words.
 */
@NullMarked
package dev.p2pcp.wire;

import org.jspecify.annotations.NullMarked;
