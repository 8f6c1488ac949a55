package dev.p2pcp.browser.platform;

import dev.p2pcp.browser.crypto.WebCrypto;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Platform;

/** All ports of the browser that nearly everything needs. */
public final class BrowserPlatform {
  private BrowserPlatform() {}

  public static Platform create() {
    Clock clock = new BrowserClock();
    return new Platform(clock, new BrowserEntropy(), new CoroutineTasks(clock), new WebCrypto());
  }
}
