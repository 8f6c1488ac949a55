package dev.p2pcp.web.harness;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Videos of true frames: noise, encoded by the browser as VP8 and put into WebM (RFC 8794, RFC
 * 9559) with cues, so that players can seek.
 */
public final class Videos {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 360;
  private static final int FRAMES_A_SECOND = 8;

  /** Encodes so many key frames of noise. */
  private static final String ENCODE =
      """
      const canvas = new OffscreenCanvas(argument.width, argument.height);
      const paper = canvas.getContext('2d');
      const frames = [];
      const encoder = new VideoEncoder({
        output: chunk => {
          const bytes = new Uint8Array(chunk.byteLength);
          chunk.copyTo(bytes);
          frames.push(bytes.toBase64());
        },
        error: e => { throw e; },
      });
      encoder.configure({ codec: 'vp8', width: argument.width, height: argument.height, bitrate: 60_000_000, framerate: 8 });
      for (let i = 0; i < argument.count; i++) {
        const image = paper.createImageData(argument.width, argument.height);
        for (let at = 0; at < image.data.length; at += 65_536) crypto.getRandomValues(image.data.subarray(at, Math.min(image.data.length, at + 65_536)));
        for (let at = 3; at < image.data.length; at += 4) image.data[at] = 255;
        paper.putImageData(image, 0, 0);
        const frame = new VideoFrame(canvas, { timestamp: i * 125_000 });
        encoder.encode(frame, { keyFrame: true });
        frame.close();
      }
      await encoder.flush();
      return frames;
      """;

  private Videos() {}

  /**
   * Writes a video of at least so many bytes, with frames that the browser of that person makes.
   */
  public static void write(Path file, long size, Person encoder) throws IOException {
    String[] encoded =
        encoder.ask(ENCODE, Map.of("width", WIDTH, "height", HEIGHT, "count", 12), String[].class);
    List<byte[]> frames = new ArrayList<>();
    for (String frame : encoded) {
      frames.add(Base64.getDecoder().decode(frame));
    }
    int second = cluster(0, frames).length;
    int seconds = (int) (size / second) + 1;
    byte[] before = concat(info(seconds), tracks());
    int cues = cues(seconds, second, 0).length;
    long first = before.length + cues;
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(header());
      out.write(id(0x18538067));
      out.write(length(first + (long) seconds * second));
      out.write(before);
      out.write(cues(seconds, second, first));
      for (int i = 0; i < seconds; i++) {
        out.write(cluster(i, frames));
      }
    }
  }

  private static byte[] header() {
    return element(
        0x1A45DFA3,
        concat(
            number(0x4286, 1),
            number(0x42F7, 1),
            number(0x42F2, 4),
            number(0x42F3, 8),
            element(0x4282, "webm".getBytes(StandardCharsets.US_ASCII)),
            number(0x4287, 2),
            number(0x4285, 2)));
  }

  private static byte[] info(int seconds) {
    byte[] duration = ByteBuffer.allocate(8).putDouble(seconds * 1000.0).array();
    byte[] app = "p2pcp".getBytes(StandardCharsets.US_ASCII);
    return element(
        0x1549A966,
        concat(
            number(0x2AD7B1, 1_000_000),
            element(0x4489, duration),
            element(0x4D80, app),
            element(0x5741, app)));
  }

  private static byte[] tracks() {
    byte[] video = element(0xE0, concat(number(0xB0, WIDTH), number(0xBA, HEIGHT)));
    byte[] codec = element(0x86, "V_VP8".getBytes(StandardCharsets.US_ASCII));
    return element(
        0x1654AE6B,
        element(0xAE, concat(number(0xD7, 1), number(0x73C5, 1), number(0x83, 1), codec, video)));
  }

  private static byte[] cues(int seconds, int second, long first) {
    ByteArrayOutputStream points = new ByteArrayOutputStream();
    for (int i = 0; i < seconds; i++) {
      byte[] position = concat(number(0xF7, 1), number(0xF1, first + (long) i * second));
      points.writeBytes(element(0xBB, concat(number(0xB3, i * 1000L), element(0xB7, position))));
    }
    return element(0x1C53BB6B, points.toByteArray());
  }

  /** One second; of the same length for each. */
  private static byte[] cluster(int second, List<byte[]> frames) {
    ByteArrayOutputStream blocks = new ByteArrayOutputStream();
    blocks.writeBytes(number(0xE7, second * 1000L));
    for (int i = 0; i < FRAMES_A_SECOND; i++) {
      int at = i * 1000 / FRAMES_A_SECOND;
      byte[] head = {(byte) 0x81, (byte) (at >> 8), (byte) at, (byte) 0x80};
      blocks.writeBytes(element(0xA3, concat(head, frames.get(i))));
    }
    return element(0x1F43B675, blocks.toByteArray());
  }

  private static byte[] number(int id, long value) {
    return element(id, ByteBuffer.allocate(8).putLong(value).array());
  }

  private static byte[] element(int id, byte[] content) {
    return concat(id(id), length(content.length), content);
  }

  private static byte[] id(int id) {
    int bytes = (32 - Integer.numberOfLeadingZeros(id) + 7) / 8;
    byte[] all = ByteBuffer.allocate(4).putInt(id).array();
    return Arrays.copyOfRange(all, 4 - bytes, 4);
  }

  private static byte[] length(long length) {
    return ByteBuffer.allocate(8).putLong(length | 1L << 56).array();
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
