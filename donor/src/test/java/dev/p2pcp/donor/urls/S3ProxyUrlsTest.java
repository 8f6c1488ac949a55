package dev.p2pcp.donor.urls;

import dev.p2pcp.donor.bucket.BucketServer;
import java.io.IOException;
import java.nio.file.Files;

class S3ProxyUrlsTest extends SignedUrlsContract {
  S3ProxyUrlsTest() throws IOException {
    super(BucketServer.start(BucketServer.Kind.S3PROXY, Files.createTempDirectory("urls")));
  }

  @Override
  boolean checksSignatures() {
    return true;
  }

  @Override
  boolean checksChecksums() {
    return true;
  }
}
