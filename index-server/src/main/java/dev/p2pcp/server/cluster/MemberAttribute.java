package dev.p2pcp.server.cluster;

/** Something that a member tells all others when it joins, such as where its links arrive. */
public record MemberAttribute(String name, String value) {}
