package dev.p2pcp.browser.compiler;

import org.teavm.backend.javascript.codegen.SourceWriter;
import org.teavm.backend.javascript.spi.Generator;
import org.teavm.backend.javascript.spi.GeneratorContext;
import org.teavm.interop.AsyncCallback;
import org.teavm.model.AnnotationReader;
import org.teavm.model.ElementModifier;
import org.teavm.model.MethodHolder;
import org.teavm.model.MethodReference;
import org.teavm.model.ValueType;

/** Writes a native method that suspends: it yields how to begin what it waits for. */
final class SuspensionPoint implements Generator {
  /** What the compiler calls no parameter: those are one letter each. */
  private static final String RESUMPTION = "$$resumption";

  private static final String CALLBACK = "org.teavm.platform.plugin.AsyncCallbackWrapper";

  private final MethodReference begin;
  private final int firstParameter;

  SuspensionPoint(MethodHolder method) {
    AnnotationReader caller = method.getAnnotations().get("org.teavm.platform.plugin.AsyncCaller");
    begin = MethodReference.parse(caller.getValue("value").getString());
    firstParameter = method.hasModifier(ElementModifier.STATIC) ? 1 : 0;
  }

  @Override
  public void generate(GeneratorContext context, SourceWriter writer, MethodReference method) {
    writer.append(CoroutineRuntime.GENERATOR_MARK).append(";");
    writer
        .append("return yield step=>{let ")
        .append(RESUMPTION)
        .append("={};")
        .append(RESUMPTION)
        .append(".")
        .appendVirtualMethod("complete", Object.class, void.class);
    writer
        .append("=v=>step('next',v);")
        .append(RESUMPTION)
        .append(".")
        .appendVirtualMethod("error", Throwable.class, void.class);
    writer.append("=e=>step('throw',").appendFunction("$rt_exception").append("(e));");
    writer.appendMethod(begin).append("(");
    for (int i = firstParameter; i <= method.parameterCount(); i++) {
      writer.append(context.getParameterName(i)).append(",");
    }
    writer
        .appendMethod(
            CALLBACK, "create", ValueType.parse(AsyncCallback.class), ValueType.object(CALLBACK))
        .append("(" + RESUMPTION + "));};");
  }
}
