package dev.p2pcp.browser.cases;

import dev.p2pcp.crypto.SealBrokenException;

/** Whether a call was refused as expected; any other failure passes through. */
final class Refusals {
  private Refusals() {}

  static boolean sealBroken(Cases.Check check) throws Exception {
    try {
      check.run();
      return false;
    } catch (SealBrokenException refused) {
      return true;
    }
  }
}
