package dev.p2pcp.server.tunnel;

import dev.p2pcp.server.member.LinkFrame;
import dev.p2pcp.server.member.LinkUser;
import dev.p2pcp.server.member.MemberLink;
import dev.p2pcp.server.member.MemberLinks;
import dev.p2pcp.wire.TunnelFrame;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** Hands to the relay what comes over links to other members. */
@Component
class MemberTunnels implements LinkUser {
  private final Tunnels tunnels;
  private final Map<Integer, MemberEnd> ends = new ConcurrentHashMap<>();

  MemberTunnels(Tunnels tunnels, MemberLinks links) {
    this.tunnels = tunnels;
    links.join(this);
  }

  @Override
  public void up(MemberLink link) {
    MemberEnd end = new MemberEnd(link);
    ends.put(link.number(), end);
    tunnels.connectMember(link, end);
  }

  @Override
  public void received(MemberLink link, LinkFrame frame) {
    int number = link.number();
    MemberEnd end = ends.get(number);
    if (end == null) {
      return;
    }
    switch (frame) {
      case LinkFrame.Open open ->
          tunnels.opened(number, open.stream(), open.source(), open.target());
      case LinkFrame.Data data ->
          end.delivered(
              data,
              tunnels.passOn(
                  number, new TunnelFrame.Data(data.stream(), data.last(), data.bytes())));
      case LinkFrame.Credit credit ->
          tunnels.relay(number, new TunnelFrame.Credit(credit.stream(), credit.bytes()));
      case LinkFrame.Close close ->
          tunnels.relay(number, new TunnelFrame.Close(close.stream(), close.code()));
      case LinkFrame.Passed passed -> end.passed(passed.lane(), passed.weight());
      case LinkFrame.Here here -> tunnels.connectFar(number, here.peers());
      case LinkFrame.Gone gone -> tunnels.disconnectFar(number, gone.peer());
      case LinkFrame.Lends other -> {}
      case LinkFrame.Left other -> {}
      case LinkFrame.Promises other -> {}
      case LinkFrame.Signal other -> {}
      case LinkFrame.Ping other -> {}
    }
  }

  @Override
  public void down(MemberLink link) {
    MemberEnd end = ends.remove(link.number());
    if (end != null) {
      tunnels.disconnect(link.number());
      end.lost();
    }
  }
}
