package dev.p2pcp.donor.urls;

import dev.p2pcp.donor.bucket.BucketServer;
import java.io.IOException;
import java.nio.file.Files;

class S3MockUrlsTest extends SignedUrlsContract {
  S3MockUrlsTest() throws IOException {
    super(BucketServer.start(BucketServer.Kind.S3MOCK, Files.createTempDirectory("urls")));
  }

  @Override
  boolean checksSignatures() {
    return false;
  }

  @Override
  boolean checksChecksums() {
    return true;
  }
}
