package dev.p2pcp.browser.compiler;

import org.teavm.backend.javascript.TeaVMJavaScriptHost;
import org.teavm.backend.javascript.codegen.SourceWriter;
import org.teavm.backend.javascript.rendering.Precedence;
import org.teavm.backend.javascript.spi.Injector;
import org.teavm.backend.javascript.spi.InjectorContext;
import org.teavm.model.MethodReference;

/**
 * What coroutines need at run time. A suspended generator has yielded a function that takes the way
 * to resume it: {@code step("next", value)} or {@code step("throw", error)}.
 */
final class CoroutineRuntime {
  /** Stands at the beginning of every function that is to be a generator. */
  static final String GENERATOR_MARK = "$generator$";

  static final MethodReference MARK = marker("mark", void.class);
  static final MethodReference AWAIT = marker("await", Object.class, Object.class);
  static final MethodReference AWAIT_ANY = marker("awaitAny", Object.class, Object.class);
  static final MethodReference START = marker("start", Object.class, Object.class);

  private static final String IS_GENERATOR = "$rt_isGenerator";
  private static final String AWAIT_FUNCTION = "$rt_awaitAny";
  private static final String START_FUNCTION = "$rt_startCoroutine";

  private CoroutineRuntime() {}

  static void addTo(TeaVMJavaScriptHost host) {
    host.add(MARK, (Injector) (context, method) -> context.getWriter().append(GENERATOR_MARK));
    host.add(AWAIT, (Injector) (context, method) -> await(context, false));
    host.add(AWAIT_ANY, (Injector) (context, method) -> await(context, true));
    host.add(
        START,
        (Injector)
            (context, method) -> {
              context.getWriter().appendFunction(START_FUNCTION).append("(");
              context.writeExpr(context.getArgument(0));
              context.getWriter().append(")");
            });
  }

  private static void await(InjectorContext context, boolean any) {
    SourceWriter writer = context.getWriter();
    // It binds as loosely as an assignment does.
    boolean bound = context.getPrecedence().compareTo(Precedence.ASSIGNMENT) > 0;
    writer.append(bound ? "(yield* " : "yield* ");
    if (any) {
      writer.appendFunction(AWAIT_FUNCTION).append("(");
    }
    context.writeExpr(context.getArgument(0), Precedence.ASSIGNMENT);
    writer.append(any ? ")" : "").append(bound ? ")" : "");
  }

  /** Writes the functions that the markers name. */
  static void declare(SourceWriter writer) {
    writer.startVariableDeclaration().appendFunction(IS_GENERATOR);
    writer
        .append("v=>Object.getPrototypeOf(function*(){}).prototype.isPrototypeOf(v)")
        .endDeclaration();
    writer.startVariableDeclaration().appendFunction(AWAIT_FUNCTION);
    writer.append("function*(v){return ").appendFunction(IS_GENERATOR).append("(v)?yield* v:v;}");
    writer.endDeclaration();
    writer.startVariableDeclaration().appendFunction(START_FUNCTION);
    writer.append("g=>{if(!").appendFunction(IS_GENERATOR).append("(g))return;");
    writer.append("let step=(how,value)=>{let r=g[how](value);if(!r.done)");
    writer.append("try{r.value(step);}catch(e){step('throw',e);}};step('next');}");
    writer.endDeclaration();
  }

  private static MethodReference marker(String name, Class<?>... signature) {
    return new MethodReference(CoroutineRuntime.class, name, signature);
  }
}
