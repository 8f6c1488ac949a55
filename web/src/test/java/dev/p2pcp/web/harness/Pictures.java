package dev.p2pcp.web.harness;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;
import javax.imageio.ImageIO;

/** Pictures to publish. */
public final class Pictures {
  /** Noise does not compress: three bytes a pixel. */
  private static final int WIDTH = 480;

  private static final int HEIGHT = 360;

  private Pictures() {}

  /** Width of {@link #noise} in pixels. */
  public static int width() {
    return WIDTH;
  }

  /** A PNG of a little over 500 000 bytes. */
  public static byte[] noise(long seed) {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(seed);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        image.setRGB(x, y, random.nextInt());
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
