package dev.p2pcp.index;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.quota.AccountLedger;
import dev.p2pcp.quota.AccountLedger.Kept;
import dev.p2pcp.quota.Allowance;
import dev.p2pcp.quota.Statement;
import dev.p2pcp.wire.Limits;
import java.util.List;
import java.util.Optional;

/** What a step on a ledger came to. */
public sealed interface LedgerReply {
  int DONE = 0;
  int OVER_ALLOWANCE = 1;
  int OVER_LIMIT = 2;
  int STALE = 30;
  int KEEPS = 20;

  /** Done; the figures after it, and who keeps each block that was asked about. */
  record Done(Allowance allowance, List<List<Kept>> copies) implements LedgerReply {}

  /** The figures, the blocks that one holder keeps, and what the account is worth. */
  record Keeps(Allowance allowance, int blocks, int worth) implements LedgerReply {}

  /** Not done: the account would need more than it lends. */
  record OverAllowance(Allowance allowance) implements LedgerReply {}

  /** Not done, or not wholly: more than is ever counted. */
  record OverLimit(int limit) implements LedgerReply {}

  /** Not done: the device has stated something later, under that number. */
  record Stale(long number) implements LedgerReply {}

  /** Done, or a later statement is known. */
  static LedgerReply of(Optional<Statement> later, LedgerReply done) {
    return later.<LedgerReply>map(statement -> new Stale(statement.number())).orElse(done);
  }

  /** Done, with the figures now. */
  static LedgerReply done(AccountLedger ledger, long now) {
    return new Done(ledger.allowance(now), List.of());
  }

  /** Done, or over the limit. */
  static LedgerReply of(boolean done, int limit, AccountLedger ledger, long now) {
    return done ? done(ledger, now) : new OverLimit(limit);
  }

  /** What became of a reservation. */
  static LedgerReply of(AccountLedger.Outcome outcome) {
    return switch (outcome) {
      case AccountLedger.Granted granted -> new Done(granted.allowance(), List.of());
      case AccountLedger.OverAllowance over -> new OverAllowance(over.allowance());
      case AccountLedger.OverLimit over -> new OverLimit(over.limit());
    };
  }

  /** Layout: {@code u8 number ‖ fields in their order}. */
  default Bytes encoded() {
    ByteWriter out = new ByteWriter();
    switch (this) {
      case Done r -> {
        r.allowance.write(out.u8(DONE));
        out.u16(r.copies.size());
        for (List<Kept> copies : r.copies) {
          out.u16(copies.size());
          copies.forEach(kept -> LedgerCommand.writeHolder(kept.holder(), out).u64(kept.expires()));
        }
      }
      case OverAllowance r -> r.allowance.write(out.u8(OVER_ALLOWANCE));
      case Keeps r -> {
        r.allowance.write(out.u8(KEEPS));
        out.u32(r.blocks).u32(r.worth);
      }
      case OverLimit r -> out.u8(OVER_LIMIT).u32(r.limit);
      case Stale r -> out.u8(STALE).u64(r.number);
    }
    return out.toBytes();
  }

  private static Kept readKept(ByteReader in) throws MalformedFrameException {
    return new Kept(LedgerCommand.readHolder(in), in.u64("expires"));
  }

  /** Reads what {@link #encoded} wrote. */
  static LedgerReply decode(Bytes encoded) throws MalformedFrameException {
    ByteReader in = new ByteReader(encoded);
    int number = in.u8("reply");
    LedgerReply reply =
        switch (number) {
          case DONE ->
              new Done(
                  Allowance.read(in),
                  in.list(
                      Limits.RESERVE_ITEMS,
                      "blocks",
                      r -> r.list(AccountLedger.MAX_HOLDERS, "copies", LedgerReply::readKept)));
          case OVER_ALLOWANCE -> new OverAllowance(Allowance.read(in));
          case KEEPS ->
              new Keeps(
                  Allowance.read(in),
                  in.count(AccountLedger.MAX_BLOCKS, "kept"),
                  in.count(AccountLedger.MAX_WORTH, "worth"));
          case OVER_LIMIT -> new OverLimit(in.count(Integer.MAX_VALUE, "limit"));
          case STALE -> new Stale(in.u64("number"));
          default -> throw new MalformedFrameException("reply");
        };
    in.end();
    return reply;
  }
}
