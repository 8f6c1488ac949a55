package dev.p2pcp.wire;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.identity.PeerId;
import java.util.List;

/** Layouts of what signalling adds to a session, after the id. */
final class SignalCodec {
  /** What a signal takes in an answer besides its bytes. */
  static final int HEAD = PeerId.LENGTH + Short.BYTES;

  private SignalCodec() {}

  static void write(SessionFrame.Signals frame, ByteWriter writer) {
    writer.u8(frame.more() ? 1 : 0).u16(frame.notes().size());
    frame.notes().forEach(note -> writer.bytes(note.from().bytes()).bytes16(note.sealed()));
  }

  static void write(SessionFrame.IceServers frame, ByteWriter writer) {
    writer.u32(frame.lifetime()).u16(frame.servers().size());
    frame.servers().forEach(server -> server.write(writer));
  }

  static SessionFrame.Signal signal(long id, ByteReader in) throws MalformedFrameException {
    return new SessionFrame.Signal(id, PeerId.read(in, "peer"), sealed(in));
  }

  static SessionFrame.Signals signals(long id, ByteReader in) throws MalformedFrameException {
    boolean more = in.flag("more");
    List<SessionFrame.Signals.Note> notes =
        in.list(
            Limits.SIGNALS,
            "signals",
            r -> new SessionFrame.Signals.Note(PeerId.read(r, "peer"), sealed(r)));
    if (notes.stream().mapToInt(note -> HEAD + note.sealed().length()).sum()
        > Limits.SIGNALS_BYTES) {
      throw new MalformedFrameException("signals");
    }
    return new SessionFrame.Signals(id, more, notes);
  }

  static SessionFrame.IceServers iceServers(long id, ByteReader in) throws MalformedFrameException {
    return new SessionFrame.IceServers(
        id,
        in.count(Integer.MAX_VALUE, "lifetime"),
        in.list(Limits.ICE_SERVERS, "servers", IceServer::read));
  }

  private static Bytes sealed(ByteReader in) throws MalformedFrameException {
    Bytes sealed = in.bytes16(Limits.SIGNAL, "signal");
    if (sealed.isEmpty()) {
      throw new MalformedFrameException("signal");
    }
    return sealed;
  }
}
