package dev.p2pcp.wire;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.Excerpt;

/**
 * The limits of the protocol. Each is enforced by whoever receives; docs/protocol.md lists them.
 */
public final class Limits {
  /** Version spoken by this code. */
  public static final int VERSION = 1;

  /** Longest message between agent and index server, in bytes. */
  public static final int MESSAGE = 64 * 1024;

  /** Most bytes of a tunnel stream in one {@link TunnelFrame.Data}. */
  public static final int DATA = 60 * 1024;

  /** Longest frame between agents, in bytes: a block with its grant. */
  public static final int PEER_FRAME = Block.MAX_LENGTH + 4 * 1024;

  /** Storage keys in one announce or withdraw. */
  public static final int ANNOUNCE_KEYS = 1024;

  /** Storage keys that one session may have announced. */
  public static final int SESSION_KEYS = 100_000;

  /** Slots that one session may lend. */
  public static final int SLOTS = 100_000;

  /** Storage keys in one lookup. */
  public static final int LOOKUP_KEYS = 64;

  /** Locations told of one storage key. */
  public static final int LOCATIONS = 16;

  /**
   * Blocks in one reserve, each named once; their copies add up to at most {@code TicketBatch.MAX}.
   */
  public static final int RESERVE_ITEMS = 64;

  /** Copies in one renew, each named once. */
  public static final int RENEW_COPIES = 64;

  /** Copies in one forgo, each named once. */
  public static final int FORGO_COPIES = 64;

  /** Blocks in one mend, each named once. */
  public static final int MEND_ITEMS = 64;

  /** Copies told of one block. */
  public static final int KEPT = 16;

  /** Copies of one block that can be reserved at once. */
  public static final int COPIES = 10;

  /** Receipt batches in one present, as far as they fit its message; a single one always does. */
  public static final int PRESENT_BATCHES = 32;

  /** Receipt batches that one manifest may promise. */
  public static final int MANIFEST_BATCHES = 100_000;

  /** Statements told at once. */
  public static final int STATEMENTS = 32;

  /** Records of index servers that an index server tells of at once. */
  public static final int SERVERS = 16;

  /** Likewise an agent. */
  public static final int PEER_SERVERS = 8;

  /** Bytes of the seed that an agent's canaries for another one grow from. */
  public static final int CANARY_SEED = 32;

  /** Requests that one session may have unanswered. */
  public static final int REQUESTS = 32;

  /** Tunnel streams that one session may have open, both ways together. */
  public static final int STREAMS = 128;

  /** Bytes that either end of a stream may send before any credit arrives. */
  public static final int INITIAL_CREDIT = 128 * 1024;

  /** Most credit that may be outstanding on a stream. */
  public static final int CREDIT = 1024 * 1024;

  /** Bytes of one sealed signal. */
  public static final int SIGNAL = 8 * 1024;

  /** Signals told at once; together with their senders they also fit {@link #SIGNALS_BYTES}. */
  public static final int SIGNALS = 16;

  /** Bytes of the signals told at once, with 34 for the sender and length of each. */
  public static final int SIGNALS_BYTES = 60 * 1024;

  /** Servers for direct links that an index server names. */
  public static final int ICE_SERVERS = 8;

  /** Addresses of one of them. */
  public static final int ICE_URLS = 4;

  /** Bytes of an address, a user name or a credential of one. */
  public static final int ICE_TEXT = 256;

  /** Topics in one join or leave. */
  public static final int TOPICS = 64;

  /** Topics that one session may have joined. */
  public static final int SESSION_TOPICS = 256;

  /** Sessions that one member of a cluster remembers of a topic. */
  public static final int TOPIC_MEMBERS = 10_000;

  /** Members of a topic told at once. */
  public static final int SAMPLE = 16;

  /** Bytes of one message of a topic. */
  public static final int TOPIC_MESSAGE = 56 * 1024;

  /** Bytes of the messages in one gossip, with two for each. */
  public static final int GOSSIP_BYTES = 2 * TOPIC_MESSAGE;

  /** Messages in one gossip, and names of messages in one, and in an answer to it. */
  public static final int GOSSIP = 64;

  /** Members of a topic that one names to another. */
  public static final int GOSSIP_PEERS = 8;

  /** Bytes of a request to a member of a topic, and of its answer. */
  public static final int ASKED = 240 * 1024;

  /** Figures in a refusal. */
  public static final int FIGURES = 8;

  /** Bytes of text in a refusal. */
  public static final int TEXT = 200;

  /** Bytes of a random nonce in an audit. */
  public static final int AUDIT_NONCE = 32;

  /** Bytes that are shown in an audit. */
  public static final int AUDITED = Excerpt.MAX_LENGTH;

  private Limits() {}
}
