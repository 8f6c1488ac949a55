package dev.p2pcp.donor.bucket;

import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** What can be wrong with a bucket, each with what a person does about it. */
public enum Trouble {
  WRONG_KEY("the access key is not known there; check the key id"),
  WRONG_SECRET("the secret key does not fit the key id; copy both again"),
  DENIED("the key may not do that; it needs s3:GetObject, PutObject, DeleteObject and ListBucket"),
  WRONG_REGION("the bucket is in another region; give it by --region"),
  NO_BUCKET("there is no such bucket at that endpoint; check its name and the endpoint"),
  CLOCK_SKEW("the clock of this machine is wrong; set it, and try again"),
  THROTTLED("the store asks to slow down; it is tried again later"),
  FULL("the bucket, or what its owner may store, is full"),
  UNREACHABLE("the endpoint can't be reached; check its address and the network"),
  NOT_THERE("the object is not there"),
  OTHER("the store refused");

  private static final int MOVED = 301;
  private static final int DENIED_STATUS = 403;
  private static final int MISSING = 404;
  private static final int TOO_MANY = 429;
  private static final int UNAVAILABLE = 503;
  private static final int NO_ROOM = 507;

  private static final Set<String> FULL_CODES =
      Set.of("QuotaExceeded", "InsufficientStorage", "XMinioStorageFull", "StorageFull");
  private static final Set<String> SLOW_CODES =
      Set.of("SlowDown", "RequestLimitExceeded", "TooManyRequests", "ThrottlingException");
  private static final Set<String> REGION_CODES =
      Set.of(
          "PermanentRedirect",
          "AuthorizationHeaderMalformed",
          "IllegalLocationConstraintException");

  private final String advice;

  Trouble(String advice) {
    this.advice = advice;
  }

  /** What a person reads. */
  public String advice() {
    return advice;
  }

  /** What an answer of the store, or its silence, means. */
  static Trouble of(SdkException failure) {
    if (!(failure instanceof AwsServiceException service)) {
      return hasIoCause(failure) ? UNREACHABLE : OTHER;
    }
    AwsErrorDetails details = service.awsErrorDetails();
    String code = details == null || details.errorCode() == null ? "" : details.errorCode();
    Trouble known = byCode(code);
    return known == OTHER ? byStatus(service.statusCode()) : known;
  }

  private static Trouble byCode(String code) {
    if (FULL_CODES.contains(code)) {
      return FULL;
    }
    if (SLOW_CODES.contains(code)) {
      return THROTTLED;
    }
    if (REGION_CODES.contains(code)) {
      return WRONG_REGION;
    }
    return switch (code) {
      case "InvalidAccessKeyId" -> WRONG_KEY;
      case "SignatureDoesNotMatch" -> WRONG_SECRET;
      case "RequestTimeTooSkewed", "RequestExpired" -> CLOCK_SKEW;
      case "NoSuchBucket" -> NO_BUCKET;
      case "NoSuchKey" -> NOT_THERE;
      case "AccessDenied", "AllAccessDisabled" -> DENIED;
      default -> OTHER;
    };
  }

  private static Trouble byStatus(int status) {
    return switch (status) {
      case MOVED -> WRONG_REGION;
      case DENIED_STATUS -> DENIED;
      case MISSING -> NOT_THERE;
      case TOO_MANY, UNAVAILABLE -> THROTTLED;
      case NO_ROOM -> FULL;
      default -> OTHER;
    };
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
  String message(URI endpoint, String what) {
    return what
        + " at "
        + endpoint.getHost()
        + ": "
        + advice
        + " ("
        + name().toLowerCase(Locale.ROOT)
        + ")";
  }
}
