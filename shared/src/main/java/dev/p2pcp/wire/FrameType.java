package dev.p2pcp.wire;

import dev.p2pcp.bytes.MalformedFrameException;

/** The registry of frame numbers. A number is never reused. */
public enum FrameType {
  HELLO(0x01),
  CHALLENGE(0x02),
  PROOF(0x03),
  WELCOME(0x04),
  GO_AWAY(0x05),
  PING(0x06),
  PONG(0x07),

  ANNOUNCE(0x10),
  WITHDRAW(0x11),
  PLEDGE(0x12),
  PRESENT(0x13),
  FREED(0x14),
  LOOKUP(0x15),
  RESERVE(0x16),
  RENEW(0x17),
  COPIES(0x18),
  FORGO(0x19),
  MEND(0x1A),
  STATE(0x1b),
  MANIFEST(0x1c),
  SERVERS(0x1f),

  DONE(0x20),
  REFUSED(0x21),
  FOUND(0x22),
  RESERVED(0x23),
  STANDING(0x24),
  COPIES_FOUND(0x25),
  SERVERS_FOUND(0x29),

  SIGNAL(0x28),
  PULL(0x2a),
  ICE(0x2b),
  SIGNALS(0x2c),
  ICE_SERVERS(0x2d),
  RINGING(0x2e),

  OPEN(0x30),
  DATA(0x31),
  CREDIT(0x32),
  CLOSE(0x33),

  GET(0x40),
  PUT(0x41),
  UPDATE(0x42),
  ACKNOWLEDGE(0x43),
  SETTLE(0x44),
  RELEASE(0x45),
  KEEP(0x46),
  VOUCH(0x49),
  AUDIT(0x48),
  ENTRUST(0x47),
  ACQUAINT(0x4f),

  BLOCK(0x50),
  OK(0x51),
  ACKNOWLEDGED(0x52),
  DENIED(0x53),
  AUDITED(0x54),
  ACQUAINTED(0x5f),

  GREET(0x60),
  PROVE(0x61),

  JOIN(0x70),
  LEAVE(0x71),
  SAMPLED(0x72),

  GOSSIP(0x78),
  HEARD(0x79),
  ASK(0x7a),
  TOLD(0x7b);

  private static final FrameType[] BY_NUMBER = new FrameType[0x80];

  static {
    for (FrameType type : values()) {
      BY_NUMBER[type.number] = type;
    }
  }

  private final int number;

  FrameType(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  static FrameType of(int number) throws MalformedFrameException {
    FrameType type = number < BY_NUMBER.length ? BY_NUMBER[number] : null;
    if (type == null) {
      throw new MalformedFrameException("frame type");
    }
    return type;
  }
}
