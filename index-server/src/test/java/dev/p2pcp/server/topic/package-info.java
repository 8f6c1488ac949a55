@NullMarked
package dev.p2pcp.server.topic;

import org.jspecify.annotations.NullMarked;
