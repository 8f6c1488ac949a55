package dev.p2pcp.browser.platform;

import dev.p2pcp.platform.Clock;
import org.teavm.jso.browser.Performance;

/** The browser's clocks; {@code performance.now} goes on from the moment the page was opened. */
public final class BrowserClock implements Clock {
  @Override
  public long now() {
    return System.currentTimeMillis();
  }

  @Override
  public long ticks() {
    return (long) Performance.now();
  }
}
