package dev.p2pcp.server.cluster;

import com.hazelcast.config.JavaSerializationFilterConfig;
import java.util.List;

/**
 * What members read of Java serialisation: nothing that is not written by a serialiser of ours, but
 * for the exceptions by which they tell each other that an operation failed. One that can't be read
 * is an answer that never comes: who waits for it waits for two minutes.
 */
final class ExceptionFilter {
  /** Exceptions of the JDK that operations end with, and what every exception is made of. */
  private static final List<String> JDK =
      List.of(
          "java.lang.Throwable",
          "java.lang.StackTraceElement",
          "[Ljava.lang.StackTraceElement;",
          "[Ljava.lang.Throwable;",
          "java.util.ArrayList",
          "java.util.Collections$EmptyList",
          "java.util.Collections$UnmodifiableCollection",
          "java.util.Collections$UnmodifiableList",
          "java.util.Collections$UnmodifiableRandomAccessList",
          "java.lang.Exception",
          "java.lang.RuntimeException",
          "java.lang.ArithmeticException",
          "java.lang.ArrayIndexOutOfBoundsException",
          "java.lang.ClassCastException",
          "java.lang.ClassNotFoundException",
          "java.lang.IllegalArgumentException",
          "java.lang.IllegalStateException",
          "java.lang.IndexOutOfBoundsException",
          "java.lang.InterruptedException",
          "java.lang.NullPointerException",
          "java.lang.ReflectiveOperationException",
          "java.lang.SecurityException",
          "java.lang.UnsupportedOperationException",
          "java.lang.Error",
          "java.lang.AssertionError",
          "java.lang.LinkageError",
          "java.lang.NoClassDefFoundError",
          "java.lang.OutOfMemoryError",
          "java.lang.StackOverflowError",
          "java.lang.VirtualMachineError",
          "java.io.EOFException",
          "java.io.IOException",
          "java.io.UncheckedIOException",
          "java.net.SocketException",
          "java.util.ConcurrentModificationException",
          "java.util.NoSuchElementException",
          "java.util.concurrent.CancellationException",
          "java.util.concurrent.CompletionException",
          "java.util.concurrent.ExecutionException",
          "java.util.concurrent.RejectedExecutionException",
          "java.util.concurrent.TimeoutException");

  /** Hazelcast's exceptions that live among its other classes. */
  private static final List<String> HAZELCAST =
      List.of(
          "com.hazelcast.internal.cluster.impl.ClusterTopologyChangedException",
          "com.hazelcast.internal.cluster.impl.ConfigMismatchException",
          "com.hazelcast.internal.cluster.impl.MasterNodeChangedException",
          "com.hazelcast.internal.cluster.impl.VersionMismatchException",
          "com.hazelcast.internal.partition.PartitionStateVersionMismatchException",
          "com.hazelcast.nio.serialization.HazelcastSerializationException",
          "com.hazelcast.splitbrainprotection.SplitBrainProtectionException");

  /** Packages of which nothing but exceptions is made by Java serialisation. */
  private static final List<String> PACKAGES =
      List.of("com.hazelcast.core", "com.hazelcast.spi.exception", "com.hazelcast.partition");

  private ExceptionFilter() {}

  static JavaSerializationFilterConfig config() {
    JavaSerializationFilterConfig filter =
        new JavaSerializationFilterConfig().setDefaultsDisabled(true);
    JDK.forEach(exception -> filter.getWhitelist().addClasses(exception));
    HAZELCAST.forEach(exception -> filter.getWhitelist().addClasses(exception));
    PACKAGES.forEach(exceptions -> filter.getWhitelist().addPackages(exceptions));
    return filter;
  }
}
