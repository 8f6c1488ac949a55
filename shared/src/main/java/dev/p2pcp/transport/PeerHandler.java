package dev.p2pcp.transport;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.wire.PeerFrame;

/** Answers what other agents ask. May suspend; is called by many tasks at once. */
@FunctionalInterface
public interface PeerHandler {
  /** Stands for an index server that asks on behalf of a person with a URL. */
  PeerId NOBODY = new PeerId(Bytes.wrap(new byte[PeerId.LENGTH]));

  PeerFrame.Reply answer(PeerId from, PeerFrame.Request request);
}
