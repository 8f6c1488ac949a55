package dev.p2pcp.identity;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import java.util.Arrays;

/**
 * Base 58 with the Bitcoin alphabet (draft-msporny-base58-03): a number in base 58, a {@code 1} for
 * each leading zero byte.
 */
final class Base58 {
  private static final String ALPHABET =
      "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

  private Base58() {}

  static String encode(Bytes bytes) {
    int zeros = 0;
    while (zeros < bytes.length() && bytes.at(zeros) == 0) {
      zeros++;
    }
    // log 256 / log 58 is just under 1.366.
    byte[] digits = new byte[(bytes.length() - zeros) * 1366 / 1000 + 1];
    int used = 0;
    for (int i = zeros; i < bytes.length(); i++) {
      used = multiplyAndAdd(digits, used, 58, 256, bytes.at(i) & 0xff);
    }
    char[] text = new char[zeros + used];
    Arrays.fill(text, 0, zeros, ALPHABET.charAt(0));
    for (int i = 0; i < used; i++) {
      text[zeros + i] = ALPHABET.charAt(digits[used - 1 - i]);
    }
    return new String(text);
  }

  /** Reads at most so many characters; work grows with their square. */
  static Bytes decode(String text, int maxLength) throws MalformedFrameException {
    if (text.length() > maxLength) {
      throw new MalformedFrameException("base58");
    }
    int zeros = 0;
    while (zeros < text.length() && text.charAt(zeros) == ALPHABET.charAt(0)) {
      zeros++;
    }
    byte[] number = new byte[text.length() - zeros];
    int used = 0;
    for (int i = zeros; i < text.length(); i++) {
      int digit = ALPHABET.indexOf(text.charAt(i));
      if (digit < 0) {
        throw new MalformedFrameException("base58");
      }
      used = multiplyAndAdd(number, used, 256, 58, digit);
    }
    byte[] bytes = new byte[zeros + used];
    for (int i = 0; i < used; i++) {
      bytes[zeros + i] = number[used - 1 - i];
    }
    return Bytes.wrap(bytes);
  }

  // digits hold a number in the given base, least significant first; returns how many are in use.
  private static int multiplyAndAdd(byte[] digits, int used, int base, int factor, int addend) {
    int carry = addend;
    for (int i = 0; i < used; i++) {
      carry += (digits[i] & 0xff) * factor;
      digits[i] = (byte) (carry % base);
      carry /= base;
    }
    int length = used;
    while (carry > 0) {
      digits[length++] = (byte) (carry % base);
      carry /= base;
    }
    return length;
  }
}
