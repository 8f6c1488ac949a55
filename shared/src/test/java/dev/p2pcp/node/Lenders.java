package dev.p2pcp.node;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bucket.BucketAccess;
import dev.p2pcp.bucket.BucketTerms;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.identity.Path;
import dev.p2pcp.testing.MemoryBuckets;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.transport.PeerHandler;
import dev.p2pcp.wire.PeerFrame;
import java.util.List;
import java.util.Optional;

/** A village in which buckets are lent. */
final class Lenders implements AutoCloseable {
  static final String STORE = "https://store.example";
  static final Bytes LARGE = new Seeded(7).bytes(300_000);

  final Village village = new Village();
  final MemoryBuckets buckets = new MemoryBuckets(village.clock);

  Lenders() {
    village.network.askBy(buckets);
  }

  static BucketAccess access(String bucket) {
    return new BucketAccess(STORE, "eu-central-1", bucket, "p2p/", true, "KEYID", "a-secret");
  }

  /** Lends for so many requests in a month, 0 for any number. */
  static void lend(Village.Resident owner, String bucket, long requests) throws Exception {
    Node node = owner.node();
    node.bucket().lend(node, new BucketTerms(access(bucket), requests, 0));
  }

  static BucketLending.State state(Village.Resident owner) throws Exception {
    return owner.node().bucket().state(owner.node()).orElseThrow();
  }

  static void putPublic(Village.Resident who, String path, Bytes value) throws Exception {
    who.node().put(new Path(path), value, true, 0);
  }

  /** Looks at once for what there is to publish. */
  static void look(Village.Resident owner) throws Exception {
    owner.node().bucket().wake();
  }

  static PublicKey identity(Village.Resident who) throws Exception {
    return who.agent().keys().did().identity();
  }

  static Optional<Bytes> read(Village.Resident reader, PublicKey of, String path) throws Exception {
    return reader.node().getOf(of, new Path(path), done -> {}).map(Content::value);
  }

  /** Somebody who wants a copy of everything with another. */
  Village.Resident neighbour() throws Exception {
    Village.Resident resident = village.settler();
    resident.agent().wantCopies(2);
    return resident;
  }

  /** What somebody keeps for others. */
  static List<StorageKey> kept(Village.Resident who) throws Exception {
    Node node = who.node();
    return node.holdings.snapshot().entrySet().stream()
        .filter(entry -> entry.getValue().isForOthers())
        .map(entry -> entry.getKey())
        .toList();
  }

  /** Whether all of it is as it should be; what is not is given up. */
  static boolean isAllSound(Village.Resident who) throws Exception {
    boolean sound = true;
    for (StorageKey key : kept(who)) {
      sound &= who.node().holder.isSound(key);
    }
    return sound;
  }

  /** What an index server gets that asks for somebody with a URL. */
  static PeerFrame.Reply carried(Village.Resident holder, StorageKey key) throws Exception {
    return holder.node().holder.answer(PeerHandler.NOBODY, new PeerFrame.Get(key));
  }

  /** So many requests of that kind were by others than the owner. */
  long byOthers(String method) {
    return buckets.requests().stream()
        .filter(asked -> asked.method().equals(method) && !asked.anywhere())
        .count();
  }

  @Override
  public void close() {
    village.close();
  }
}
