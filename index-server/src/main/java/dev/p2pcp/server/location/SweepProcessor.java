package dev.p2pcp.server.location;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import dev.p2pcp.index.SessionNumber;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Drops the locations of sessions and of whole members that are gone; both lists rise. */
final class SweepProcessor implements EntryProcessor<Integer, LocationBucket, Boolean> {
  private final int[] sessions;
  private final int[] members;

  SweepProcessor(int[] sessions, int[] members) {
    this.sessions = sessions;
    this.members = members;
  }

  static SweepProcessor read(ObjectDataInput in) throws IOException {
    return new SweepProcessor(
        Objects.requireNonNull(in.readIntArray()), Objects.requireNonNull(in.readIntArray()));
  }

  void write(ObjectDataOutput out) throws IOException {
    out.writeIntArray(sessions);
    out.writeIntArray(members);
  }

  @Override
  @SuppressWarnings("NullAway") // An entry without a value is removed.
  public Boolean process(Map.Entry<Integer, LocationBucket> entry) {
    @Nullable LocationBucket bucket = entry.getValue();
    if (bucket == null) {
      return false;
    }
    int before = bucket.size();
    bucket.keep(this::stays);
    if (bucket.size() == before) {
      return false;
    }
    entry.setValue(bucket.size() == 0 ? null : bucket);
    return true;
  }

  private boolean stays(int session) {
    return Arrays.binarySearch(sessions, session) < 0
        && Arrays.binarySearch(members, SessionNumber.memberOf(session)) < 0;
  }
}
