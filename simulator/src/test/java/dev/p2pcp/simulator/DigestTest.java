package dev.p2pcp.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.placement.Placement;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.instruction.ConstantInstruction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The digest of a run stands for all that happened in it, on whatever machine it is made. */
class DigestTest {
  private static final String[] OPTIONS = {
    "--agents=6", "--days=1", "--life=1", "--kills=2", "--cut-hours=3"
  };

  private static final String DIGEST = "\"digest\":\"";
  private static final int DIGEST_LENGTH = 64;

  /** A factor of the hash by which holders are ranked. */
  private static final long FACTOR = 0xbf58476d1ce4e5b9L;

  @TempDir private Path changed;

  @Test
  void a_run_comes_out_as_it_did_on_the_machine_where_its_digest_was_recorded() throws Exception {
    String recorded;
    try (InputStream in =
        Objects.requireNonNull(getClass().getResourceAsStream("/digest-of-seed-7.txt"))) {
      recorded = new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
    }
    assertThat(digest(List.of(), "--seed=7"))
        .as(
            "The digest of `./p2pcp simulate --seed=7 %s`. If the change that you made was to change what"
                + " happens in a run, put the new one into simulator/src/test/resources/digest-of-seed-7.txt;"
                + " if you changed nothing, a run depends on the machine that it is made on.",
            String.join(" ", OPTIONS))
        .isEqualTo(recorded);
  }

  @Test
  void another_compiler_collector_heap_clock_zone_and_hash_order_make_no_difference()
      throws Exception {
    List<String> other =
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx300m",
            "-XX:+UnlockExperimentalVMOptions",
            "-XX:hashCode=2",
            "-Duser.timezone=Pacific/Kiritimati",
            "-Duser.language=tr",
            "-Dfile.encoding=ISO-8859-1");
    assertThat(digest(other, "--seed=7")).isEqualTo(digest(List.of(), "--seed=7"));
  }

  @Test
  void another_seed_is_another_run() throws Exception {
    assertThat(digest(List.of(), "--seed=8")).isNotEqualTo(digest(List.of(), "--seed=7"));
  }

  @Test
  void a_changed_line_of_placement_is_another_run() throws Exception {
    String name = Placement.class.getName().replace('.', '/') + ".class";
    byte[] original;
    try (InputStream in =
        Objects.requireNonNull(Placement.class.getClassLoader().getResourceAsStream(name))) {
      original = in.readAllBytes();
    }
    ClassFile classFile = ClassFile.of();
    byte[] altered =
        classFile.transformClass(
            classFile.parse(original),
            ClassTransform.transformingMethodBodies(
                method -> method.methodName().equalsString("mix"),
                (code, element) -> {
                  if (element instanceof ConstantInstruction constant
                      && constant.constantValue().equals(FACTOR)) {
                    code.loadConstant(FACTOR + 2);
                  } else {
                    code.with(element);
                  }
                }));
    assertThat(altered).isNotEqualTo(original);
    Path file = changed.resolve(name);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.write(file, altered);
    List<String> first = List.of("-cp", changed + File.pathSeparator + classPath());
    assertThat(digest(first, "--seed=7")).isNotEqualTo(digest(List.of(), "--seed=7"));
  }

  private static String classPath() {
    return System.getProperty("java.class.path");
  }

  /** By a process of its own, with these options of the JVM beside the usual. */
  private static String digest(List<String> jvm, String seed)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED");
    command.addAll(List.of("-cp", classPath()));
    command.addAll(jvm);
    command.addAll(List.of("dev.p2pcp.simulator.Simulate", seed));
    command.addAll(List.of(OPTIONS));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String last = "";
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        last = line;
      }
    }
    assertThat(process.waitFor()).as(last).isZero();
    int at = last.indexOf(DIGEST);
    assertThat(at).as(last).isPositive();
    return last.substring(at + DIGEST.length(), at + DIGEST.length() + DIGEST_LENGTH);
  }
}
