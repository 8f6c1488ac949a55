package dev.p2pcp.index;

/** How agents come together: by signals, and by topics. */
public interface Meeting {
  Signalling signals();

  Gathering topics();

  /** Where they don't. */
  Meeting NONE = of(Signalling.NONE, Gathering.NONE);

  static Meeting of(Signalling signals, Gathering topics) {
    return new Meeting() {
      @Override
      public Signalling signals() {
        return signals;
      }

      @Override
      public Gathering topics() {
        return topics;
      }
    };
  }
}
