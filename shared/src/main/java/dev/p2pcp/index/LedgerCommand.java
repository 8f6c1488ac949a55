package dev.p2pcp.index;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.quota.AccountLedger;
import dev.p2pcp.quota.AccountLedger.Claim;
import dev.p2pcp.quota.AccountLedger.Holder;
import dev.p2pcp.quota.AccountLedger.Kept;
import dev.p2pcp.quota.ReceiptHeader;
import dev.p2pcp.quota.Statement;
import dev.p2pcp.quota.TicketBatch;
import dev.p2pcp.trust.Conduct;
import dev.p2pcp.wire.Limits;
import java.util.List;

/** One step on an account's ledger, in a form that travels to the member that keeps it. */
public sealed interface LedgerCommand {
  int PLEDGE = 1;
  int PLACE = 2;
  int FREE = 3;
  int RESERVE = 4;
  int HOLDERS = 5;
  int FIGURES = 6;
  int SWEEP = 7;
  int VET = 9;
  int JUDGE = 10;
  int KEPT_BY = 11;
  int FORGO = 8;
  int CLAIMS = 12;
  int DROP = 13;
  int FAULT = 14;
  int STATE = 15;

  /** A device lends so many slots by that session. */
  record Pledge(PeerId device, int session, int slots) implements LedgerCommand {}

  /**
   * A holder keeps these blocks by receipts that were signed and expire then; whether it or their
   * owner brings them just now.
   */
  record Place(Holder holder, boolean brought, long signed, long expires, List<StorageKey> keys)
      implements LedgerCommand {}

  /**
   * A session brought receipts under its manifest that are not verified yet; whether it is their
   * owner's.
   */
  record Claims(
      Holder holder, boolean byOwner, long signed, long expires, int session, List<StorageKey> keys)
      implements LedgerCommand {}

  /** Take out what that session brought and nobody has verified. */
  record Drop(int session) implements LedgerCommand {}

  /** A device of the account was caught with a forgery of that number. */
  record Fault(long id) implements LedgerCommand {}

  /** A device of the account states what it needs. */
  record State(Statement statement) implements LedgerCommand {}

  /** A holder gave these blocks up at that moment of its clock. */
  record Free(Holder holder, long time, List<StorageKey> keys) implements LedgerCommand {}

  /** Enter these claims if the account lends enough. */
  record Reserve(List<Claim> claims) implements LedgerCommand {}

  /** Who keeps these blocks? */
  record Holders(List<StorageKey> keys) implements LedgerCommand {}

  /** The account counts what that holder keeps of these blocks no longer. */
  record Forgo(Holder holder, List<StorageKey> keys) implements LedgerCommand {}

  /** Only the figures. */
  record Figures() implements LedgerCommand {}

  /** Forget what has expired, and what was lent by sessions of members that are gone. */
  record Sweep(List<Integer> departed) implements LedgerCommand {}

  /** So many copies with others are backed by what the account keeps and was given. */
  record Vet(int worth) implements LedgerCommand {}

  /** What audits of the account's devices came to: to be added to what is known. */
  record Judge(Conduct conduct) implements LedgerCommand {}

  /** How many blocks does that account keep for this one, and what is this one worth? */
  record KeptBy(AccountId holder) implements LedgerCommand {}

  /** Whether it only asks. */
  default boolean isQuestion() {
    return this instanceof Holders || this instanceof Figures || this instanceof KeptBy;
  }

  /** Does it at that moment of wall time. */
  default LedgerReply apply(AccountLedger ledger, long now) {
    return switch (this) {
      case Pledge c ->
          LedgerReply.of(
              ledger.pledge(c.device, c.session, c.slots), AccountLedger.MAX_DEVICES, ledger, now);
      case Place c -> place(c, ledger, now);
      case Claims c -> {
        long brought = c.byOwner ? now : 0;
        c.keys.forEach(key -> ledger.claim(key, c.holder, c.signed, c.expires, c.session, brought));
        yield LedgerReply.done(ledger, now);
      }
      case Drop c -> {
        ledger.drop(c.session);
        yield LedgerReply.done(ledger, now);
      }
      case Fault c -> {
        ledger.conduct(ledger.conduct().faulted(new Conduct.Fault(c.id, now)));
        yield LedgerReply.done(ledger, now);
      }
      case State c ->
          // Accounts cost nothing: what is said of one that nobody knows is not kept.
          ledger.isEmpty()
              ? LedgerReply.done(ledger, now)
              : LedgerReply.of(ledger.state(c.statement), LedgerReply.done(ledger, now));
      case Free c -> {
        ledger.free(c.holder, c.keys, c.time);
        yield LedgerReply.done(ledger, now);
      }
      case Reserve c -> LedgerReply.of(ledger.reserve(c.claims, now));
      case Holders c -> {
        List<List<Kept>> copies = c.keys.stream().map(key -> ledger.copies(key, now)).toList();
        yield new LedgerReply.Done(ledger.allowance(now), copies);
      }
      case Forgo c -> {
        ledger.forgo(c.holder, c.keys, now);
        yield LedgerReply.done(ledger, now);
      }
      case Figures c -> LedgerReply.done(ledger, now);
      case Vet c -> {
        ledger.vet(c.worth);
        yield LedgerReply.done(ledger, now);
      }
      case Judge c -> {
        ledger.conduct(ledger.conduct().with(c.conduct));
        yield LedgerReply.done(ledger, now);
      }
      case KeptBy c ->
          new LedgerReply.Keeps(
              ledger.allowance(now), ledger.keptBy(c.holder, now), ledger.worth());
      case Sweep c -> {
        ledger.forget(session -> c.departed.contains(SessionNumber.memberOf(session)));
        yield LedgerReply.done(ledger, now);
      }
    };
  }

