package dev.p2pcp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.testing.ProtocolVectors;
import dev.p2pcp.testing.Vector;
import dev.p2pcp.testing.VectorFiles;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The vectors of docs/protocol.md on the JVM; the browser runs the same. */
class ProtocolVectorsTest {
  private final ProtocolVectors vectors = new ProtocolVectors(new JvmCrypto());

  @TestFactory
  Stream<DynamicTest> every_vector_comes_out_as_expected() {
    return ProtocolVectors.KINDS.stream()
        .flatMap(
            kind ->
                VectorFiles.texts(kind).entrySet().stream()
                    .map(
                        file ->
                            DynamicTest.dynamicTest(
                                kind + "/" + file.getKey(), () -> run(kind, file.getValue()))));
  }

  private void run(String kind, String text) {
    Vector vector = Vector.parse(text);
    assertThat(vector.kind()).isEqualTo(kind);
    assertThat(vectors.outcome(vector)).isEqualTo(vector.expected());
  }
}
