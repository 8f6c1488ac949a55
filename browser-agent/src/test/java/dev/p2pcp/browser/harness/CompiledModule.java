package dev.p2pcp.browser.harness;

import dev.p2pcp.browser.compiler.GeneratorHeads;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.teavm.backend.javascript.JSModuleType;
import org.teavm.diagnostics.Problem;
import org.teavm.tooling.ConsoleTeaVMToolLog;
import org.teavm.tooling.TeaVMSourceFilePolicy;
import org.teavm.tooling.TeaVMTargetType;
import org.teavm.tooling.builder.BuildException;
import org.teavm.tooling.builder.BuildResult;
import org.teavm.tooling.builder.InProcessBuildStrategy;
import org.teavm.vm.TeaVMOptimizationLevel;

/** Test code as an ES module, compiled as the agent is: same level, strict. */
public final class CompiledModule {
  private CompiledModule() {}

  /** Compiles a class with exports, from the class path of this test run, and returns the file. */
  public static Path of(Class<?> exports, Path directory) {
    InProcessBuildStrategy build = new InProcessBuildStrategy();
    build.init();
    build.setLog(new ConsoleTeaVMToolLog(false));
    build.setMainClass(exports.getName());
    build.setEntryPointName("main");
    build.setClassPathEntries(
        List.of(System.getProperty("java.class.path").split(File.pathSeparator)));
    build.setTargetType(TeaVMTargetType.JAVASCRIPT);
    build.setJsModuleType(JSModuleType.ES2015);
    build.setOptimizationLevel(TeaVMOptimizationLevel.ADVANCED);
    build.setStrict(true);
    build.setObfuscated(false);
    build.setMaxTopLevelNames(80_000);
    build.setSourceFilePolicy(TeaVMSourceFilePolicy.DO_NOTHING);
    build.setTargetDirectory(directory.toString());
    build.setTargetFileName(exports.getSimpleName() + ".js");
    build.setCacheDirectory(directory.resolve("cache").toString());
    try {
      BuildResult result = build.build();
      List<Problem> severe = result.getProblems().getSevereProblems();
      if (!severe.isEmpty()) {
        throw new IllegalStateException(
            severe.stream().map(Problem::getText).distinct().toList().toString());
      }
    } catch (BuildException e) {
      throw new IllegalStateException(e);
    }
    Path script = directory.resolve(exports.getSimpleName() + ".js");
    try {
      GeneratorHeads.rewrite(script);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return script;
  }
}
