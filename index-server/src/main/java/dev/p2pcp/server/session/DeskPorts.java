package dev.p2pcp.server.session;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.identity.ServerRecord;
import dev.p2pcp.index.LedgerCommand;
import dev.p2pcp.index.LedgerReply;
import dev.p2pcp.index.Ledgers;
import dev.p2pcp.index.Locations;
import dev.p2pcp.index.Signing;
import dev.p2pcp.platform.Entropy;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.quota.TicketBatch;
import dev.p2pcp.server.account.Accounts;
import dev.p2pcp.server.cluster.ClusterSecret;
import dev.p2pcp.server.location.LocationIndex;
import java.util.List;
import java.util.Objects;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * What the desk of requests works on in a cluster. Calls wait for the member that keeps the entry;
 * they are made on virtual threads only, never on an event loop.
 */
@Component
final class DeskPorts implements Ledgers, Locations, Signing {
  private final Accounts accounts;
  private final LocationIndex locations;
  private final Standings standings;
  private final Verifier verifier;
  private final ClusterSecret cluster;
  private final Entropy entropy;
  private final Introductions introductions;

  DeskPorts(
      Accounts accounts,
      LocationIndex locations,
      Standings standings,
      Verifier verifier,
      ClusterSecret cluster,
      Entropy entropy,
      Introductions introductions) {
    this.accounts = accounts;
    this.locations = locations;
    this.standings = standings;
    this.verifier = verifier;
    this.cluster = cluster;
    this.entropy = entropy;
    this.introductions = introductions;
  }

  @Override
  public LedgerReply ask(AccountId account, LedgerCommand command) {
    return await(accounts.ask(account, command));
  }

  @Override
  public void changed(AccountId account) {
    standings.changed(account);
  }

  @Override
  public Announced announce(int session, List<StorageKey> keys) {
    return await(locations.announce(session, keys));
  }

  @Override
  public int withdraw(int session, List<StorageKey> keys) {
    return await(locations.withdraw(session, keys));
  }

  @Override
  public List<List<PeerId>> lookup(List<StorageKey> keys) {
    return await(locations.lookup(keys));
  }

  @Override
  public Entropy entropy() {
    return entropy;
  }

  @Override
  public <T> T check(Check<T> check) {
    return await(verifier.run(check::by));
  }

  @Override
  public List<ServerRecord> servers() {
    return introductions.all();
  }

  @Override
  public TicketBatch issue(List<Ticket> tickets) {
    return await(verifier.run(crypto -> TicketBatch.issue(cluster.tickets(), tickets)));
  }

  private static <T> T await(Mono<T> result) {
    return Objects.requireNonNull(result.block());
  }
}
