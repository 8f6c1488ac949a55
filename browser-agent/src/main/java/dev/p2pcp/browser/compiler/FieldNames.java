package dev.p2pcp.browser.compiler;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes the compiled agent smaller. TeaVM gives each field of the whole program a name of its own,
 * which hardly compresses; fields of classes that do not inherit from each other can share one.
 * This renames the n-th field of every class to the n-th short name, inherited fields counted.
 */
final class FieldNames {
  /** How TeaVM, minifying, writes a class: its parent's fields, then its own. */
  private static final Pattern CLASS =
      Pattern.compile(
          "function ([\\w$]+)\\(\\)\\{(?:let a=this;)?([\\w$]+)\\.call\\((?:a|this)\\);([^}]*)\\}");

  /** How TeaVM writes a class without fields of its own: made by a function from its parent. */
  private static final Pattern FIELDLESS =
      Pattern.compile("(?<![\\w$.])([A-Za-z_$][\\w$]*)=[A-Za-z_$][\\w$]*\\(([A-Za-z_$][\\w$]*)\\)");

  private static final Pattern FIELD = Pattern.compile("(?:a|this)\\.([\\w$]+)=");

  /** Text, which stays as it is, or the name of a property. */
  private static final Pattern PART =
      Pattern.compile(
          "\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'|\\.([A-Za-z_$][\\w$]*)", Pattern.DOTALL);

  private static final Pattern KEY = Pattern.compile("(?<![\\w$.])([A-Za-z_$][\\w$]*):");

  // A name in lower case could be one of the browser's as well; TeaVM does not avoid those.
  private static final Pattern CERTAINLY_OURS = Pattern.compile("\\w*[A-Z0-9$][\\w$]*");

  /** Names of the browser's that are as short as a field's and not in lower case. */
  private static final Set<String> BROWSERS = Set.of("PI", "E", "LN2", "URL", "UTC", "Map", "Set");

  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final Set<String> KEYWORDS = Set.of("do", "if", "in", "of", "as", "is");

  private final String module;
  private final Map<String, Declared> classes = new HashMap<>();
  private final Set<String> fields = new HashSet<>();

  private FieldNames(String module) {
    this.module = module;
  }

  /** A class: what it inherits from, and its own fields that can be renamed. */
  private record Declared(String parent, List<String> own) {}

  /**
   * The module with shorter names of fields; the same if that was done before.
   *
   * @throws IllegalArgumentException if it is no minified output of TeaVM
   */
  static String renamed(String module) {
    FieldNames names = new FieldNames(module);
    return names.declare() ? names.rename() : module;
  }

  private boolean declare() {
    Matcher found = CLASS.matcher(module);
    boolean first = true;
    while (found.find()) {
      List<String> own = new ArrayList<>();
      Matcher field = FIELD.matcher(found.group(3));
      while (field.find()) {
        String name = field.group(1);
        if (CERTAINLY_OURS.matcher(name).matches() && !BROWSERS.contains(name)) {
          own.add(name);
          first &= fields.add(name);
        }
      }
      classes.put(found.group(1), new Declared(found.group(2), own));
    }
    if (classes.isEmpty()) {
      throw new IllegalArgumentException("no classes as TeaVM writes them");
    }
    Matcher fieldless = FIELDLESS.matcher(module);
    while (fieldless.find()) {
      // Other calls look the same; what they are taken for inherits from no class that has fields.
      classes.putIfAbsent(fieldless.group(1), new Declared(fieldless.group(2), List.of()));
    }
    return first;
  }

  private String rename() {
    List<String> free = freeNames();
    Map<String, String> renamed = new HashMap<>();
    for (Declared declared : classes.values()) {
      int number = inherited(declared.parent());
      for (String field : declared.own()) {
        renamed.put(field, free.get(number++));
      }
    }
    return PART.matcher(module)
        .replaceAll(
            part -> {
              String name = part.group(1);
              String text = name == null ? part.group() : "." + renamed.getOrDefault(name, name);
              return Matcher.quoteReplacement(text);
            });
  }

  private int inherited(@Nullable String name) {
    int count = 0;
    Set<Declared> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Declared declared = classes.get(name);
        declared != null && seen.add(declared);
        declared = classes.get(declared.parent())) {
      count += declared.own().size();
    }
    return count;
  }

  /** Short names that no property, no key and no text of the module is, shortest first. */
  private List<String> freeNames() {
    Set<String> taken = new HashSet<>(KEYWORDS);
    Matcher part = PART.matcher(module);
    while (part.find()) {
      String name = part.group(1);
      if (name == null) {
        taken.add(part.group().substring(1, part.group().length() - 1));
      } else if (!fields.contains(name)) {
        taken.add(name);
      }
    }
    Matcher key = KEY.matcher(module);
    while (key.find()) {
      taken.add(key.group(1));
    }
    List<String> free = new ArrayList<>();
    for (int i = 0; i < LETTERS.length() * (LETTERS.length() + 1); i++) {
      String name = name(i);
      if (!taken.contains(name)) {
        free.add(name);
      }
    }
    return free;
  }

  private static String name(int number) {
    int last = number % LETTERS.length();
    int before = number / LETTERS.length() - 1;
    return (before < 0 ? "" : LETTERS.substring(before, before + 1)) + LETTERS.charAt(last);
  }
}
