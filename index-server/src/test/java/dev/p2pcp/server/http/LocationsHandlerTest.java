package dev.p2pcp.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.server.location.LocationIndex;
import dev.p2pcp.server.tunnel.RefusedException;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.wire.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import reactor.core.publisher.Mono;

/** Lookups over HTTP while the members that know are slow. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class LocationsHandlerTest {
  private static final Duration WAIT = Duration.ofSeconds(30);

  @Autowired private LocationsHandler handler;
  @Autowired private HazelcastInstance hazelcast;

  private final Seeded arbitrary = new Seeded(3);

  @Test
  void only_so_many_wait_and_the_next_is_told_to_come_later() {
    CountDownLatch latch = new CountDownLatch(1);
    List<CompletableFuture<Void>> waiting = new ArrayList<>();
    try {
      hold(latch);
      for (int i = 0; i < LocationsHandler.AT_ONCE; i++) {
        waiting.add(lookup().toFuture());
      }
      assertThatThrownBy(() -> lookup().block(WAIT))
          .isInstanceOfSatisfying(
              RefusedException.class,
              refused -> assertThat(refused.refusal().code()).isEqualTo(Refusal.BUSY));
    } finally {
      latch.countDown();
    }
    waiting.forEach(one -> one.exceptionally(late -> null).join());
    lookup().block(WAIT);
  }

  /** Lets the threads that have the buckets wait. */
  private void hold(CountDownLatch latch) {
    IMap<Integer, Object> map = hazelcast.getMap(LocationIndex.MAP);
    for (int partition = 0; partition < LocationIndex.PARTITIONS; partition++) {
      map.submitToKey(
          partition,
          entry -> {
            try {
              latch.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            return null;
          });
    }
  }

  private Mono<Void> lookup() {
    StorageKey key = new StorageKey(arbitrary.bytes(Hash.LENGTH));
    return handler.handle(
        MockServerWebExchange.from(
            MockServerHttpRequest.get("http://localhost/blocks/" + key).build()));
  }
}
