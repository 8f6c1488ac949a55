/**
 * The embedded Hazelcast member, in memory only, and the key with which this cluster signs tickets.
 */
@NullMarked
package dev.p2pcp.server.cluster;

import org.jspecify.annotations.NullMarked;
