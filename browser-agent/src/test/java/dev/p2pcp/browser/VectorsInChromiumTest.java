package dev.p2pcp.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.browser.cases.RemoteExports;
import dev.p2pcp.browser.harness.Bridge;
import dev.p2pcp.browser.harness.Compiled;
import dev.p2pcp.testing.ProtocolVectors;
import dev.p2pcp.testing.Vector;
import dev.p2pcp.testing.VectorFiles;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The vectors of docs/protocol.md in a real Chromium, with its cryptography. */
class VectorsInChromiumTest {
  private static Bridge bridge;

  @BeforeAll
  static void start() {
    bridge = new Bridge(Compiled.module(RemoteExports.class));
  }

  @AfterAll
  static void stop() {
    bridge.close();
  }

  @TestFactory
  Stream<DynamicTest> every_vector_comes_out_as_on_the_jvm() {
    return ProtocolVectors.KINDS.stream()
        .flatMap(
            kind ->
                VectorFiles.texts(kind).entrySet().stream()
                    .map(
                        file ->
                            DynamicTest.dynamicTest(
                                kind + "/" + file.getKey(), () -> run(file.getValue()))));
  }

  private static void run(String text) {
    String expected = Vector.parse(text).expected();
    assertThat(bridge.call("vector.protocol", text)).containsExactly(expected);
  }
}
