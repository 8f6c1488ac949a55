package dev.p2pcp.server;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import dev.p2pcp.HouseRules;
import org.springframework.context.SmartLifecycle;

/** The lines inside the index server. */
@AnalyzeClasses(packages = "dev.p2pcp.server", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest static final ArchTests house_rules = ArchTests.in(HouseRules.class);

  @ArchTest
  static final ArchRule nothing_waits_for_a_reactive_result =
      noClasses()
          .that()
          .areNotAssignableTo(SmartLifecycle.class)
          .and()
          .doNotHaveSimpleName("DeskPorts")
          .should()
          .callMethodWhere(
              JavaCall.Predicates.target(owner(resideInAPackage("reactor.core.publisher")))
                  .and(
                      JavaCall.Predicates.target(
                          nameMatching("block.*|toIterable|toStream|toFuture"))))
          .because(
              "one blocked event loop stops every session on it; only the stop of the process,"
                  + " which has a thread of its own, and the desk, on virtual threads, may wait")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule nothing_sleeps_or_parks =
      noClasses()
          .should()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .dependOnClassesThat(
              nameMatching("java\\.util\\.concurrent\\.(CountDownLatch|Semaphore|CyclicBarrier)"))
          .because("an event loop that waits stops every session on it")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule nothing_is_written_to_disk =
      noClasses()
          .should()
          .dependOnClassesThat(
              nameMatching("java\\.io\\.(FileOutputStream|FileWriter|RandomAccessFile)")
                  .or(nameMatching("java\\.nio\\.channels\\.FileChannel")))
          .orShould()
          .callMethodWhere(
              JavaCall.Predicates.target(owner(nameMatching("java\\.nio\\.file\\.Files")))
                  .and(
                      JavaCall.Predicates.target(
                          nameMatching("(write|create|copy|move|new.*Out).*"))))
          .because("servers forget: all that an index knows it can relearn from the agents")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule features_have_no_cycles =
      slices()
          .matching("dev.p2pcp.server.(*)..")
          .should()
          .beFreeOfCycles()
          // Where the features are wired together they are all named.
          .ignoreDependency(simpleNameEndingWith("Configuration"), DescribedPredicate.alwaysTrue())
          .because("a feature is read, and one day removed, by itself");
}
