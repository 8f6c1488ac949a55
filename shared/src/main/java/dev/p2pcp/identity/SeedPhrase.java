package dev.p2pcp.identity;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.platform.Entropy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The 24 words that are a person's only secret (BIP 39, English): 256 bits of entropy and 8 bits of
 * its SHA-256, eleven bits a word.
 *
 * @param entropy 32 random bytes
 */
public record SeedPhrase(Bytes entropy) {
  /** Bytes of entropy. */
  public static final int ENTROPY_LENGTH = 32;

  /** Words of a phrase. */
  public static final int WORDS = 24;

  /** Longest text that {@link #parse} looks at, in characters. */
  public static final int MAX_TEXT = 2048;

  private static final int WORD_BITS = 11;
  private static final int SEED_ITERATIONS = 2048;
  private static final int SEED_LENGTH = 64;

  public SeedPhrase {
    if (entropy.length() != ENTROPY_LENGTH) {
      throw new IllegalArgumentException("a phrase has 32 bytes of entropy");
    }
  }

  /** What a person's text turns out to be. */
  public sealed interface Parsed {}

  /** A right phrase. */
  public record Valid(SeedPhrase phrase) implements Parsed {}

  /** So many words instead of {@link #WORDS}; text over {@link #MAX_TEXT} counts as too many. */
  public record WrongCount(int count) implements Parsed {}

  /** Words that are not in the list, by position from 0. */
  public record WrongWords(List<Integer> positions) implements Parsed {
    public WrongWords {
      positions = List.copyOf(positions);
    }
  }

  /**
   * All words are in the list, but not these in this order: one is another word, or two changed
   * places.
   */
  public record WrongChecksum() implements Parsed {}

  /** A new phrase. */
  public static SeedPhrase generate(Entropy entropy) {
    return new SeedPhrase(entropy.bytes(ENTROPY_LENGTH));
  }

  /**
   * Reads what a person typed or pasted; case, and the number and kind of blanks between words, are
   * free.
   */
  public static Parsed parse(String text) {
    if (text.length() > MAX_TEXT) {
      return new WrongCount(Integer.MAX_VALUE);
    }
    List<String> words = split(text);
    if (words.size() != WORDS) {
      return new WrongCount(words.size());
    }
    List<Integer> wrong = new ArrayList<>();
    byte[] bits = new byte[ENTROPY_LENGTH + 1];
    for (int i = 0; i < WORDS; i++) {
      int index = WordList.indexOf(words.get(i));
      if (index < 0) {
        wrong.add(i);
      } else {
        putWord(bits, i, index);
      }
    }
    if (!wrong.isEmpty()) {
      return new WrongWords(wrong);
    }
    Bytes all = Bytes.wrap(bits);
    SeedPhrase phrase = new SeedPhrase(all.slice(0, ENTROPY_LENGTH));
    return phrase.checksum() == all.at(ENTROPY_LENGTH) ? new Valid(phrase) : new WrongChecksum();
  }

  /**
   * Words of the list that begin so, in order, at most {@code max}; for completion while typing.
   */
  public static List<String> complete(String prefix, int max) {
    return WordList.startingWith(prefix.toLowerCase(Locale.ROOT), max);
  }

  /** The words in order. */
  public List<String> words() {
    Bytes bits = Bytes.concat(entropy, Bytes.wrap(new byte[] {checksum()}));
    List<String> words = new ArrayList<>(WORDS);
    for (int i = 0; i < WORDS; i++) {
      int index = 0;
      for (int bit = i * WORD_BITS; bit < (i + 1) * WORD_BITS; bit++) {
        index = index << 1 | bits.at(bit / 8) >> 7 - bit % 8 & 1;
      }
      words.add(WordList.word(index));
    }
    return List.copyOf(words);
  }

  /** The words with one blank between them. */
  public String text() {
    return String.join(" ", words());
  }

  /** The seed of 64 bytes that {@link KeyRing#of} takes. */
  public Bytes seed(Crypto crypto) {
    return seed(crypto, "");
  }

  /** The seed with BIP 39's additional passphrase, which must come in Unicode form NFKD. */
  public Bytes seed(Crypto crypto, String passphrase) {
    Bytes salt = Bytes.utf8("mnemonic" + passphrase);
    return crypto.pbkdf2(
        Crypto.Prf.SHA_512, Bytes.utf8(text()), salt, SEED_ITERATIONS, SEED_LENGTH);
  }

  private byte checksum() {
    return Sha256.hash(entropy).bytes().at(0);
  }

  private static void putWord(byte[] bits, int position, int index) {
    for (int i = 0; i < WORD_BITS; i++) {
      int bit = position * WORD_BITS + i;
      if ((index >> WORD_BITS - 1 - i & 1) != 0) {
        bits[bit / 8] |= (byte) (0x80 >> bit % 8);
      }
    }
  }

  private static List<String> split(String text) {
    List<String> words = new ArrayList<>();
    int start = -1;
    for (int i = 0; i <= text.length(); i++) {
      boolean blank = i == text.length() || isBlank(text.charAt(i));
      if (!blank && start < 0) {
        start = i;
      } else if (blank && start >= 0) {
        words.add(text.substring(start, i).toLowerCase(Locale.ROOT));
        start = -1;
      }
    }
    return words;
  }

  // Besides ASCII: the no-break space of web pages and the ideographic space.
  private static boolean isBlank(char c) {
    return c <= ' ' || c == 0xa0 || c == 0x3000;
  }
}
