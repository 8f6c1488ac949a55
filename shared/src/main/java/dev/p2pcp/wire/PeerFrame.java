package dev.p2pcp.wire;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.crypto.Signature;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.identity.ServerRecord;
import dev.p2pcp.quota.Grant;
import dev.p2pcp.quota.ReceiptBatch;
import dev.p2pcp.quota.ReceiptOffer;
import dev.p2pcp.quota.Statement;
import dev.p2pcp.quota.Ticket;
import java.util.List;

/** Between agents, over whichever link: one request, one reply. */
public sealed interface PeerFrame extends Frame {
  /** What one agent asks of another. */
  sealed interface Request extends PeerFrame {}

  /** What it is told. */
  sealed interface Reply extends PeerFrame {}

  /** Answer: BlockReply, or Denied with NOT_FOUND. */
  record Get(StorageKey key) implements Request {
    @Override
    public FrameType type() {
      return FrameType.GET;
    }
  }

  /**
   * Keep a new block, by a ticket of its owner. The owner's device signs the ticket's bytes under
   * {@code Domain.PUT}, so that nobody else can use it. Answer: Ok once it is stored durably.
   */
  record Put(Grant grant, DeviceCertificate owner, Signature signature, Bytes block)
      implements Request {
    @Override
    public FrameType type() {
      return FrameType.PUT;
    }
  }

  /**
   * Keep a block that is here already for as long as a new receipt says, by a ticket used as in
   * {@link Put}. Answer: Ok.
   */
  record Keep(Grant grant, DeviceCertificate owner, Signature signature) implements Request {
    @Override
    public FrameType type() {
      return FrameType.KEEP;
    }
  }

  /** A newer version of a signed block that is kept: its signature is right enough. Answer: Ok. */
  record Update(StorageKey key, Bytes block) implements Request {
    @Override
    public FrameType type() {
      return FrameType.UPDATE;
    }
  }

  /** Sign for the blocks put by these tickets. Answer: Acknowledged. */
  record Acknowledge(List<Bytes> serials) implements Request {
    @Override
    public FrameType type() {
      return FrameType.ACKNOWLEDGE;
    }
  }

  /** The receipts with the owner's signature, for the holder to keep. Answer: Ok. */
  record Settle(ReceiptBatch batch) implements Request {
    @Override
    public FrameType type() {
      return FrameType.SETTLE;
    }
  }

  /**
   * The owner no longer wants these blocks kept by this holder: a tombstone, signed by a device of
   * the account. Answer: Ok, also for what is not here.
   */
  record Release(
      DeviceCertificate owner, PeerId holder, long time, List<StorageKey> keys, Signature signature)
      implements Request {
    @Override
    public FrameType type() {
      return FrameType.RELEASE;
    }

    /** What is signed under {@code Domain.RELEASE}: {@code holder 32 ‖ time u64 ‖ u16 n ‖ keys}. */
    public static Bytes signed(PeerId holder, long time, List<StorageKey> keys) {
      ByteWriter writer = new ByteWriter().bytes(holder.bytes()).u64(time).u16(keys.size());
      keys.forEach(key -> writer.bytes(key.bytes()));
      return writer.toBytes();
    }

    public AccountId account() {
      return owner.account();
    }

    /** Whether a device that acts for the account at that moment signed it. Suspends. */
    public boolean isGenuine(Crypto crypto, long now) {
      return owner.verify(crypto, now) == DeviceCertificate.Verdict.VALID
          && crypto.verify(
              owner.device().publicKey(), Domain.RELEASE, signed(holder, time, keys), signature);
    }

    /** Whether it was signed just now, so that nobody keeps it to undo a later put. */
    public boolean isCurrent(long now) {
      return Math.abs(now - time) <= DeviceCertificate.CLOCK_SKEW;
    }
  }

  /**
   * What the owner of blocks kept here says that its account needs; the latest of each device is
   * kept, and told to index servers at logins. Answer: Ok.
   */
  record Vouch(Statement statement) implements Request {
    @Override
    public FrameType type() {
      return FrameType.VOUCH;
    }
  }

  /**
   * Show that a block is kept for that owner, by one of its leaves. Answer: Audited.
   *
   * @param nonce random, so that no answer serves twice
   * @param part which leaf, below {@code Leaves.MOST}; see {@code Leaves.index}
   */
  record Audit(AccountId owner, StorageKey key, Bytes nonce, int part) implements Request {
    @Override
    public FrameType type() {
      return FrameType.AUDIT;
    }

    Bytes encoded() {
      return new ByteWriter()
          .bytes(owner.bytes())
          .bytes(key.bytes())
          .bytes(nonce)
          .u32(part)
          .toBytes();
    }

