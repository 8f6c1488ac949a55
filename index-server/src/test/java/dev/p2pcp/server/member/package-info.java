/** Links between members, by themselves. */
@NullMarked
package dev.p2pcp.server.member;

import org.jspecify.annotations.NullMarked;
