package dev.p2pcp.testing;

import java.util.stream.Stream;

/**
 * What fuzzing starts from: the bytes of the vectors, as far as they are short enough to be quick.
 */
public final class FuzzSeeds {
  private static final int MAX_LENGTH = 4096;

  private FuzzSeeds() {}

  /** The values of that name in the vectors of a kind. */
  public static Stream<byte[]> of(String kind, String name) {
    return VectorFiles.texts(kind).values().stream()
        .map(Vector::parse)
        .filter(vector -> vector.has(name))
        .map(vector -> ProtocolVectors.bytes(vector, name).toArray())
        .filter(bytes -> bytes.length <= MAX_LENGTH);
  }
}
