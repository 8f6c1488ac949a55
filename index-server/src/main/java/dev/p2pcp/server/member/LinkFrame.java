package dev.p2pcp.server.member;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.index.SlotBook.Lending;
import dev.p2pcp.index.SlotBook.Promised;
import java.util.List;

/** What one member tells another. */
public sealed interface LinkFrame {
  /** Peers or promises in one frame; more go in several. */
  int LIST = 512;

  /** A peer here opens a stream to one there. */
  record Open(long stream, PeerId source, PeerId target) implements LinkFrame {}

  /** Bytes of a stream; the lane is told back when they were passed on. */
  record Data(long stream, boolean last, long lane, Bytes bytes) implements LinkFrame {}

  /** The other side of a stream may send so many bytes more. */
  record Credit(long stream, int bytes) implements LinkFrame {}

  /** A stream is over; the code is a refusal code. */
  record Close(long stream, int code) implements LinkFrame {}

  /** Data of that lane with so much weight was passed on here. */
  record Passed(long lane, long weight) implements LinkFrame {}

  /** These peers are connected here. */
  record Here(List<PeerId> peers) implements LinkFrame {}

  /** This peer no longer is. */
  record Gone(PeerId peer) implements LinkFrame {}

  /** Peers here lend that. */
  record Lends(List<Lending> lendings) implements LinkFrame {}

  /** This peer no longer lends here. */
  record Left(PeerId peer) implements LinkFrame {}

  /** Slots were promised; where the moment is 0, they no longer are. */
  record Promises(List<Promised> promises) implements LinkFrame {}

  /** A peer here leaves a sealed signal for one there. */
  record Signal(PeerId source, PeerId target, Bytes sealed) implements LinkFrame {}

  /** The link is alive. */
  record Ping() implements LinkFrame {}

  /** What the frame counts for while it waits to be sent, in bytes. */
  default int cost() {
    return ENVELOPE
        + switch (this) {
          case Data data -> data.bytes.length();
          case Signal signal -> 2 * PEER + signal.sealed.length();
          case Here here -> PEER * here.peers.size();
          case Lends lends -> LENDING * lends.lendings.size();
          case Promises promises -> PROMISE * promises.promises.size();
          default -> PEER;
        };
  }

  /** About the length of a frame without its bytes or list, and of one entry of a list. */
  int ENVELOPE = 64;

  int PEER = 32;
  int LENDING = 85;
  int PROMISE = 104;
}
