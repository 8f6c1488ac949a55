@NullMarked
package dev.p2pcp.server.http;

import org.jspecify.annotations.NullMarked;
