package dev.p2pcp.wire;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.MalformedFrameException;
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
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Layouts of the session frames, each field in the order of its record. */
final class SessionCodec {
  private SessionCodec() {}

  static void write(SessionFrame frame, ByteWriter writer) {
    switch (frame) {
      case SessionFrame.Hello f -> writer.u16(f.version());
      case SessionFrame.Challenge f ->
          writer.bytes(f.nonce()).bytes(f.server().bytes()).u64(f.time());
      case SessionFrame.Proof f -> {
        f.certificate().write(writer);
        writer.bytes(f.signature().bytes());
      }
      case SessionFrame.Welcome f -> {
        writer.u32(f.heartbeat());
        f.allowance().write(writer);
      }
      case SessionFrame.GoAway f -> {
        f.reason().write(writer);
        writer.u32(f.retryAfter());
      }
      case SessionFrame.Ping f -> writer.u64(f.token());
      case SessionFrame.Pong f -> writer.u64(f.token());
      case SessionFrame.Standing f -> f.allowance().write(writer);
      case SessionFrame.Ringing ringing -> {
        // The type says it all.
      }
      case SessionFrame.Request f -> writeRequest(f, writer);
      case SessionFrame.Answer f -> writeAnswer(f, writer);
    }
  }

  static SessionFrame read(FrameType type, ByteReader in) throws MalformedFrameException {
    return switch (type) {
      case HELLO -> new SessionFrame.Hello(in.u16("version"));
      case CHALLENGE ->
          new SessionFrame.Challenge(
              in.bytes(SessionFrame.NONCE_LENGTH, "nonce"),
              PublicKey.read(in, "server"),
              in.u64("time"));
      case PROOF ->
          new SessionFrame.Proof(DeviceCertificate.read(in), Signature.read(in, "signature"));
      case WELCOME ->
          new SessionFrame.Welcome(in.count(Integer.MAX_VALUE, "heartbeat"), Allowance.read(in));
      case GO_AWAY ->
          new SessionFrame.GoAway(Refusal.read(in), in.count(Integer.MAX_VALUE, "retry after"));
      case PING -> new SessionFrame.Ping(in.u64("token"));
      case PONG -> new SessionFrame.Pong(in.u64("token"));
      case STANDING -> new SessionFrame.Standing(Allowance.read(in));
      case RINGING -> new SessionFrame.Ringing();
      default -> readWithId(type, in.u32("id"), in);
    };
  }

  private static void writeRequest(SessionFrame.Request frame, ByteWriter writer) {
    writer.u32(frame.id());
    switch (frame) {
      case SessionFrame.Announce f -> writeKeys(f.keys(), writer);
      case SessionFrame.Withdraw f -> writeKeys(f.keys(), writer);
      case SessionFrame.Pledge f -> writer.u32(f.slots()).u32(f.free()).u8(f.alwaysOn() ? 1 : 0);
      case SessionFrame.Present f -> {
        writer.u16(f.batches().size());
        f.batches().forEach(batch -> batch.write(writer));
      }
      case SessionFrame.Manifest f ->
          writer
              .u32(f.batches())
              .bytes(f.root().bytes())
              .u64(f.time())
              .bytes(f.signature().bytes());
      case SessionFrame.State f -> {
        writer.u16(f.statements().size());
        f.statements().forEach(statement -> statement.write(writer));
      }
      case SessionFrame.Freed f -> {
        writer.bytes(f.owner().bytes()).u64(f.time());
        writeKeys(f.keys(), writer);
      }
      case SessionFrame.Lookup f -> writeKeys(f.keys(), writer);
      case SessionFrame.Reserve f -> {
        writer.u16(f.items().size());
        f.items().forEach(i -> writer.bytes(i.key().bytes()).u32(i.size()).u8(i.copies()));
      }
      case SessionFrame.Renew f -> writeCopies(f.copies(), writer);
      case SessionFrame.Copies f -> writeKeys(f.keys(), writer);
      case SessionFrame.Forgo f -> writeCopies(f.copies(), writer);
      case SessionFrame.Mend f -> {
        writer.u8(f.leaving() ? 1 : 0).u16(f.items().size());
        f.items()
            .forEach(i -> writer.bytes(i.owner().bytes()).bytes(i.key().bytes()).u32(i.size()));
      }
      case SessionFrame.Servers f -> {
        // The id says it all.
      }
      case SessionFrame.Join f -> TopicCodec.writeHashes(f.topics(), writer);
      case SessionFrame.Leave f -> TopicCodec.writeHashes(f.topics(), writer);
      case SessionFrame.Signal f -> writer.bytes(f.to().bytes()).bytes16(f.sealed());
      case SessionFrame.Pull pull -> {
        // The id says it all.
      }
      case SessionFrame.Ice ice -> {
        // Likewise.
      }
    }
  }

