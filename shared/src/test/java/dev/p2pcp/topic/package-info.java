/** What a mesh decides, without a network. */
@NullMarked
package dev.p2pcp.topic;

import org.jspecify.annotations.NullMarked;
