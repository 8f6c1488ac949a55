package dev.p2pcp.quota;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;

/**
 * An index server's permission for one account to store one block with one holder, once. Layout:
 * {@code serial 16 ‖ owner 32 ‖ holder peer 32 ‖ holder account 32 ‖ storage key 32 ‖ size u32 ‖
 * issued u64 ‖ expires u64}; size is the most encoded bytes, times are milliseconds since 1970.
 */
public record Ticket(
    Bytes serial,
    AccountId owner,
    PeerId holder,
    AccountId holderAccount,
    StorageKey key,
    int size,
    long issued,
    long expires) {
  public static final int SERIAL_LENGTH = 16;

  /** Bytes of an encoded ticket. */
  public static final int LENGTH =
      SERIAL_LENGTH
          + 2 * AccountId.LENGTH
          + PeerId.LENGTH
          + StorageKey.LENGTH
          + Integer.BYTES
          + 2 * Long.BYTES;

  /** Longest time a ticket may be good for, in milliseconds. */
  public static final long MAX_LIFE = 10 * 60 * 1000L;

  /** Difference of clocks that is tolerated, in milliseconds. */
  public static final long CLOCK_SKEW = 5 * 60 * 1000L;

  public Bytes encoded() {
    return new ByteWriter(LENGTH)
        .bytes(serial)
        .bytes(owner.bytes())
        .bytes(holder.bytes())
        .bytes(holderAccount.bytes())
        .bytes(key.bytes())
        .u32(size)
        .u64(issued)
        .u64(expires)
        .toBytes();
  }

  public static Ticket read(ByteReader reader) throws MalformedFrameException {
    Ticket ticket =
        new Ticket(
            reader.bytes(SERIAL_LENGTH, "serial"),
            AccountId.read(reader, "owner"),
            PeerId.read(reader, "holder"),
            AccountId.read(reader, "holder account"),
            StorageKey.read(reader, "storage key"),
            reader.count(Block.MAX_LENGTH, "size"),
            reader.u64("issued"),
            reader.u64("expires"));
    if (ticket.size < 1) {
      throw new MalformedFrameException("size");
    }
    if (ticket.expires < ticket.issued || ticket.expires - ticket.issued > MAX_LIFE) {
      throw new MalformedFrameException("expires");
    }
    return ticket;
  }

  /** Whether the ticket is good at that moment of wall time, allowing for clocks that differ. */
  public boolean isCurrent(long now) {
    return now >= issued - CLOCK_SKEW && now - CLOCK_SKEW <= expires;
  }
}
