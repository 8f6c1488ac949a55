package dev.p2pcp.browser.compiler;

import dev.p2pcp.browser.compiler.Script.Edit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes out of the finished module what does nothing: ends of lines, assignments of a variable to
 * itself (a checked cast was there), types that nothing names (interfaces, after {@link
 * InterfacePruning}) and their methods; and makes one function of a constructor and the only one
 * that calls it.
 */
final class Shortening {
  /** Ends of lines beside a sign that ends or begins something anyway. */
  private static final Pattern LINE_END = Pattern.compile("(?<=[;,{(:\\[])\\n|\\n(?=[;,=.)\\]}:])");

  /** A long text is written in pieces, one a line. */
  private static final Pattern TEXT_BREAK = Pattern.compile("\"\\n\\+\"");

  private static final Pattern SELF_ASSIGNMENT = Pattern.compile("(?<=[;{}:])([a-z])=\\1;");

  /** A function that only returns something simple. */
  private static final Pattern ONLY_RETURN =
      Pattern.compile("=>\\{return ([^;{}\"']+);\\}(?=[,;)\\]])");

  private static final Pattern WITHOUT_ARGUMENTS =
      Pattern.compile("(\\bnew NAME)\\(\\)(?=[;,)])".replace("NAME", Script.NAME));

  /** Text, which stays, or what may be left out before the end of a block. */
  private static final Pattern LAST_SEMICOLON =
      Pattern.compile("(" + Script.TEXT + ")|;\\}", Pattern.DOTALL);

  private static final Pattern FUNCTION =
      Pattern.compile(
          "(?<=let |,)(NAME)=(?:(?:\\([^()]*\\)|NAME)=>|function\\*\\([^()]*\\))\\{"
              .replace("NAME", Script.NAME));

  /**
   * A type in the table of them: name and package, parent, interfaces, modifiers, initialiser and
   * methods.
   */
  private static final Pattern TYPE =
      Pattern.compile(
          ("(?<=[\\[,])(NAME),(?:0|\"[^\"]*\",-?\\d+),(?:0|NAME),\\[[\\w$,]*\\],\\d+,0,"
                  + "(?:0|\\(\\)=>NAME\\(\\)),(?:0|\\[[^\\[\\]]*\\])(?:,|(?=\\]))")
              .replace("NAME", Script.NAME));

  /** Makes an object and has another function fill it in. */
  private static final Pattern MAKER =
      Pattern.compile(
          "(?<![\\w$.])(?<maker>NAME)=(?:\\((?<several>[^()]*)\\)|(?<one>NAME))=>\\{let (?<made>NAME)=new (?<type>NAME)\\(\\);"
              .concat("(?<filler>NAME)\\(\\k<made>(?:,(?<passed>[^()]*))?\\);return \\k<made>;\\}")
              .replace("NAME", Script.NAME));

  private Shortening() {}

  /** The module made shorter; nothing it does changes. Field names must be final already. */
  static String shortened(String module) {
    String text = TEXT_BREAK.matcher(module).replaceAll("");
    text = LINE_END.matcher(text).replaceAll("");
    text = SELF_ASSIGNMENT.matcher(text).replaceAll("");
    text = withOneFunctionToConstruct(withoutUncalledFunctions(withoutUnusedTypes(text)));
    text = ONLY_RETURN.matcher(text).replaceAll("=>$1");
    text = WITHOUT_ARGUMENTS.matcher(text).replaceAll("$1");
    return LAST_SEMICOLON
        .matcher(text)
        .replaceAll(part -> part.group(1) == null ? "}" : Matcher.quoteReplacement(part.group()));
  }

  private static String withoutUnusedTypes(String module) {
    String text = module;
    for (String before = ""; !before.equals(text); ) {
      before = text;
      Map<String, Integer> counts = Script.names(before);
      Matcher type = TYPE.matcher(before);
      while (type.find()) {
        if (counts.getOrDefault(type.group(1), 0) == 2) {
          text = withoutType(text, type.group(1), type.group());
        }
      }
    }
    return text;
  }

  private static String withoutType(String module, String name, String entry) {
    String declared = "\\b%s=NAME\\([\\w$]*\\)".formatted(Pattern.quote(name));
    Matcher declaration =
        Pattern.compile(
                "(?<=let |,)DECLARED,|,DECLARED(?=;)|let DECLARED;"
                    .replace("DECLARED", declared)
                    .replace("NAME", Script.NAME))
            .matcher(module);
    return declaration.find()
        ? Pattern.compile("(?<=[\\[,])" + Pattern.quote(entry))
            .matcher(declaration.replaceFirst(""))
            .replaceFirst("")
        : module;
  }

  /** Methods of the types that went. */
  private static String withoutUncalledFunctions(String module) {
    String text = module;
    for (String before = ""; !before.equals(text); ) {
      before = text;
      Map<String, Integer> counts = Script.names(before);
      List<Edit> edits = new ArrayList<>();
      Matcher function = FUNCTION.matcher(before);
      while (function.find()) {
        if (counts.getOrDefault(function.group(1), 0) == 1) {
          int end = Script.blockEnd(before, function.end() - 1);
          if (before.charAt(end) == ',') {
            edits.add(new Edit(function.start(), end + 1, ""));
          }
        }
      }
      text = Script.edited(before, edits);
    }
    return text;
  }

  private static String withOneFunctionToConstruct(String module) {
    Map<String, Integer> counts = Script.names(module);
    List<Edit> edits = new ArrayList<>();
    Matcher maker = MAKER.matcher(module);
    while (maker.find()) {
      String passed = Objects.requireNonNullElse(maker.group("passed"), "");
      String parameters = Objects.requireNonNullElse(maker.group("several"), maker.group("one"));
      Matcher filler =
          declaration(maker.group("filler"), "=(?:\\((NAME)(?:,([^()]*))?\\)|(NAME))=>\\{")
              .matcher(module);
      if (counts.getOrDefault(maker.group("filler"), 0) == 2
          && passed.equals(parameters)
          && filler.find()) {
        int end = Script.blockEnd(module, filler.end() - 1);
        String body = module.substring(filler.end(), end - 1);
        if (module.charAt(end) == ',' && !body.contains("return") && !body.isEmpty()) {
          edits.add(new Edit(filler.start(), end + 1, ""));
          edits.add(new Edit(maker.start(), maker.end(), united(maker, filler, body)));
        }
      }
    }
    return Script.edited(module, edits);
  }

  private static String united(Matcher maker, Matcher filler, String body) {
    String made = Objects.requireNonNullElse(filler.group(1), filler.group(3));
    String passed = Objects.requireNonNullElse(filler.group(2), "");
    String parameters = passed.contains(",") || passed.isEmpty() ? "(" + passed + ")" : passed;
    return "%s=%s=>{let %s=new %s();%s%sreturn %s;}"
        .formatted(
            maker.group("maker"),
            parameters,
            made,
            maker.group("type"),
            body,
            body.endsWith(";") || body.endsWith("}") ? "" : ";",
            made);
  }

  private static Pattern declaration(String name, String rest) {
    return Pattern.compile(
        "(?<![\\w$.])" + Pattern.quote(name) + rest.replace("NAME", Script.NAME));
  }
}
