/**
 * The index server under test, from the outside: real connections to a real process's worth of
 * beans on a free port.
 */
@NullMarked
package dev.p2pcp.server;

import org.jspecify.annotations.NullMarked;
