package dev.p2pcp.quota;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.identity.PeerId;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The latest statement of each of an account's devices, and the proof of its fraud if there is one.
 * What was told in whatever order comes to the same; but of two statements with one number the
 * fraud shows only while neither is replaced by a later one.
 */
final class Statements {
  private static final Comparator<Statement> LATEST =
      Comparator.comparingLong(Statement::time).thenComparing(s -> s.device().bytes());

  private final Map<PeerId, Statement> byDevice = new TreeMap<>();
  private @Nullable FraudProof fraud;

  /** Takes a genuine statement; the one that the device made later, if that is known. */
  Optional<Statement> tell(Statement statement) {
    Statement known = byDevice.get(statement.device());
    if (known != null && known.contradicts(statement)) {
      prove(FraudProof.of(known, statement));
      return Optional.empty();
    }
    if (known != null && known.number() >= statement.number()) {
      return known.number() > statement.number() ? Optional.of(known) : Optional.empty();
    }
    byDevice.put(statement.device(), statement);
    if (byDevice.size() > AccountLedger.MAX_DEVICES) {
      byDevice.values().stream().min(LATEST).ifPresent(s -> byDevice.remove(s.device()));
    }
    return Optional.empty();
  }

  private void prove(FraudProof proof) {
    if (fraud == null || proof.one().encoded().compareTo(fraud.one().encoded()) < 0) {
      fraud = proof;
    }
  }

  Optional<FraudProof> fraud() {
    return Optional.ofNullable(fraud);
  }

  /** The statement that was made last, by whichever device. */
  Optional<Statement> latest(long now) {
    return byDevice.values().stream().filter(s -> s.isCurrent(now)).max(LATEST);
  }

  void sweep(long now) {
    byDevice.values().removeIf(s -> now >= s.time() + ReceiptHeader.LIFE);
  }

  void merge(Statements other) {
    other.byDevice.values().forEach(this::tell);
    if (other.fraud != null) {
      prove(other.fraud);
    }
  }

  boolean isEmpty() {
    return byDevice.isEmpty() && fraud == null;
  }

  /** Layout: {@code u8 n × statement ‖ u8 0 or 1 ‖ fraud proof}. */
  void write(ByteWriter out) {
    out.u8(byDevice.size());
    byDevice.values().forEach(statement -> statement.write(out));
    out.u8(fraud == null ? 0 : 1);
    if (fraud != null) {
      fraud.write(out);
    }
  }

  static Statements read(ByteReader in) throws MalformedFrameException {
    Statements statements = new Statements();
    int count = in.u8("statements");
    for (int i = 0; i < count; i++) {
      Statement statement = Statement.read(in);
      if (statements.byDevice.put(statement.device(), statement) != null) {
        throw new MalformedFrameException("statements");
      }
    }
    if (in.u8("fraud") != 0) {
      statements.fraud = FraudProof.read(in);
    }
    return statements;
  }
}
