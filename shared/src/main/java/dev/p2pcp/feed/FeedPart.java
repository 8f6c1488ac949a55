package dev.p2pcp.feed;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Hash;
import java.util.ArrayList;
import java.util.List;

/**
 * Entries of a feed with all that proves them, for whoever has nothing else of it: {@code head 140
 * ‖ list of (from u64 ‖ list of bytes32) ‖ hashes}. Runs of entries rise with others between each
 * two; the hashes are those that lead from them to the root, each once, from the left.
 */
public record FeedPart(FeedHead head, List<Run> runs, List<Hash> proof) {
  /** Runs at most. */
  public static final int MAX_RUNS = 64;

  /** Entries at most, in all runs together. */
  public static final int MAX_ENTRIES = 4096;

  /** Longest encoding, in bytes. */
  public static final int MAX_LENGTH = 256 * 1024;

  /** Entries that follow each other. */
  public record Run(long from, List<Bytes> entries) {
    public Run {
      entries = List.copyOf(entries);
    }

    public long end() {
      return from + entries.size();
    }
  }

  public FeedPart {
    runs = List.copyOf(runs);
    proof = List.copyOf(proof);
  }

  /** Whether the writer vouches for the entries. Suspends. */
  public boolean isGenuine(Crypto crypto) {
    return fits(new LeafHasher(crypto)) && head.isGenuine(crypto);
  }

  /** Whether the entries belong to the head, whoever signed it. Suspends. */
  public boolean fits(LeafHasher leaves) {
    List<CompactRange> ranges = new ArrayList<>(runs.size());
    for (Run run : runs) {
      CompactRange range = new CompactRange(run.from);
      leaves.addAll(range, run.entries);
      ranges.add(range);
    }
    return new ProofCheck(leaves.hasher())
        .rootOf(head.length(), ranges, proof)
        .filter(head.root()::equals)
        .isPresent();
  }

  public Bytes encoded() {
    ByteWriter writer = new ByteWriter().bytes(head.encoded()).u16(runs.size());
    for (Run run : runs) {
      writer.u64(run.from).u16(run.entries.size());
      for (Bytes entry : run.entries) {
        writer.bytes32(entry);
      }
    }
    for (Hash hash : proof) {
      writer.bytes(hash.bytes());
    }
    return writer.toBytes();
  }

  /** Decodes without verifying. */
  public static FeedPart decode(Bytes encoded) throws MalformedFrameException {
    if (encoded.length() > MAX_LENGTH) {
      throw new MalformedFrameException("part length");
    }
    ByteReader reader = new ByteReader(encoded);
    FeedHead head = FeedHead.read(reader);
    List<Run> runs = reader.list(MAX_RUNS, "runs", FeedPart::readRun);
    long before = -1;
    long total = 0;
    List<Runs.Run> covered = new ArrayList<>();
    for (Run run : runs) {
      if (run.from <= before || run.end() > head.length()) {
        throw new MalformedFrameException("from");
      }
      before = run.end();
      total += run.entries.size();
      covered.add(new Runs.Run(run.from, run.end()));
    }
    if (total == 0 || total > MAX_ENTRIES) {
      throw new MalformedFrameException("runs");
    }
    int hashes = new Runs(covered).proofLength(head.length());
    List<Hash> proof = new ArrayList<>(Math.min(hashes, reader.remaining() / Hash.LENGTH + 1));
    for (int i = 0; i < hashes; i++) {
      proof.add(Hash.read(reader, "proof"));
    }
    reader.end();
    return new FeedPart(head, runs, proof);
  }

  private static Run readRun(ByteReader reader) throws MalformedFrameException {
    long from = reader.u64("from");
    List<Bytes> entries =
        reader.list(MAX_ENTRIES, "entries", r -> r.bytes32(Segment.MAX_ENTRY, "entry"));
    if (entries.isEmpty() || from > FeedHead.MAX_LENGTH) {
      throw new MalformedFrameException("entries");
    }
    return new Run(from, entries);
  }
}
