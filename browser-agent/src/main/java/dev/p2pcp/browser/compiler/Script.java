package dev.p2pcp.browser.compiler;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the steps after the compiler know of JavaScript as TeaVM writes it: where names stand and
 * where blocks end. It writes no templates, comments or regular expressions, so text is in quotes.
 */
final class Script {
  /** A name, as a pattern to build others from. */
  static final String NAME = "[A-Za-z_$][\\w$]*";

  /** Text in quotes, as a pattern without groups. */
  static final String TEXT =
      "\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\"|'[^'\\\\]*+(?:\\\\.[^'\\\\]*+)*+'";

  /** Text; or a name, behind one dot if it is that of a property, and three if it is spread. */
  private static final Pattern PART =
      Pattern.compile(TEXT + "|(\\.{3}|\\.|(?<![\\w$]))(" + NAME + ")", Pattern.DOTALL);

  private static final Pattern BRACE = Pattern.compile(TEXT + "|[{}]", Pattern.DOTALL);

  private Script() {}

  /** How often each name stands in the script that is not a property's. */
  static Map<String, Integer> names(String script) {
    Map<String, Integer> counts = new HashMap<>();
    Matcher part = PART.matcher(script);
    while (part.find()) {
      if (isName(part)) {
        counts.merge(part.group(2), 1, Integer::sum);
      }
    }
    return counts;
  }

  /** The script with other names in the places that {@link #names} counts. */
  static String renamed(String script, UnaryOperator<String> other) {
    return PART.matcher(script)
        .replaceAll(
            part -> {
              String dots = part.group(1);
              String text = part.group();
              return Matcher.quoteReplacement(
                  isName(part) ? dots + other.apply(part.group(2)) : text);
            });
  }

  /**
   * The position behind the brace that closes the one at a position.
   *
   * @throws IllegalArgumentException if none does
   */
  static int blockEnd(String script, int opening) {
    Matcher brace = BRACE.matcher(script).region(opening, script.length());
    int depth = 0;
    while (brace.find()) {
      switch (brace.group()) {
        case "{" -> depth++;
        case "}" -> {
          if (--depth == 0) {
            return brace.end();
          }
        }
        default -> {}
      }
    }
    throw new IllegalArgumentException("a block does not end");
  }

  /** A part of a script to be replaced. */
  record Edit(int start, int end, String replacement) {}

  /** The script after edits of parts that do not overlap. */
  static String edited(String script, List<Edit> edits) {
    StringBuilder text = new StringBuilder(script.length());
    int copied = 0;
    for (Edit edit : edits.stream().sorted(Comparator.comparingInt(Edit::start)).toList()) {
      text.append(script, copied, edit.start()).append(edit.replacement());
      copied = edit.end();
    }
    return text.append(script, copied, script.length()).toString();
  }

  private static boolean isName(MatchResult part) {
    return part.group(2) != null && !".".equals(part.group(1));
  }
}
