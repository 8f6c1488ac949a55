/**
 * What figures are compared with, each in a process of its own that is measured like the server.
 */
@NullMarked
package dev.p2pcp.load.baseline;

import org.jspecify.annotations.NullMarked;
