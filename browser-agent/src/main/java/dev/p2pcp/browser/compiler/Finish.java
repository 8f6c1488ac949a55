package dev.p2pcp.browser.compiler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What is left to do on the minified module that the compiler wrote. */
public final class Finish {
  private Finish() {}

  /** Rewrites the module named by the only argument, which may have been rewritten before. */
  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    GeneratorHeads.rewrite(file);
    String module = FieldNames.renamed(Files.readString(file));
    Files.writeString(file, GlobalNames.renamed(Shortening.shortened(module)));
  }
}
