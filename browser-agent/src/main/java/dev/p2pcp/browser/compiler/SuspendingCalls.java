package dev.p2pcp.browser.compiler;

import java.util.Set;
import org.teavm.model.BasicBlock;
import org.teavm.model.ClassReader;
import org.teavm.model.ClassReaderSource;
import org.teavm.model.Instruction;
import org.teavm.model.MethodHolder;
import org.teavm.model.MethodReference;
import org.teavm.model.Program;
import org.teavm.model.Variable;
import org.teavm.model.instructions.InvocationType;
import org.teavm.model.instructions.InvokeInstruction;

/** Marks a method that may suspend, and in it every call of another such method. */
final class SuspendingCalls {
  /** What the compiler calls the functions that it makes for JavaScript to call. */
  private static final String CALLED_BY_JAVASCRIPT = "$exported$";

  private final ClassReaderSource classes;
  private final Set<MethodReference> suspending;

  /** With the methods that may suspend or that are overridden by such, or override such. */
  SuspendingCalls(ClassReaderSource classes, Set<MethodReference> suspending) {
    this.classes = classes;
    this.suspending = suspending;
  }

  static boolean isCalledByJavaScript(MethodHolder method) {
    return method.getName().contains(CALLED_BY_JAVASCRIPT);
  }

  void mark(MethodHolder method) {
    Program program = method.getProgram();
    boolean root = isCalledByJavaScript(method);
    for (int i = 0; i < program.basicBlockCount(); i++) {
      Instruction instruction = program.basicBlockAt(i).getFirstInstruction();
      while (instruction != null) {
        Instruction next = instruction.getNext();
        if (instruction instanceof InvokeInstruction call && maySuspend(call)) {
          insertAfter(call, program, root ? CoroutineRuntime.START : resumption(call));
        }
        instruction = next;
      }
    }
    if (!root) {
      InvokeInstruction mark = new InvokeInstruction();
      mark.setType(InvocationType.SPECIAL);
      mark.setMethod(CoroutineRuntime.MARK);
      BasicBlock first = program.basicBlockAt(0);
      first.addFirst(mark);
    }
  }

  private static void insertAfter(InvokeInstruction call, Program program, MethodReference marker) {
    Variable coroutine = program.createVariable();
    InvokeInstruction marked = new InvokeInstruction();
    marked.setType(InvocationType.SPECIAL);
    marked.setMethod(marker);
    marked.setArguments(coroutine);
    marked.setReceiver(call.getReceiver());
    marked.setLocation(call.getLocation());
    call.setReceiver(coroutine);
    call.insertNext(marked);
  }

  /** A call that is bound late may reach an implementation that never suspends. */
  private static MethodReference resumption(InvokeInstruction call) {
    return call.getType() == InvocationType.VIRTUAL
        ? CoroutineRuntime.AWAIT_ANY
        : CoroutineRuntime.AWAIT;
  }

  private boolean maySuspend(InvokeInstruction call) {
    MethodReference method = call.getMethod();
    return call.getType() == InvocationType.VIRTUAL
        ? belongs(method)
        : suspending.contains(implementation(method));
  }

  private boolean belongs(MethodReference method) {
    if (suspending.contains(method)) {
      return true;
    }
    ClassReader owner = classes.get(method.getClassName());
    if (owner == null) {
      return false;
    }
    if (owner.getParent() != null
        && belongs(new MethodReference(owner.getParent(), method.getDescriptor()))) {
      return true;
    }
    for (String type : owner.getInterfaces()) {
      if (belongs(new MethodReference(type, method.getDescriptor()))) {
        return true;
      }
    }
    return false;
  }

  private MethodReference implementation(MethodReference method) {
    String name = method.getClassName();
    while (name != null) {
      ClassReader owner = classes.get(name);
      if (owner == null) {
        break;
      }
      if (owner.getMethod(method.getDescriptor()) != null) {
        return new MethodReference(name, method.getDescriptor());
      }
      name = owner.getParent();
    }
    return method;
  }
}
