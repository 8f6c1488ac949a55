package dev.p2pcp.server.member;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.index.SlotBook.Lending;
import dev.p2pcp.index.SlotBook.Promised;
import dev.p2pcp.placement.Candidate;
import dev.p2pcp.wire.Limits;

/** Layouts of the frames between members: {@code u8 type}, then the fields of the record. */
final class LinkCodec {
  /** Bytes of a Data frame before what it carries. */
  static final int DATA_HEAD = 10;

  private static final int OPEN = 1;
  private static final int DATA = 2;
  private static final int CREDIT = 3;
  private static final int CLOSE = 4;
  private static final int PASSED = 5;
  private static final int HERE = 6;
  private static final int GONE = 7;
  private static final int LENDS = 8;
  private static final int LEFT = 9;
  private static final int PROMISES = 10;
  private static final int PING = 11;
  private static final int SIGNAL = 12;

  private LinkCodec() {}

  /** All but the bytes of a Data frame. */
  static Bytes head(LinkFrame frame) {
    ByteWriter out = new ByteWriter();
    switch (frame) {
      case LinkFrame.Open f ->
          out.u8(OPEN).u32(f.stream()).bytes(f.source().bytes()).bytes(f.target().bytes());
      case LinkFrame.Data f -> out.u8(DATA).u32(f.stream()).u8(f.last() ? 1 : 0).u32(f.lane());
      case LinkFrame.Credit f -> out.u8(CREDIT).u32(f.stream()).u32(f.bytes());
      case LinkFrame.Close f -> out.u8(CLOSE).u32(f.stream()).u16(f.code());
      case LinkFrame.Passed f -> out.u8(PASSED).u32(f.lane()).u32(f.weight());
      case LinkFrame.Here f -> {
        out.u8(HERE).u16(f.peers().size());
        f.peers().forEach(peer -> out.bytes(peer.bytes()));
      }
      case LinkFrame.Gone f -> out.u8(GONE).bytes(f.peer().bytes());
      case LinkFrame.Lends f -> {
        out.u8(LENDS).u16(f.lendings().size());
        f.lendings().forEach(lending -> write(lending, out));
      }
      case LinkFrame.Left f -> out.u8(LEFT).bytes(f.peer().bytes());
      case LinkFrame.Promises f -> {
        out.u8(PROMISES).u16(f.promises().size());
        f.promises().forEach(promised -> write(promised, out));
      }
      case LinkFrame.Signal f ->
          out.u8(SIGNAL).bytes(f.source().bytes()).bytes(f.target().bytes()).bytes16(f.sealed());
      case LinkFrame.Ping f -> out.u8(PING);
    }
    return out.toBytes();
  }

  /** Whether a frame that begins so is a Data frame, of which only the head is bound. */
  static boolean isData(Bytes frame) {
    return !frame.isEmpty() && frame.at(0) == DATA && frame.length() >= DATA_HEAD;
  }

  static LinkFrame read(Bytes frame) throws MalformedFrameException {
    ByteReader in = new ByteReader(frame);
    int type = in.u8("type");
    LinkFrame read =
        switch (type) {
          case OPEN ->
              new LinkFrame.Open(
                  in.u32("stream"), PeerId.read(in, "source"), PeerId.read(in, "target"));
          case DATA -> data(in);
          case CREDIT -> new LinkFrame.Credit(in.u32("stream"), in.count(Limits.CREDIT, "credit"));
          case CLOSE -> new LinkFrame.Close(in.u32("stream"), in.u16("code"));
          case PASSED -> new LinkFrame.Passed(in.u32("lane"), in.u32("weight"));
          case HERE ->
              new LinkFrame.Here(in.list(LinkFrame.LIST, "peers", r -> PeerId.read(r, "peer")));
          case GONE -> new LinkFrame.Gone(PeerId.read(in, "peer"));
          case LENDS ->
              new LinkFrame.Lends(in.list(LinkFrame.LIST, "lendings", LinkCodec::lending));
          case LEFT -> new LinkFrame.Left(PeerId.read(in, "peer"));
          case PROMISES ->
              new LinkFrame.Promises(in.list(LinkFrame.LIST, "promises", LinkCodec::promised));
          case SIGNAL ->
              new LinkFrame.Signal(
                  PeerId.read(in, "source"),
                  PeerId.read(in, "target"),
                  in.bytes16(Limits.SIGNAL, "signal"));
          case PING -> new LinkFrame.Ping();
          default -> throw new MalformedFrameException("type");
        };
    in.end();
    return read;
  }

  private static LinkFrame.Data data(ByteReader in) throws MalformedFrameException {
    long stream = in.u32("stream");
    int flags = in.u8("flags");
    long lane = in.u32("lane");
    Bytes bytes = in.rest();
    if (flags > 1 || bytes.isEmpty() || bytes.length() > Limits.DATA) {
      throw new MalformedFrameException("data");
    }
    return new LinkFrame.Data(stream, flags == 1, lane, bytes);
  }

  private static void write(Lending lending, ByteWriter out) {
    out.bytes(lending.peer().bytes())
        .bytes(lending.account().bytes())
        .u8(lending.kind().ordinal())
        .u64(lending.network())
        .u64(lending.since())
        .u32(lending.free());
  }

  private static Lending lending(ByteReader in) throws MalformedFrameException {
    PeerId peer = PeerId.read(in, "peer");
    AccountId account = AccountId.read(in, "account");
    int kind = in.u8("kind");
    if (kind >= Candidate.Kind.values().length) {
      throw new MalformedFrameException("kind");
    }
    return new Lending(
        peer,
        account,
        Candidate.Kind.values()[kind],
        in.u64("network"),
        in.u64("since"),
        in.count(Limits.SLOTS, "free"));
  }

  private static void write(Promised promised, ByteWriter out) {
    out.bytes(promised.peer().bytes())
        .bytes(promised.owner().bytes())
        .bytes(promised.key().bytes())
        .u64(promised.until());
  }

  private static Promised promised(ByteReader in) throws MalformedFrameException {
    return new Promised(
        PeerId.read(in, "peer"),
        AccountId.read(in, "owner"),
        StorageKey.read(in, "key"),
        in.u64("until"));
  }
}
