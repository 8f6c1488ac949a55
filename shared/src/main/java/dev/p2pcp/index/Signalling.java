package dev.p2pcp.index;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import java.util.List;
import java.util.Optional;

/** Signals between agents who seek a direct link, by {@link Mailboxes} on every member. */
public interface Signalling {
  /** Leaves a signal for a peer, wherever in the cluster it is connected; why not, if so. */
  Optional<Refusal> post(PeerId from, PeerId to, Bytes sealed);

  /** What waits for the peer; the answer to the request of that id. */
  SessionFrame.Signals pull(PeerId peer, long id);

  /** By which servers the peer may seek ways, likewise. */
  SessionFrame.IceServers ice(PeerId peer, long id);

  /** Where nobody seeks any. */
  Signalling NONE =
      new Signalling() {
        @Override
        public Optional<Refusal> post(PeerId from, PeerId to, Bytes sealed) {
          return Optional.of(Refusal.of(Refusal.UNKNOWN_PEER, "no signalling"));
        }

        @Override
        public SessionFrame.Signals pull(PeerId peer, long id) {
          return new SessionFrame.Signals(id, false, List.of());
        }

        @Override
        public SessionFrame.IceServers ice(PeerId peer, long id) {
          return new SessionFrame.IceServers(id, 0, List.of());
        }
      };
}
