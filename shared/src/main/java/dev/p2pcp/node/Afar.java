package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.transport.Followed;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.transport.Web;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Reads what others say is at a URL: only from machines that the world can reach, or that the
 * person allowed, and never more than a block.
 */
final class Afar {
  /** For one URL, in milliseconds. */
  static final long TIME = 15_000;

  private static final int FOUND = 200;

  private final Platform platform;
  private final Web web;
  private final BooleanSupplier hidden;
  private volatile List<String> allowed = List.of();

  /**
   * Whoever is asked sees this device's address.
   *
   * @param hidden whether nobody may, but who the person allowed; must not suspend
   */
  Afar(Platform platform, Web web, BooleanSupplier hidden) {
    this.platform = platform;
    this.web = web;
    this.hidden = hidden;
  }

  /** Whether what strangers name is followed at all. Never suspends. */
  boolean isOpen() {
    return !hidden.getAsBoolean();
  }

  /** Origins of local machines that are followed to. Never suspends. */
  void allow(List<String> origins) {
    allowed = List.copyOf(origins);
  }

  List<String> allowed() {
    return allowed;
  }

  /**
   * What is there, which is still to be verified. Suspends.
   *
   * @throws LinkException if there is nothing, or it is not to be read
   */
  Bytes read(String url, Deadline deadline) throws LinkException {
    Web.Answer answer = ask(Web.Request.get(url, Block.MAX_LENGTH, isAllowed(url)), deadline);
    if (answer.status() != FOUND) {
      throw new LinkException("not there");
    }
    return answer.body();
  }

  /** Asks anything of a URL that somebody else named. Suspends. */
  Web.Answer ask(Web.Request request, Deadline deadline) throws LinkException {
    if (!Followed.mayBe(request.url(), allowed) || !(isOpen() || isAllowed(request.url()))) {
      throw new LinkException("an address that is not followed");
    }
    return web.ask(request, deadline);
  }

  boolean isAllowed(String url) {
    return allowed.contains(Followed.originOf(url));
  }

  Deadline deadline() {
    return platform.deadline(TIME);
  }
}
