package dev.p2pcp.testing;

import dev.p2pcp.bytes.Bytes;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * A WebSocket server (RFC 6455) on loopback that does exactly what a test says, including what no
 * decent server does. Reads block for at most {@link #PATIENCE}.
 */
public final class WebSocketServer implements Closeable {
  /** How long a read may take, in milliseconds. */
  public static final int PATIENCE = 20_000;

  private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private final ServerSocket server;
  private final List<Session> sessions = new ArrayList<>();

  /** Listens on a free port. */
  public WebSocketServer() {
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      server.setSoTimeout(PATIENCE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where a transport finds it. */
  public String origin() {
    return "http://localhost:" + server.getLocalPort();
  }

  /** The next connection, before any answer. */
  public Session accept() throws IOException {
    Socket socket = server.accept();
    socket.setSoTimeout(PATIENCE);
    Session session = new Session(socket);
    sessions.add(session);
    return session;
  }

  /** The next connection, opened with that subprotocol. */
  public Session open(String subprotocol) throws IOException {
    Session session = accept();
    session.answer(subprotocol);
    return session;
  }

  @Override
  public void close() throws IOException {
    for (Session session : sessions) {
      session.drop();
    }
    server.close();
  }

  /** What kind of frame came or goes; the number is RFC 6455's. */
  public enum Opcode {
    CONTINUATION(0),
    TEXT(1),
    BINARY(2),
    CLOSE(8),
    PING(9),
    PONG(10);

    private final int number;

    Opcode(int number) {
      this.number = number;
    }

    private static Opcode of(int number) throws IOException {
      for (Opcode opcode : values()) {
        if (opcode.number == number) {
          return opcode;
        }
      }
      throw new IOException("opcode " + number);
    }
  }

  /** A frame from the client. */
  public record Received(Opcode opcode, Bytes payload) {}

  /** One connection. */
  public static final class Session {
    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private String request = "";

    private Session(Socket socket) throws IOException {
      this.socket = socket;
      in = new DataInputStream(socket.getInputStream());
      out = socket.getOutputStream();
    }

    /** The request's head, lines parted by line feeds. */
    public String request() {
      return request;
    }

    private void answer(String subprotocol) throws IOException {
      StringBuilder head = new StringBuilder();
      String key = "";
      for (String line = line(); !line.isEmpty(); line = line()) {
        head.append(line).append('\n');
        if (line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-key:")) {
          key = line.substring(line.indexOf(':') + 1).strip();
        }
      }
      request = head.toString();
      String protocol =
          subprotocol.isEmpty() ? "" : "Sec-WebSocket-Protocol: " + subprotocol + "\r\n";
      String response =
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Accept: "
              + acceptance(key)
              + "\r\n"
              + protocol
              + "\r\n";
      out.write(response.getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }

    /** Sends one frame, the last of its message or not. */
    public void send(Opcode opcode, boolean last, Bytes payload) throws IOException {
      int length = payload.length();
      int head = (last ? 0x80 : 0) | opcode.number;
      byte[] header;
      if (length < 126) {
        header = new byte[] {(byte) head, (byte) length};
      } else if (length <= 0xffff) {
        header = new byte[] {(byte) head, 126, (byte) (length >> 8), (byte) length};
      } else {
        header =
            new byte[] {
              (byte) head,
              127,
              0,
              0,
              0,
              0,
              (byte) (length >> 24),
              (byte) (length >> 16),
              (byte) (length >> 8),
              (byte) length
            };
      }
      out.write(header);
      out.write(payload.unsafeArray());
      out.flush();
    }

    /** Sends a whole binary message. */
    public void send(Bytes message) throws IOException {
      send(Opcode.BINARY, true, message);
    }

    /** Sends a close frame with that status. */
    public void sendClose(int status) throws IOException {
      send(Opcode.CLOSE, true, Bytes.wrap(new byte[] {(byte) (status >> 8), (byte) status}));
    }

    /** The next frame from the client. */
    public Received receive() throws IOException {
      Opcode opcode = Opcode.of(in.readUnsignedByte() & 0x0f);
      int second = in.readUnsignedByte();
      if ((second & 0x80) == 0) {
        throw new IOException("a client masks its frames");
      }
      long length =
          switch (second & 0x7f) {
            case 126 -> in.readUnsignedShort();
            case 127 -> in.readLong();
            default -> second & 0x7f;
          };
      byte[] mask = in.readNBytes(4);
      byte[] payload = in.readNBytes(Math.toIntExact(length));
      for (int i = 0; i < payload.length; i++) {
        payload[i] ^= mask[i % 4];
      }
      return new Received(opcode, Bytes.wrap(payload));
    }

    /** Cuts the connection without a word. */
    public void drop() throws IOException {
      if (!socket.isClosed()) {
        socket.setSoLinger(true, 0);
        socket.close();
      }
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int c = in.readUnsignedByte(); c != '\n'; c = in.readUnsignedByte()) {
        if (c != '\r') {
          line.append((char) c);
        }
      }
      return line.toString();
    }

    private static String acceptance(String key) {
      try {
        MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
        byte[] digest = sha1.digest((key + ACCEPT_SUFFIX).getBytes(StandardCharsets.US_ASCII));
        return Base64.getEncoder().encodeToString(digest);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
