package dev.p2pcp.server.cluster;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import java.util.List;

/**
 * What a member tells of its own sessions: those that it has, those that are gone, and that besides
 * them it has none with numbers from {@code from} up to {@code to}.
 */
record RosterNote(int from, int to, List<Seat> seats, List<Integer> gone) {
  /** Most seats, and most numbers of gone sessions, in one note. */
  static final int MOST = 500;

  /** Layout: {@code from u32 ‖ to u32 ‖ list of seats ‖ list of u32}. */
  Bytes encoded() {
    ByteWriter out = new ByteWriter(1024).u32(from).u32(to).u16(seats.size());
    seats.forEach(seat -> seat.write(out));
    out.u16(gone.size());
    gone.forEach(out::u32);
    return out.toBytes();
  }

  static RosterNote decode(Bytes encoded) throws MalformedFrameException {
    ByteReader in = new ByteReader(encoded);
    int from = in.count(Integer.MAX_VALUE, "from");
    int to = in.count(Integer.MAX_VALUE, "to");
    List<Seat> seats = in.list(MOST, "seats", Seat::read);
    List<Integer> gone = in.list(MOST, "gone", r -> r.count(Integer.MAX_VALUE, "number"));
    in.end();
    return new RosterNote(from, to, seats, gone);
  }
}
