/**
 * Buckets as a browser's agent uses them: Amazon's signature, where a bucket is and who may use it,
 * and the few requests that it takes. Every request is a URL that is good for a while by itself, so
 * that the same code serves the owner and whoever is given one.
 */
@NullMarked
package dev.p2pcp.bucket;

import org.jspecify.annotations.NullMarked;
