@NullMarked
package dev.p2pcp.server.session;

import org.jspecify.annotations.NullMarked;
