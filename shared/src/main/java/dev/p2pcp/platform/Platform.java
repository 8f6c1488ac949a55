package dev.p2pcp.platform;

import dev.p2pcp.crypto.Crypto;

/** The ports that nearly everything in the core needs, handed around as one. */
public record Platform(Clock clock, Entropy entropy, Tasks tasks, Crypto crypto) {
  public Deadline deadline(long millis) {
    return Deadline.in(clock, millis);
  }
}