  private static void writeAnswer(SessionFrame.Answer frame, ByteWriter writer) {
    writer.u32(frame.id());
    switch (frame) {
      case SessionFrame.Done done -> {
        // The id says it all.
      }
      case SessionFrame.Refused f -> f.refusal().write(writer);
      case SessionFrame.Found f -> writePeers(f.locations(), writer);
      case SessionFrame.Sampled f -> writePeers(f.members(), writer);
      case SessionFrame.Reserved f -> f.tickets().write(writer);
      case SessionFrame.ServersFound f -> writeServers(f.servers(), writer);
      case SessionFrame.Signals f -> SignalCodec.write(f, writer);
      case SessionFrame.IceServers f -> SignalCodec.write(f, writer);
      case SessionFrame.CopiesFound f -> {
        writer.u32(f.calm()).u16(f.copies().size());
        f.copies().forEach(kept -> writeKept(kept, writer));
      }
    }
  }

  private static SessionFrame readWithId(FrameType type, long id, ByteReader in)
      throws MalformedFrameException {
    return switch (type) {
      case ANNOUNCE -> new SessionFrame.Announce(id, readKeys(Limits.ANNOUNCE_KEYS, in));
      case WITHDRAW -> new SessionFrame.Withdraw(id, readKeys(Limits.ANNOUNCE_KEYS, in));
      case PLEDGE -> {
        int slots = in.count(Limits.SLOTS, "slots");
        yield new SessionFrame.Pledge(id, slots, in.count(slots, "free"), in.flag("always on"));
      }
      case PRESENT ->
          new SessionFrame.Present(
              id, in.list(Limits.PRESENT_BATCHES, "batches", ReceiptBatch::read));
      case MANIFEST -> readManifest(id, in);
      case STATE ->
          new SessionFrame.State(id, in.list(Limits.STATEMENTS, "statements", Statement::read));
      case FREED ->
          new SessionFrame.Freed(
              id, AccountId.read(in, "owner"), in.u64("time"), readKeys(Limits.ANNOUNCE_KEYS, in));
      case LOOKUP -> new SessionFrame.Lookup(id, readKeys(Limits.LOOKUP_KEYS, in));
      case RESERVE -> new SessionFrame.Reserve(id, readItems(in));
      case RENEW -> new SessionFrame.Renew(id, readCopies(Limits.RENEW_COPIES, in));
      case COPIES -> new SessionFrame.Copies(id, readKeys(Limits.LOOKUP_KEYS, in));
      case FORGO -> new SessionFrame.Forgo(id, readCopies(Limits.FORGO_COPIES, in));
      case MEND -> new SessionFrame.Mend(id, in.flag("leaving"), readMends(in));
      case SIGNAL -> SignalCodec.signal(id, in);
      case PULL -> new SessionFrame.Pull(id);
      case ICE -> new SessionFrame.Ice(id);
      case JOIN -> new SessionFrame.Join(id, TopicCodec.readTopics(in));
      case LEAVE -> new SessionFrame.Leave(id, TopicCodec.readTopics(in));
      case SAMPLED ->
          new SessionFrame.Sampled(
              id, in.list(Limits.TOPICS, "members", r -> TopicCodec.readPeers(Limits.SAMPLE, r)));
      case SIGNALS -> SignalCodec.signals(id, in);
      case ICE_SERVERS -> SignalCodec.iceServers(id, in);
      case DONE -> new SessionFrame.Done(id);
      case REFUSED -> new SessionFrame.Refused(id, Refusal.read(in));
      case FOUND ->
          new SessionFrame.Found(
              id,
              in.list(
                  Limits.LOOKUP_KEYS, "locations", r -> TopicCodec.readPeers(Limits.LOCATIONS, r)));
      case RESERVED -> new SessionFrame.Reserved(id, TicketBatch.read(in));
      case COPIES_FOUND ->
          new SessionFrame.CopiesFound(
              id,
              in.count(Integer.MAX_VALUE, "calm"),
              in.list(
                  Limits.LOOKUP_KEYS,
                  "copies",
                  r -> r.list(Limits.KEPT, "kept", SessionCodec::readKept)));
      case SERVERS -> new SessionFrame.Servers(id);
      case SERVERS_FOUND -> new SessionFrame.ServersFound(id, readServers(Limits.SERVERS, in));
      default -> throw new MalformedFrameException("frame type");
    };
  }

  /** Each cluster once. */
  static List<ServerRecord> readServers(int most, ByteReader in) throws MalformedFrameException {
    List<ServerRecord> servers = in.list(most, "servers", ServerRecord::read);
    Set<PublicKey> keys = new HashSet<>();
    for (ServerRecord server : servers) {
      if (!keys.add(server.key())) {
        throw new MalformedFrameException("servers");
      }
    }
    return servers;
  }

