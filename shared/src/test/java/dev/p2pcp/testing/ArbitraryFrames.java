package dev.p2pcp.testing;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.Leaves;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.MerkleTree;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.Signature;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.identity.ServerRecord;
import dev.p2pcp.quota.Allowance;
import dev.p2pcp.quota.Grant;
import dev.p2pcp.quota.ReceiptBatch;
import dev.p2pcp.quota.ReceiptHeader;
import dev.p2pcp.quota.ReceiptOffer;
import dev.p2pcp.quota.ReceiptTerms;
import dev.p2pcp.quota.Statement;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.quota.TicketBatch;
import dev.p2pcp.wire.ChannelFrame;
import dev.p2pcp.wire.Frame;
import dev.p2pcp.wire.FrameType;
import dev.p2pcp.wire.IceServer;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import dev.p2pcp.wire.TunnelFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Any frame that the protocol allows; what it holds is well-formed and not true. */
public final class ArbitraryFrames {
  /**
   * Lists are mostly short, so that many frames can be made, and sometimes as long as they may be.
   */
  private static final int USUAL = 5;

  private static final int FULL_ONE_IN = 25;

  private final Seeded arbitrary;

  /** Frames that follow from that generator. */
  public ArbitraryFrames(Seeded arbitrary) {
    this.arbitrary = arbitrary;
  }

  /** A frame of that type. */
  public Frame of(FrameType type) {
    return switch (type) {
      case HELLO -> new SessionFrame.Hello(below(0x10000));
      case CHALLENGE -> new SessionFrame.Challenge(bytes(32), key(), time());
      case PROOF -> new SessionFrame.Proof(certificate(), signature());
      case WELCOME -> new SessionFrame.Welcome(number(), allowance());
      case GO_AWAY -> new SessionFrame.GoAway(refusal(), number());
      case PING -> new SessionFrame.Ping(time());
      case PONG -> new SessionFrame.Pong(time());
      case ANNOUNCE -> new SessionFrame.Announce(id(), keys(Limits.ANNOUNCE_KEYS));
      case WITHDRAW -> new SessionFrame.Withdraw(id(), keys(Limits.ANNOUNCE_KEYS));
      case PLEDGE -> {
        int slots = below(Limits.SLOTS + 1);
        yield new SessionFrame.Pledge(id(), slots, below(slots + 1), below(2) == 1);
      }
      case PRESENT -> new SessionFrame.Present(id(), list(3, this::receiptBatch));
      case FREED -> new SessionFrame.Freed(id(), account(), time(), keys(Limits.ANNOUNCE_KEYS));
      case LOOKUP -> new SessionFrame.Lookup(id(), keys(Limits.LOOKUP_KEYS));
      case RESERVE -> new SessionFrame.Reserve(id(), list(Limits.RESERVE_ITEMS, this::item));
      case MANIFEST ->
          new SessionFrame.Manifest(
              id(), 1 + below(Limits.MANIFEST_BATCHES), hash(), time(), signature());
      case STATE -> new SessionFrame.State(id(), list(Limits.STATEMENTS, this::statement));
      case SERVERS -> new SessionFrame.Servers(id());
      case SERVERS_FOUND -> new SessionFrame.ServersFound(id(), servers(Limits.SERVERS));
      case ACQUAINT -> new PeerFrame.Acquaint();
      case ACQUAINTED ->
          new PeerFrame.Acquainted(servers(Limits.PEER_SERVERS), bytes(Limits.CANARY_SEED));
      case VOUCH -> new PeerFrame.Vouch(statement());
      case RENEW -> new SessionFrame.Renew(id(), list(Limits.RENEW_COPIES, this::copy));
      case COPIES -> new SessionFrame.Copies(id(), keys(Limits.LOOKUP_KEYS));
      case FORGO -> new SessionFrame.Forgo(id(), list(Limits.FORGO_COPIES, this::copy));
      case MEND -> new SessionFrame.Mend(id(), below(2) == 1, list(Limits.MEND_ITEMS, this::mend));
      case DONE -> new SessionFrame.Done(id());
      case REFUSED -> new SessionFrame.Refused(id(), refusal());
      case FOUND ->
          new SessionFrame.Found(
              id(), list(Limits.LOOKUP_KEYS, () -> list(Limits.LOCATIONS, this::peer)));
      case RESERVED -> new SessionFrame.Reserved(id(), ticketBatch());
      case COPIES_FOUND ->
          new SessionFrame.CopiesFound(
              id(), number(), list(Limits.LOOKUP_KEYS, () -> list(Limits.KEPT, this::kept)));
      case STANDING -> new SessionFrame.Standing(allowance());
      case SIGNAL -> new SessionFrame.Signal(id(), peer(), some(Limits.SIGNAL));
      case PULL -> new SessionFrame.Pull(id());
      case ICE -> new SessionFrame.Ice(id());
      case SIGNALS ->
          new SessionFrame.Signals(id(), below(2) == 1, list(Limits.SIGNALS, this::note));
      case ICE_SERVERS ->
          new SessionFrame.IceServers(id(), number(), list(Limits.ICE_SERVERS, this::iceServer));
      case JOIN -> new SessionFrame.Join(id(), list(Limits.TOPICS, this::hash));
      case LEAVE -> new SessionFrame.Leave(id(), list(Limits.TOPICS, this::hash));
      case SAMPLED ->
          new SessionFrame.Sampled(
              id(), list(Limits.TOPICS, () -> list(Limits.SAMPLE, this::peer)));
      case GOSSIP ->
          new PeerFrame.Gossip(
              hash(),
              below(3),
              list(Limits.GOSSIP_PEERS, this::peer),
              list(Limits.GOSSIP, this::hash),
              list(Limits.GOSSIP, () -> some(below(2) == 0 ? 9 : 1_000)));
      case HEARD ->
          new PeerFrame.Heard(
              below(2) == 1,
              list(Limits.GOSSIP_PEERS, this::peer),
              list(Limits.GOSSIP, this::hash));
      case ASK -> new PeerFrame.Ask(hash(), some(Limits.ASKED));
      case TOLD -> new PeerFrame.Told(some(Limits.ASKED));
      case RINGING -> new SessionFrame.Ringing();
      case GREET -> new ChannelFrame.Greet(bytes(ChannelFrame.NONCE_LENGTH));
      case PROVE -> new ChannelFrame.Prove(certificate(), signature());
      case OPEN -> new TunnelFrame.Open(id(), peer());
      case DATA -> new TunnelFrame.Data(id(), below(2) == 1, some(Limits.DATA));
      case CREDIT -> new TunnelFrame.Credit(id(), 1 + below(Limits.CREDIT));
      case CLOSE -> new TunnelFrame.Close(id(), below(0x10000));
      case GET -> new PeerFrame.Get(storageKey());
      case PUT -> new PeerFrame.Put(grant(), certificate(), signature(), some(Block.MAX_LENGTH));
      case UPDATE -> new PeerFrame.Update(storageKey(), some(Block.MAX_LENGTH));
      case ACKNOWLEDGE ->
          new PeerFrame.Acknowledge(
              some(ReceiptHeader.MAX_COUNT, () -> bytes(Ticket.SERIAL_LENGTH)));
      case SETTLE -> new PeerFrame.Settle(receiptBatch());
      case RELEASE ->
          new PeerFrame.Release(
              certificate(), peer(), time(), keys(ReceiptHeader.MAX_COUNT), signature());
      case KEEP -> new PeerFrame.Keep(grant(), certificate(), signature());
      case AUDIT ->
          new PeerFrame.Audit(
              account(), storageKey(), bytes(Limits.AUDIT_NONCE), below(Leaves.MOST));
      case ENTRUST ->
          new PeerFrame.Entrust(
              grant(), certificate(), signature(), receipt(), some(Block.MAX_LENGTH));
      case BLOCK -> new PeerFrame.BlockReply(some(Block.MAX_LENGTH));
      case OK -> new PeerFrame.Ok();
      case ACKNOWLEDGED -> new PeerFrame.Acknowledged(receiptOffer());
      case DENIED -> new PeerFrame.Denied(refusal());
      case AUDITED ->
          new PeerFrame.Audited(
              time(),
              signature(),
              list(MerkleTree.longestProof(Leaves.MOST), this::hash),
              some(Limits.AUDITED));
    };
  }

