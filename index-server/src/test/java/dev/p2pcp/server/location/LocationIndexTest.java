package dev.p2pcp.server.location;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.index.Locations;
import dev.p2pcp.server.cluster.Members;
import dev.p2pcp.server.cluster.Roster;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class LocationIndexTest {
  private static final AccountId ACCOUNT =
      new AccountId(Sha256.hash(Bytes.utf8("account")).bytes());

  @Autowired private LocationIndex index;
  @Autowired private Roster roster;
  @Autowired private Members members;

  @Test
  void a_sweep_drops_who_is_gone_and_nobody_else() {
    int ann = members.sessionNumber(1_001);
    int bob = members.sessionNumber(1_002);
    roster.enter(ann, peer("ann"), ACCOUNT);
    roster.enter(bob, peer("bob"), ACCOUNT);
    List<StorageKey> keys = keys(2_000);
    assertThat(index.announce(ann, keys).block()).isEqualTo(new Locations.Announced(2_000, 0));
    assertThat(index.announce(ann, keys).block()).isEqualTo(new Locations.Announced(0, 0));
    index.announce(bob, keys).block();
    assertThat(index.lookup(keys.subList(0, 3)).block())
        .allSatisfy(peers -> assertThat(peers).containsExactlyInAnyOrder(peer("ann"), peer("bob")));

    roster.leave(ann);
    index.forget(ann);
    assertThat(index.lookup(keys).block())
        .isEqualTo(Collections.nCopies(2_000, List.of(peer("bob"))));
    index.sweep();
    assertThat(index.withdraw(ann, keys).block()).isZero();
    assertThat(index.withdraw(bob, keys).block()).isEqualTo(2_000);
    roster.leave(bob);
  }

  private static List<StorageKey> keys(int count) {
    List<StorageKey> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      keys.add(new StorageKey(Sha256.hash(Bytes.utf8("key" + i)).bytes()));
    }
    return keys;
  }

  private static PeerId peer(String name) {
    return new PeerId(Sha256.hash(Bytes.utf8(name)).bytes());
  }
}
