/**
 * What an account's devices have shown of themselves: verdicts of audits, and what they add up to.
 * Pure: evidence in, figures out. Whatever is remembered is bounded, and merges so that two members
 * of a cluster that were parted come to the same in either order.
 */
@NullMarked
package dev.p2pcp.trust;

import org.jspecify.annotations.NullMarked;
