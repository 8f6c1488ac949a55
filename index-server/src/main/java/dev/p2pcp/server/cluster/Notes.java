package dev.p2pcp.server.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.ExecutionCallback;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.IExecutorService;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;

/**
 * Short messages from member to member, for what need not be right at once. Notes of one sender are
 * read one after the other; whether one was read is told, so that the sender can try again.
 */
@Component
public class Notes {
  /** Name of the executor that reads notes. */
  static final String EXECUTOR = "notes";

  /** Notes that a member has not read yet; more are refused. */
  static final int WAITING = 1_000;

  private static final System.Logger LOG = System.getLogger(Notes.class.getName());

  private final HazelcastInstance hazelcast;
  private final IExecutorService executor;
  private final Members members;
  private final Map<Subject, Reader> readers = new ConcurrentHashMap<>();

  Notes(HazelcastInstance hazelcast, Members members) {
    this.hazelcast = hazelcast;
    this.executor = hazelcast.getExecutorService(EXECUTOR);
    this.members = members;
    hazelcast.getUserContext().put(EXECUTOR, this);
  }

  /** What a note is about; the order is what travels. */
  public enum Subject {
    /** Who is logged in. */
    ROSTER,
    /** Accounts whose figures have changed. */
    FIGURES
  }

  /** Takes notes. */
  @FunctionalInterface
  public interface Reader {
    /** Another member says this. */
    void read(int from, Bytes text) throws MalformedFrameException;
  }

  /** Notes on the subject are for this reader. */
  public void read(Subject subject, Reader reader) {
    readers.put(subject, reader);
  }

  /** Sends a note; then tells, on some thread, whether it was read. */
  public void send(int member, Subject subject, Bytes text, Consumer<Boolean> read) {
    Optional<Member> target = members.find(member);
    if (target.isEmpty()) {
      read.accept(false);
      return;
    }
    try {
      executor.submitToMember(
          new Note(members.number(), local(), subject, text), target.get(), new Callback(read));
    } catch (RejectedExecutionException e) {
      read.accept(false);
    }
  }

  /**
   * Whether there was somebody here to read it, who knew of its sender. What a member says that has
   * just come, or come back, would be dropped when this member hears of that.
   */
  boolean received(Note note) {
    Reader reader = readers.get(note.subject());
    if (reader == null || !members.isThere(note.from(), note.sender())) {
      return false;
    }
    try {
      reader.read(note.from(), note.text());
      return true;
    } catch (MalformedFrameException e) {
      LOG.log(System.Logger.Level.WARNING, "a member of another version?", e);
      return true;
    }
  }

  private UUID local() {
    return hazelcast.getCluster().getLocalMember().getUuid();
  }

  private record Callback(Consumer<Boolean> read) implements ExecutionCallback<Boolean> {
    @Override
    public void onResponse(Boolean response) {
      read.accept(Boolean.TRUE.equals(response));
    }

    @Override
    public void onFailure(Throwable fault) {
      read.accept(false);
    }
  }
}
