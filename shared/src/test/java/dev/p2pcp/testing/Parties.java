package dev.p2pcp.testing;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Crypto.SigningKey;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.quota.ReceiptOffer;
import dev.p2pcp.quota.ReceiptTerms;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.quota.TicketBatch;
import dev.p2pcp.wire.PeerFrame;
import java.util.ArrayList;
import java.util.List;

/**
 * An owner, a holder and an index server with true keys, and what they sign for each other.
 *
 * @param now the moment at which all of it happens, in milliseconds since 1970
 */
public record Parties(
    SigningKey server,
    SigningKey ownerDevice,
    DeviceCertificate owner,
    SigningKey holderDevice,
    DeviceCertificate holder,
    long now) {
  private static final long NOW = 1_790_000_000_000L;

  /** Parties whose keys follow from the generator. */
  public static Parties of(Crypto crypto, Seeded arbitrary) {
    SigningKey ownerDevice = key(crypto, arbitrary);
    SigningKey holderDevice = key(crypto, arbitrary);
    return new Parties(
        key(crypto, arbitrary),
        ownerDevice,
        certified(key(crypto, arbitrary), ownerDevice),
        holderDevice,
        certified(key(crypto, arbitrary), holderDevice),
        NOW);
  }

  /** A ticket of the owner for a block with the holder. */
  public Ticket ticket(Seeded arbitrary, StorageKey key, int size) {
    Bytes serial = arbitrary.bytes(Ticket.SERIAL_LENGTH);
    AccountId account = holder.account();
    long expires = now + Ticket.MAX_LIFE;
    return new Ticket(serial, owner.account(), holder.device(), account, key, size, now, expires);
  }

  /** Tickets for blocks of any name. */
  public TicketBatch tickets(Seeded arbitrary, int count) {
    List<Ticket> tickets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      StorageKey key = new StorageKey(arbitrary.bytes(StorageKey.LENGTH));
      tickets.add(ticket(arbitrary, key, Block.MAX_LENGTH));
    }
    return TicketBatch.issue(server, tickets);
  }

  /** What the holder signs for content blocks that it has stored. */
  public ReceiptOffer offer(Seeded arbitrary, int count) {
    List<ReceiptTerms> terms = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Block block = Block.Content.of(arbitrary.bytes(20));
      StorageKey key = new StorageKey(arbitrary.bytes(StorageKey.LENGTH));
      terms.add(ReceiptTerms.of(arbitrary.bytes(Ticket.SERIAL_LENGTH), key, block));
    }
    return ReceiptOffer.sign(holderDevice, holder, owner.account(), now, terms);
  }

  /** The owner's release of blocks. */
  public PeerFrame.Release release(List<StorageKey> keys) {
    Bytes signed = PeerFrame.Release.signed(holder.device(), now, keys);
    return new PeerFrame.Release(
        owner, holder.device(), now, keys, ownerDevice.sign(Domain.RELEASE, signed));
  }

  private static SigningKey key(Crypto crypto, Seeded arbitrary) {
    return crypto.signingKey(arbitrary.bytes(32));
  }

  private static DeviceCertificate certified(SigningKey vault, SigningKey device) {
    PeerId peer = PeerId.of(device.publicKey());
    return DeviceCertificate.issue(vault, peer, NOW - 1000, DeviceCertificate.MAX_LIFE);
  }
}
