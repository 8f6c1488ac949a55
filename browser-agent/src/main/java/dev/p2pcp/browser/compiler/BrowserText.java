package dev.p2pcp.browser.compiler;

import dev.p2pcp.browser.js.Text;
import dev.p2pcp.bytes.Bytes;
import org.teavm.model.ClassHolder;
import org.teavm.model.ClassHolderTransformer;
import org.teavm.model.ClassHolderTransformerContext;
import org.teavm.model.MethodDescriptor;
import org.teavm.model.MethodHolder;
import org.teavm.model.Program;
import org.teavm.model.emit.ProgramEmitter;
import org.teavm.model.emit.ValueEmitter;

/** Lets {@link Bytes} turn text into UTF-8 and back by {@link Text}. */
public final class BrowserText implements ClassHolderTransformer {
  private static final MethodDescriptor ENCODE =
      new MethodDescriptor("utf8", String.class, Bytes.class);
  private static final MethodDescriptor DECODE = new MethodDescriptor("utf8", String.class);

  @Override
  public void transformClass(ClassHolder cls, ClassHolderTransformerContext context) {
    if (!cls.getName().equals(Bytes.class.getName())) {
      return;
    }
    ProgramEmitter encode = emptied(cls.getMethod(ENCODE), context);
    encode
        .invoke(
            Bytes.class,
            "wrap",
            Bytes.class,
            encode.invoke(Text.class, "encode", byte[].class, encode.var(1, String.class)))
        .returnValue();
    ProgramEmitter decode = emptied(cls.getMethod(DECODE), context);
    ValueEmitter bytes = decode.var(0, Bytes.class);
    decode
        .invoke(
            Text.class,
            "decode",
            String.class,
            bytes.getField("array", byte[].class),
            bytes.getField("offset", int.class),
            bytes.getField("length", int.class))
        .returnValue();
  }

  private static ProgramEmitter emptied(
      MethodHolder method, ClassHolderTransformerContext context) {
    method.setProgram(new Program());
    return ProgramEmitter.create(method, context.getHierarchy());
  }
}
