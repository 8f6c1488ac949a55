package dev.p2pcp.load;

import com.microsoft.playwright.Page;
import dev.p2pcp.load.baseline.PlainRelay;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** What two pages exchange with nothing of ours in between; rates are medians of the rounds. */
final class RawPages {
  private final Page sender;
  private final Page receiver;
  private final int bytes;
  private final int rounds;

  RawPages(Page sender, Page receiver, int bytes, int rounds) {
    this.sender = sender;
    this.receiver = receiver;
    this.bytes = bytes;
    this.rounds = rounds;
  }

  /** Megabytes a second over a data channel. */
  double channel() throws IOException {
    load("raw-channel.js");
    Object offer = sender.evaluate("() => raw.offer()");
    Object answer = receiver.evaluate("theirs => raw.answer(theirs)", offer);
    sender.evaluate("theirs => raw.accept(theirs)", answer);
    double rate = rate("channel");
    sender.evaluate("() => raw.close()");
    return rate;
  }

  /** Megabytes a second through a relay of WebSocket messages. */
  double relay() throws IOException {
    try (MeasuredProcess relay = MeasuredProcess.ours(MeasuredProcess.ANY_CORE, PlainRelay.class)) {
      String port = relay.line(PlainRelay.READY).substring(PlainRelay.READY.length());
      load("raw-socket.js");
      String address = "ws://127.0.0.1:" + port;
      sender.evaluate("address => raw.open(address)", address + "/from");
      receiver.evaluate("address => raw.open(address)", address + "/to");
      double rate = rate("relay");
      sender.evaluate("() => raw.close()");
      return rate;
    }
  }

  private void load(String script) throws IOException {
    for (Page page : List.of(sender, receiver)) {
      page.evaluate(
          "async source => { globalThis.raw = await import(URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))); }",
          source(script));
    }
  }

  /** After one round to warm up. */
  private double rate(String name) {
    double[] rates = new double[rounds];
    for (int round = -1; round < rounds; round++) {
      receiver.evaluate(
          "bytes => { const began = performance.now(); globalThis.got = raw.receive(bytes).then(() => performance.now() - began); }",
          bytes);
      sender.evaluate("bytes => raw.send(bytes)", bytes);
      double millis = ((Number) receiver.evaluate("() => got")).doubleValue();
      System.out.printf(Locale.ROOT, "raw %s: %.1f MB/s%n", name, bytes / 1e3 / millis);
      if (round >= 0) {
        rates[round] = bytes / 1e3 / millis;
      }
    }
    return StoreBench.median(rates);
  }

  private static String source(String script) throws IOException {
    try (InputStream in = RawPages.class.getResourceAsStream("/bench/" + script)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
