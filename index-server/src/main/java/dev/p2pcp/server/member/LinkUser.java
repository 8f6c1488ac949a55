package dev.p2pcp.server.member;

/**
 * Who speaks over the links. Told of one link by one thread at a time; must not wait. Frames that
 * are for others come too.
 */
public interface LinkUser {
  /** A link is there; what the other member needs to know can be sent now. */
  void up(MemberLink link);

  /** A frame came over a link. */
  void received(MemberLink link, LinkFrame frame);

  /** A link is lost, with all that was under way on it. */
  void down(MemberLink link);
}
