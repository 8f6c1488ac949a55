package dev.p2pcp.browser.compiler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns the functions that {@link Coroutines} marked into generator functions. */
public final class GeneratorHeads {
  /**
   * Parameters of an arrow function, its opening brace, and variables and labels before the mark.
   */
  private static final Pattern HEAD =
      Pattern.compile(
          "(?<==)(\\s*)(\\([^(){}]*\\)|[\\w$]+)\\s*=>\\s*(\\{[^{}=;]*;?[^=;}]*)"
              + Pattern.quote(CoroutineRuntime.GENERATOR_MARK)
              + ";");

  private GeneratorHeads() {}

  /** Rewrites a file, which may have been rewritten before. */
  public static void rewrite(Path file) throws IOException {
    Files.writeString(file, rewrite(Files.readString(file)));
  }

  /**
   * @throws IllegalStateException if a mark stands where no function begins
   */
  static String rewrite(String script) {
    Matcher head = HEAD.matcher(script);
    StringBuilder rewritten = new StringBuilder(script.length());
    while (head.find()) {
      String parameters = head.group(2);
      String inBrackets = parameters.startsWith("(") ? parameters : "(" + parameters + ")";
      head.appendReplacement(
          rewritten,
          Matcher.quoteReplacement(head.group(1) + "function*" + inBrackets + head.group(3)));
    }
    head.appendTail(rewritten);
    int left = rewritten.indexOf(CoroutineRuntime.GENERATOR_MARK);
    if (left >= 0) {
      throw new IllegalStateException(
          "not the beginning of a function: "
              + rewritten.substring(
                  Math.max(0, left - 200), Math.min(rewritten.length(), left + 40)));
    }
    return rewritten.toString();
  }
}
