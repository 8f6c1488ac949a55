package dev.p2pcp.server.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.wire.IceServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnCredentialsTest {
  private static final PeerId PEER = new PeerId(Bytes.wrap(new byte[PeerId.LENGTH]));
  private static final List<String> TURN = List.of("turn:turn.example");

  @Test
  void the_password_is_the_hmac_of_the_name_that_the_turn_server_computes_as_well() {
    IceServer server = told("north", 1_790_000_000_000L);
    assertThat(server.username()).startsWith("1790003600:");
    // By openssl: printf %s NAME | openssl dgst -sha1 -hmac north -binary | base64
    assertThat(server.username()).isEqualTo("1790003600:QkabT9nI4apE");
    assertThat(server.credential()).isEqualTo("2cTHLsubjKAc4rORfhEqyqduh0g=");
  }

  @Test
  void the_secret_is_in_nothing_that_is_told_or_logged() {
    assertThat(settings(TURN, "north").toString()).doesNotContain("north");
    assertThat(told("north", 0).toString()).doesNotContain("north");
  }

  @Test
  void settings_that_cannot_work_are_refused_at_the_start() {
    assertThatIllegalArgumentException().isThrownBy(() -> settings(TURN, ""));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(List.of("https://turn.example"), "north"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(List.of("turn:a", "turn:b", "turn:c", "turn:d", "turn:e"), "s"));
  }

  private static IceServer told(String secret, long now) {
    return new TurnCredentials(settings(TURN, secret)).serversFor(PEER, now).getLast();
  }

  private static IceSettings settings(List<String> turn, String secret) {
    return new IceSettings(List.of(), turn, secret, Duration.ofHours(1));
  }
}
