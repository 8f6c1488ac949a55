/** Signed URLs against real S3 servers. */
@NullMarked
package dev.p2pcp.donor.urls;

import org.jspecify.annotations.NullMarked;
