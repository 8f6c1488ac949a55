package dev.p2pcp.server.http;

import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.server.tunnel.RefusedException;
import dev.p2pcp.wire.Refusal;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Says by problem+json (RFC 9457) what was refused: a status, the refusal's name as {@code code},
 * and its figures.
 */
@RestControllerAdvice
class Problems {
  private record Meaning(HttpStatus status, String name) {}

  private static final Meaning UNKNOWN = new Meaning(HttpStatus.BAD_GATEWAY, "unknown");

  private static final Map<Integer, Meaning> MEANINGS =
      Map.ofEntries(
          entry(Refusal.MALFORMED, HttpStatus.BAD_REQUEST, "malformed"),
          entry(Refusal.UNSUPPORTED_VERSION, HttpStatus.BAD_REQUEST, "unsupported-version"),
          entry(Refusal.BAD_SIGNATURE, HttpStatus.FORBIDDEN, "bad-signature"),
          entry(Refusal.EXPIRED, HttpStatus.FORBIDDEN, "expired"),
          entry(Refusal.OVER_LIMIT, HttpStatus.TOO_MANY_REQUESTS, "over-limit"),
          entry(Refusal.OUT_OF_ORDER, HttpStatus.BAD_GATEWAY, "out-of-order"),
          entry(Refusal.NOT_FOUND, HttpStatus.NOT_FOUND, "not-found"),
          entry(Refusal.OVER_ALLOWANCE, HttpStatus.FORBIDDEN, "over-allowance"),
          entry(Refusal.NO_HOLDERS, HttpStatus.SERVICE_UNAVAILABLE, "no-holders"),
          entry(Refusal.TICKET_REQUIRED, HttpStatus.FORBIDDEN, "ticket-required"),
          entry(Refusal.TICKET_INVALID, HttpStatus.FORBIDDEN, "ticket-invalid"),
          entry(Refusal.TICKET_SPENT, HttpStatus.CONFLICT, "ticket-spent"),
          entry(Refusal.FULL, HttpStatus.INSUFFICIENT_STORAGE, "full"),
          entry(Refusal.STALE_VERSION, HttpStatus.CONFLICT, "stale-version"),
          entry(Refusal.UNKNOWN_PEER, HttpStatus.NOT_FOUND, "unknown-peer"),
          entry(Refusal.BUSY, HttpStatus.SERVICE_UNAVAILABLE, "busy"),
          entry(Refusal.NOT_YOURS, HttpStatus.FORBIDDEN, "not-yours"),
          entry(Refusal.TOO_SLOW, HttpStatus.GATEWAY_TIMEOUT, "too-slow"),
          entry(Refusal.DRAINING, HttpStatus.SERVICE_UNAVAILABLE, "draining"),
          entry(Refusal.INTERNAL, HttpStatus.BAD_GATEWAY, "internal"),
          entry(Refusal.REPLACED, HttpStatus.SERVICE_UNAVAILABLE, "replaced"));

  @ExceptionHandler
  ResponseEntity<ProblemDetail> refused(RefusedException refused) {
    Refusal refusal = refused.refusal();
    Meaning meaning = MEANINGS.getOrDefault(refusal.code(), UNKNOWN);
    ProblemDetail problem = ProblemDetail.forStatusAndDetail(meaning.status, refusal.text());
    problem.setProperty("code", meaning.name);
    if (!refusal.figures().isEmpty()) {
      problem.setProperty("figures", refusal.figures());
    }
    return ResponseEntity.of(problem).build();
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> malformed(MalformedFrameException malformed) {
    return refused(
        new RefusedException(Refusal.of(Refusal.MALFORMED, "" + malformed.getMessage())));
  }

  private static Map.Entry<Integer, Meaning> entry(int code, HttpStatus status, String name) {
    return Map.entry(code, new Meaning(status, name));
  }
}
