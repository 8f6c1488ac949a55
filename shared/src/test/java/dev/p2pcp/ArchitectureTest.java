package dev.p2pcp;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;

/**
 * The lines between the packages of the core. A package sees only those that its rule names,
 * besides the Java library and the null annotations; nothing else may be on its class path in the
 * browser.
 */
@AnalyzeClasses(packages = "dev.p2pcp", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String JVM = "dev.p2pcp.jvm..";

  @ArchTest static final ArchTests house_rules = ArchTests.in(HouseRules.class);

  @ArchTest
  static final ArchRule bytes_stand_alone =
      onlySees("bytes").because("every other package rests on them");

  @ArchTest
  static final ArchRule crypto_sees_bytes =
      onlySees("crypto", "bytes").because("a port for hashing and signing needs no protocol");

  @ArchTest
  static final ArchRule platform_sees_bytes_and_crypto =
      onlySees("platform", "bytes", "crypto")
          .because("time, tasks and entropy are ports that the simulator supplies as well");

  @ArchTest
  static final ArchRule blocks_see_the_ports =
      onlySees("block", "bytes", "crypto", "platform")
          .because("a block is named, sealed and verified without knowing who owns or carries it");

  @ArchTest
  static final ArchRule identity_sees_blocks =
      onlySees("identity", "bytes", "crypto", "platform", "block")
          .because("keys and places follow from a phrase alone, whatever is stored or sent later");

  @ArchTest
  static final ArchRule feeds_see_blocks =
      onlySees("feed", "bytes", "crypto", "platform", "identity", "block")
          .because("a feed is proven from its bytes alone");

  @ArchTest
  static final ArchRule graphs_see_blocks =
      onlySees("graph", "bytes", "crypto", "platform", "identity", "block")
          .because("a graph is proven from its bytes alone");

  @ArchTest
  static final ArchRule channels_see_graphs_and_topics =
      onlySees("channel", "bytes", "crypto", "platform", "identity", "block", "graph", "topic")
          .because("what a channel is does not depend on how its members reach each other");

  @ArchTest
  static final ArchRule quota_is_pure =
      onlySees("quota", "bytes", "crypto", "platform", "identity", "block", "trust")
          .because("the simulator, the index and the holders must count by the very same rules");

  @ArchTest
  static final ArchRule trust_is_pure =
      onlySees("trust", "bytes", "crypto", "platform", "identity", "block")
          .because("a score follows from evidence, not from who delivered it");

  @ArchTest
  static final ArchRule placement_is_pure =
      onlySees("placement", "bytes", "crypto", "platform", "identity", "block", "quota", "trust")
          .because("the simulator must rank holders by the very rules of production");

  @ArchTest
  static final ArchRule wire_sees_what_messages_carry =
      onlySees("wire", "bytes", "crypto", "platform", "identity", "block", "quota", "feed", "graph")
          .because(
              "a message is bytes in and bytes out; who sends it and when is not its business");

  @ArchTest
  static final ArchRule index_rules_are_pure =
      onlySees(
              "index",
              "bytes",
              "crypto",
              "platform",
              "identity",
              "block",
              "quota",
              "placement",
              "trust",
              "wire")
          .because("what an index server decides must be testable without a network");

  @ArchTest
  static final ArchRule a_server_in_this_process_sees_no_agent =
      noClasses()
          .that()
          .resideInAPackage("dev.p2pcp.inprocess..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(JVM, "dev.p2pcp.node..")
          .because("tests and simulations put whatever agents they like around it");

  @ArchTest
  static final ArchRule transport_sees_wire =
      onlySees(
              "transport",
              "bytes",
              "crypto",
              "platform",
              "identity",
              "block",
              "quota",
              "feed",
              "graph",
              "wire")
          .because("a link carries messages and does not know what the agent makes of them");

  @ArchTest
  static final ArchRule topics_see_messages_and_no_links =
      onlySees("topic", "bytes", "crypto", "platform", "identity", "wire")
          .because("a mesh is tested with whatever peers a test makes up");

  @ArchTest
  static final ArchRule buckets_see_the_ports =
      onlySees(
              "bucket",
              "bytes",
              "crypto",
              "platform",
              "identity",
              "block",
              "quota",
              "feed",
              "graph",
              "wire",
              "transport")
          .because("a bucket holds bytes and does not know what the agent makes of them");

  @ArchTest
  static final ArchRule the_agent_sees_no_platform_code =
      noClasses()
          .that()
          .resideInAPackage("dev.p2pcp.node..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(JVM, "dev.p2pcp.index..")
          .because("the same agent runs in the browser, headless and in the simulator")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule packages_have_no_cycles =
      slices()
          .matching("dev.p2pcp.(*)..")
          .should()
          .beFreeOfCycles()
          .because("a cycle makes two packages one that nobody can read alone")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule only_jvm_touches_the_machine =
      noClasses()
          .that()
          .resideOutsideOfPackage(JVM)
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("java.nio.file..", "java.net..", "java.nio.channels..")
                  .or(nameMatching("java\\.io\\.(File.*|RandomAccessFile)")))
          .because("files and sockets are ports: in a browser there are none")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule only_jvm_starts_threads =
      noClasses()
          .that()
          .resideOutsideOfPackage(JVM)
          .should()
          .dependOnClassesThat(
              nameMatching("java\\.lang\\.Thread(\\$.*)?|java\\.util\\.Timer(Task)?")
                  .or(
                      nameMatching(
                          "java\\.util\\.concurrent\\..*(Executor|Future|ForkJoin|Completion|Phaser).*")))
          .because(
              "tasks are a port, so that a whole network runs in one deterministic simulator, in one style")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule only_jvm_knows_the_time =
      noClasses()
          .that()
          .resideOutsideOfPackage(JVM)
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethodWhere(
              JavaCall.Predicates.target(name("now"))
                  .and(JavaCall.Predicates.target(With.owner(resideInAPackage("java.time..")))))
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.time.Clock")
          .because("time is a port, so that a simulated day takes a second")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule only_jvm_draws_randomness =
      noClasses()
          .that()
          .resideOutsideOfPackage(JVM)
          .should()
          .dependOnClassesThat(
              nameMatching(
                  "java\\.util\\.(Random|SplittableRandom|UUID)|java\\.util\\.random\\..*|java\\.security\\..*"
                      + "|java\\.util\\.concurrent\\.ThreadLocalRandom"))
          .orShould()
          .callMethod(Math.class, "random")
          .because("entropy is a port, so that the same seed replays the same run")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule only_jvm_uses_bouncy_castle =
      noClasses()
          .that()
          .resideOutsideOfPackage(JVM)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.bouncycastle..", "javax.crypto..")
          .because(
              "compiled to JavaScript it is thirty times slower than the browser's own, and large")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule the_core_runs_in_a_browser =
      noClasses()
          .that()
          .resideOutsideOfPackage(JVM)
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("java.util.concurrent.locks..", "java.util.regex..")
                  .or(
                      nameMatching(
                          "java\\.util\\.concurrent\\.(CountDownLatch|Semaphore|LinkedBlockingQueue"
                              + "|ConcurrentLinkedQueue)"))
                  .or(nameMatching("java\\.util\\.(HexFormat|StringJoiner|Scanner|Formatter)")))
          .orShould()
          .callMethodWhere(
              JavaCall.Predicates.target(With.owner(name("java.lang.String")))
                  .and(
                      JavaCall.Predicates.target(
                          nameMatching("format|formatted|split|matches|replaceAll|replaceFirst"))))
          .because(
              "the browser's class library lacks them, or they cost more bytes than all of our protocol")
          .allowEmptyShould(true);

  private static ArchRule onlySees(String own, String... others) {
    String[] seen =
        Stream.concat(
                Stream.of("java..", "org.jspecify.annotations..", "dev.p2pcp." + own + ".."),
                Stream.of(others).map(other -> "dev.p2pcp." + other + ".."))
            .toArray(String[]::new);
    return classes()
        .that()
        .resideInAPackage("dev.p2pcp." + own + "..")
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(seen).or(nameMatching("\\[+[ZBCSIJFD]")))
        .allowEmptyShould(true);
  }
}
