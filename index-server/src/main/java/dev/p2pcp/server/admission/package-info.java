/**
 * Who may connect at all: origins and connections per address; and the limits that an operator
 * sets.
 */
@NullMarked
package dev.p2pcp.server.admission;

import org.jspecify.annotations.NullMarked;
