@NullMarked
package dev.p2pcp.donor;

import org.jspecify.annotations.NullMarked;
