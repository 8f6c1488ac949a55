package dev.p2pcp.transport;

import dev.p2pcp.wire.IceServer;
import java.util.List;

/** Opens channels straight to other agents, where the platform can: WebRTC in browsers. */
public interface Channels {
  /** How many more can be opened here, ever; 0 where there are none. Never suspends. */
  int left();

  /**
   * One end of a channel. What it has to say to the other end goes to the listener, and what that
   * says is handed to it. Never suspends.
   */
  DirectChannel open(Setup setup, DirectChannel.Listener listener);

  /**
   * How a channel is to be made.
   *
   * @param polite gives way where both ends describe themselves at once; one of the two is
   * @param relayOnly uses nothing but relays, and names no other address of this device
   * @param servers where addresses and relays are had from
   */
  record Setup(boolean polite, boolean relayOnly, List<IceServer> servers) {
    public Setup {
      servers = List.copyOf(servers);
    }
  }

  /** Where there are none. */
  Channels NONE =
      new Channels() {
        @Override
        public int left() {
          return 0;
        }

        @Override
        public DirectChannel open(Setup setup, DirectChannel.Listener listener) {
          throw new IllegalStateException("there are no channels here");
        }
      };
}
