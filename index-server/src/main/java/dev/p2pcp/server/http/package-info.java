/**
 * What browsers and scripts reach over plain HTTP: locations, blocks through the tunnel, the list
 * of index servers, and problems as problem+json.
 */
@NullMarked
package dev.p2pcp.server.http;

import org.jspecify.annotations.NullMarked;
