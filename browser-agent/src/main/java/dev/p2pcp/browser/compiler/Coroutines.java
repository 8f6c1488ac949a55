package dev.p2pcp.browser.compiler;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.teavm.backend.javascript.TeaVMJavaScriptHost;
import org.teavm.backend.javascript.codegen.SourceWriter;
import org.teavm.dependency.DependencyInfo;
import org.teavm.interop.Async;
import org.teavm.model.ClassHolder;
import org.teavm.model.ElementModifier;
import org.teavm.model.ListableClassHolderSource;
import org.teavm.model.MethodDescriptor;
import org.teavm.model.MethodHolder;
import org.teavm.model.MethodReference;
import org.teavm.model.ValueType;
import org.teavm.model.util.AsyncMethodFinder;
import org.teavm.platform.Platform;

/**
 * Makes JavaScript generators of the methods that may suspend. The compiler would make each a state
 * machine that saves and restores every variable by hand, several times the size of the method; a
 * generator leaves that to the browser.
 *
 * <p>The compiler's own analysis says which methods may suspend. In each of them, this step puts
 * {@code yield*} before every call of another; callbacks that JavaScript calls start a coroutine by
 * {@link CoroutineRuntime}. Then it hides from the compiler that anything suspends, so that
 * ordinary functions come out, which {@link GeneratorHeads} turns into generator functions by the
 * mark that each begins with.
 */
final class Coroutines {
  private final ListableClassHolderSource classes;
  private final DependencyInfo dependencies;
  private final TeaVMJavaScriptHost javaScript;

  Coroutines(
      ListableClassHolderSource classes,
      DependencyInfo dependencies,
      TeaVMJavaScriptHost javaScript) {
    this.classes = classes;
    this.dependencies = dependencies;
    this.javaScript = javaScript;
  }

  /**
   * Rewrites all classes, before they are written.
   *
   * @throws IllegalStateException if a method may suspend that must not, with the names of all
   */
  void rewrite(SourceWriter writer) {
    AsyncMethodFinder finder = new AsyncMethodFinder(dependencies.getCallGraph(), dependencies);
    finder.find(classes);
    Set<MethodReference> suspending = finder.getAsyncMethods();
    if (suspending.isEmpty()) {
      return;
    }
    Set<MethodReference> families = new HashSet<>(suspending);
    families.addAll(finder.getAsyncFamilyMethods());
    CoroutineRuntime.declare(writer);
    SuspendingCalls calls = new SuspendingCalls(classes, families);
    List<MethodHolder> natives = new ArrayList<>();
    Set<String> refused = new TreeSet<>();
    for (MethodReference reference : suspending) {
      ClassHolder owner = classes.get(reference.getClassName());
      MethodHolder method = owner == null ? null : owner.getMethod(reference.getDescriptor());
      if (method == null || method.hasModifier(ElementModifier.ABSTRACT)) {
        continue;
      }
      if (cannotSuspend(method) || isCalledEverywhere(owner)) {
        refused.add(reference.toString());
      } else if (method.getAnnotations().get(Async.class.getName()) != null) {
        natives.add(method);
        javaScript.add(reference, new SuspensionPoint(method));
      } else if (method.getProgram() != null) {
        calls.mark(method);
      }
    }
    if (!refused.isEmpty()) {
      throw new IllegalStateException("these must not suspend: " + String.join("\n", refused));
    }
    natives.forEach(method -> method.getAnnotations().remove(Async.class.getName()));
  }

  /**
   * The class library, and what implements its functions: one lambda of them that suspends would
   * make generators of all who call any, such as {@code Optional.map}. A loop does instead, or an
   * interface of our own.
   */
  private static boolean isCalledEverywhere(ClassHolder owner) {
    return owner.getName().startsWith("java.util.")
        || owner.getInterfaces().stream().anyMatch(type -> type.startsWith("java.util."));
  }

  /**
   * What a generator cannot stand for: whoever calls these does not wait. Of them is the class that
   * starts threads for {@link Thread}; a coroutine is started by a callback.
   */
  private static boolean cannotSuspend(MethodHolder method) {
    MethodDescriptor descriptor = method.getDescriptor();
    return descriptor.getName().equals("<init>")
        || descriptor.getName().equals("<clinit>")
        || method.hasModifier(ElementModifier.SYNCHRONIZED)
        || method.getOwnerName().equals(Platform.class.getName())
        || (SuspendingCalls.isCalledByJavaScript(method)
            && descriptor.getResultType() != ValueType.VOID);
  }
}
