package dev.p2pcp.browser.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class FieldNamesTest {
  private static final String MODULE =
      """
      function F(){}
      function A(){F.call(this);this.E0=null;}
      function B(){let a=this;A.call(a);a.HJ=null;a.id=0;}
      function C(){let a=this;F.call(a);a.Q2=0;a.Q3=0;}
      let x=b=>b.E0+b.HJ+b.id,y=b=>b.Q2+b.Q3.a+"b.E0",z={c:1};
      """;

  @Test
  void unrelated_classes_share_names_and_related_ones_do_not() {
    assertThat(FieldNames.renamed(MODULE))
        .contains("function A(){F.call(this);this.b=null;}")
        .contains("A.call(a);a.d=null;a.id=0;")
        .contains("F.call(a);a.b=0;a.d=0;")
        .contains("b.b+b.d+b.id,");
  }

  @Test
  void text_and_names_that_may_be_the_browsers_stay() {
    assertThat(FieldNames.renamed(MODULE)).contains("b.b+b.d.a+\"b.E0\"").contains("a.id=0");
  }

  @Test
  void fields_are_inherited_through_a_class_that_has_none() {
    String module =
        """
        function F(){}
        function A(){F.call(this);this.E0=null;}
        let N=M(A),
        I=M(0);
        function B(){let a=this;N.call(a);a.HJ=null;}
        let x=b=>b.E0+b.HJ;
        """;
    assertThat(FieldNames.renamed(module)).contains("x=b=>b.a+b.b;");
  }

  @Test
  void doing_it_again_changes_nothing() {
    String once = FieldNames.renamed(MODULE);
    assertThat(FieldNames.renamed(once)).isEqualTo(once);
  }

  @Test
  void another_kind_of_module_is_refused() {
    assertThatIllegalArgumentException().isThrownBy(() -> FieldNames.renamed("let a = 1;"));
  }
}
