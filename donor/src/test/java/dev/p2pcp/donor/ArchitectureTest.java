package dev.p2pcp.donor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import dev.p2pcp.HouseRules;

/** The lines around the headless agent. */
@AnalyzeClasses(packages = "dev.p2pcp.donor", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest static final ArchTests house_rules = ArchTests.in(HouseRules.class);

  @ArchTest
  static final ArchRule an_agent_sees_no_server =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.p2pcp.server..", "dev.p2pcp.index..", "org.springframework..")
          .because("who lends a disk must not need what an index server needs");

  @ArchTest
  static final ArchRule only_buckets_know_aws =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.p2pcp.donor.bucket..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("software.amazon..")
          .because("a donor of a disk must not load it");
}
