package dev.p2pcp.server.account;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.spi.merge.MergingValue;
import com.hazelcast.spi.merge.SplitBrainMergePolicy;
import dev.p2pcp.quota.AccountLedger;
import org.jspecify.annotations.Nullable;

/**
 * When members that were parted are together again: what either side entered is entered. If each
 * granted what only one of them should have, the account needs more than it lends; it is told so,
 * and nothing further is granted until it lends more or frees some, but nothing is taken from it.
 */
public final class LedgerMerge
    implements SplitBrainMergePolicy<
        AccountLedger, MergingValue<AccountLedger>, @Nullable AccountLedger> {
  @Override
  public @Nullable AccountLedger merge(
      MergingValue<AccountLedger> merging, @Nullable MergingValue<AccountLedger> existing) {
    AccountLedger both = new AccountLedger(LedgerSerializers.SEED);
    if (existing != null) {
      both.merge(existing.getDeserializedValue());
    }
    both.merge(merging.getDeserializedValue());
    return both.isEmpty() ? null : both;
  }

  @Override
  public void writeData(ObjectDataOutput out) {}

  @Override
  public void readData(ObjectDataInput in) {}
}
