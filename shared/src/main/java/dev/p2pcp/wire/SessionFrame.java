package dev.p2pcp.wire;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.Signature;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.identity.ServerRecord;
import dev.p2pcp.quota.Allowance;
import dev.p2pcp.quota.ReceiptBatch;
import dev.p2pcp.quota.Statement;
import dev.p2pcp.quota.TicketBatch;
import java.util.List;
import java.util.Locale;

/** Between an agent and an index server: the login, and requests with their answers. */
public sealed interface SessionFrame extends Frame {
  /** Bytes of a challenge's nonce. */
  int NONCE_LENGTH = 32;

  /** The agent's first frame. */
  record Hello(int version) implements SessionFrame {
    @Override
    public FrameType type() {
      return FrameType.HELLO;
    }
  }

  /** The index server's answer: what to sign, and the key with which this cluster signs tickets. */
  record Challenge(Bytes nonce, PublicKey server, long time) implements SessionFrame {
    @Override
    public FrameType type() {
      return FrameType.CHALLENGE;
    }

    /**
     * What the device signs under {@code Domain.SESSION_PROOF}: {@code nonce 32 ‖ server 32 ‖
     * version u16 ‖ u16 length ‖ host}. The host is the one that the agent dialled and that the
     * server was asked for, so that a server can't log in to another one with a proof that was
     * meant for itself.
     *
     * @param host see {@link #hostOf}
     */
    public Bytes signed(int version, String host) {
      return new ByteWriter()
          .bytes(nonce)
          .bytes(server.bytes())
          .u16(version)
          .bytes16(Bytes.utf8(host))
          .toBytes();
    }

    /** The host in an origin or in a Host header: lower case, without scheme, port and path. */
    public static String hostOf(String authority) {
      int scheme = authority.indexOf("://");
      int start = scheme < 0 ? 0 : scheme + "://".length();
      int path = authority.indexOf('/', start);
      String host = authority.substring(start, path < 0 ? authority.length() : path);
      int port = host.lastIndexOf(':');
      // The colons of an IPv6 address stand in brackets.
      boolean hasPort = port > host.lastIndexOf(']');
      return (hasPort ? host.substring(0, port) : host).toLowerCase(Locale.ROOT);
    }
  }

  /** The agent proves its device and account. */
  record Proof(DeviceCertificate certificate, Signature signature) implements SessionFrame {
    @Override
    public FrameType type() {
      return FrameType.PROOF;
    }
  }

  /** The session is open; the agent sends a ping at least this often, in milliseconds. */
  record Welcome(int heartbeat, Allowance allowance) implements SessionFrame {
    @Override
    public FrameType type() {
      return FrameType.WELCOME;
    }
  }

  /** The session ends: why, and after how many milliseconds a new login is welcome here. */
  record GoAway(Refusal reason, int retryAfter) implements SessionFrame {
    @Override
    public FrameType type() {
      return FrameType.GO_AWAY;
    }
  }

  /** Either side asks whether the other is there. */
  record Ping(long token) implements SessionFrame {
    @Override
    public FrameType type() {
      return FrameType.PING;
    }
  }

  record Pong(long token) implements SessionFrame {
    @Override
    public FrameType type() {
      return FrameType.PONG;
    }
  }

  /** The account's figures changed. */
  record Standing(Allowance allowance) implements SessionFrame {
    @Override
    public FrameType type() {
      return FrameType.STANDING;
    }
  }

  /** What an agent asks; the answer carries the same id. Ids of open requests differ. */
  sealed interface Request extends SessionFrame {
    long id();
  }

  /** These blocks can be read here from now on. Answer: Done. */
  record Announce(long id, List<StorageKey> keys) implements Request {
    @Override
    public FrameType type() {
      return FrameType.ANNOUNCE;
    }
  }

  /** These no longer. Answer: Done. */
  record Withdraw(long id, List<StorageKey> keys) implements Request {
    @Override
    public FrameType type() {
      return FrameType.WITHDRAW;
    }
  }

