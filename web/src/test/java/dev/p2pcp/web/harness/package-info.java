/** Index servers as processes, and people with their browsers. */
@NullMarked
package dev.p2pcp.web.harness;

import org.jspecify.annotations.NullMarked;
