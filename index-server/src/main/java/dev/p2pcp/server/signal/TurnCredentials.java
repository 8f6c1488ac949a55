package dev.p2pcp.server.signal;

import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.wire.IceServer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Credentials that a TURN server checks by a secret that it shares with this one, and that end by
 * themselves: the REST convention of draft-uberti-behave-turn-rest, which coturn calls {@code
 * use-auth-secret}. The user name is {@code seconds since 1970 ":" pseudonym}, the password is
 * base64(HMAC-SHA1(secret, user name)).
 */
final class TurnCredentials {
  private static final String HMAC = "HmacSHA1";

  /** Bytes of a pseudonym: enough that two agents have different ones, too few to search for. */
  private static final int PSEUDONYM = 9;

  private final IceSettings settings;

  TurnCredentials(IceSettings settings) {
    this.settings = settings;
  }

  /** What an agent is told at that moment, in milliseconds since 1970. */
  List<IceServer> serversFor(PeerId peer, long now) {
    List<IceServer> servers = new ArrayList<>();
    if (!settings.stun().isEmpty()) {
      servers.add(new IceServer(settings.stun(), "", ""));
    }
    if (!settings.turn().isEmpty()) {
      long until = (now + settings.lifetime().toMillis()) / 1_000;
      String username = until + ":" + pseudonym(peer);
      servers.add(new IceServer(settings.turn(), username, password(username)));
    }
    return servers;
  }

  /** The TURN server can tell one agent's use from another's, and no more. */
  private String pseudonym(PeerId peer) {
    Bytes secret = Bytes.utf8(settings.secret());
    Bytes input =
        new ByteWriter()
            .bytes16(Bytes.utf8("p2pcp/turn/pseudonym"))
            .bytes16(secret)
            .bytes(peer.bytes())
            .toBytes();
    return Sha256.hash(input).bytes().slice(0, PSEUDONYM).base64Url();
  }

  private String password(String username) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(settings.secret().getBytes(StandardCharsets.UTF_8), HMAC));
      return Base64.getEncoder()
          .encodeToString(mac.doFinal(username.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every platform has " + HMAC, e);
    }
  }
}
