package dev.p2pcp.load;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** GETs over connections that are kept, each after the answer to the one before. */
final class HttpLoad {
  private static final String LENGTH = "content-length:";

  private HttpLoad() {}

  /** Sends so many requests over each of so many connections; every answer must be a 200. */
  static void run(InetSocketAddress server, int connections, int each, IntFunction<String> path)
      throws IOException {
    Together.each(
        IntStream.range(0, connections).boxed().toList(),
        connection -> {
          try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (int i = 0; i < each; i++) {
              get(socket, in, server, path.apply(connection * each + i));
            }
          }
        });
  }

  private static void get(Socket socket, InputStream in, InetSocketAddress server, String path)
      throws IOException {
    String request =
        "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + server.getPort() + "\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    String status = line(in);
    if (!status.startsWith("HTTP/1.1 200")) {
      throw new IOException(status);
    }
    int length = -1;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      if (header.toLowerCase(Locale.ROOT).startsWith(LENGTH)) {
        length = Integer.parseInt(header.substring(LENGTH.length()).strip());
      }
    }
    if (length < 0 || in.readNBytes(length).length < length) {
      throw new IOException("an answer without length, or a short one");
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the connection was cut");
      }
      line.append((char) next);
    }
    return line.toString().stripTrailing();
  }
}
