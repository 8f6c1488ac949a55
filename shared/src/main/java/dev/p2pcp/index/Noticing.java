package dev.p2pcp.index;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.BlockVerifier;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps short signed blocks for a week, so that who is away can still be read where his bucket is.
 * A server looks at who signed them and never at what they say.
 */
final class Noticing {
  /** How long a notice is kept after the time in it, in milliseconds. */
  static final long LIFE = 7L * 24 * 60 * 60_000;

  /** How far ahead the time in it may be, in milliseconds. */
  static final long SKEW = 5 * 60_000;

  /** Storage keys under which one account may post. */
  static final int PER_ACCOUNT = 4;

  /** Accounts of which that is remembered by one member. */
  private static final int ACCOUNTS = 20_000;

  private final Locations locations;
  private final Signing signing;
  private final Clock clock;
  private final Map<AccountId, Map<StorageKey, Long>> posted = new LinkedHashMap<>();

  Noticing(Locations locations, Signing signing, Clock clock) {
    this.locations = locations;
    this.signing = signing;
    this.clock = clock;
  }

  SessionFrame.Answer find(SessionFrame.Notice request) {
    return new SessionFrame.NoticeFound(
        request.id(), locations.notice(request.key()).orElse(Bytes.EMPTY));
  }

  /** Why it is not kept; empty if it is. */
  Optional<Refusal> post(AccountId account, Bytes encoded) {
    if (!(decoded(encoded) instanceof Block.Signed block)) {
      return Optional.of(Refusal.of(Refusal.BAD_SIGNATURE, "no signed block"));
    }
    long now = clock.now();
    if (block.time() > now + SKEW || block.time() + LIFE <= now) {
      return Optional.of(Refusal.of(Refusal.EXPIRED, "notice is out of its time"));
    }
    StorageKey key = block.storageKey();
    if (!mayPost(account, key, now)) {
      return Optional.of(Refusal.of(Refusal.OVER_LIMIT, "notices", PER_ACCOUNT, PER_ACCOUNT + 1L));
    }
    boolean genuine =
        signing.check(
            crypto ->
                new BlockVerifier(crypto).verify(key, encoded) instanceof BlockVerifier.Genuine);
    if (!genuine) {
      return Optional.of(Refusal.of(Refusal.BAD_SIGNATURE, "notice is forged"));
    }
    Optional<Bytes> known = locations.notice(key);
    if (known.isPresent()
        && decoded(known.get()) instanceof Block.Signed before
        && !block.replaces(before)) {
      return known.get().equals(encoded)
          ? Optional.empty()
          : Optional.of(Refusal.of(Refusal.STALE_VERSION, "notice", before.version()));
    }
    locations.post(key, encoded, block.time() + LIFE - now);
    return Optional.empty();
  }

  private static Block decoded(Bytes encoded) {
    try {
      return Block.decode(encoded);
    } catch (MalformedFrameException e) {
      return Block.Content.of(Bytes.EMPTY);
    }
  }

  private synchronized boolean mayPost(AccountId account, StorageKey key, long now) {
    Map<StorageKey, Long> keys = posted.remove(account);
    if (keys == null) {
      keys = new HashMap<>();
    }
    keys.values().removeIf(until -> until < now);
    boolean may = keys.containsKey(key) || keys.size() < PER_ACCOUNT;
    if (may) {
      keys.put(key, now + LIFE);
    }
    posted.put(account, keys);
    if (posted.size() > ACCOUNTS) {
      posted.remove(posted.keySet().iterator().next());
    }
    return may;
  }
}
