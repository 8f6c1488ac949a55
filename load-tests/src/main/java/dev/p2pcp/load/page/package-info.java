/** The browser's side of the benchmarks, compiled to modules of their own that no site ships. */
@NullMarked
package dev.p2pcp.load.page;

import org.jspecify.annotations.NullMarked;
