package dev.p2pcp.server.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.StreamSerializer;
import dev.p2pcp.bytes.Bytes;
import java.io.IOException;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** One message between members; runs where it is read. */
final class Note implements Callable<Boolean>, HazelcastInstanceAware {
  private final int from;

  /** A member that was parted and is back has the same number, and is another. */
  private final UUID sender;

  private final Notes.Subject subject;
  private final Bytes text;
  private @Nullable HazelcastInstance here;

  Note(int from, UUID sender, Notes.Subject subject, Bytes text) {
    this.from = from;
    this.sender = sender;
    this.subject = subject;
    this.text = text;
  }

  int from() {
    return from;
  }

  UUID sender() {
    return sender;
  }

  Notes.Subject subject() {
    return subject;
  }

  Bytes text() {
    return text;
  }

  @Override
  public void setHazelcastInstance(HazelcastInstance instance) {
    here = instance;
  }

  /** False if this member is not ready to read notes yet. */
  @Override
  public Boolean call() {
    Object notes = Objects.requireNonNull(here).getUserContext().get(Notes.EXECUTOR);
    return notes instanceof Notes ready && ready.received(this);
  }

  /** Layout: {@code from, sender, subject, text}. */
  static final class Serializer implements StreamSerializer<Note> {
    private static final int TYPE = 5;

    @Override
    public int getTypeId() {
      return TYPE;
    }

    @Override
    public void write(ObjectDataOutput out, Note note) throws IOException {
      out.writeInt(note.from);
      out.writeLong(note.sender.getMostSignificantBits());
      out.writeLong(note.sender.getLeastSignificantBits());
      out.writeByte(note.subject.ordinal());
      out.writeByteArray(note.text.unsafeArray());
    }

    @Override
    public Note read(ObjectDataInput in) throws IOException {
      int from = in.readInt();
      UUID sender = new UUID(in.readLong(), in.readLong());
      int subject = in.readByte();
      byte[] text = in.readByteArray();
      if (subject < 0 || subject >= Notes.Subject.values().length || text == null) {
        throw new IOException("not a note");
      }
      return new Note(from, sender, Notes.Subject.values()[subject], Bytes.wrap(text));
    }
  }
}
