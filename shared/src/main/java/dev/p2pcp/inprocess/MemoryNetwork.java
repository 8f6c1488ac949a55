package dev.p2pcp.inprocess;

import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.transport.Channels;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.transport.Transport;
import dev.p2pcp.transport.Web;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Index servers in this process, reached by their origins. */
public final class MemoryNetwork implements Transport {
  private volatile Channels channels = Channels.NONE;
  private volatile Web web = Web.NONE;
  private final Map<String, MemoryIndex> servers = new ConcurrentHashMap<>();

  /** A further index server. */
  public MemoryIndex server(Platform platform, String origin) {
    MemoryIndex index = new MemoryIndex(platform, origin);
    servers.put(origin, index);
    return index;
  }

  @Override
  public Connection connect(String origin, Listener listener, Deadline deadline)
      throws LinkException {
    MemoryIndex index = servers.get(origin);
    if (index == null) {
      throw new LinkException("no such server");
    }
    return index.connect(listener);
  }

  /** Lets agents that begin from now on make channels to each other by these. */
  public void connectBy(Channels ways) {
    channels = ways;
  }

  /** Lets agents that begin from now on ask these web servers. */
  public void askBy(Web servers) {
    web = servers;
  }

  @Override
  public Web web() {
    return web;
  }

  @Override
  public Channels channels() {
    return channels;
  }
}
