package dev.p2pcp.node;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.Path;

/** The value of an item, verified, and of which version it is. */
public record Content(Path path, Bytes value, long version, long time, StorageKey key) {}
