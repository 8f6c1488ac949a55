package dev.p2pcp.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.SealBrokenException;
import dev.p2pcp.jvm.JvmClock;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.jvm.JvmEntropy;
import dev.p2pcp.jvm.VirtualThreadTasks;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.testing.ProtocolVectors;
import dev.p2pcp.testing.Vector;
import dev.p2pcp.testing.VectorFiles;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The blocks of files are those of docs/protocol.md. */
class FileVectorsTest {
  private final Clock clock = new JvmClock();
  private final Platform platform =
      new Platform(
          clock,
          new JvmEntropy(),
          new VirtualThreadTasks(
              clock,
              (task, cause) -> {
                throw new AssertionError(task, cause);
              }),
          new JvmCrypto());

  @TestFactory
  Stream<DynamicTest> roots() {
    return VectorFiles.texts("file-root").entrySet().stream()
        .map(
            file ->
                DynamicTest.dynamicTest(file.getKey(), () -> root(Vector.parse(file.getValue()))));
  }

  @TestFactory
  Stream<DynamicTest> blocks() {
    return VectorFiles.texts("file-block").entrySet().stream()
        .map(
            file ->
                DynamicTest.dynamicTest(file.getKey(), () -> block(Vector.parse(file.getValue()))));
  }

  private static void root(Vector vector) {
    Bytes encoded = ProtocolVectors.bytes(vector, "root");
    try {
      FileRoot root = FileRoot.decode(encoded);
      assertThat(vector.expected()).isEqualTo("accept");
      assertThat(root.size()).isEqualTo(vector.number("size"));
      assertThat(root.time()).isEqualTo(vector.number("time"));
      assertThat(root.keys()).hasSize((int) vector.number("keys"));
      assertThat(root.encoded()).isEqualTo(encoded);
    } catch (MalformedFrameException e) {
      assertThat(vector.expected()).isEqualTo("malformed");
    }
  }

  private void block(Vector vector) throws MalformedFrameException {
    Bytes encoded = ProtocolVectors.bytes(vector, "block");
    StorageKey key = StorageKey.ofContent(platform.crypto(), encoded);
    assertThat(key.bytes()).isEqualTo(ProtocolVectors.bytes(vector, "storage-key"));
    FileSeal seal = FileSeal.of(platform, ProtocolVectors.bytes(vector, "file-key"));
    FileSeal.Part part = FileSeal.Part.values()[(int) vector.number("part")];
    try {
      Bytes plain = seal.open(part, (int) vector.number("number"), Block.decode(encoded));
      assertThat(vector.expected()).isEqualTo("accept");
      assertThat(plain).isEqualTo(ProtocolVectors.bytes(vector, "plain"));
    } catch (SealBrokenException e) {
      assertThat(vector.expected()).isEqualTo("broken");
    }
  }
}
