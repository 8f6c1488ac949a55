/**
 * The cryptographic port, its value types, and the domain labels that keep every signature and hash
 * apart. Small hashes run in plain Java, large ones on the platform.
 */
@NullMarked
package dev.p2pcp.crypto;

import org.jspecify.annotations.NullMarked;
