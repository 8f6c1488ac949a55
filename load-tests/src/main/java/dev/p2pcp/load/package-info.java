/**
 * Benchmarks: each prints what it did and, as its last line, its figures as JSON. Ratios hold
 * within one run.
 */
@NullMarked
package dev.p2pcp.load;

import org.jspecify.annotations.NullMarked;