  static void writeServers(List<ServerRecord> servers, ByteWriter writer) {
    writer.u16(servers.size());
    servers.forEach(server -> server.write(writer));
  }

  private static SessionFrame readManifest(long id, ByteReader in) throws MalformedFrameException {
    int batches = in.count(Limits.MANIFEST_BATCHES, "batches");
    if (batches < 1) {
      throw new MalformedFrameException("batches");
    }
    return new SessionFrame.Manifest(
        id, batches, Hash.read(in, "root"), in.u64("time"), Signature.read(in, "signature"));
  }

  /**
   * As many tickets as are asked for must fit one batch, and each item stands for another block.
   */
  private static List<SessionFrame.Reserve.Item> readItems(ByteReader in)
      throws MalformedFrameException {
    List<SessionFrame.Reserve.Item> items =
        in.list(Limits.RESERVE_ITEMS, "items", SessionCodec::readItem);
    Set<StorageKey> keys = new HashSet<>();
    int copies = 0;
    for (SessionFrame.Reserve.Item item : items) {
      copies += item.copies();
      if (!keys.add(item.key()) || copies > TicketBatch.MAX) {
        throw new MalformedFrameException("items");
      }
    }
    return items;
  }

  private static SessionFrame.Reserve.Item readItem(ByteReader in) throws MalformedFrameException {
    StorageKey key = StorageKey.read(in, "storage key");
    int size = in.count(Block.MAX_LENGTH, "size");
    int copies = in.u8("copies");
    if (size < 1 || copies < 1 || copies > Limits.COPIES) {
      throw new MalformedFrameException("item");
    }
    return new SessionFrame.Reserve.Item(key, size, copies);
  }

  private static List<SessionFrame.Renew.Copy> readCopies(int limit, ByteReader in)
      throws MalformedFrameException {
    List<SessionFrame.Renew.Copy> copies =
        in.list(
            limit,
            "copies",
            r ->
                new SessionFrame.Renew.Copy(
                    StorageKey.read(r, "storage key"), PeerId.read(r, "holder")));
    if (new HashSet<>(copies).size() < copies.size()) {
      throw new MalformedFrameException("copies");
    }
    return copies;
  }

  private static void writeCopies(List<SessionFrame.Renew.Copy> copies, ByteWriter writer) {
    writer.u16(copies.size());
    copies.forEach(c -> writer.bytes(c.key().bytes()).bytes(c.holder().bytes()));
  }

  private static void writeKept(List<SessionFrame.CopiesFound.Kept> kept, ByteWriter writer) {
    writer.u16(kept.size());
    for (SessionFrame.CopiesFound.Kept one : kept) {
      writer
          .bytes(one.holder().bytes())
          .u64(one.expires())
          .u64(one.seen())
          .u32(one.grace())
          .u8(one.anchor() ? 1 : 0);
    }
  }

  private static SessionFrame.CopiesFound.Kept readKept(ByteReader in)
      throws MalformedFrameException {
    return new SessionFrame.CopiesFound.Kept(
        PeerId.read(in, "holder"),
        in.u64("expires"),
        in.u64("seen"),
        in.count(Integer.MAX_VALUE, "grace"),
        in.flag("flags"));
  }

  /** A block that is named twice would be given two tickets. */
  private static List<SessionFrame.Mend.Item> readMends(ByteReader in)
      throws MalformedFrameException {
    List<SessionFrame.Mend.Item> items =
        in.list(Limits.MEND_ITEMS, "items", SessionCodec::readMend);
    long distinct = items.stream().map(i -> List.of(i.owner(), i.key())).distinct().count();
    if (distinct < items.size()) {
      throw new MalformedFrameException("items");
    }
    return items;
  }

  private static SessionFrame.Mend.Item readMend(ByteReader in) throws MalformedFrameException {
    AccountId owner = AccountId.read(in, "owner");
    StorageKey key = StorageKey.read(in, "storage key");
    int size = in.count(Block.MAX_LENGTH, "size");
    if (size < 1) {
      throw new MalformedFrameException("size");
    }
    return new SessionFrame.Mend.Item(owner, key, size);
  }

  private static void writePeers(List<List<PeerId>> lists, ByteWriter writer) {
    writer.u16(lists.size());
    lists.forEach(peers -> TopicCodec.writePeers(peers, writer));
  }

  static void writeKeys(List<StorageKey> keys, ByteWriter writer) {
    writer.u16(keys.size());
    keys.forEach(key -> writer.bytes(key.bytes()));
  }

  static List<StorageKey> readKeys(int limit, ByteReader in) throws MalformedFrameException {
    return in.list(limit, "storage keys", r -> StorageKey.read(r, "storage key"));
  }
}
