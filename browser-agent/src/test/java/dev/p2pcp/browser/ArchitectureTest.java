package dev.p2pcp.browser;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import dev.p2pcp.HouseRules;
import org.teavm.jso.JSExport;

/** The lines inside the agent of the browser. */
@AnalyzeClasses(packages = "dev.p2pcp.browser", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest static final ArchTests house_rules = ArchTests.in(HouseRules.class);

  @ArchTest
  static final ArchRule bindings_stand_alone =
      classes()
          .that()
          .resideInAPackage("dev.p2pcp.browser.js..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  "dev.p2pcp.browser.js..",
                  "dev.p2pcp.bytes..",
                  "java..",
                  "org.teavm..",
                  "org.jspecify.."))
          .because("a binding says what the browser has, and nothing about what we do with it")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule only_api_exports =
      methods()
          .that()
          .areAnnotatedWith(JSExport.class)
          .should()
          .beDeclaredInClassesThat()
          .resideInAPackage("dev.p2pcp.browser.api..")
          .because("what JavaScript can call is promised in one place")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule nothing_runs_on_a_jvm =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.p2pcp.jvm..", "dev.p2pcp.index..", "org.bouncycastle..")
          .because("they would not compile, or would cost a visitor bytes for nothing")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule packages_have_no_cycles =
      slices()
          .matching("dev.p2pcp.browser.(*)..")
          .should()
          .beFreeOfCycles()
          .because("a cycle makes two packages one that nobody can read alone");
}
