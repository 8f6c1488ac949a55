package dev.p2pcp.browser.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class GeneratorHeadsTest {
  @Test
  void marked_functions_become_generators_and_others_stay() {
    assertThat(
            GeneratorHeads.rewrite(
                "let A=(b,c)=>{let d;$generator$;d=b;return d;},B=c=>{$generator$;},C=d=>{return d;};"))
        .isEqualTo("let A=function*(b,c){let d;d=b;return d;},B=function*(c){},C=d=>{return d;};");
  }

  @Test
  void the_mark_may_stand_behind_labels_and_loops() {
    assertThat(GeneratorHeads.rewrite("A=()=>{a:{while(true){$generator$;break a;}}}"))
        .isEqualTo("A=function*(){a:{while(true){break a;}}}");
  }

  @Test
  void spaces_and_lines_of_readable_output_do_not_matter() {
    assertThat(GeneratorHeads.rewrite("f = ($this) => {\n    let x, y;\n    $generator$;\n}"))
        .isEqualTo("f = function*($this){\n    let x, y;\n    \n}");
  }

  @Test
  void what_was_rewritten_stays_as_it_is() {
    String rewritten = GeneratorHeads.rewrite("let A=b=>{$generator$;return b;};");
    assertThat(GeneratorHeads.rewrite(rewritten)).isEqualTo(rewritten);
  }

  @Test
  void a_mark_anywhere_else_is_refused() {
    assertThatThrownBy(() -> GeneratorHeads.rewrite("let A=b=>{b=1;$generator$;};"))
        .isInstanceOf(IllegalStateException.class);
  }
}
