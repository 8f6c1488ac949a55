package dev.p2pcp;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.jspecify.annotations.NullMarked;

/** What holds in every module; each module's own architecture test takes these in. */
public final class HouseRules {
  private HouseRules() {}

  @ArchTest
  static final ArchRule no_package_is_a_bag =
      noClasses()
          .should()
          .resideInAnyPackage(
              "..util..", "..utils..", "..helper..", "..manager..", "..impl..", "..common..")
          .because(
              "a package is named for what its types do together, and a bag gathers what nobody placed")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule no_type_is_a_bag =
      noClasses()
          .that()
          // A binding has the browser's own name, such as StorageManager.
          .resideOutsideOfPackage("dev.p2pcp.browser.js..")
          .should()
          .haveSimpleNameEndingWith("Util")
          .orShould()
          .haveSimpleNameEndingWith("Utils")
          .orShould()
          .haveSimpleNameEndingWith("Helper")
          .orShould()
          .haveSimpleNameEndingWith("Manager")
          .orShould()
          .haveSimpleNameEndingWith("Impl")
          .because("such a name says nothing about what the type is for")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule every_package_is_null_marked =
      classes()
          .should(resideInANullMarkedPackage())
          .because(
              "null is checked only where a package-info.java says so, and that file also says the package's role")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule nothing_speaks_java_serialisation =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.io.ObjectInputStream")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.io.ObjectOutputStream")
          .because("bytes from a peer must never choose which classes are made")
          .allowEmptyShould(true);

  private static ArchCondition<JavaClass> resideInANullMarkedPackage() {
    return new ArchCondition<>("reside in a package annotated with @NullMarked") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
          events.add(
              SimpleConditionEvent.violated(
                  type,
                  type.getName() + " is in a package whose package-info.java lacks @NullMarked"));
        }
      }
    };
  }
}
