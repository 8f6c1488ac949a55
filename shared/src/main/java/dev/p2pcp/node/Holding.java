package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.quota.Ticket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Why a block is kept here: as the owner's own copy, for others by their claims, or both. Stored as
 * {@code u8 flags ‖ size u32 ‖ u16 n ‖ n × (owner 32 ‖ serial 16 ‖ since u64 ‖ expires u64 ‖ u8
 * settled)}; flag 1 is own, flag 2 a signed block.
 */
record Holding(boolean own, boolean signed, int size, List<Claim> claims) {
  /** Accounts that may have one and the same block kept here. */
  static final int MAX_CLAIMS = 64;

  private static final int OWN = 1;
  private static final int SIGNED = 2;

  /**
   * One account's right to have the block kept, from one moment of wall time to another: short
   * before the receipt is settled, long after.
   */
  record Claim(AccountId owner, Bytes serial, long since, long expires, boolean settled) {
    private static Claim read(ByteReader reader) throws MalformedFrameException {
      return new Claim(
          AccountId.read(reader, "owner"),
          reader.bytes(Ticket.SERIAL_LENGTH, "serial"),
          reader.u64("since"),
          reader.u64("expires"),
          reader.flag("settled"));
    }
  }

  /** Of a block that nobody has a right to yet. */
  static Holding of(Block block) {
    return new Holding(false, block instanceof Block.Signed, block.encoded().length(), List.of());
  }

  boolean isForOthers() {
    return !claims.isEmpty();
  }

  Optional<Claim> claimOf(AccountId owner) {
    for (Claim claim : claims) {
      if (claim.owner().equals(owner)) {
        return Optional.of(claim);
      }
    }
    return Optional.empty();
  }

  boolean isNeeded() {
    return own || !claims.isEmpty();
  }

  Holding withOwn(boolean isOwn, int newSize) {
    return new Holding(isOwn, signed, newSize, claims);
  }

  /**
   * With the claim in place of any of the same account, unless that runs longer: what was promised
   * is kept, though a later put may stay unsettled or an older receipt come again.
   */
  Holding withClaim(Claim claim) {
    List<Claim> changed = new ArrayList<>();
    Claim longest = claim;
    long since = claim.since();
    for (Claim other : claims) {
      if (!other.owner().equals(claim.owner())) {
        changed.add(other);
        continue;
      }
      since = Math.max(since, other.since());
      if (other.expires() > longest.expires()) {
        longest = other;
      }
    }
    changed.add(
        new Claim(longest.owner(), longest.serial(), since, longest.expires(), longest.settled()));
    return new Holding(own, signed, size, List.copyOf(changed));
  }

  Holding without(Predicate<Claim> gone) {
    return new Holding(own, signed, size, claims.stream().filter(gone.negate()).toList());
  }

  /** Until when it is kept for others, in milliseconds since 1970; 0 if for nobody. */
  long keptUntil() {
    long latest = 0;
    for (Claim claim : claims) {
      latest = Math.max(latest, claim.expires());
    }
    return latest;
  }

  Bytes encoded() {
    ByteWriter writer =
        new ByteWriter().u8((own ? OWN : 0) | (signed ? SIGNED : 0)).u32(size).u16(claims.size());
    for (Claim claim : claims) {
      writer
          .bytes(claim.owner().bytes())
          .bytes(claim.serial())
          .u64(claim.since())
          .u64(claim.expires())
          .u8(claim.settled() ? 1 : 0);
    }
    return writer.toBytes();
  }

  static Holding decode(Bytes encoded) throws MalformedFrameException {
    ByteReader reader = new ByteReader(encoded);
    int flags = reader.u8("flags");
    if (flags > (OWN | SIGNED)) {
      throw new MalformedFrameException("flags");
    }
    Holding holding =
        new Holding(
            (flags & OWN) != 0,
            (flags & SIGNED) != 0,
            reader.count(Block.MAX_LENGTH, "size"),
            reader.list(MAX_CLAIMS, "claims", Claim::read));
    reader.end();
    return holding;
  }
}
