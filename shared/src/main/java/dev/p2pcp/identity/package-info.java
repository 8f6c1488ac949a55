/**
 * Who somebody is: 24 words, the keys derived from them, and what these keys vouch for.
 *
 * <p>The only secret is the entropy behind the phrase. Everything else follows from it by labelled
 * derivation, so that losing a device loses nothing:
 *
 * <pre>
 * entropy (32) ── BIP 39 words ── PBKDF2-HMAC-SHA-512 ──▶ seed (64)
 *   seed ── HKDF "p2pcp/v1/identity"     ──▶ Ed25519: who one is to others
 *        ── HKDF "p2pcp/v1/agreement"    ──▶ X25519: secrets between two people
 *        ── HKDF "p2pcp/v1/vault"        ──▶ Ed25519: the account that lends, not linked to the identity
 *        ── HKDF "p2pcp/v1/storage-root" ──▶ one write key and one sealing key for each private path
 * </pre>
 *
 * <p>Keys are handles of the {@link dev.p2pcp.crypto.Crypto} port; no type here prints a secret.
 */
@NullMarked
package dev.p2pcp.identity;

import org.jspecify.annotations.NullMarked;