  private static LedgerReply place(Place c, AccountLedger ledger, long now) {
    boolean all = true;
    for (StorageKey key : c.keys) {
      all &= ledger.place(key, c.holder, c.signed, c.expires, c.brought ? now : 0);
    }
    return LedgerReply.of(all, AccountLedger.MAX_BLOCKS, ledger, now);
  }

  /** Layout: {@code u8 number ‖ fields in their order}. */
  default Bytes encoded() {
    ByteWriter out = new ByteWriter();
    switch (this) {
      case Pledge c -> out.u8(PLEDGE).bytes(c.device.bytes()).u32(c.session).u32(c.slots);
      case Place c -> {
        writeHolder(c.holder, out.u8(PLACE)).u8(c.brought ? 1 : 0).u64(c.signed).u64(c.expires);
        writeKeys(c.keys, out);
      }
      case Claims c -> {
        writeHolder(c.holder, out.u8(CLAIMS)).u8(c.byOwner ? 1 : 0).u64(c.signed).u64(c.expires);
        out.u32(c.session);
        writeKeys(c.keys, out);
      }
      case Drop c -> out.u8(DROP).u32(c.session);
      case Fault c -> out.u8(FAULT).u64(c.id);
      case State c -> c.statement.write(out.u8(STATE));
      case Free c -> {
        writeHolder(c.holder, out.u8(FREE)).u64(c.time);
        writeKeys(c.keys, out);
      }
      case Reserve c -> {
        out.u8(RESERVE).u16(c.claims.size());
        c.claims.forEach(
            claim ->
                writeHolder(claim.holder(), out.bytes(claim.key().bytes())).u64(claim.until()));
      }
      case Holders c -> writeKeys(c.keys, out.u8(HOLDERS));
      case Forgo c -> writeKeys(c.keys, writeHolder(c.holder, out.u8(FORGO)));
      case Figures c -> out.u8(FIGURES);
      case Vet c -> out.u8(VET).u32(c.worth);
      case Judge c -> c.conduct.write(out.u8(JUDGE));
      case KeptBy c -> out.u8(KEPT_BY).bytes(c.holder.bytes());
      case Sweep c -> {
        out.u8(SWEEP).u16(c.departed.size());
        c.departed.forEach(out::u32);
      }
    }
    return out.toBytes();
  }

  /** Reads what {@link #encoded} wrote. */
  static LedgerCommand decode(Bytes encoded) throws MalformedFrameException {
    ByteReader in = new ByteReader(encoded);
    int number = in.u8("command");
    LedgerCommand command =
        switch (number) {
          case PLEDGE ->
              new Pledge(
                  PeerId.read(in, "device"),
                  in.count(Integer.MAX_VALUE, "session"),
                  in.count(Limits.SLOTS, "slots"));
          case PLACE ->
              new Place(
                  readHolder(in),
                  in.flag("brought"),
                  in.u64("signed"),
                  in.u64("expires"),
                  readKeys(ReceiptHeader.MAX_COUNT, in));
          case CLAIMS ->
              new Claims(
                  readHolder(in),
                  in.flag("by owner"),
                  in.u64("signed"),
                  in.u64("expires"),
                  in.count(Integer.MAX_VALUE, "session"),
                  readKeys(ReceiptHeader.MAX_COUNT, in));
          case DROP -> new Drop(in.count(Integer.MAX_VALUE, "session"));
          case FAULT -> new Fault(in.u64("fault"));
          case STATE -> new State(Statement.read(in));
          case FREE -> new Free(readHolder(in), in.u64("time"), readKeys(Limits.ANNOUNCE_KEYS, in));
          case RESERVE ->
              new Reserve(
                  in.list(
                      TicketBatch.MAX,
                      "claims",
                      r -> new Claim(StorageKey.read(r, "key"), readHolder(r), r.u64("until"))));
          case HOLDERS -> new Holders(readKeys(Limits.RESERVE_ITEMS, in));
          case FORGO -> new Forgo(readHolder(in), readKeys(Limits.FORGO_COPIES, in));
          case FIGURES -> new Figures();
          case VET -> new Vet(in.count(AccountLedger.MAX_WORTH, "worth"));
          case JUDGE -> new Judge(Conduct.read(in));
          case KEPT_BY -> new KeptBy(AccountId.read(in, "holder"));
          case SWEEP ->
              new Sweep(
                  in.list(
                      SessionNumber.MOST_MEMBERS,
                      "members",
                      r -> r.count(SessionNumber.MOST_MEMBERS, "member")));
          default -> throw new MalformedFrameException("command");
        };
    in.end();
    return command;
  }

  /** Appends a holder. */
  static ByteWriter writeHolder(Holder holder, ByteWriter out) {
    return out.bytes(holder.peer().bytes()).bytes(holder.account().bytes());
  }

  /** Reads a holder. */
  static Holder readHolder(ByteReader in) throws MalformedFrameException {
    return new Holder(PeerId.read(in, "holder"), AccountId.read(in, "holder account"));
  }

  private static void writeKeys(List<StorageKey> keys, ByteWriter out) {
    out.u16(keys.size());
    keys.forEach(key -> out.bytes(key.bytes()));
  }

  private static List<StorageKey> readKeys(int limit, ByteReader in)
      throws MalformedFrameException {
    return in.list(limit, "keys", r -> StorageKey.read(r, "key"));
  }
}
