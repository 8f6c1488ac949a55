/**
 * The headless agent: the node of everybody on the JVM, with a disk or a bucket for its store. It
 * lends that room for as long as it runs, and serves scripts on the command line.
 *
 * <p>The phrase comes from a file that only its user can read, or from the environment, and goes
 * nowhere else: no argument, message, log line or page of the status port holds it, or anything
 * that a key can be made of.
 */
@NullMarked
package dev.p2pcp.donor;

import org.jspecify.annotations.NullMarked;
