/**
 * Links between the members of a cluster: one TCP connection for each two, on the private
 * interface, over which they tell each other who is connected where and carry what their agents say
 * to each other. Both sides prove that they know the cluster's secret; then every frame's envelope
 * is bound to that proof. What a tunnel carries is not: agents verify it themselves.
 *
 * <pre>
 * frame     = length u32 ‖ tag 16 ‖ u8 type ‖ fields        length counts what follows it
 * tag       = HMAC-SHA-256(key of the direction, sequence u64 ‖ length ‖ type ‖ fields)[0..16]
 *             without the bytes of Data
 *
 * handshake, each message after its length u32:
 *   dialler  → u8 1 (version) ‖ id 16 ‖ nonce 32
 *   dialled  → u8 1 ‖ id 16 ‖ nonce 32 ‖ proof 32
 *   dialler  → proof 32
 * transcript = both ids and nonces, the dialler's first
 * proof, key = HKDF(cluster secret, a label of its own each, transcript)
 * </pre>
 *
 * All members of a cluster run the same version; an upgrade is a second cluster.
 */
@NullMarked
package dev.p2pcp.server.member;

import org.jspecify.annotations.NullMarked;
