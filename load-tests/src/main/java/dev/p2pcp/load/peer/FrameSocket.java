package dev.p2pcp.load.peer;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.transport.Transport;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A client's WebSocket (RFC 6455) over a blocking socket: binary messages of one frame each. One
 * thread reads; threads that send take turns.
 */
public final class FrameSocket implements AutoCloseable {
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private static final int FINAL_BINARY = 0x82;
  private static final int FINAL_CLOSE = 0x88;
  private static final int MASKED = 0x80;

  /** Bytes of the longest header: flags, length, 16 bits of length, mask. */
  private static final int HEADER = 8;

  /** Messages of the protocol are shorter, so that the 64-bit length never occurs. */
  private static final int SHORT = 126;

  /** A connection that says nothing for so long is broken. */
  private static final int PATIENCE_MILLIS = 60_000;

  private final Socket socket;
  private final OutputStream out;
  private final InputStream in;
  private byte[] outgoing = new byte[256];
  private byte[] incoming;
  private int start;
  private int end;

  private FrameSocket(Socket socket, int buffer) throws IOException {
    this.socket = socket;
    this.out = socket.getOutputStream();
    this.in = socket.getInputStream();
    this.incoming = new byte[buffer];
  }

  /** Upgrades at {@code /agent}; from which own address, and with how much room to read into. */
  public static FrameSocket connect(InetSocketAddress server, InetAddress from, int buffer)
      throws IOException {
    Socket socket = new Socket();
    try {
      socket.bind(new InetSocketAddress(from, 0));
      socket.connect(server, PATIENCE_MILLIS);
      FrameSocket frames = over(socket, buffer);
      frames.upgrade(server);
      return frames;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Over a connection that needs no upgrade: the other end is a client as well. */
  public static FrameSocket over(Socket socket, int buffer) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    return new FrameSocket(socket, buffer);
  }

  private void upgrade(InetSocketAddress server) throws IOException {
    byte[] nonce = new byte[16];
    ThreadLocalRandom.current().nextBytes(nonce);
    String request =
        String.join(
            "\r\n",
            "GET /agent HTTP/1.1",
            "Host: 127.0.0.1:" + server.getPort(),
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: " + Base64.getEncoder().encodeToString(nonce),
            "Sec-WebSocket-Protocol: " + Transport.SUBPROTOCOL,
            "",
            "");
    out.write(request.getBytes(StandardCharsets.US_ASCII));
    String status = headerLine();
    if (!status.startsWith("HTTP/1.1 101")) {
      throw new IOException("no upgrade: " + status);
    }
    while (!headerLine().isEmpty()) {
      // The other headers say nothing that matters here.
    }
  }

  private String headerLine() throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      require(1);
      int next = incoming[start++];
      if (next == '\n') {
        return line.toString().stripTrailing();
      }
      line.append((char) next);
    }
  }

  /** Sends these messages in one write. */
  public synchronized void send(Bytes... messages) throws IOException {
    int most = 0;
    for (Bytes message : messages) {
      most += HEADER + message.length();
    }
    if (outgoing.length < most) {
      outgoing = new byte[most];
    }
    int at = 0;
    for (Bytes message : messages) {
      at = frame(message, at);
    }
    out.write(outgoing, 0, at);
  }

  private int frame(Bytes message, int from) {
    int at = from;
    int length = message.length();
    outgoing[at++] = (byte) FINAL_BINARY;
    if (length < SHORT) {
      outgoing[at++] = (byte) (MASKED | length);
    } else {
      outgoing[at++] = (byte) (MASKED | SHORT);
      outgoing[at++] = (byte) (length >> 8);
      outgoing[at++] = (byte) length;
    }
    int mask = ThreadLocalRandom.current().nextInt();
    INTS.set(outgoing, at, mask);
    at += Integer.BYTES;
    message.copyTo(outgoing, at);
    mask(outgoing, at, length, mask);
    return at + length;
  }

  private static void mask(byte[] bytes, int from, int length, int mask) {
    long wide = (long) mask << Integer.SIZE | mask & 0xffff_ffffL;
    int at = from;
    for (int last = from + length - Long.BYTES; at <= last; at += Long.BYTES) {
      LONGS.set(bytes, at, (long) LONGS.get(bytes, at) ^ wide);
    }
    for (int turn = 0; at < from + length; at++, turn++) {
      bytes[at] ^= (byte) (wide >>> Long.SIZE - Byte.SIZE - turn * Byte.SIZE);
    }
  }

  /** The next message; an {@link EOFException} when there are no more. */
  public Bytes read() throws IOException {
    require(2);
    int flags = incoming[start] & 0xff;
    int second = incoming[start + 1] & 0xff;
    boolean masked = (second & MASKED) != 0;
    int length = second & ~MASKED;
    if (flags == FINAL_CLOSE) {
      throw new EOFException("closed");
    }
    if (flags != FINAL_BINARY || length > SHORT) {
      throw new IOException("a frame that no index server sends: " + flags + ", " + length);
    }
    int header = 2 + (length == SHORT ? Short.BYTES : 0) + (masked ? Integer.BYTES : 0);
    require(header);
    if (length == SHORT) {
      length = (incoming[start + 2] & 0xff) << 8 | incoming[start + 3] & 0xff;
    }
    int mask = masked ? (int) INTS.get(incoming, start + header - Integer.BYTES) : 0;
    start += header;
    require(length);
    byte[] message = Arrays.copyOfRange(incoming, start, start + length);
    start += length;
    if (mask != 0) {
      mask(message, 0, length, mask);
    }
    return Bytes.wrap(message);
  }

  private void require(int count) throws IOException {
    if (incoming.length < count) {
      incoming = Arrays.copyOf(incoming, count);
    }
    if (start + count > incoming.length) {
      System.arraycopy(incoming, start, incoming, 0, end - start);
      end -= start;
      start = 0;
    }
    while (end - start < count) {
      int read = in.read(incoming, end, incoming.length - end);
      if (read < 0) {
        throw new EOFException("the connection was cut");
      }
      end += read;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
