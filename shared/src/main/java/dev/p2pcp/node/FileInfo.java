package dev.p2pcp.node;

/**
 * What a file is.
 *
 * @param size bytes
 * @param time of its last change where it came from, in milliseconds since 1970
 * @param name what it was called there, which nobody has checked
 * @param type the media type that it was said to have, which nobody has checked either
 */
public record FileInfo(long size, long time, String name, String type) {}
