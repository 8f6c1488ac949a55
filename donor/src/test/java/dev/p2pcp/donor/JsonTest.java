package dev.p2pcp.donor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
  @Test
  void values_are_written_on_one_line_and_whatever_a_text_holds_stays_a_text() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("text", "a \"quote\", a \\, a\nline, \u0000 and \ud83d\ude00");
    all.put("list", List.of(1, -2L, true));
    all.put("none", List.of());
    all.put("empty", Map.of());
    all.put("half", 0.5);
    assertThat(Json.of(all))
        .isEqualTo(
            "{\"text\":\"a \\\"quote\\\", a \\\\, a\\u000aline, \\u0000 and \\ud83d\\ude00\","
                + "\"list\":[1,-2,true],\"none\":[],\"empty\":{},\"half\":0.500}");
  }
}
