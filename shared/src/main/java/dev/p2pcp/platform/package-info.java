/**
 * Time, randomness and concurrency as ports, so that the core is deterministic under simulation and
 * blocking code runs on virtual threads and on TeaVM coroutines alike.
 */
@NullMarked
package dev.p2pcp.platform;

import org.jspecify.annotations.NullMarked;
