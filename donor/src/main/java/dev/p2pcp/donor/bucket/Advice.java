package dev.p2pcp.donor.bucket;

import dev.p2pcp.bucket.Trouble;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** What a person does about each trouble with a bucket, on a command line. */
final class Advice {
  private Advice() {}

  /** What a person reads. */
  static String on(Trouble trouble) {
    return switch (trouble) {
      case WRONG_KEY -> "the access key is not known there; check the key id";
      case WRONG_SECRET -> "the secret key does not fit the key id; copy both again";
      case DENIED ->
          "the key may not do that; it needs s3:GetObject, PutObject, DeleteObject and ListBucket";
      case WRONG_REGION -> "the bucket is in another region; give it by --region";
      case NO_BUCKET -> "there is no such bucket at that endpoint; check its name and the endpoint";
      case CLOCK_SKEW -> "the clock of this machine is wrong; set it, and try again";
      case THROTTLED -> "the store asks to slow down; it is tried again later";
      case FULL -> "the bucket, or what its owner may store, is full";
      case UNREACHABLE -> "the endpoint can't be reached; check its address and the network";
      case NOT_THERE -> "the object is not there";
      case OTHER -> "the store refused";
    };
  }

  /** What an answer of the store, or its silence, means. */
  static Trouble meaning(SdkException failure) {
    if (!(failure instanceof AwsServiceException service)) {
      return hasIoCause(failure) ? Trouble.UNREACHABLE : Trouble.OTHER;
    }
    AwsErrorDetails details = service.awsErrorDetails();
    String code = details == null || details.errorCode() == null ? "" : details.errorCode();
    return Trouble.of(code, service.statusCode());
  }

  private static boolean hasIoCause(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException) {
        return true;
      }
    }
    return false;
  }

  /** A message without anything that the store's own message may hold, such as keys. */
  static String message(Trouble trouble, URI endpoint, String what) {
    return what
        + " at "
        + endpoint.getHost()
        + ": "
        + on(trouble)
        + " ("
        + trouble.name().toLowerCase(Locale.ROOT)
        + ")";
  }
}
