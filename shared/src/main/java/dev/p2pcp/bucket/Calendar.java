package dev.p2pcp.bucket;

/** Dates as signatures and budgets write them, without the class library's calendar. */
public final class Calendar {
  private static final long SECOND = 1_000;
  private static final long DAY = 86_400;

  private Calendar() {}

  /** A moment as {@code 20260131T235959Z}. */
  public static String stamp(long millis) {
    long seconds = Math.floorDiv(millis, SECOND);
    long days = Math.floorDiv(seconds, DAY);
    int second = (int) Math.floorMod(seconds, DAY);
    // Days to a date of the Gregorian calendar by eras of 400 years that begin in March
    // (H. Hinnant, "chrono-compatible low-level date algorithms").
    long shifted = days + 719_468;
    long era = Math.floorDiv(shifted, 146_097L);
    int ofEra = (int) (shifted - era * 146_097);
    int yearOfEra = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365;
    int ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    int march = (5 * ofYear + 2) / 153;
    int day = ofYear - (153 * march + 2) / 5 + 1;
    int month = march < 10 ? march + 3 : march - 9;
    long year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0);
    return (year * 10_000 + month * 100L + day)
        + "T"
        + two(second / 3_600)
        + two(second / 60 % 60)
        + two(second % 60)
        + "Z";
  }

  private static String two(int number) {
    return number < 10 ? "0" + number : "" + number;
  }
}
