/**
 * A bucket of an S3-compatible store as the shelf of a donor. Each block is one object, whose bytes
 * are those of the block:
 *
 * <pre>
 * prefix/storage key (base64url) "." place (decimal)
 * </pre>
 *
 * <p>An object is written once and never changed, so that what a crash leaves is either counted by
 * the journal or a stray; strays are removed after the next start. What is read is checked by the
 * store before anybody uses it, as a bucket is no more to be believed than a peer. The secret key
 * goes into signatures and nowhere else.
 */
@NullMarked
package dev.p2pcp.donor.bucket;

import org.jspecify.annotations.NullMarked;
