package dev.p2pcp.browser.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShorteningTest {
  @Test
  void ends_of_lines_go_where_nothing_depends_on_them() {
    assertThat(Shortening.shortened("let a=1,\nb=2\n,c=()=>{}\nd(c);\n"))
        .isEqualTo("let a=1,b=2,c=()=>{}\nd(c);");
  }

  @Test
  void a_text_in_pieces_becomes_one() {
    assertThat(Shortening.shortened("F(\"some \"\n+\"text\");")).isEqualTo("F(\"some text\");");
  }

  @Test
  void a_variable_is_not_assigned_to_itself() {
    assertThat(Shortening.shortened("c=b;b=b;d.b=b;while(x){e=e;}"))
        .isEqualTo("c=b;d.b=b;while(x){}");
  }

  @Test
  void a_function_that_only_returns_needs_no_block() {
    assertThat(Shortening.shortened("let F=(a,b)=>{return a.c+b;},G=a=>{return {b:F};};"))
        .isEqualTo("let F=(a,b)=>a.c+b,G=a=>{return {b:F}};");
  }

  @Test
  void types_that_nothing_names_go_and_others_stay() {
    String module =
        "let Q=H(0),Q2=H(Q),R=H(0),F=()=>new R;let S=H();"
            + "T([Q,0,E,[],1537,0,0,0,Q2,\"Name\",2,Q,[],1,0,0,0,R,0,E,[],1,0,0,[\"k\",G(F)],"
            + "S,0,E,[],1,0,0,0]);";
    assertThat(Shortening.shortened(module))
        .isEqualTo("let R=H(0),F=()=>new R;T([R,0,E,[],1,0,0,[\"k\",G(F)],]);");
  }

  @Test
  void a_constructor_with_one_caller_becomes_part_of_it() {
    String module =
        "let I=(a,b,c)=>{let d;d=b+c;a.x=d;},M=(a,b)=>{let c=new C();I(c,a,b);return c;};";
    assertThat(Shortening.shortened(module))
        .isEqualTo("let M=(b,c)=>{let a=new C;let d;d=b+c;a.x=d;return a};");
  }

  @Test
  void a_constructor_that_others_call_or_that_returns_early_stays() {
    String called = "let I=a=>{a.x=1;},M=()=>{let a=new C();I(a);return a;};I(M());";
    String returning = "let I=a=>{if(q)return;a.x=1;},M=()=>{let a=new C();I(a);return a;};";
    assertThat(Shortening.shortened(called)).contains("let I=a=>{a.x=1},M=");
    assertThat(Shortening.shortened(returning)).contains("let I=a=>{if(q)return;a.x=1},M=");
  }

  @Test
  void what_no_block_and_no_call_needs_goes_but_not_from_a_text() {
    assertThat(Shortening.shortened("if(a){b=new C();d=new D().e;f(\";}\");}"))
        .isEqualTo("if(a){b=new C;d=new D().e;f(\";}\")}");
  }

  @Test
  void functions_that_nothing_calls_go_with_what_only_they_call() {
    assertThat(Shortening.shortened("let F=a=>{G(\"{\");},G=function*(a,b){c();},H=a=>{c();};H();"))
        .isEqualTo("let H=a=>{c()};H();");
  }

  @Test
  void doing_it_again_changes_nothing() {
    String once =
        Shortening.shortened("let I=(a,b)=>{a.x=b;},\nM=a=>{let b=new C();I(b,a);return b;};");
    assertThat(Shortening.shortened(once)).isEqualTo(once);
  }
}
