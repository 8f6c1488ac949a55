package dev.p2pcp.server.account;

import com.hazelcast.config.SerializationConfig;
import com.hazelcast.config.SerializerConfig;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.StreamSerializer;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.index.LedgerCommand;
import dev.p2pcp.quota.AccountLedger;
import java.io.IOException;
import java.security.SecureRandom;

/** How ledgers and the steps on them travel between members. */
public final class LedgerSerializers {
  private static final int LEDGER_TYPE = 1;
  private static final int PROCESSOR_TYPE = 2;

  /** Where the ledgers of this process put their keys is nobody's business; see AccountLedger. */
  static final long SEED = new SecureRandom().nextLong();

  private LedgerSerializers() {}

  /** Registers both. */
  public static void addTo(SerializationConfig config) {
    config.addSerializerConfig(
        new SerializerConfig().setTypeClass(AccountLedger.class).setImplementation(new Ledgers()));
    config.addSerializerConfig(
        new SerializerConfig()
            .setTypeClass(LedgerProcessor.class)
            .setImplementation(new Processors()));
  }

  private static Bytes read(ObjectDataInput in) throws IOException {
    byte[] bytes = in.readByteArray();
    if (bytes == null) {
      throw new IOException("nothing there");
    }
    return Bytes.wrap(bytes);
  }

  private static final class Ledgers implements StreamSerializer<AccountLedger> {
    @Override
    public int getTypeId() {
      return LEDGER_TYPE;
    }

    @Override
    public void write(ObjectDataOutput out, AccountLedger ledger) throws IOException {
      out.writeByteArray(ledger.encoded().unsafeArray());
    }

    @Override
    public AccountLedger read(ObjectDataInput in) throws IOException {
      try {
        return AccountLedger.decode(LedgerSerializers.read(in), SEED);
      } catch (MalformedFrameException e) {
        throw new IOException("not a ledger", e);
      }
    }
  }

  private static final class Processors implements StreamSerializer<LedgerProcessor> {
    @Override
    public int getTypeId() {
      return PROCESSOR_TYPE;
    }

    @Override
    public void write(ObjectDataOutput out, LedgerProcessor processor) throws IOException {
      out.writeLong(processor.now());
      out.writeByteArray(processor.command().encoded().unsafeArray());
    }

    @Override
    public LedgerProcessor read(ObjectDataInput in) throws IOException {
      long now = in.readLong();
      try {
        return new LedgerProcessor(LedgerCommand.decode(LedgerSerializers.read(in)), now);
      } catch (MalformedFrameException e) {
        throw new IOException("not a step on a ledger", e);
      }
    }
  }
}
