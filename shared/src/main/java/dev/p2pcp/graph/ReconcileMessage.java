package dev.p2pcp.graph;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import java.util.ArrayList;
import java.util.List;

/**
 * A step of {@link Reconciliation}: {@code salt 16 ‖ list of (prefix ‖ 16 × fingerprint 8) ‖ list
 * of (prefix ‖ list of short name 6) ‖ list of (prefix ‖ list of short name 6)}: what to compare,
 * what there is, and what is wanted. Prefixes of a list rise and mean different names; short names
 * rise.
 */
public record ReconcileMessage(
    Bytes salt, List<Compare> compare, List<Names> have, List<Names> want) {
  static final int SALT = 16;
  static final int FAN = 16;

  /** Prefixes in one list at most. */
  static final int MAX_PARTS = 512;

  /** Short names of one prefix, and in all of a message, at most. */
  static final int MAX_NAMES = 4096;

  /** Longest encoding, in bytes: with less, a step is left to the next time. */
  public static final int MAX_LENGTH = 192 * 1024;

  /** Fingerprints of what begins with one half-byte more. */
  record Compare(Prefix prefix, List<Bytes> fingerprints) {
    Compare {
      fingerprints = List.copyOf(fingerprints);
    }
  }

  /** What stands for names that begin so. */
  record Names(Prefix prefix, List<Bytes> shorts) {
    Names {
      shorts = List.copyOf(shorts);
    }
  }

  public ReconcileMessage {
    compare = List.copyOf(compare);
    have = List.copyOf(have);
    want = List.copyOf(want);
  }

  boolean isEmpty() {
    return compare.isEmpty() && have.isEmpty() && want.isEmpty();
  }

  public Bytes encoded() {
    ByteWriter writer = new ByteWriter(1024).bytes(salt).u16(compare.size());
    for (Compare part : compare) {
      part.prefix.write(writer);
      part.fingerprints.forEach(writer::bytes);
    }
    for (List<Names> list : List.of(have, want)) {
      writer.u16(list.size());
      for (Names names : list) {
        names.prefix.write(writer);
        writer.u16(names.shorts.size());
        names.shorts.forEach(writer::bytes);
      }
    }
    return writer.toBytes();
  }

  /** Decodes. */
  public static ReconcileMessage decode(Bytes encoded) throws MalformedFrameException {
    if (encoded.length() > MAX_LENGTH) {
      throw new MalformedFrameException("length");
    }
    ByteReader reader = new ByteReader(encoded);
    Bytes salt = reader.bytes(SALT, "salt");
    List<Compare> compare = reader.list(MAX_PARTS, "compare", ReconcileMessage::readCompare);
    List<Names> have = reader.list(MAX_PARTS, "have", ReconcileMessage::readNames);
    List<Names> want = reader.list(MAX_PARTS, "want", ReconcileMessage::readNames);
    reader.end();
    Prefix.require(compare.stream().map(Compare::prefix).toList());
    Prefix.require(have.stream().map(Names::prefix).toList());
    Prefix.require(want.stream().map(Names::prefix).toList());
    return new ReconcileMessage(salt, compare, have, want);
  }

  private static Compare readCompare(ByteReader reader) throws MalformedFrameException {
    Prefix prefix = Prefix.read(reader);
    if (prefix.length() >= Prefix.MAX) {
      // Its parts would be whole names, of which nothing begins with one half-byte more.
      throw new MalformedFrameException("prefix");
    }
    List<Bytes> fingerprints = new ArrayList<>(FAN);
    for (int i = 0; i < FAN; i++) {
      fingerprints.add(reader.bytes(NameSet.Sorted.FINGERPRINT, "fingerprints"));
    }
    return new Compare(prefix, fingerprints);
  }

  private static Names readNames(ByteReader reader) throws MalformedFrameException {
    Prefix prefix = Prefix.read(reader);
    List<Bytes> shorts =
        reader.list(MAX_NAMES, "names", r -> r.bytes(NameSet.Sorted.SHORT, "names"));
    for (int i = 1; i < shorts.size(); i++) {
      if (shorts.get(i - 1).compareTo(shorts.get(i)) >= 0) {
        throw new MalformedFrameException("names");
      }
    }
    return new Names(prefix, shorts);
  }
}
