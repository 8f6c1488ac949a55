package dev.p2pcp.browser.api;

import java.util.ArrayList;
import java.util.List;

/** A call that the agent of this tab works on. */
final class RunningCall implements AgentCalls.CallContext {
  private final Progress progress;
  private final List<Runnable> actions = new ArrayList<>(1);
  private boolean aborted;

  /** Where progress goes. */
  @FunctionalInterface
  interface Progress {
    void report(double done, double total);
  }

  RunningCall(Progress progress) {
    this.progress = progress;
  }

  @Override
  public boolean aborted() {
    return aborted;
  }

  @Override
  public void onAbort(Runnable action) {
    if (aborted) {
      action.run();
    } else {
      actions.add(action);
    }
  }

  @Override
  public void progress(double doneBytes, double totalBytes) {
    progress.report(doneBytes, totalBytes);
  }

  void abort() {
    if (!aborted) {
      aborted = true;
      actions.forEach(Runnable::run);
      actions.clear();
    }
  }
}
