@NullMarked
package dev.p2pcp.simulator;

import org.jspecify.annotations.NullMarked;
