package dev.p2pcp.node;

import dev.p2pcp.block.StoreException;
import dev.p2pcp.channel.ChannelException;
import dev.p2pcp.channel.Channels;
import dev.p2pcp.identity.KeyRing;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Platform;

/** The channels of a running node: they begin with it, and end when it stops. */
public final class NodeChannels {
  private NodeChannels() {}

  /**
   * Takes part in all channels that were left open; there must be no others of the same node. Never
   * suspends.
   */
  public static Channels start(Platform platform, KeyRing keys, Node node) {
    Channels channels =
        new Channels(
            platform,
            keys.identity(),
            node.store,
            node.topics()::join,
            node.events::channelChanged);
    platform
        .tasks()
        .spawn(
            "channels",
            () -> {
              try {
                channels.start();
              } catch (StoreException | ChannelException e) {
                // Whoever opens one is told so.
                node.events.statusChanged();
              }
              node.stopping.await(Deadline.NEVER);
              channels.stop();
            });
    return channels;
  }
}
