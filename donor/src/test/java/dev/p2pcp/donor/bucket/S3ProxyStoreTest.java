package dev.p2pcp.donor.bucket;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class S3ProxyStoreTest extends BucketStoreContract {
  @BeforeAll
  static void start(@TempDir Path home) throws IOException {
    server = BucketServer.start(BucketServer.Kind.S3PROXY, home);
  }
}
