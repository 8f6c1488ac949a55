package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.Path;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.quota.ReceiptBatch;
import dev.p2pcp.quota.Statement;
import dev.p2pcp.transport.Link;
import dev.p2pcp.transport.PeerHandler;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.Refusal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Joins the parts: what one of them does, the others hear. */
final class NodeWiring
    implements Holder.Events,
        Items.Events,
        Replicator.Events,
        Synchroniser.Events,
        ServerLoop.Events,
        PeerHandler,
        Inventory {
  private final Node node;

  NodeWiring(Node node) {
    this.node = node;
  }

  @Override
  public PeerFrame.Reply answer(PeerId from, PeerFrame.Request request) {
    return switch (request) {
      case PeerFrame.Gossip gossip -> node.topics.answer(from, gossip.topic(), gossip);
      case PeerFrame.Ask ask -> node.topics.answer(from, ask.topic(), ask);
      default -> node.holder.answer(from, request);
    };
  }

  @Override
  public boolean trusts(PublicKey issuer) {
    return node.servers.trusts(issuer);
  }

  @Override
  public void kept(StorageKey key) {
    node.servers.announce(List.of(key));
    node.events.statusChanged();
  }

  @Override
  public boolean ownChanged(StorageKey key, Block.Signed newer) throws StoreException {
    Optional<ItemState> state = node.table.pathOf(key).flatMap(node.items::state);
    if (state.isEmpty()) {
      return false;
    }
    try {
      node.items.absorb(state.get().path(), state.get().isPublic(), newer);
    } catch (ItemException e) {
      // Not all of it can be had yet: the synchroniser tries again.
      node.synchroniser.wake();
      return false;
    }
    if (state.get().path().equals(Catalogue.PATH)) {
      node.synchroniser.wake();
    }
    return true;
  }

  @Override
  public void freed(AccountId owner, long time, List<StorageKey> keys, List<StorageKey> gone) {
    node.servers.withdraw(gone);
    node.servers.freed(owner, time, keys);
    node.events.statusChanged();
  }

  @Override
  public PeerFrame.Reply acquaint(PeerId from) {
    Optional<Canaries.Planting> planting = node.canaries.plantFor(from);
    if (planting.isEmpty()) {
      return Holder.denied(Refusal.BUSY, "others are looking");
    }
    Canaries.Planting planted = planting.get();
    if (!planted.here().isEmpty()) {
      node.servers.withdraw(planted.gone());
      node.servers.announce(planted.here());
    }
    node.servers.met(from);
    return new PeerFrame.Acquainted(node.known.own(), planted.seed());
  }

  @Override
  public Optional<Bytes> canary(StorageKey key) {
    return node.canaries.block(key);
  }

  @Override
  public PeerFrame.Reply vouched(Statement statement) throws StoreException {
    return node.statements.vouched(statement, node.holdings);
  }

  @Override
  public void settled(ReceiptBatch batch) {
    node.receipts.added(batch);
    node.servers.present(batch);
    node.events.statusChanged();
  }

  @Override
  public void itemChanged(Path path, boolean remote) {
    node.events.itemChanged(path, remote);
    node.events.statusChanged();
  }

  @Override
  public void conflict(Conflicts.Conflict conflict) {
    node.events.conflict(conflict);
  }

  @Override
  public void written(List<StorageKey> keys, List<StorageKey> gone) {
    node.servers.announce(keys);
    node.servers.withdraw(gone);
    node.replicator.wake();
    node.bucket.wake();
    if (keys.stream().anyMatch(key -> node.holdings.of(key).isEmpty())) {
      node.synchroniser.wake();
    }
  }

  @Override
  public void restored(StorageKey key) {
    node.servers.announce(List.of(key));
    node.replicator.wake();
    copiesChanged(List.of(key));
  }

  @Override
  public void copiesChanged(Collection<StorageKey> keys) {
    Set<Path> paths = new HashSet<>();
    keys.forEach(key -> node.table.pathOf(key).ifPresent(paths::add));
    if (paths.contains(Catalogue.PATH)) {
      paths.addAll(node.views.newlyListed());
    }
    paths.stream()
        .filter(path -> !path.text().startsWith(Catalogue.RESERVED))
        .forEach(path -> node.events.itemChanged(path, false));
    node.events.statusChanged();
    node.statements.wake();
  }

  @Override
  public void watched() {
    node.probing.wake();
  }

  @Override
  public void foundOther(StorageKey key, Servers.Location at) {
    try {
      Optional<Block.Signed> other = node.reader.newestOf(key, List.of(at));
      if (other.isPresent()) {
        ownChanged(key, other.get());
      }
    } catch (StoreException e) {
      node.synchroniser.wake();
    }
  }

  @Override
  public void changed(ServerLoop server) {
    node.probing.changed();
    node.events.statusChanged();
  }

  @Override
  public Link linkTo(PeerId peer, IndexSession via) {
    return node.links.to(peer, via);
  }

  @Override
  public void ringing(IndexSession session) {
    node.links.ringing(session);
  }

  @Override
  public void figuresChanged() {
    node.replicator.lookSoon();
  }

  @Override
  public void ready(ServerLoop server) {
    server.session().ifPresent(node.probing::greet);
    node.topics.ready();
    node.bucket.postSoon();
    node.synchroniser.wake();
    // It was shown receipts of lost copies too, and is to be told which they are.
    node.replicator.lookSoon();
  }

  @Override
  public int slots() {
    return node.holdings.slots();
  }

  @Override
  public int free() {
    return node.holdings.freeForOthers();
  }

  @Override
  public boolean alwaysOn() {
    return node.holdings.isAlwaysOn();
  }

  @Override
  public List<StorageKey> keys() {
    List<StorageKey> keys = new ArrayList<>(node.holdings.keys());
    keys.addAll(node.canaries.keys());
    return keys;
  }

  @Override
  public List<ReceiptBatch> receipts() {
    return node.receipts.current(node.truth::isTrue);
  }

  @Override
  public List<Statement> statements() {
    return node.statements.all();
  }

  @Override
  public void stale(long number) {
    node.statements.stale(number);
  }

  @Override
  public Device device() {
    return node.device();
  }
}
