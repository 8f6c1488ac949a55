package dev.p2pcp.inprocess;

import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.index.ManifestCheck;
import dev.p2pcp.index.RequestDesk;
import dev.p2pcp.index.SessionRules;
import dev.p2pcp.quota.Allowance;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One agent's connection to an index server in this process. */
final class Session implements RequestDesk.Client {
  final int number;
  final SessionRules rules;
  final MemoryWire wire;
  @Nullable DeviceCertificate member;
  @Nullable Allowance told;
  private final MemoryIndex index;
  private final ManifestCheck manifest = new ManifestCheck();

  Session(MemoryIndex index, int number, SessionFrame.Challenge challenge, MemoryWire wire) {
    this.index = index;
    this.number = number;
    this.rules = new SessionRules(challenge);
    this.wire = wire;
  }

  Optional<PeerId> peer() {
    return Optional.ofNullable(member).map(DeviceCertificate::device);
  }

  @Override
  public int session() {
    return number;
  }

  @Override
  public DeviceCertificate certificate() {
    return Objects.requireNonNull(member);
  }

  @Override
  public ManifestCheck manifest() {
    return manifest;
  }

  @Override
  public void end(Refusal why) {
    index.endSoon(this, why);
  }

  @Override
  public void announced(int difference) {
    rules.announced(difference);
  }
}
