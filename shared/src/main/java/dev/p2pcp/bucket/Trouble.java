package dev.p2pcp.bucket;

/** What can be wrong with a bucket. What a person does about each is said where it is shown. */
public enum Trouble {
  WRONG_KEY,
  WRONG_SECRET,
  DENIED,
  WRONG_REGION,
  NO_BUCKET,
  CLOCK_SKEW,
  THROTTLED,
  FULL,
  UNREACHABLE,
  NOT_THERE,
  OTHER;

  private static final int MOVED = 301;
  private static final int DENIED_STATUS = 403;
  private static final int TOO_MANY = 429;
  private static final int UNAVAILABLE = 503;
  private static final int NO_ROOM = 507;

  /**
   * What a refusal means by the code in it, which may be empty, and its status. That nothing is
   * there only the store itself can say: a 404 without its code is that of something in between.
   */
  public static Trouble of(String code, int status) {
    Trouble known = byCode(code);
    return known == OTHER ? byStatus(status) : known;
  }

  private static Trouble byCode(String code) {
    return switch (code) {
      case "QuotaExceeded", "InsufficientStorage", "XMinioStorageFull", "StorageFull" -> FULL;
      case "SlowDown", "RequestLimitExceeded", "TooManyRequests", "ThrottlingException" ->
          THROTTLED;
      case "PermanentRedirect",
          "AuthorizationHeaderMalformed",
          "AuthorizationQueryParametersError",
          "IllegalLocationConstraintException" ->
          WRONG_REGION;
      case "InvalidAccessKeyId" -> WRONG_KEY;
      case "SignatureDoesNotMatch" -> WRONG_SECRET;
      case "AccessDenied", "AllAccessDisabled", "AccountProblem" -> DENIED;
      case "NoSuchBucket", "InvalidBucketName" -> NO_BUCKET;
      case "RequestTimeTooSkewed", "RequestExpired" -> CLOCK_SKEW;
      case "NoSuchKey" -> NOT_THERE;
      default -> OTHER;
    };
  }

  private static Trouble byStatus(int status) {
    return switch (status) {
      case DENIED_STATUS -> DENIED;
      case MOVED -> WRONG_REGION;
      case TOO_MANY, UNAVAILABLE -> THROTTLED;
      case NO_ROOM -> FULL;
      default -> OTHER;
    };
  }
}
