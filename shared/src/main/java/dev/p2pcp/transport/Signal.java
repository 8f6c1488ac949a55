package dev.p2pcp.transport;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import java.util.List;

/**
 * What two agents tell each other to find a direct way, before it is sealed:
 *
 * <pre>
 * u8 1 ‖ text (≤ 6144)                                  offer
 * u8 2 ‖ text (≤ 6144)                                  answer
 * u8 3 ‖ u8 last (0 or 1) ‖ list (≤ 16) of text (≤ 256)  candidates
 * u8 4 ‖ code u16 ‖ retry after u32                     no
 * </pre>
 */
public sealed interface Signal {
  /** Bytes of a session description. */
  int DESCRIPTION = 6 * 1024;

  /** Candidates in one signal. */
  int CANDIDATES = 16;

  /** Bytes of one candidate. */
  int CANDIDATE = 256;

  /** A session description (RFC 8866) that offers. */
  record Offer(String description) implements Signal {}

  /** One that answers. */
  record Answer(String description) implements Signal {}

  /** Addresses to try (RFC 8839), and whether no more follow. */
  record Candidates(List<String> lines, boolean last) implements Signal {
    public Candidates {
      lines = List.copyOf(lines);
    }
  }

  /** No link now: a refusal code, and after how many milliseconds to ask again. */
  record No(int code, int retryAfter) implements Signal {}

  /** The bytes to seal. */
  default Bytes encode() {
    ByteWriter out = new ByteWriter();
    switch (this) {
      case Offer offer -> out.u8(1).bytes16(Bytes.utf8(offer.description()));
      case Answer answer -> out.u8(2).bytes16(Bytes.utf8(answer.description()));
      case Candidates candidates -> {
        out.u8(3).u8(candidates.last() ? 1 : 0).u16(candidates.lines().size());
        candidates.lines().forEach(line -> out.bytes16(Bytes.utf8(line)));
      }
      case No no -> out.u8(4).u16(no.code()).u32(no.retryAfter());
    }
    return out.toBytes();
  }

  /** Reads what was sealed. */
  static Signal decode(Bytes encoded) throws MalformedFrameException {
    ByteReader in = new ByteReader(encoded);
    Signal signal =
        switch (in.u8("signal")) {
          case 1 -> new Offer(in.text(DESCRIPTION, "description"));
          case 2 -> new Answer(in.text(DESCRIPTION, "description"));
          case 3 -> {
            boolean last = in.flag("last");
            yield new Candidates(
                in.list(CANDIDATES, "candidates", r -> r.text(CANDIDATE, "candidate")), last);
          }
          case 4 -> new No(in.u16("code"), in.count(Integer.MAX_VALUE, "retry after"));
          default -> throw new MalformedFrameException("signal");
        };
    in.end();
    return signal;
  }
}
