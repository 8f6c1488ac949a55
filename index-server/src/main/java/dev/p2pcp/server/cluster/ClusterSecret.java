package dev.p2pcp.server.cluster;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.platform.Entropy;
import org.springframework.stereotype.Component;

/**
 * What the members of this cluster alone know: the key that signs tickets, the secret under which
 * storage keys are hashed, the name under which members meet. All of it comes from the secret that
 * the operator has set; where there is none, from one made anew at each start and never stored.
 */
@Component
public class ClusterSecret {
  /**
   * Of all that members say to each other and keep for each other. Members of different versions
   * are different clusters, so it is raised with each change of those, and of Hazelcast's version.
   */
  static final int VERSION = 1;

  private static final int LENGTH = 32;

  private final Crypto.DerivationKey root;
  private final Bytes bytes;
  private final Crypto.SigningKey tickets;

  ClusterSecret(ClusterSettings settings, Entropy entropy, Crypto crypto) {
    Bytes secret =
        settings.secret().isEmpty() ? entropy.bytes(LENGTH) : Bytes.utf8(settings.secret());
    this.root = crypto.derivationKey(secret);
    this.bytes = derive("p2pcp/cluster/fingerprints");
    this.tickets = crypto.signingKey(derive("p2pcp/cluster/tickets"));
  }

  /** 32 bytes for keyed hashes. */
  public Bytes bytes() {
    return bytes;
  }

  /** 32 bytes for one further purpose, which has that label and no other has. */
  public final Bytes derive(String label) {
    return root.derive(label, Bytes.EMPTY, LENGTH);
  }

  /** Signs tickets; its public key is what agents know the cluster by. */
  public Crypto.SigningKey tickets() {
    return tickets;
  }

  /**
   * The name of the cluster of members of that version. Who does not name it is not let in; from it
   * nothing else can be computed.
   */
  String clusterName(int version) {
    return "p2pcp-" + derive("p2pcp/cluster/name/" + version).base64Url();
  }

  /** By which members prove to each other that they know the secret and are of that version. */
  Bytes memberKey(int version) {
    return derive("p2pcp/cluster/members/" + version);
  }
}