  /** What clusters did not sign, each cluster once. */
  private List<ServerRecord> servers(int most) {
    return list(
        most,
        () -> {
          long from = 1 + below(1_000_000);
          return new ServerRecord(
              key(),
              from,
              from + 1 + below(1_000_000),
              origins(1 + below(ServerRecord.ORIGINS)),
              origins(below(ServerRecord.RECOMMENDED + 1)),
              signature());
        });
  }

  private List<String> origins(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> (below(2) == 1 ? "http" : "https") + "://n" + i + ".example:" + (1000 + i))
        .toList();
  }

  /** A ticket with a proof that leads nowhere. */
  public Grant grant() {
    int count = 1 + below(TicketBatch.MAX);
    int longest = MerkleTree.longestProof(TicketBatch.MAX);
    return new Grant(ticket(), key(), signature(), count, below(count), list(longest, this::hash));
  }

  /** Tickets that nobody signed. */
  public TicketBatch ticketBatch() {
    return new TicketBatch(key(), signature(), list(TicketBatch.MAX, this::ticket));
  }

  /** A batch, whole or in part, that nobody signed. */
  public ReceiptBatch receiptBatch() {
    List<ReceiptTerms> terms = some(ReceiptHeader.MAX_COUNT, this::terms);
    boolean whole = below(2) == 0;
    List<ReceiptBatch.Entry> entries = new ArrayList<>();
    for (int i = 0; i < terms.size(); i++) {
      List<Hash> proof =
          whole ? List.of() : some(MerkleTree.longestProof(ReceiptHeader.MAX_COUNT), this::hash);
      entries.add(new ReceiptBatch.Entry(i, terms.get(i), proof));
    }
    if (!whole) {
      entries.removeLast();
    }
    if (entries.isEmpty()) {
      return receiptBatch();
    }
    return new ReceiptBatch(
        header(terms.size()), certificate(), signature(), certificate(), signature(), entries);
  }

  /** A part of one entry, that nobody signed. */
  private ReceiptBatch receipt() {
    List<Hash> proof = some(MerkleTree.longestProof(ReceiptHeader.MAX_COUNT), this::hash);
    int count = 2 + below(ReceiptHeader.MAX_COUNT - 1);
    ReceiptBatch.Entry entry = new ReceiptBatch.Entry(below(count), terms(), proof);
    return new ReceiptBatch(
        header(count), certificate(), signature(), certificate(), signature(), List.of(entry));
  }

  /** An offer that nobody signed. */
  public ReceiptOffer receiptOffer() {
    List<ReceiptTerms> terms = some(ReceiptHeader.MAX_COUNT, this::terms);
    return new ReceiptOffer(header(terms.size()), certificate(), signature(), terms);
  }

  private ReceiptHeader header(int count) {
    long stored = time() / 2;
    long expires = stored + arbitrary.next() % (ReceiptHeader.LIFE / 2) + ReceiptHeader.LIFE / 2;
    return new ReceiptHeader(account(), account(), peer(), stored, expires, count, hash());
  }

  private ReceiptTerms terms() {
    return new ReceiptTerms(bytes(Ticket.SERIAL_LENGTH), storageKey(), size(), hash());
  }

  private Ticket ticket() {
    long issued = time() / 2;
    return new Ticket(
        bytes(Ticket.SERIAL_LENGTH),
        account(),
        peer(),
        account(),
        storageKey(),
        size(),
        issued,
        issued + below((int) Ticket.MAX_LIFE + 1));
  }

  private Statement statement() {
    long number = 1 + time() / 2;
    return new Statement(number, hash(), time(), number(), number(), certificate(), signature());
  }

  private SessionFrame.Renew.Copy copy() {
    return new SessionFrame.Renew.Copy(storageKey(), peer());
  }

  private SessionFrame.Mend.Item mend() {
    return new SessionFrame.Mend.Item(account(), storageKey(), size());
  }

  private SessionFrame.CopiesFound.Kept kept() {
    return new SessionFrame.CopiesFound.Kept(peer(), time(), time(), number(), below(2) == 1);
  }

  private SessionFrame.Reserve.Item item() {
    // Four copies each, so that no list of items asks for too many.
    return new SessionFrame.Reserve.Item(storageKey(), size(), 1 + below(4));
  }

  private SessionFrame.Signals.Note note() {
    // Short enough that as many as may be told at once fit their message.
    return new SessionFrame.Signals.Note(
        peer(), some(Limits.SIGNALS_BYTES / Limits.SIGNALS - 2 * PeerId.LENGTH));
  }

  private IceServer iceServer() {
    return new IceServer(list(Limits.ICE_URLS, this::text), text(), text());
  }

  private String text() {
    return "ž".repeat(below(Limits.ICE_TEXT / 2 + 1));
  }

  private DeviceCertificate certificate() {
    return new DeviceCertificate(account(), peer(), time(), time(), signature());
  }

  private Refusal refusal() {
    String text = "ž".repeat(below(Limits.TEXT / 2 + 1));
    return new Refusal(below(0x10000), list(Limits.FIGURES, this::time), text);
  }

  private Allowance allowance() {
    return new Allowance(number(), number(), number());
  }

  private List<StorageKey> keys(int max) {
    return list(max, this::storageKey);
  }

  private <T> List<T> list(int max, Supplier<T> element) {
    int most = below(FULL_ONE_IN) == 0 ? max : Math.min(max, USUAL);
    return listOf(below(most + 1), element);
  }

  private <T> List<T> some(int max, Supplier<T> element) {
    int most = below(FULL_ONE_IN) == 0 ? max : Math.min(max, USUAL);
    return listOf(1 + below(most), element);
  }

  private static <T> List<T> listOf(int count, Supplier<T> element) {
    List<T> elements = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      elements.add(element.get());
    }
    return List.copyOf(elements);
  }

  private Bytes some(int max) {
    return bytes(1 + below(below(FULL_ONE_IN) == 0 ? max : Math.min(max, 300)));
  }

  private int size() {
    return 1 + below(Block.MAX_LENGTH);
  }

  private StorageKey storageKey() {
    return new StorageKey(bytes(StorageKey.LENGTH));
  }

  private AccountId account() {
    return new AccountId(bytes(AccountId.LENGTH));
  }

  private PeerId peer() {
    return new PeerId(bytes(PeerId.LENGTH));
  }

  private PublicKey key() {
    return new PublicKey(bytes(PublicKey.LENGTH));
  }

  private Hash hash() {
    return new Hash(bytes(Hash.LENGTH));
  }

  private Signature signature() {
    return new Signature(bytes(Signature.LENGTH));
  }

  private long id() {
    return arbitrary.next() & 0xffff_ffffL;
  }

  private long time() {
    return arbitrary.next() >>> 1;
  }

  private int number() {
    return (int) (arbitrary.next() >>> 33);
  }

  private int below(int bound) {
    return arbitrary.below(bound);
  }

  private Bytes bytes(int count) {
    return arbitrary.bytes(count);
  }
}