  /**
   * This device lends so many slots, of which so many are free for blocks of others, and says
   * whether it means to be always on. Answer: Done.
   */
  record Pledge(long id, int slots, int free, boolean alwaysOn) implements Request {
    @Override
    public FrameType type() {
      return FrameType.PLEDGE;
    }
  }

  /** Receipts, from holder or owner, of which the ledger is made. Answer: Done. */
  record Present(long id, List<ReceiptBatch> batches) implements Request {
    @Override
    public FrameType type() {
      return FrameType.PRESENT;
    }
  }

  /**
   * So many receipt batches follow, by as many presents as they need; the root is the Merkle root
   * over their encodings. The device signs for all of them at once, so that not every signature in
   * them must be checked before they count. Answer: Done.
   */
  record Manifest(long id, int batches, Hash root, long time, Signature signature)
      implements Request {
    @Override
    public FrameType type() {
      return FrameType.MANIFEST;
    }

    /** What is signed under {@code Domain.MANIFEST}. */
    public Bytes signed() {
      return signed(batches, root, time);
    }

    /** What is signed: {@code batches u32 ‖ root 32 ‖ time u64}. */
    public static Bytes signed(int batches, Hash root, long time) {
      return new ByteWriter().u32(batches).bytes(root.bytes()).u64(time).toBytes();
    }
  }

  /** What devices say that their accounts need, this one or owners of blocks kept. Answer: Done. */
  record State(long id, List<Statement> statements) implements Request {
    @Override
    public FrameType type() {
      return FrameType.STATE;
    }
  }

  /**
   * The holder tells that at that moment of its clock it no longer kept these blocks of that owner:
   * receipts that it signed up to then count no more. Answer: Done.
   */
  record Freed(long id, AccountId owner, long time, List<StorageKey> keys) implements Request {
    @Override
    public FrameType type() {
      return FrameType.FREED;
    }
  }

  /** Who has these blocks? Answer: Found. */
  record Lookup(long id, List<StorageKey> keys) implements Request {
    @Override
    public FrameType type() {
      return FrameType.LOOKUP;
    }
  }

  /**
   * Permission for further copies of own blocks with others. Answer: Reserved, with tickets as far
   * as holders have room.
   */
  record Reserve(long id, List<Item> items) implements Request {
    /** A block of so many bytes, and how many copies with others are wanted in addition. */
    public record Item(StorageKey key, int size, int copies) {}

    @Override
    public FrameType type() {
      return FrameType.RESERVE;
    }
  }

  /**
   * Permission for copies of own blocks that are counted already to be kept for longer. Answer:
   * Reserved, with tickets for those that are counted.
   */
  record Renew(long id, List<Copy> copies) implements Request {
    /** A copy of a block with a holder. */
    public record Copy(StorageKey key, PeerId holder) {}

    @Override
    public FrameType type() {
      return FrameType.RENEW;
    }
  }

  /** Who keeps these own blocks by receipts, and is it there? Answer: CopiesFound. */
  record Copies(long id, List<StorageKey> keys) implements Request {
    @Override
    public FrameType type() {
      return FrameType.COPIES;
    }
  }

  /**
   * The account no longer counts these copies of own blocks, as their holders are lost; a holder
   * that brings its receipt again is counted again. Answer: Done.
   */
  record Forgo(long id, List<Renew.Copy> copies) implements Request {
    @Override
    public FrameType type() {
      return FrameType.FORGO;
    }
  }

  /**
   * A holder asks where to bring blocks of owners who are away: of those that have lost a copy, or,
   * if it leaves, of all that it keeps. Answer: Reserved, with a ticket of its owner for each.
   */
  record Mend(long id, boolean leaving, List<Item> items) implements Request {
    /** A block that the asking holder keeps for that owner, of so many bytes. */
    public record Item(AccountId owner, StorageKey key, int size) {}

    @Override
    public FrameType type() {
      return FrameType.MEND;
    }
  }

