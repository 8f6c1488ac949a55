package dev.p2pcp.server.member;

import com.hazelcast.internal.util.AddressUtil;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.platform.Entropy;
import dev.p2pcp.server.cluster.ClusterSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpResources;
import reactor.netty.tcp.TcpServer;

/**
 * Where links of other members arrive: on the private interface, and only if this member seeks
 * others. It is bound before the member joins, since the others are told then.
 */
@Component
class LinkPort implements DisposableBean {
  private final Bytes id;
  private final @Nullable DisposableServer server;
  private volatile Consumer<Connection> taker = Connection::dispose;

  LinkPort(ClusterSettings cluster, LinkSettings settings, Entropy entropy) {
    this.id = entropy.bytes(LinkHandshake.ID);
    boolean alone = cluster.members().isEmpty() && cluster.kubernetesDns().isEmpty();
    this.server = alone ? null : bind(addressOf(cluster.networkInterface()), settings.port());
  }

  /** A name of this process, made anew at each start. */
  Bytes id() {
    return id;
  }

  /** Where this member can be dialled, if it can. */
  Optional<LinkAddress> address() {
    return server == null
        ? Optional.empty()
        : Optional.of(new LinkAddress(id, (InetSocketAddress) server.address()));
  }

  /** Connections go there from now on; before, they are refused. */
  void open(Consumer<Connection> to) {
    taker = to;
  }

  @Override
  public void destroy() {
    if (server != null) {
      server.dispose();
    }
  }

  private DisposableServer bind(InetAddress address, int port) {
    return TcpServer.create()
        .runOn(HttpResources.get())
        .bindAddress(() -> new InetSocketAddress(address, port))
        .doOnConnection(connection -> taker.accept(connection))
        .bindNow();
  }

  /** The address of this machine that the operator has named, by itself or by a pattern. */
  private static InetAddress addressOf(String pattern) {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> AddressUtil.matchInterface(address.getHostAddress(), pattern))
          .findFirst()
          .orElseThrow(
              () -> new IllegalArgumentException("p2pcp.cluster.interface: not of this machine"));
    } catch (SocketException e) {
      throw new IllegalStateException("interfaces of this machine can't be listed", e);
    }
  }
}
