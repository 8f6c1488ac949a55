package dev.p2pcp.donor.bucket;

import dev.p2pcp.bucket.BucketAccess;
import dev.p2pcp.bucket.Trouble;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.Origin;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A bucket: objects by their names below its prefix. Counts what it asks for. */
public final class Bucket implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ATTEMPT = Duration.ofSeconds(20);
  private static final Duration CALL = Duration.ofSeconds(45);
  private static final int ATTEMPTS = 3;
  private static final URI AMAZON = URI.create("https://amazonaws.com");

  /** How long a URL for one reader is good, in seconds. */
  private static final int READING = 600;

  private final S3Client client;
  private final BucketKey key;
  private final BucketAddress address;
  private final LongAdder puts = new LongAdder();
  private final LongAdder gets = new LongAdder();
  private final LongAdder deletes = new LongAdder();
  private final LongAdder lists = new LongAdder();
  private final LongAdder bytesIn = new LongAdder();
  private final LongAdder bytesOut = new LongAdder();

  public Bucket(BucketAddress address, BucketKey key) {
    this.address = address;
    this.key = key;
    S3ClientBuilder builder =
        S3Client.builder()
            .region(Region.of(address.region()))
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(key.id(), key.secret())))
            .forcePathStyle(address.pathStyle())
            // Else stores that speak S3 but are not Amazon's refuse what they do not know.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .httpClientBuilder(
                UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(ATTEMPT))
            .overrideConfiguration(
                settings ->
                    settings
                        .apiCallTimeout(CALL)
                        .apiCallAttemptTimeout(ATTEMPT)
                        .retryStrategy(
                            DefaultRetryStrategy.standardStrategyBuilder()
                                .maxAttempts(ATTEMPTS)
                                .build()));
    address.endpoint().ifPresent(builder::endpointOverride);
    client = builder.build();
  }

  /** An object: its name without the prefix, and its bytes. */
  public record Found(String name, long size) {}

  /** What was asked for since the start. */
  public record Traffic(
      long puts, long gets, long deletes, long lists, long bytesIn, long bytesOut) {}

  public Traffic traffic() {
    return new Traffic(
        puts.sum(), gets.sum(), deletes.sum(), lists.sum(), bytesIn.sum(), bytesOut.sum());
  }

  /** Stores an object; it lasts when this returns. */
  public void put(String name, Bytes content) throws BucketException {
    puts.increment();
    bytesIn.add(content.length());
    asking(
        "storing",
        () ->
            client.putObject(
                request -> request.bucket(address.bucket()).key(address.prefix() + name),
                RequestBody.fromBytes(content.unsafeArray())));
  }

  /**
   * Reads an object; of one that is longer than expected only the first byte too many.
   *
   * @throws BucketException with {@code NOT_THERE} if there is none
   */
  public Bytes get(String name, int length) throws BucketException {
    gets.increment();
    ResponseInputStream<GetObjectResponse> body =
        asking(
            "reading",
            () ->
                client.getObject(
                    request -> request.bucket(address.bucket()).key(address.prefix() + name)));
    try {
      byte[] read = body.readNBytes(length + 1);
      bytesOut.add(read.length);
      if (read.length > length) {
        body.abort();
      } else {
        body.close();
      }
      return Bytes.wrap(read);
    } catch (IOException | SdkException e) {
      body.abort();
      throw failed(Trouble.UNREACHABLE, "reading");
    }
  }

  /**
   * A URL by which anybody can read an object for some minutes; none where only a home or office
   * network can reach the bucket.
   */
  Optional<String> link(String name) {
    String origin =
        address
            .endpoint()
            .map(endpoint -> endpoint.getScheme() + "://" + endpoint.getAuthority())
            .orElse("https://s3." + address.region() + ".amazonaws.com");
    if (!Origin.isCanonical(origin) || Origin.isLocal(origin)) {
      return Optional.empty();
    }
    BucketAccess access =
        new BucketAccess(
            origin,
            address.region(),
            address.bucket(),
            address.prefix(),
            address.pathStyle(),
            key.id(),
            key.secret());
    return Optional.of(
        access.sign("GET", name, List.of(), System.currentTimeMillis(), READING).text());
  }

  /** Removes an object if it is there. */
  public void delete(String name) throws BucketException {
    deletes.increment();
    asking(
        "removing",
        () ->
            client.deleteObject(
                request -> request.bucket(address.bucket()).key(address.prefix() + name)));
  }

  /** A page of the objects, in the order of their names. */
  public record Page(List<Found> objects, @Nullable String next) {}

  /** At most a thousand objects, from where the page before said. */
  public Page list(@Nullable String from) throws BucketException {
    lists.increment();
    ListObjectsV2Response listed =
        asking(
            "listing",
            () ->
                client.listObjectsV2(
                    request ->
                        request
                            .bucket(address.bucket())
                            .prefix(address.prefix())
                            .continuationToken(from)));
    List<Found> objects = new ArrayList<>();
    for (S3Object object : listed.contents()) {
      if (object.key().startsWith(address.prefix())) {
        objects.add(new Found(object.key().substring(address.prefix().length()), object.size()));
      }
    }
    boolean more = Boolean.TRUE.equals(listed.isTruncated());
    return new Page(objects, more ? listed.nextContinuationToken() : null);
  }

  /**
   * Writes, reads, lists and removes an object, so that whatever is wrong is known before anybody
   * relies on the bucket.
   */
  public void probe(Bytes content) throws BucketException {
    String name = "probe";
    try {
      put(name, content);
    } catch (BucketException e) {
      throw e.trouble() == Trouble.UNREACHABLE ? answered(name, e) : e;
    }
    if (!get(name, content.length()).equals(content)) {
      throw new BucketException(
          Trouble.OTHER, "the bucket gives back something else than was stored");
    }
    Page _ = list(null);
    delete(name);
  }

  /**
   * A store that refuses before it has read all may close the connection, by which its answer is
   * lost. It says the same of a request without a body.
   */
  private BucketException answered(String name, BucketException lost) {
    try {
      get(name, 0);
      return lost;
    } catch (BucketException e) {
      return e.trouble() == Trouble.NOT_THERE ? lost : e;
    }
  }

  @Override
  public void close() {
    client.close();
  }

  /** A request. */
  private interface Request<T> {
    T ask();
  }

  private <T> T asking(String what, Request<T> request) throws BucketException {
    try {
      return request.ask();
    } catch (SdkException e) {
      throw failed(Advice.meaning(e), what);
    }
  }

  private BucketException failed(Trouble trouble, String what) {
    return new BucketException(
        trouble, Advice.message(trouble, address.endpoint().orElse(AMAZON), what));
  }
}
