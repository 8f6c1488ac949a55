package dev.p2pcp.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.web.harness.Person;
import dev.p2pcp.web.harness.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What {@code docs/api.md} shows works as it stands there. */
class ApiExamplesTest {
  @RegisterExtension static final World world = new World();

  private static final Pattern EXAMPLE = Pattern.compile("```js\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern METHOD =
      Pattern.compile("^ {2}(\\w+)(?:<[^(]*)?\\(.*\\):.*;$", Pattern.MULTILINE);

  /** Gives an example what the document says that it has. */
  private static final String WITH =
      """
      const equal = (actual, expected) => {
        if (JSON.stringify(actual) !== JSON.stringify(expected))
          throw new Error(`${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
      };
      """;

  @Test
  void every_example_runs_in_the_order_of_the_document() throws IOException {
    world.holders(2);
    Person reader = world.visitor();
    List<String> examples = examples();
    assertThat(examples).isNotEmpty();
    for (String example : examples) {
      assertThat(example).doesNotContain("\u2026");
      reader.ask(WITH + "{" + example + "}", null);
    }
  }

  @Test
  void every_method_of_the_interface_has_an_example() throws IOException {
    String interfaces;
    try (var in = ApiExamplesTest.class.getResourceAsStream("/site/agent/agent.d.ts")) {
      interfaces = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    String all = String.join("\n", examples());
    List<String> methods = new ArrayList<>(List.of("open", "missing"));
    Matcher method = METHOD.matcher(interfaces);
    while (method.find()) {
      methods.add(method.group(1));
    }
    assertThat(methods).contains("put", "confirm", "on", "close");
    assertThat(methods).allSatisfy(name -> assertThat(all).contains(name + "("));
  }

  private static List<String> examples() throws IOException {
    Path document = Path.of("").toAbsolutePath();
    while (!Files.exists(document.resolve("docs/api.md"))) {
      document = document.getParent();
    }
    List<String> examples = new ArrayList<>();
    Matcher example = EXAMPLE.matcher(Files.readString(document.resolve("docs/api.md")));
    while (example.find()) {
      examples.add(example.group(1));
    }
    return examples;
  }
}
