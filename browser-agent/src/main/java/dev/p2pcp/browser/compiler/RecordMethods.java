package dev.p2pcp.browser.compiler;

import java.util.HashSet;
import java.util.Set;
import org.teavm.backend.javascript.TeaVMJavaScriptHost;
import org.teavm.backend.javascript.codegen.SourceWriter;
import org.teavm.classlib.impl.record.ObjectMethodsSubstitutor;
import org.teavm.dependency.BootstrapMethodSubstitutor;
import org.teavm.dependency.DynamicCallSite;
import org.teavm.model.AccessLevel;
import org.teavm.model.BasicBlock;
import org.teavm.model.ClassHolder;
import org.teavm.model.ClassHolderTransformer;
import org.teavm.model.ClassHolderTransformerContext;
import org.teavm.model.ElementModifier;
import org.teavm.model.Instruction;
import org.teavm.model.ListableClassHolderSource;
import org.teavm.model.MethodDescriptor;
import org.teavm.model.MethodHolder;
import org.teavm.model.MethodReference;
import org.teavm.model.ValueType;
import org.teavm.model.emit.ProgramEmitter;
import org.teavm.model.emit.ValueEmitter;
import org.teavm.model.instructions.InvokeInstruction;
import org.teavm.vm.spi.TeaVMHost;

/**
 * One {@code equals} and one {@code hashCode} for all records that do not write their own: they go
 * through the fields of the JavaScript object. What a record's own methods would have reached is
 * kept, as they are taken out only after the compiler's analysis.
 */
final class RecordMethods implements BootstrapMethodSubstitutor, ClassHolderTransformer {
  /** What a record's methods are linked by, as {@code java.lang.runtime.ObjectMethods} has it. */
  private static final MethodReference BOOTSTRAP =
      new MethodReference(
          "java.lang.runtime.ObjectMethods",
          "bootstrap",
          ValueType.object("java.lang.invoke.MethodHandles$Lookup"),
          ValueType.object("java.lang.String"),
          ValueType.object("java.lang.invoke.TypeDescriptor"),
          ValueType.object("java.lang.Class"),
          ValueType.object("java.lang.String"),
          ValueType.arrayOf(ValueType.object("java.lang.invoke.MethodHandle")),
          ValueType.object("java.lang.Object"));

  private static final String PARENT = ComparedRecord.class.getName();
  private static final MethodDescriptor EQUALS =
      new MethodDescriptor("equals", Object.class, boolean.class);
  private static final MethodDescriptor HASH_CODE = new MethodDescriptor("hashCode", int.class);

  private final BootstrapMethodSubstitutor generator = new ObjectMethodsSubstitutor();
  private final Set<String> generatedEquals = new HashSet<>();
  private final Set<String> generatedHashCode = new HashSet<>();

  @Override
  public void transformClass(ClassHolder cls, ClassHolderTransformerContext context) {
    if ("java.lang.Record".equals(cls.getParent())) {
      cls.setParent(PARENT);
    }
  }

  /** Notes whose methods the compiler generates, and lets it. */
  @Override
  public ValueEmitter substitute(DynamicCallSite site, ProgramEmitter program) {
    MethodReference caller = site.getCaller();
    if (caller.getDescriptor().equals(EQUALS)) {
      generatedEquals.add(caller.getClassName());
    } else if (caller.getDescriptor().equals(HASH_CODE)) {
      generatedHashCode.add(caller.getClassName());
    }
    return generator.substitute(site, program);
  }

  void addTo(TeaVMHost compiler, TeaVMJavaScriptHost host) {
    compiler.add(this);
    compiler.add(BOOTSTRAP, this);
    host.addVirtualMethods(
        (context, method) ->
            method.getClassName().equals(PARENT)
                && (method.getDescriptor().equals(EQUALS)
                    || method.getDescriptor().equals(HASH_CODE)));
  }

