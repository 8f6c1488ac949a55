package dev.p2pcp.index;

/**
 * Where a peer connects from.
 *
 * @param number that peers of one network prefix share
 * @param isPublic whether the prefix says who is behind it: addresses of this machine and of
 *     private networks do not
 */
public record Network(long number, boolean isPublic) {}