    /**
     * What is signed under {@code Domain.AUDIT}: {@code owner 32 ‖ key 32 ‖ nonce 32 ‖ part u32 ‖
     * time u64 ‖ SHA-256 of what is shown}.
     */
    public Bytes signed(long time, Bytes shown) {
      return new ByteWriter()
          .bytes(encoded())
          .u64(time)
          .bytes(Sha256.hash(shown).bytes())
          .toBytes();
    }
  }

  /**
   * Keep a block of an owner who is away, by a ticket that an index server gave to another holder
   * of it, whose device signs the ticket's bytes under {@code Domain.MEND}. The batch shows that
   * the owner agreed with that holder on just this block. Answer: Ok once it is stored durably.
   */
  record Entrust(
      Grant grant, DeviceCertificate mender, Signature signature, ReceiptBatch receipt, Bytes block)
      implements Request {
    @Override
    public FrameType type() {
      return FrameType.ENTRUST;
    }
  }

  /**
   * Tell which index servers you live on, and plant canaries for me: keys that you announce to all
   * of them for me alone to ask after. Answer: Acquainted.
   */
  record Acquaint() implements Request {
    @Override
    public FrameType type() {
      return FrameType.ACQUAINT;
    }
  }

  /**
   * Within a topic that both have joined: messages, and names of others that can be had. Answer:
   * Heard, or Denied with NOT_FOUND by who is no member.
   *
   * @param stance what the sender counts the other as, see the constants
   * @param others members to turn to instead, where it parts
   * @param have names of messages that it has, see {@link #nameOf}
   * @param messages whole messages
   */
  record Gossip(Hash topic, int stance, List<PeerId> others, List<Hash> have, List<Bytes> messages)
      implements Request {
    /** Says nothing of whether both are neighbours. */
    public static final int NEITHER = 0;

    /** Means to be, or to stay, neighbours. */
    public static final int NEIGHBOUR = 1;

    /** Does not want to be neighbours any more. */
    public static final int PARTING = 2;

    @Override
    public FrameType type() {
      return FrameType.GOSSIP;
    }

    /** The name of a message: {@code SHA-256(framed(topic-message, message))}. */
    public static Hash nameOf(Bytes message) {
      return Sha256.hash(Domain.TOPIC_MESSAGE.frame(message));
    }
  }

  /**
   * A member of a topic asks another what only those who know the topic understand. Answer: Told,
   * or Denied.
   */
  record Ask(Hash topic, Bytes request) implements Request {
    @Override
    public FrameType type() {
      return FrameType.ASK;
    }
  }

  /** The encoded block. */
  record BlockReply(Bytes block) implements Reply {
    @Override
    public FrameType type() {
      return FrameType.BLOCK;
    }
  }

  /** Index servers that the answering agent lives on, and what its canaries grow from. */
  record Acquainted(List<ServerRecord> servers, Bytes seed) implements Reply {
    @Override
    public FrameType type() {
      return FrameType.ACQUAINTED;
    }
  }

  /**
   * What was gossiped has been looked at.
   *
   * @param neighbour whether the other counts as one here from now on
   * @param others members to turn to instead, where it does not though it means to
   * @param want those of the named messages that are to be sent
   */
  record Heard(boolean neighbour, List<PeerId> others, List<Hash> want) implements Reply {
    @Override
    public FrameType type() {
      return FrameType.HEARD;
    }
  }

  /** What was asked. */
  record Told(Bytes answer) implements Reply {
    @Override
    public FrameType type() {
      return FrameType.TOLD;
    }
  }

  record Ok() implements Reply {
    @Override
    public FrameType type() {
      return FrameType.OK;
    }
  }

  record Acknowledged(ReceiptOffer offer) implements Reply {
    @Override
    public FrameType type() {
      return FrameType.ACKNOWLEDGED;
    }
  }

  /** Not done, and why. */
  record Denied(Refusal refusal) implements Reply {
    @Override
    public FrameType type() {
      return FrameType.DENIED;
    }
  }

  /**
   * A leaf of a content block with its path to the audit root in the receipt, or an excerpt of a
   * signed block with the path to what its writer signed; signed by the holder's device at that
   * time, see {@link Audit#signed}.
   */
  record Audited(long time, Signature signature, List<Hash> proof, Bytes shown) implements Reply {
    @Override
    public FrameType type() {
      return FrameType.AUDITED;
    }
  }

  /** Bytes of a ticket's serial, in acknowledge. */
  int SERIAL_LENGTH = Ticket.SERIAL_LENGTH;
}
