package dev.p2pcp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.p2pcp.bytes.MalformedFrameException;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FrameTypeTest {
  private static final Path DOCUMENT = Path.of("../docs/protocol.md");

  @Test
  void no_two_types_share_a_number_and_others_are_malformed() throws MalformedFrameException {
    Set<Integer> known = new HashSet<>();
    for (FrameType type : FrameType.values()) {
      assertThat(known.add(type.number())).isTrue();
      assertThat(FrameType.of(type.number())).isEqualTo(type);
    }
    for (int number = 0; number <= 0xff; number++) {
      int unknown = number;
      if (!known.contains(number)) {
        assertThatExceptionOfType(MalformedFrameException.class)
            .isThrownBy(() -> FrameType.of(unknown));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void the_document_has_every_type_with_its_number(FrameType type) throws IOException {
    StringBuilder name = new StringBuilder();
    for (String word : type.name().split("_")) {
      name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    String number = Integer.toHexString(0x100 | type.number()).substring(1);
    assertThat(Files.readString(DOCUMENT)).contains("| `" + number + "` | " + name + " |");
  }

  @Test
  void the_document_has_every_refusal_code_with_its_number() throws Exception {
    String document = Files.readString(DOCUMENT);
    int codes = 0;
    for (Field field : Refusal.class.getFields()) {
      assertThat(document).contains("| " + field.getInt(null) + " | " + field.getName() + " |");
      codes++;
    }
    assertThat(codes).isPositive();
  }
}
