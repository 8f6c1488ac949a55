package dev.p2pcp.web.harness;

import com.google.gson.JsonObject;
import org.jspecify.annotations.Nullable;

/** A promise of the agent that was rejected, or a script of the test that failed. */
public final class Refused extends RuntimeException {
  private final @Nullable String code;
  private final JsonObject figures;

  Refused(@Nullable String code, JsonObject figures, String message) {
    super(code + ": " + message + " " + figures);
    this.code = code;
    this.figures = figures;
  }

  /** The agent's code; null if the test's own script failed. */
  public @Nullable String code() {
    return code;
  }

  /** One of the figures that explain it. */
  public int figure(String name) {
    return figures.get(name).getAsInt();
  }
}