  /** Which index servers are there to be reached? Answer: ServersFound. */
  record Servers(long id) implements Request {
    @Override
    public FrameType type() {
      return FrameType.SERVERS;
    }
  }

  /**
   * Sealed words for another agent, kept for it until it pulls. Answer: Done, which does not tell
   * whether it ever does.
   */
  record Signal(long id, PeerId to, Bytes sealed) implements Request {
    @Override
    public FrameType type() {
      return FrameType.SIGNAL;
    }
  }

  /** What came for this agent? Answer: Signals. */
  record Pull(long id) implements Request {
    @Override
    public FrameType type() {
      return FrameType.PULL;
    }
  }

  /** By which servers do agents find ways to each other? Answer: IceServers. */
  record Ice(long id) implements Request {
    @Override
    public FrameType type() {
      return FrameType.ICE;
    }
  }

  /**
   * This session is a member of these topics for the next ten minutes, be it one already or not.
   * Answer: Sampled.
   */
  record Join(long id, List<Hash> topics) implements Request {
    @Override
    public FrameType type() {
      return FrameType.JOIN;
    }
  }

  /** It is no member of these any more. Answer: Done. */
  record Leave(long id, List<Hash> topics) implements Request {
    @Override
    public FrameType type() {
      return FrameType.LEAVE;
    }
  }

  /** Signals wait to be pulled; told once until they are. */
  record Ringing() implements SessionFrame {
    @Override
    public FrameType type() {
      return FrameType.RINGING;
    }
  }

  /** What an index server answers to a request. */
  sealed interface Answer extends SessionFrame {
    long id();
  }

  record Done(long id) implements Answer {
    @Override
    public FrameType type() {
      return FrameType.DONE;
    }
  }

  /** Not done, and why. */
  record Refused(long id, Refusal refusal) implements Answer {
    @Override
    public FrameType type() {
      return FrameType.REFUSED;
    }
  }

  /** Peers for each key of the lookup, in its order. */
  record Found(long id, List<List<PeerId>> locations) implements Answer {
    @Override
    public FrameType type() {
      return FrameType.FOUND;
    }
  }

  /**
   * The counted copies of each block, in the order of the request.
   *
   * @param calm milliseconds during which nothing is to be repaired, 0 for none
   */
  record CopiesFound(long id, int calm, List<List<Kept>> copies) implements Answer {
    /**
     * A counted copy.
     *
     * @param expires when its last receipt ends, in milliseconds since 1970
     * @param seen when its holder was seen last, likewise; now if it is connected, 0 for never
     * @param grace seconds for which it may be away until it counts as lost
     * @param anchor whether it is always on
     */
    public record Kept(PeerId holder, long expires, long seen, int grace, boolean anchor) {}

    @Override
    public FrameType type() {
      return FrameType.COPIES_FOUND;
    }
  }

  /** What clusters say of themselves, the answering one's own record first if it has one. */
  record ServersFound(long id, List<ServerRecord> servers) implements Answer {
    @Override
    public FrameType type() {
      return FrameType.SERVERS_FOUND;
    }
  }

  record Reserved(long id, TicketBatch tickets) implements Answer {
    @Override
    public FrameType type() {
      return FrameType.RESERVED;
    }
  }

  /** In the order in which they came; whether more wait than fitted. */
  record Signals(long id, boolean more, List<Note> notes) implements Answer {
    /** One, and from whom by the session that it came through. */
    public record Note(PeerId from, Bytes sealed) {}

    @Override
    public FrameType type() {
      return FrameType.SIGNALS;
    }
  }

  /** Some other members of each topic of the join, in its order, chosen at random each time. */
  record Sampled(long id, List<List<PeerId>> members) implements Answer {
    @Override
    public FrameType type() {
      return FrameType.SAMPLED;
    }
  }

  /** Good for so many milliseconds. */
  record IceServers(long id, int lifetime, List<IceServer> servers) implements Answer {
    @Override
    public FrameType type() {
      return FrameType.ICE_SERVERS;
    }
  }
}
