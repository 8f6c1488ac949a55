package dev.p2pcp.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.config.SerializationConfig;
import com.hazelcast.internal.serialization.InternalSerializationService;
import com.hazelcast.internal.serialization.SerializationClassNameFilter;
import com.hazelcast.internal.serialization.impl.DefaultSerializationServiceBuilder;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import com.hazelcast.spi.exception.RetryableHazelcastException;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExceptionFilterTest {
  private final SerializationClassNameFilter filter =
      new SerializationClassNameFilter(ExceptionFilter.config());

  /** All that the parts of Hazelcast which run here can answer with. */
  static Stream<String> exceptions() {
    List<String> names =
        new ClassFileImporter()
                .importPackages(
                    "com.hazelcast.core",
                    "com.hazelcast.internal.cluster",
                    "com.hazelcast.internal.partition",
                    "com.hazelcast.nio",
                    "com.hazelcast.partition",
                    "com.hazelcast.spi.exception",
                    "com.hazelcast.splitbrainprotection")
                .stream()
                .filter(c -> c.isAssignableTo(Throwable.class))
                .filter(c -> !c.getModifiers().contains(JavaModifier.ABSTRACT))
                .map(JavaClass::getName)
                .toList();
    assertThat(names).hasSizeGreaterThan(20);
    return names.stream();
  }

  @ParameterizedTest
  @MethodSource("exceptions")
  void an_exception_of_hazelcast_is_read(String name) {
    assertThatCode(() -> filter.filter(name)).doesNotThrowAnyException();
  }

  @Test
  void an_exception_with_causes_and_others_beside_it_is_read_whole() {
    Exception sent =
        new ExecutionException(
            new UncheckedIOException(
                new IOException(new RetryableHazelcastException("try again"))));
    sent.addSuppressed(new NullPointerException("beside it"));
    Throwable read = service().toObject(service().toData(sent));
    assertThat(read).hasRootCauseMessage("try again");
    assertThat(read.getSuppressed()[0]).hasMessage("beside it");
  }

  @Test
  void what_is_no_exception_is_refused() {
    InternalSerializationService service = service();
    // A serialiser of its own would be used for most; this has none but Java's.
    Object data = service.toData(new Thing());
    assertThatThrownBy(() -> service.toObject(data))
        .isInstanceOf(HazelcastSerializationException.class)
        .hasRootCauseInstanceOf(SecurityException.class);
    assertThatThrownBy(() -> filter.filter(HashSet.class.getName()))
        .isInstanceOf(SecurityException.class);
  }

  private static final class Thing implements java.io.Serializable {
    private static final long serialVersionUID = 1;
  }

  private static InternalSerializationService service() {
    return new DefaultSerializationServiceBuilder()
        .setConfig(
            new SerializationConfig().setJavaSerializationFilterConfig(ExceptionFilter.config()))
        .build();
  }
}
