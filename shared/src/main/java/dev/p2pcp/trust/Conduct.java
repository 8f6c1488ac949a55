package dev.p2pcp.trust;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.MalformedFrameException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What the audits of one account's devices came to: how many were passed, and the faults, which are
 * failures that three re-checks confirmed. Merging takes the greater number and all faults, so that
 * it may be done twice and in any order. Layout: {@code passes u32 ‖ last u64 ‖ u8 n ‖ n × (id u64
 * ‖ time u64)}, ids rising.
 *
 * @param last when something was entered last, in milliseconds since 1970
 */
public record Conduct(int passes, long last, List<Fault> faults) {
  /** An account that nothing is known of. */
  public static final Conduct NONE = new Conduct(0, 0, List.of());

  /** Times that a failed audit is made again before it is a fault. */
  public static final int RECHECKS = 3;

  /** Faults that are remembered, the latest. One is enough to lose standing. */
  public static final int MAX_FAULTS = 16;

  /**
   * How long what was found counts, in milliseconds: 31 days, as long as any receipt that it is
   * about.
   */
  public static final long LIFE = 31L * 24 * 60 * 60 * 1000;

  /** Passes that are counted. */
  public static final int MAX_PASSES = 1_000_000;

  private static final Comparator<Fault> BY_ID = Comparator.comparingLong(Fault::id);
  private static final Comparator<Fault> LATEST_FIRST =
      Comparator.comparingLong(Fault::time).reversed().thenComparing(BY_ID);

  /**
   * A holder cheated.
   *
   * @param id of holder and block, so that one fault that two found is one; from 0
   * @param time when it was confirmed, in milliseconds since 1970
   */
  public record Fault(long id, long time) {}

  /** One audit more was passed, at that moment. */
  public Conduct passed(long now) {
    return new Conduct(Math.min(MAX_PASSES, passes + 1), Math.max(last, now), faults);
  }

  /** One failure was confirmed. */
  public Conduct faulted(Fault fault) {
    return merge(new Conduct(0, fault.time, List.of(fault)));
  }

  /** Whether the account has no standing at that moment. */
  public boolean isFaultyAt(long now) {
    for (Fault fault : faults) {
      if (fault.time + LIFE > now) {
        return true;
      }
    }
    return false;
  }

  /** Whether it may be forgotten at that moment, since nothing was found for so long. */
  public boolean isOverAt(long now) {
    return last + LIFE <= now;
  }

  /** With what was found in addition: passes add up. */
  public Conduct with(Conduct further) {
    Conduct both = merge(further);
    return new Conduct(Math.min(MAX_PASSES, passes + further.passes), both.last, both.faults);
  }

  /** What both know. */
  public Conduct merge(Conduct other) {
    List<Fault> all = new ArrayList<>(faults);
    all.addAll(other.faults);
    all.sort(LATEST_FIRST);
    List<Fault> latest = new ArrayList<>();
    for (Fault fault : all) {
      boolean known = latest.stream().anyMatch(f -> f.id == fault.id);
      if (!known && latest.size() < MAX_FAULTS) {
        latest.add(fault);
      }
    }
    latest.sort(BY_ID);
    return new Conduct(
        Math.max(passes, other.passes), Math.max(last, other.last), List.copyOf(latest));
  }

  public void write(ByteWriter writer) {
    writer.u32(passes).u64(last).u8(faults.size());
    faults.forEach(fault -> writer.u64(fault.id).u64(fault.time));
  }

  /** Reads what {@link #write} wrote. */
  public static Conduct read(ByteReader in) throws MalformedFrameException {
    int passes = in.count(MAX_PASSES, "passes");
    long last = in.u64("last");
    int count = in.u8("faults");
    if (count > MAX_FAULTS) {
      throw new MalformedFrameException("faults");
    }
    List<Fault> faults = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Fault fault = new Fault(in.u64("fault"), in.u64("time"));
      if (i > 0 && fault.id <= faults.get(i - 1).id) {
        throw new MalformedFrameException("faults");
      }
      faults.add(fault);
    }
    return new Conduct(passes, last, List.copyOf(faults));
  }
}
