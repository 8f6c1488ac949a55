package dev.p2pcp.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.testing.WebSocketServer;
import dev.p2pcp.testing.WebSocketServer.Opcode;
import dev.p2pcp.testing.WebSocketServer.Received;
import dev.p2pcp.testing.WebSocketServer.Session;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every way to reach an index server does. */
@Timeout(60)
public abstract class TransportContract {
  private static final int PATIENCE = WebSocketServer.PATIENCE;

  private final WebSocketServer server = new WebSocketServer();
  private final ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor();
  private final Heard heard = new Heard();

  /** The transport under test. */
  protected abstract Transport transport();

  /** The clock of its deadlines. */
  protected abstract Clock clock();

  @AfterEach
  void stop() throws IOException {
    server.close();
    tasks.shutdownNow();
  }

  @Test
  void asks_for_the_agents_address_and_our_protocol() throws Exception {
    Opened opened = open();
    assertThat(opened.session().request()).startsWith("GET /agent HTTP/1.1\n");
    assertThat(opened.session().request())
        .containsIgnoringCase("Sec-WebSocket-Protocol: p2pcp.v1\n");
  }

  @Test
  void messages_arrive_whole_and_in_order_both_ways() throws Exception {
    Opened opened = open();
    Seeded arbitrary = new Seeded(1);
    List<Bytes> messages = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      messages.add(arbitrary.upTo(Transport.MAX_MESSAGE));
    }
    messages.add(Bytes.EMPTY);
    messages.add(arbitrary.bytes(Transport.MAX_MESSAGE));
    Future<List<Bytes>> there =
        tasks.submit(
            () -> {
              List<Bytes> received = new ArrayList<>();
              while (received.size() < messages.size()) {
                received.add(message(opened.session()));
              }
              return received;
            });
    for (Bytes message : messages) {
      opened.connection().send(message);
    }
    assertThat(soon(there)).isEqualTo(messages);
    for (Bytes message : messages) {
      opened.session().send(message);
      assertThat(heard.next()).isEqualTo(message);
    }
  }

  @Test
  void a_message_in_fragments_is_one_message() throws Exception {
    Opened opened = open();
    Bytes message = new Seeded(2).bytes(3000);
    opened.session().send(Opcode.BINARY, false, message.slice(0, 1000));
    opened.session().send(Opcode.CONTINUATION, false, message.slice(1000, 0));
    opened.session().send(Opcode.PING, true, Bytes.utf8("between"));
    opened.session().send(Opcode.CONTINUATION, true, message.from(1000));
    opened.session().send(Bytes.utf8("next"));
    assertThat(heard.next()).isEqualTo(message);
    assertThat(heard.next()).isEqualTo(Bytes.utf8("next"));
  }

  @Test
  void a_message_over_the_limit_ends_the_connection() throws Exception {
    Opened opened = open();
    opened.session().send(Bytes.wrap(new byte[Transport.MAX_MESSAGE + 1]));
    heard.mustClose();
    mustRefuse(opened.connection());
  }

  @Test
  void fragments_over_the_limit_together_end_the_connection() throws Exception {
    Opened opened = open();
    opened.session().send(Opcode.BINARY, false, Bytes.wrap(new byte[Transport.MAX_MESSAGE]));
    opened.session().send(Opcode.CONTINUATION, true, Bytes.wrap(new byte[1]));
    heard.mustClose();
    mustRefuse(opened.connection());
  }

  @Test
  void a_text_message_ends_the_connection() throws Exception {
    Opened opened = open();
    opened.session().send(Opcode.TEXT, true, Bytes.utf8("hello"));
    heard.mustClose();
    mustRefuse(opened.connection());
  }

  @Test
  void the_server_closes() throws Exception {
    Opened opened = open();
    opened.session().send(Bytes.utf8("last"));
    opened.session().sendClose(1001);
    assertThat(heard.next()).isEqualTo(Bytes.utf8("last"));
    heard.mustClose();
    mustRefuse(opened.connection());
  }

  @Test
  void the_server_vanishes() throws Exception {
    Opened opened = open();
    opened.session().drop();
    heard.mustClose();
    mustRefuse(opened.connection());
  }

  @Test
  void closing_sends_what_waits_and_says_goodbye() throws Exception {
    Opened opened = open();
    for (int i = 0; i < 10; i++) {
      opened.connection().send(Bytes.wrap(new byte[] {(byte) i}));
    }
    opened.connection().close();
    for (int i = 0; i < 10; i++) {
      assertThat(message(opened.session())).isEqualTo(Bytes.wrap(new byte[] {(byte) i}));
    }
    assertThat(opened.session().receive().opcode()).isEqualTo(Opcode.CLOSE);
    opened.session().sendClose(1000);
    heard.mustClose();
    opened.connection().close();
    mustRefuse(opened.connection());
  }

  @Test
  void nothing_is_heard_after_closing_even_if_the_server_goes_on() throws Exception {
    Opened opened = open();
    opened.connection().close();
    heard.mustClose();
    opened.session().send(Bytes.utf8("late"));
    opened.session().sendClose(1000);
    // The client ends the connection once it has read the server's close, hence after the late
    // message.
    Future<Integer> ended =
        tasks.submit(
            () -> {
              while (true) {
                try {
                  opened.session().receive();
                } catch (IOException e) {
                  return 0;
                }
              }
            });
    assertThat(soon(ended)).isZero();
    heard.mustHaveHeardNothingMore();
  }

  @Test
  void sending_waits_for_a_server_that_does_not_read() throws Exception {
    Opened opened = open();
    int total = 64 * Transport.Connection.HIGH_WATER / Transport.MAX_MESSAGE;
    AtomicInteger sent = new AtomicInteger();
    Thread sender =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    while (sent.get() < total) {
                      opened.connection().send(Bytes.wrap(new byte[Transport.MAX_MESSAGE]));
                      sent.incrementAndGet();
                    }
                  } catch (LinkException e) {
                    throw new AssertionError(e);
                  }
                });
    int enough = Transport.Connection.HIGH_WATER / Transport.MAX_MESSAGE;
    while (sent.get() < enough || sender.getState() == Thread.State.RUNNABLE) {
      Thread.onSpinWait();
    }
    assertThat(sent.get()).isLessThan(total);
    for (int i = 0; i < total; i++) {
      assertThat(message(opened.session()).length()).isEqualTo(Transport.MAX_MESSAGE);
    }
    sender.join();
    assertThat(sent.get()).isEqualTo(total);
  }

  @Test
  void whoever_waits_to_send_is_told_when_the_connection_ends() throws Exception {
    Opened opened = open();
    Future<Integer> sending =
        tasks.submit(
            () -> {
              try {
                while (true) {
                  opened.connection().send(Bytes.wrap(new byte[Transport.MAX_MESSAGE]));
                }
              } catch (LinkException e) {
                return 0;
              }
            });
    opened.session().receive();
    opened.session().drop();
    assertThat(soon(sending)).isZero();
    heard.mustClose();
  }

  @Test
  void a_server_that_is_not_there_cannot_be_reached() throws IOException {
    server.close();
    mustNotConnect(server.origin(), PATIENCE);
  }

  @Test
  void a_server_that_does_not_answer_is_given_up_at_the_deadline() {
    mustNotConnect(server.origin(), 100);
  }

  @Test
  void a_server_of_another_protocol_is_refused() throws Exception {
    Future<Session> other = tasks.submit(() -> server.open(""));
    mustNotConnect(server.origin(), PATIENCE);
    soon(other);
  }

  @Test
  void an_address_that_is_no_origin_is_refused() {
    for (String address :
        List.of("", "localhost", "ftp://localhost", "ws://localhost", "http://local host")) {
      mustNotConnect(address, PATIENCE);
    }
  }

  @Test
  void no_time_is_no_connection() {
    mustNotConnect(server.origin(), 0);
  }

  /** Both ends of a connection. */
  private record Opened(Transport.Connection connection, Session session) {}

  private Opened open() throws Exception {
    Future<Session> session = tasks.submit(() -> server.open(Transport.SUBPROTOCOL));
    Transport.Connection connection = transport().connect(server.origin(), heard, in(PATIENCE));
    return new Opened(connection, soon(session));
  }

  private void mustNotConnect(String origin, long millis) {
    assertThatExceptionOfType(LinkException.class)
        .isThrownBy(() -> transport().connect(origin, heard, in(millis)));
  }

  private static void mustRefuse(Transport.Connection connection) {
    assertThatExceptionOfType(LinkException.class)
        .isThrownBy(() -> connection.send(Bytes.utf8("too late")));
  }

  private Deadline in(long millis) {
    return Deadline.in(clock(), millis);
  }

  private static Bytes message(Session session) throws IOException {
    Received received = session.receive();
    assertThat(received.opcode()).isEqualTo(Opcode.BINARY);
    return received.payload();
  }

  private static <T> T soon(Future<T> future)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future.get(PATIENCE, TimeUnit.MILLISECONDS);
  }

  private static final class Heard implements Transport.Listener {
    private static final Bytes CLOSED = Bytes.utf8("closed, and none of our messages");

    private final BlockingQueue<Bytes> messages = new LinkedBlockingQueue<>();

    @Override
    public void received(Bytes message) {
      messages.add(message);
    }

    @Override
    public void closed(String why) {
      assertThat(why).isNotEmpty();
      messages.add(CLOSED);
    }

    Bytes next() throws InterruptedException {
      Bytes next = messages.poll(PATIENCE, TimeUnit.MILLISECONDS);
      assertThat(next).as("something heard in time").isNotNull();
      return next;
    }

    void mustClose() throws InterruptedException {
      assertThat(next()).isSameAs(CLOSED);
      mustHaveHeardNothingMore();
    }

    void mustHaveHeardNothingMore() {
      assertThat(messages).isEmpty();
    }
  }
}
