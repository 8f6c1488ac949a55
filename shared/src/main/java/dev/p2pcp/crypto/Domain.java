package dev.p2pcp.crypto;

import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;

/**
 * The labels that keep signatures and hashes of one purpose from serving another. What is signed or
 * hashed is always {@code u8 length ‖ label ‖ message}. A label is never reused.
 */
public enum Domain {
  CONTENT_KEY("p2pcp/v1/content-key"),
  SIGNED_KEY("p2pcp/v1/signed-key"),
  PATH("p2pcp/v1/path"),
  SIGNED_BLOCK("p2pcp/v1/signed-block"),
  DEVICE_CERTIFICATE("p2pcp/v1/device-certificate"),
  SESSION_PROOF("p2pcp/v1/session-proof"),
  TICKET_BATCH("p2pcp/v1/ticket-batch"),
  PUT("p2pcp/v1/put"),
  RECEIPT_HOLDER("p2pcp/v1/receipt-holder"),
  RECEIPT_OWNER("p2pcp/v1/receipt-owner"),
  RELEASE("p2pcp/v1/release"),
  MANIFEST("p2pcp/v1/manifest"),
  STATEMENT("p2pcp/v1/statement"),
  AUDIT("p2pcp/v1/audit"),
  MEND("p2pcp/v1/mend"),
  SERVER_RECORD("p2pcp/v1/server-record"),
  SIGNAL("p2pcp/v1/signal"),
  CHANNEL("p2pcp/v1/channel"),
  FEED_HEAD("p2pcp/v1/feed-head"),
  GRAPH_NODE("p2pcp/v1/graph-node"),
  GRAPH_NAME("p2pcp/v1/graph-name"),
  GRAPH("p2pcp/v1/graph"),
  PRESENCE("p2pcp/v1/presence"),
  TOPIC_MESSAGE("p2pcp/v1/topic-message"),
  FEED_TOPIC("p2pcp/v1/feed-topic"),
  FINGERPRINT("p2pcp/v1/fingerprint"),
  RENDEZVOUS("p2pcp/v1/rendezvous");

  private final String label;
  private final Bytes prefix;

  Domain(String label) {
    this.label = label;
    this.prefix = new ByteWriter().u8(label.length()).bytes(Bytes.utf8(label)).toBytes();
  }

  public String label() {
    return label;
  }

  /** The message with this domain's label before it. */
  public Bytes frame(Bytes... message) {
    Bytes[] parts = new Bytes[message.length + 1];
    parts[0] = prefix;
    System.arraycopy(message, 0, parts, 1, message.length);
    return Bytes.concat(parts);
  }
}
