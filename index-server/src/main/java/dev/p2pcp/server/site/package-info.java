/**
 * The site, the agent and the libraries they need, from the classpath: hashed, compressed and
 * framed by a strict content security policy at start.
 */
@NullMarked
package dev.p2pcp.server.site;

import org.jspecify.annotations.NullMarked;
