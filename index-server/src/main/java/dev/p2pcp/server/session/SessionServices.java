package dev.p2pcp.server.session;

import dev.p2pcp.platform.Clock;
import dev.p2pcp.server.admission.RateLimits;
import dev.p2pcp.server.signal.Signals;
import dev.p2pcp.server.tunnel.Tunnels;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/** What every session needs. */
@Component
class SessionServices {
  private final Login login;
  private final RequestService requests;
  private final Tunnels tunnels;
  private final Signals signals;
  private final RateLimits rates;
  private final Clock clock;
  private final MeterRegistry meters;

  SessionServices(
      Login login,
      RequestService requests,
      Tunnels tunnels,
      Signals signals,
      RateLimits rates,
      Clock clock,
      MeterRegistry meters) {
    this.login = login;
    this.requests = requests;
    this.tunnels = tunnels;
    this.signals = signals;
    this.rates = rates;
    this.clock = clock;
    this.meters = meters;
  }

  Login login() {
    return login;
  }

  RequestService requests() {
    return requests;
  }

  Tunnels tunnels() {
    return tunnels;
  }

  Signals signals() {
    return signals;
  }

  RateLimits rates() {
    return rates;
  }

  Clock clock() {
    return clock;
  }

  /** Counts a refusal; codes are few and ours, so they may be a label. */
  void refused(int code) {
    Counter.builder("p2pcp.refused")
        .description("Requests refused and sessions ended, by refusal code")
        .tag("code", Integer.toString(code))
        .register(meters)
        .increment();
  }
}
