package dev.p2pcp.quota;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.testing.FuzzSeeds;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is put forward as tickets or receipts. The first byte says as which of them. */
class QuotaFuzzTest {
  private static final int GRANT = 0;
  private static final int TICKETS = 1;
  private static final int OFFER = 2;
  private static final int RECEIPTS = 3;
  private static final int STATEMENT = 4;
  private static final int FRAUD = 5;

  static Stream<byte[]> seeds() {
    return Stream.of(
            seeds(GRANT, "grant", "grant"),
            seeds(TICKETS, "ticket-batch", "batch"),
            seeds(OFFER, "receipt-offer", "offer"),
            seeds(RECEIPTS, "receipt-batch", "batch"),
            seeds(STATEMENT, "statement", "statement"),
            seeds(FRAUD, "fraud-proof", "proof"))
        .flatMap(seeds -> seeds);
  }

  private static Stream<byte[]> seeds(int kind, String vectors, String name) {
    Bytes first = Bytes.wrap(new byte[] {(byte) kind});
    return FuzzSeeds.of(vectors, name).map(seed -> Bytes.concat(first, Bytes.wrap(seed)).toArray());
  }

  @MethodSource("seeds")
  @FuzzTest
  void what_is_accepted_has_no_other_encoding(byte[] input) {
    if (input.length == 0) {
      return;
    }
    Bytes encoded = Bytes.copyOf(input).from(1);
    ByteReader reader = new ByteReader(encoded);
    ByteWriter writer = new ByteWriter();
    try {
      switch (input[0] & 7) {
        case GRANT -> Grant.read(reader).write(writer);
        case TICKETS -> TicketBatch.read(reader).write(writer);
        case OFFER -> ReceiptOffer.read(reader).write(writer);
        case STATEMENT -> Statement.read(reader).write(writer);
        case FRAUD -> FraudProof.read(reader).write(writer);
        default -> ReceiptBatch.read(reader).write(writer);
      }
    } catch (MalformedFrameException e) {
      return;
    }
    assertThat(Bytes.concat(writer.toBytes(), reader.rest())).isEqualTo(encoded);
  }
}
