/**
 * Members of topics: each server of a cluster keeps a book of its own sessions and asks the others
 * for a few of theirs.
 */
@NullMarked
package dev.p2pcp.server.topic;

import org.jspecify.annotations.NullMarked;
