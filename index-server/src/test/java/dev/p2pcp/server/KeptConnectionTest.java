package dev.p2pcp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.wire.PeerFrame;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What HTTP connections that are kept for further requests, as proxies do, must bear. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class KeptConnectionTest {
  private static final int PATIENCE = 20_000;

  @LocalServerPort private int port;

  @Test
  void a_connection_is_read_on_after_a_request_that_came_before_the_one_ahead_had_ended()
      throws Exception {
    Block.Content block = Block.Content.of(Bytes.utf8("block"));
    StorageKey key = StorageKey.ofContent(RawAgent.CRYPTO, block.encoded());
    try (RawAgent holder = RawAgent.login(port);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE);
      for (int i = 0; i < 20; i++) {
        ask(socket, "/peers/" + holder.peer() + "/blocks/" + key);
        ask(socket, "/config.json");
        holder.reply(holder.awaitRequest(), new PeerFrame.BlockReply(block.encoded()));
        assertThat(answer(socket.getInputStream())).startsWith("HTTP/1.1 200");
        assertThat(answer(socket.getInputStream())).startsWith("HTTP/1.1 200");
        ask(socket, "/config.json");
        assertThat(answer(socket.getInputStream())).startsWith("HTTP/1.1 200");
      }
    }
  }

  private void ask(Socket socket, String path) throws IOException {
    String request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
  }

  /** Reads an answer of a known length, and answers its head. */
  private static String answer(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      assertThat(next).as("the connection goes on").isNotNegative();
      head.append((char) next);
    }
    String length = "content-length: ";
    int at = head.toString().toLowerCase(Locale.ROOT).indexOf(length);
    assertThat(at).isPositive();
    int end = head.indexOf("\r", at);
    in.readNBytes(Integer.parseInt(head.substring(at + length.length(), end)));
    return head.toString();
  }
}
