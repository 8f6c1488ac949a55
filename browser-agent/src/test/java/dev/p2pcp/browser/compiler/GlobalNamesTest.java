package dev.p2pcp.browser.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GlobalNamesTest {
  @Test
  void what_is_named_most_gets_the_shortest_name() {
    assertThat(GlobalNames.renamed("let AB1=a=>a,AB2=b=>AB1(AB1(b)+AB3(b));function AB3(){}"))
        .isEqualTo("let Aa=a=>a,Ac=b=>Aa(Aa(b)+Ab(b));function Ab(){}");
  }

  @Test
  void properties_text_and_what_the_browser_declares_stay() {
    assertThat(GlobalNames.renamed("let AB1=a=>a.AB1+\"AB1\"+URL.AB1+Aa;AB1(...AB1);"))
        .isEqualTo("let Ab=a=>a.AB1+\"AB1\"+URL.AB1+Aa;Ab(...Ab);");
  }

  @Test
  void no_name_is_given_that_something_else_has() {
    StringBuilder module = new StringBuilder("let aa=0,ab=1");
    for (int i = 0; i < 5_000; i++) {
      module.append(",X").append(i).append("=H()");
    }
    String renamed = GlobalNames.renamed(module.toString());
    String[] declared = renamed.substring("let ".length()).split(",");
    assertThat(declared).hasSize(5_002).doesNotHaveDuplicates();
    assertThat(Script.names(renamed)).containsEntry("aa", 1).containsEntry("ab", 1);
  }
}
