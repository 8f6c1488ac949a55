package dev.p2pcp.server.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.config.SerializationConfig;
import com.hazelcast.internal.serialization.InternalSerializationService;
import com.hazelcast.internal.serialization.impl.DefaultSerializationServiceBuilder;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.index.LedgerCommand;
import dev.p2pcp.index.LedgerReply;
import dev.p2pcp.quota.AccountLedger;
import dev.p2pcp.quota.AccountLedger.Claim;
import dev.p2pcp.quota.AccountLedger.Holder;
import dev.p2pcp.quota.Allowance;
import dev.p2pcp.trust.Conduct;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a member sends to the one that keeps a ledger arrives as it was sent. */
class LedgerTravelTest {
  private static final StorageKey KEY = new StorageKey(Sha256.hash(Bytes.utf8("key")).bytes());
  private static final PeerId PEER = new PeerId(Sha256.hash(Bytes.utf8("peer")).bytes());
  private static final Holder HOLDER =
      new Holder(PEER, new AccountId(Sha256.hash(Bytes.utf8("account")).bytes()));

  static List<LedgerCommand> commands() {
    return List.of(
        new LedgerCommand.Pledge(PEER, 7, 30),
        new LedgerCommand.Place(HOLDER, true, 9, 99, List.of(KEY)),
        new LedgerCommand.Forgo(HOLDER, List.of(KEY)),
        new LedgerCommand.Claims(HOLDER, true, 9, 99, 7, List.of(KEY)),
        new LedgerCommand.Drop(7),
        new LedgerCommand.Fault(8),
        new LedgerCommand.Free(HOLDER, 9, List.of(KEY)),
        new LedgerCommand.Reserve(List.of(new Claim(KEY, HOLDER, 99))),
        new LedgerCommand.Holders(List.of(KEY)),
        new LedgerCommand.Figures(),
        new LedgerCommand.Vet(256),
        new LedgerCommand.Judge(Conduct.NONE.passed(9).faulted(new Conduct.Fault(3, 9))),
        new LedgerCommand.KeptBy(HOLDER.account()),
        new LedgerCommand.Sweep(List.of(3, 5)));
  }

  static List<LedgerReply> replies() {
    return List.of(
        new LedgerReply.Done(
            new Allowance(1, 3, 30),
            List.of(List.of(new AccountLedger.Kept(HOLDER, 99)), List.of())),
        new LedgerReply.OverAllowance(new Allowance(11, 33, 30)),
        new LedgerReply.OverLimit(64),
        new LedgerReply.Keeps(new Allowance(1, 3, 30), 5, AccountLedger.MAX_WORTH));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void a_command_survives_the_way(LedgerCommand command) throws MalformedFrameException {
    assertThat(LedgerCommand.decode(command.encoded())).isEqualTo(command);
    LedgerProcessor processor = new LedgerProcessor(command, 5);
    assertThat(thereAndBack(processor)).isEqualTo(processor);
  }

  @ParameterizedTest
  @MethodSource("replies")
  void a_reply_survives_the_way(LedgerReply reply) throws MalformedFrameException {
    assertThat(LedgerReply.decode(reply.encoded())).isEqualTo(reply);
  }

  @Test
  void a_ledger_survives_the_way() {
    AccountLedger ledger = new AccountLedger();
    ledger.pledge(PEER, 7, 30);
    ledger.place(KEY, HOLDER, 9, 99);
    assertThat(thereAndBack(ledger).allowance(1)).isEqualTo(new Allowance(1, 2, 30));
  }

  @Test
  void what_is_no_command_is_refused() {
    assertThatThrownBy(() -> LedgerCommand.decode(Bytes.wrap(new byte[] {99})))
        .isInstanceOf(MalformedFrameException.class);
  }

  private static <T> T thereAndBack(T thing) {
    SerializationConfig config = new SerializationConfig();
    LedgerSerializers.addTo(config);
    InternalSerializationService service =
        new DefaultSerializationServiceBuilder().setConfig(config).build();
    try {
      return service.toObject(service.toData(thing));
    } finally {
      service.dispose();
    }
  }
}
