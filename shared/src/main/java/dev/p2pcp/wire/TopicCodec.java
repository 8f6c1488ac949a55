package dev.p2pcp.wire;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.identity.PeerId;
import java.util.HashSet;
import java.util.List;

/** Layouts of what topics are spoken of with: to index servers, and among their members. */
final class TopicCodec {
  private static final int LAST_STANCE = 2;

  private TopicCodec() {}

  static void write(PeerFrame.Gossip gossip, ByteWriter writer) {
    writer.bytes(gossip.topic().bytes()).u8(gossip.stance());
    writePeers(gossip.others(), writer);
    writeHashes(gossip.have(), writer);
    writer.u16(gossip.messages().size());
    gossip.messages().forEach(writer::bytes16);
  }

  static void write(PeerFrame.Heard heard, ByteWriter writer) {
    writer.u8(heard.neighbour() ? 1 : 0);
    writePeers(heard.others(), writer);
    writeHashes(heard.want(), writer);
  }

  static PeerFrame.Gossip readGossip(ByteReader in) throws MalformedFrameException {
    Hash topic = Hash.read(in, "topic");
    int stance = in.u8("stance");
    if (stance > LAST_STANCE) {
      throw new MalformedFrameException("stance");
    }
    List<PeerId> others = readPeers(Limits.GOSSIP_PEERS, in);
    List<Hash> have = readHashes(Limits.GOSSIP, "have", in);
    List<Bytes> messages = in.list(Limits.GOSSIP, "messages", TopicCodec::readMessage);
    int total = 0;
    for (Bytes message : messages) {
      total += Short.BYTES + message.length();
    }
    if (total > Limits.GOSSIP_BYTES) {
      throw new MalformedFrameException("messages");
    }
    return new PeerFrame.Gossip(topic, stance, others, have, messages);
  }

  static PeerFrame.Heard readHeard(ByteReader in) throws MalformedFrameException {
    return new PeerFrame.Heard(
        in.flag("neighbour"),
        readPeers(Limits.GOSSIP_PEERS, in),
        readHashes(Limits.GOSSIP, "want", in));
  }

  /** What is asked or told fills the rest of its frame. */
  static Bytes readAsked(ByteReader in) throws MalformedFrameException {
    if (in.remaining() > Limits.ASKED) {
      throw new MalformedFrameException("asked");
    }
    return in.rest();
  }

  /** Each once. */
  static List<Hash> readTopics(ByteReader in) throws MalformedFrameException {
    List<Hash> topics = readHashes(Limits.TOPICS, "topics", in);
    if (new HashSet<>(topics).size() < topics.size()) {
      throw new MalformedFrameException("topics");
    }
    return topics;
  }

  static void writeHashes(List<Hash> hashes, ByteWriter writer) {
    writer.u16(hashes.size());
    hashes.forEach(hash -> writer.bytes(hash.bytes()));
  }

  static void writePeers(List<PeerId> peers, ByteWriter writer) {
    writer.u16(peers.size());
    peers.forEach(peer -> writer.bytes(peer.bytes()));
  }

  static List<PeerId> readPeers(int most, ByteReader in) throws MalformedFrameException {
    return in.list(most, "peers", r -> PeerId.read(r, "peer"));
  }

  private static List<Hash> readHashes(int most, String field, ByteReader in)
      throws MalformedFrameException {
    return in.list(most, field, r -> Hash.read(r, field));
  }

  private static Bytes readMessage(ByteReader in) throws MalformedFrameException {
    Bytes message = in.bytes16(Limits.TOPIC_MESSAGE, "message");
    if (message.isEmpty()) {
      throw new MalformedFrameException("message");
    }
    return message;
  }
}
