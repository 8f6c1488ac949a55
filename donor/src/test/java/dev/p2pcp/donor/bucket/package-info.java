@NullMarked
package dev.p2pcp.donor.bucket;

import org.jspecify.annotations.NullMarked;
