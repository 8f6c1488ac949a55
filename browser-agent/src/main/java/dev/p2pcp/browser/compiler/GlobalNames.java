package dev.p2pcp.browser.compiler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Gives the module's functions and variables shorter names. TeaVM begins each with a capital, so
 * that only half of the names of two letters serve, and three letters are left for most functions;
 * this takes all that nothing else is called, the shortest for what is named most often.
 */
final class GlobalNames {
  /**
   * What is assigned to a name as TeaVM makes them, or a function of such a name; not what stands
   * in a text such as {@code "X-Amz-Date="}.
   */
  private static final Pattern DECLARED =
      Pattern.compile("(?<![\\w$.-])([A-Z][\\w$]+)=(?!=)|function\\*? ([A-Z][\\w$]+)\\(");

  private static final String FIRST = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_$abcdefghijklmnopqrstuvwxyz";
  private static final String NEXT =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$";
  private static final Set<String> KEYWORDS = Set.of("do", "if", "in", "of", "as", "is");

  private GlobalNames() {}

  /** The module with shorter names; its behaviour and what it exports stay. */
  static String renamed(String module) {
    Map<String, Integer> counts = Script.names(module);
    Set<String> declared = new HashSet<>();
    Matcher declaration = DECLARED.matcher(module);
    while (declaration.find()) {
      declared.add(declaration.group(1) == null ? declaration.group(2) : declaration.group(1));
    }
    declared.retainAll(counts.keySet());
    List<String> byUse = new ArrayList<>(declared);
    byUse.sort(Comparator.<String>comparingInt(counts::get).reversed().thenComparing(name -> name));
    Set<String> taken = new HashSet<>(counts.keySet());
    taken.removeAll(declared);
    taken.addAll(KEYWORDS);
    List<String> free = freeNames(taken, byUse.size());
    Map<String, String> renamed = new HashMap<>();
    for (int i = 0; i < byUse.size(); i++) {
      renamed.put(byUse.get(i), free.get(i));
    }
    return Script.renamed(module, name -> renamed.getOrDefault(name, name));
  }

  private static List<String> freeNames(Set<String> taken, int wanted) {
    List<String> names = new ArrayList<>();
    List<String> beginnings = FIRST.chars().mapToObj(Character::toString).toList();
    while (names.size() < wanted) {
      List<String> longer = new ArrayList<>();
      for (String beginning : beginnings) {
        for (int i = 0; i < NEXT.length(); i++) {
          String name = beginning + NEXT.charAt(i);
          longer.add(name);
          if (!taken.contains(name)) {
            names.add(name);
          }
        }
      }
      beginnings = longer;
    }
    return names;
  }
}