  /** Takes the methods out of the records and gives them to their common parent. */
  void merge(ListableClassHolderSource classes, TeaVMJavaScriptHost host) {
    ClassHolder parent = classes.get(PARENT);
    if (parent == null) {
      return;
    }
    boolean compared = remove(classes, generatedEquals, EQUALS);
    boolean hashed = remove(classes, generatedHashCode, HASH_CODE);
    if (compared) {
      add(parent, EQUALS);
      host.add(
          new MethodReference(PARENT, EQUALS),
          (context, writer, method) ->
              writeEquals(writer, context.getParameterName(0), context.getParameterName(1)));
    }
    if (hashed) {
      add(parent, HASH_CODE);
      host.add(
          new MethodReference(PARENT, HASH_CODE),
          (context, writer, method) -> writeHashCode(writer, context.getParameterName(0)));
    }
  }

  private static boolean remove(
      ListableClassHolderSource classes, Set<String> records, MethodDescriptor descriptor) {
    boolean any = false;
    for (String name : records) {
      ClassHolder record = classes.get(name);
      MethodHolder method = record == null ? null : record.getMethod(descriptor);
      if (method != null && method.getProgram() != null) {
        record.removeMethod(method);
        any = true;
      }
    }
    redirect(classes, records, descriptor);
    return any;
  }

  /** Calls that the compiler has bound already. */
  private static void redirect(
      ListableClassHolderSource classes, Set<String> records, MethodDescriptor descriptor) {
    for (String name : classes.getClassNames()) {
      for (MethodHolder method : classes.get(name).getMethods()) {
        if (method.getProgram() != null) {
          for (BasicBlock block : method.getProgram().getBasicBlocks()) {
            for (Instruction instruction : block) {
              if (instruction instanceof InvokeInstruction call
                  && call.getMethod().getDescriptor().equals(descriptor)
                  && records.contains(call.getMethod().getClassName())) {
                call.setMethod(new MethodReference(PARENT, descriptor));
              }
            }
          }
        }
      }
    }
  }

  private static void add(ClassHolder parent, MethodDescriptor descriptor) {
    MethodHolder present = parent.getMethod(descriptor);
    if (present != null) {
      parent.removeMethod(present);
    }
    MethodHolder method = new MethodHolder(descriptor);
    method.setLevel(AccessLevel.PUBLIC);
    method.getModifiers().add(ElementModifier.NATIVE);
    parent.addMethod(method);
  }

  private static void writeEquals(SourceWriter writer, String self, String other) {
    writer.append("if(" + self + "===" + other + ")return 1;");
    writer.append("if(" + other + "===null||" + self + ".constructor!==" + other);
    writer.append(".constructor)return 0;");
    writeLoop(writer, self);
    writer.append("let x=" + self + "[k],y=" + other + "[k];");
    writer.append("if(x!==y&&!(x!==null&&y!==null&&x.");
    writer.appendVirtualMethod(EQUALS).append("&&x.").appendVirtualMethod(EQUALS).append("(y)))");
    writer.append("return 0;}return 1;");
  }

  private static void writeHashCode(SourceWriter writer, String self) {
    writer.append("let h=1;");
    writeLoop(writer, self);
    writer.append("let x=" + self + "[k];h=Math.imul(31,h)+(x===null?0:");
    writer.append("typeof x=='number'?x:typeof x=='bigint'?Number(BigInt.asIntN(32,x)):x.");
    writer.appendVirtualMethod(HASH_CODE).append("?x.").appendVirtualMethod(HASH_CODE);
    writer.append("():0)|0;}return h;");
  }

  /** Begins a loop over the components: behind what the compiler keeps in every object. */
  private static void writeLoop(SourceWriter writer, String self) {
    writer.append("for(let k of Object.keys(" + self + ").slice(Object.keys(new ");
    writer.appendClass("java.lang.Object").append("()).length)){");
  }
}
