package dev.p2pcp.donor;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.donor.bucket.Bucket;
import dev.p2pcp.donor.bucket.BucketAddress;
import dev.p2pcp.donor.bucket.BucketException;
import dev.p2pcp.donor.bucket.BucketKey;
import dev.p2pcp.donor.bucket.BucketShelf;
import dev.p2pcp.donor.bucket.Budget;
import dev.p2pcp.jvm.JvmEntropy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options for who lends a bucket instead of a disk. */
final class BucketOptions {
  private static final String KEY_ID = "AWS_ACCESS_KEY_ID";
  private static final String SECRET = "AWS_SECRET_ACCESS_KEY";
  private static final int ID_LENGTH = 12;
  private static final int PROBE = 1000;
  private static final long GIGABYTE = 1_000_000_000L;

  @Option(
      names = "--s3",
      paramLabel = "s3://BUCKET/PREFIX",
      description = {
        "Keep the blocks in a bucket; DIR then holds only what must be remembered of them.",
        "The key is taken from the environment: " + KEY_ID + " and " + SECRET + "."
      })
  private @Nullable String bucket;

  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      description = "The server of a bucket that is not Amazon's.")
  private @Nullable URI endpoint;

  @Option(
      names = "--region",
      paramLabel = "REGION",
      description = "The region of the bucket (${DEFAULT-VALUE}).")
  private String region = "us-east-1";

  @Option(
      names = "--virtual-host",
      description = "Name the bucket in the host and not in the path, at an --endpoint.")
  private boolean virtualHost;

  @Option(
      names = "--monthly-requests",
      paramLabel = "N",
      description = "Most requests for blocks in a calendar month; without it there is no bound.")
  private long requests = Long.MAX_VALUE;

  @Option(
      names = "--monthly-gb",
      paramLabel = "N",
      description = "Most gigabytes of blocks moved in a calendar month, to and fro.")
  private long gigabytes = Long.MAX_VALUE / GIGABYTE;

  /** An open bucket and what it may cost. */
  record Lent(BucketShelf shelf, Bucket bucket, Budget budget) {}

  boolean isChosen() {
    return bucket != null;
  }

  /**
   * Opens the bucket, and makes sure that it can be relied on.
   *
   * @param folder where the agent keeps what it must remember
   */
  Lent open(Path folder, Map<String, String> environment) throws DonorException {
    BucketAddress address = address(folder);
    Bucket opened = new Bucket(address, key(environment));
    try {
      opened.probe(new JvmEntropy().bytes(PROBE));
      Budget budget =
          new Budget(
              Clock.systemUTC(),
              requests,
              Math.multiplyExact(gigabytes, GIGABYTE),
              new SpentFile(folder.resolve("spent")));
      return new Lent(new BucketShelf(opened, budget), opened, budget);
    } catch (BucketException e) {
      opened.close();
      throw new DonorException(ExitCode.USAGE, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      opened.close();
      throw new DonorException(ExitCode.FAILED, folder + " can't be used: " + e.getMessage());
    }
  }

  private BucketAddress address(Path folder) throws DonorException {
    Optional<BucketAddress> address =
        BucketAddress.parse(
            String.valueOf(bucket),
            Optional.ofNullable(endpoint),
            region,
            endpoint != null && !virtualHost);
    if (address.isEmpty()) {
      throw new DonorException(ExitCode.USAGE, "no bucket: " + bucket + "; as s3://bucket/prefix");
    }
    if (endpoint != null && !isWeb(endpoint)) {
      throw new DonorException(
          ExitCode.USAGE, "--endpoint is http(s)://host, without a name in it");
    }
    return address.get().below(storeId(folder, address.get()));
  }

  // A name in it would be a key on the command line.
  private static boolean isWeb(URI url) {
    return ("https".equals(url.getScheme()) || "http".equals(url.getScheme()))
        && url.getHost() != null
        && url.getUserInfo() == null;
  }

  private static BucketKey key(Map<String, String> environment) throws DonorException {
    String id = environment.get(KEY_ID);
    String secret = environment.get(SECRET);
    if (id == null || secret == null || id.isBlank() || secret.isBlank()) {
      throw new DonorException(
          ExitCode.USAGE, "no key: set " + KEY_ID + " and " + SECRET + " in the environment");
    }
    return new BucketKey(id.strip(), secret.strip());
  }

  /**
   * What this donor's objects are below, so that two donors with one prefix leave each other's
   * alone. The folder remembers it together with the bucket.
   */
  private static String storeId(Path folder, BucketAddress address) throws DonorException {
    Path file = folder.resolve("bucket");
    try {
      if (!Files.exists(file)) {
        String id = Bytes.wrap(new JvmEntropy().bytes(ID_LENGTH).toArray()).hex();
        Files.write(file, List.of(address.toString(), id));
        return id;
      }
      List<String> lines = Files.readAllLines(file);
      if (lines.size() != 2 || !lines.getFirst().equals(address.toString())) {
        throw new DonorException(
            ExitCode.USAGE,
            folder + " belongs to " + lines.getFirst() + "; take another --dir for " + address);
      }
      return lines.get(1);
    } catch (IOException e) {
      throw new DonorException(ExitCode.FAILED, file + " can't be used: " + e.getMessage());
    }
  }
}
