/**
 * Who is to hold a copy: a pure ranking of candidates for a storage key, which every member of a
 * cluster computes alike and which moves few copies when peers come and go.
 */
@NullMarked
package dev.p2pcp.placement;

import org.jspecify.annotations.NullMarked;
