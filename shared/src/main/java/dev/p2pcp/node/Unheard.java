package dev.p2pcp.node;

import dev.p2pcp.identity.Path;

/** For an agent to whose events nobody listens. */
public final class Unheard implements Agent.Events {
  @Override
  public void stateChanged(Agent.State state) {}

  @Override
  public void statusChanged() {}

  @Override
  public void itemChanged(Path path, boolean remote) {}

  @Override
  public void conflict(Conflicts.Conflict conflict) {}
}
