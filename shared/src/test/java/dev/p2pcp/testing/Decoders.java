package dev.p2pcp.testing;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import java.util.Arrays;

/**
 * What every decoder must do with bytes from outside: give back exactly what was encoded, or refuse
 * with {@link MalformedFrameException}; nothing else, ever.
 */
public final class Decoders {
  private static final int MUTANTS = 2000;
  private static final int LONGEST_NOISE = 300;

  private Decoders() {}

  /** Decodes and encodes again. */
  @FunctionalInterface
  public interface RoundTrip {
    Bytes apply(Bytes encoded) throws MalformedFrameException;
  }

  /** Checks one input: refused, or canonical. Returns whether it was accepted. */
  public static boolean isAccepted(RoundTrip decoder, Bytes input) {
    Bytes again;
    try {
      again = decoder.apply(input);
    } catch (MalformedFrameException e) {
      return false;
    }
    if (!again.equals(input)) {
      throw new AssertionError(
          "accepted, but not canonical: " + input.hex() + " became " + again.hex());
    }
    return true;
  }

  /**
   * Checks that these are accepted, their cuts and extensions refused, and arbitrary mutants and
   * noise survived.
   */
  public static void check(RoundTrip decoder, Bytes... right) {
    for (Bytes sample : right) {
      require(isAccepted(decoder, sample), "not accepted: " + sample.hex());
      for (int length = 0; length < sample.length(); length++) {
        require(!isAccepted(decoder, sample.slice(0, length)), "accepted when cut to " + length);
      }
      Bytes extended = Bytes.concat(sample, Bytes.wrap(new byte[1]));
      require(!isAccepted(decoder, extended), "accepted with a trailing byte");
      Seeded.check(
          MUTANTS,
          arbitrary -> {
            Bytes mutant = sample;
            for (int i = arbitrary.below(4); i >= 0; i--) {
              mutant = mutate(arbitrary, mutant);
            }
            isAccepted(decoder, mutant);
          });
    }
    Seeded.check(MUTANTS, arbitrary -> isAccepted(decoder, arbitrary.upTo(LONGEST_NOISE)));
  }

  private static Bytes mutate(Seeded arbitrary, Bytes bytes) {
    if (bytes.isEmpty()) {
      return arbitrary.upTo(8);
    }
    int at = arbitrary.below(bytes.length());
    int count = arbitrary.below(Math.min(9, bytes.length() - at + 1));
    return switch (arbitrary.below(4)) {
      case 0 -> Bytes.concat(bytes.slice(0, at), bytes.from(at + count));
      case 1 -> Bytes.concat(bytes.slice(0, at), arbitrary.bytes(count), bytes.from(at));
      case 2 -> Bytes.concat(bytes.slice(0, at), ones(count), bytes.from(at + count));
      default -> arbitrary.flipped(bytes);
    };
  }

  // Lengths and counts are most dangerous when all their bits are set.
  private static Bytes ones(int count) {
    byte[] ones = new byte[count];
    Arrays.fill(ones, (byte) 0xff);
    return Bytes.wrap(ones);
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new AssertionError(otherwise);
    }
  }
}
