package dev.p2pcp.identity;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.Signature;
import java.util.HashSet;
import java.util.List;

/**
 * What a cluster of index servers says of itself, so that others can pass it on: where it can be
 * reached, and which others its operator knows and recommends.
 *
 * <pre>
 * u8 1 ‖ key (32) ‖ notBefore u64 ‖ notAfter u64 ‖ u16 n × (u16 length ‖ origin)
 *   ‖ u16 m × (u16 length ‖ origin) ‖ signature (64)
 * </pre>
 *
 * <p>The signature is the cluster key's under {@link Domain#SERVER_RECORD} over all that is before
 * it. It proves who says so, and nothing about who answers at those origins.
 *
 * @param key signs the cluster's tickets
 * @param notBefore first millisecond since 1970
 * @param notAfter last millisecond since 1970
 * @param origins of this cluster, 1 to {@link #ORIGINS}, each once
 * @param recommended of others, at most {@link #RECOMMENDED}, each once
 */
public record ServerRecord(
    PublicKey key,
    long notBefore,
    long notAfter,
    List<String> origins,
    List<String> recommended,
    Signature signature) {
  public static final int ORIGINS = 4;
  public static final int RECOMMENDED = 8;

  /** The longest span that a record may cover, in milliseconds: 7 days. */
  public static final long MAX_LIFE = 7 * 24 * 60 * 60 * 1000L;

  private static final int FORMAT = 1;

  public ServerRecord {
    origins = List.copyOf(origins);
    recommended = List.copyOf(recommended);
  }

  /** Signs; the origins are canonical, and as many as they may be. Suspends. */
  public static ServerRecord issue(
      Crypto.SigningKey cluster,
      long notBefore,
      long notAfter,
      List<String> origins,
      List<String> recommended) {
    Bytes said = said(cluster.publicKey(), notBefore, notAfter, origins, recommended);
    Signature signature = cluster.sign(Domain.SERVER_RECORD, said);
    return new ServerRecord(
        cluster.publicKey(), notBefore, notAfter, origins, recommended, signature);
  }

  /** Whether its time is now and its key signed it. Suspends. */
  public boolean isGenuine(Crypto crypto, long now) {
    return isCurrent(now)
        && crypto.verify(
            key,
            Domain.SERVER_RECORD,
            said(key, notBefore, notAfter, origins, recommended),
            signature);
  }

  public boolean isCurrent(long now) {
    return now >= notBefore - DeviceCertificate.CLOCK_SKEW
        && now <= notAfter + DeviceCertificate.CLOCK_SKEW;
  }

  public void write(ByteWriter writer) {
    writer.bytes(said(key, notBefore, notAfter, origins, recommended)).bytes(signature.bytes());
  }

  /** Reads what is canonical and covers a span that it may; nothing is verified yet. */
  public static ServerRecord read(ByteReader reader) throws MalformedFrameException {
    int format = reader.u8("record format");
    ServerRecord record =
        new ServerRecord(
            PublicKey.read(reader, "cluster key"),
            reader.u64("not before"),
            reader.u64("not after"),
            origins(reader, ORIGINS),
            origins(reader, RECOMMENDED),
            Signature.read(reader, "record signature"));
    long life = record.notAfter - record.notBefore;
    if (format != FORMAT || record.origins.isEmpty() || life <= 0 || life > MAX_LIFE) {
      throw new MalformedFrameException("server record");
    }
    return record;
  }

  private static List<String> origins(ByteReader reader, int most) throws MalformedFrameException {
    List<String> origins = reader.list(most, "origins", r -> r.text(Origin.MAX_LENGTH, "origin"));
    boolean canonical = new HashSet<>(origins).size() == origins.size();
    for (String origin : origins) {
      canonical &= Origin.isCanonical(origin);
    }
    if (!canonical) {
      throw new MalformedFrameException("origins");
    }
    return origins;
  }

  private static Bytes said(
      PublicKey key,
      long notBefore,
      long notAfter,
      List<String> origins,
      List<String> recommended) {
    ByteWriter writer = new ByteWriter().u8(FORMAT).bytes(key.bytes()).u64(notBefore).u64(notAfter);
    for (List<String> list : List.of(origins, recommended)) {
      writer.u16(list.size());
      list.forEach(origin -> writer.bytes16(Bytes.utf8(origin)));
    }
    return writer.toBytes();
  }
}
