package dev.p2pcp.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Crypto.SealingKey;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.SealBrokenException;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.testing.Seeded;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyRingTest {
  private static final Crypto CRYPTO = new JvmCrypto();
  private static final Path NOTES = new Path("/notes");
  private static final Bytes NONCE = Bytes.wrap(new byte[SealingKey.NONCE_LENGTH]);

  private final KeyRing alice = ring(1);
  private final KeyRing bob = ring(2);
  private final KeyRing carol = ring(3);

  @Test
  void the_same_phrase_gives_the_same_keys() {
    KeyRing again = ring(1);
    assertThat(again.did()).isEqualTo(alice.did());
    assertThat(again.account()).isEqualTo(alice.account());
    assertThat(again.privateAt(NOTES).key()).isEqualTo(alice.privateAt(NOTES).key());
    assertThat(bob.did()).isNotEqualTo(alice.did());
  }

  @Test
  void all_public_keys_of_a_person_differ() throws SealBrokenException {
    Set<Bytes> keys = new HashSet<>();
    keys.add(alice.identity().publicKey().bytes());
    keys.add(alice.vault().publicKey().bytes());
    keys.add(alice.agreement().publicKey().bytes());
    keys.add(alice.privateAt(NOTES).writeKey().publicKey().bytes());
    keys.add(alice.privateAt(new Path("/notes/")).writeKey().publicKey().bytes());
    keys.add(alice.sharedWith(bob.agreement().publicKey(), NOTES).writeKey().publicKey().bytes());
    assertThat(keys).hasSize(6);
  }

  @Test
  void anybody_finds_a_public_item_by_the_identity() {
    Place place = alice.publicAt(new Path("/profile"));
    PublicKey identity = alice.identity().publicKey();
    assertThat(KeyRing.publicKeyOf(identity, new Path("/profile"))).isEqualTo(place.key());
    assertThat(KeyRing.publicKeyOf(identity, NOTES)).isNotEqualTo(place.key());
    assertThat(place.writeKey().publicKey()).isEqualTo(identity);
    assertThat(place.seal()).isEmpty();
  }

  @Test
  void a_private_item_is_where_the_identity_does_not_lead() {
    Place place = alice.privateAt(NOTES);
    assertThat(place.key()).isNotEqualTo(KeyRing.publicKeyOf(alice.identity().publicKey(), NOTES));
    assertThat(place.key()).isNotEqualTo(KeyRing.publicKeyOf(alice.vault().publicKey(), NOTES));
    assertThat(place.pathHash()).isEqualTo(NOTES.hash());
  }

  @Test
  void paths_do_not_share_their_seals() {
    Bytes sealed = seal(alice.privateAt(NOTES)).seal(NONCE, Bytes.EMPTY, Bytes.utf8("note"));
    SealingKey other = seal(alice.privateAt(new Path("/notes/1")));
    assertThatExceptionOfType(SealBrokenException.class)
        .isThrownBy(() -> other.open(NONCE, Bytes.EMPTY, sealed));
  }

  @Test
  void two_people_meet_at_one_place_and_a_third_does_not() throws SealBrokenException {
    Place ofAlice = alice.sharedWith(bob.agreement().publicKey(), NOTES);
    Place ofBob = bob.sharedWith(alice.agreement().publicKey(), NOTES);
    assertThat(ofBob.key()).isEqualTo(ofAlice.key());
    Bytes sealed = seal(ofAlice).seal(NONCE, Bytes.EMPTY, Bytes.utf8("hello"));
    assertThat(seal(ofBob).open(NONCE, Bytes.EMPTY, sealed)).isEqualTo(Bytes.utf8("hello"));
    Place ofCarol = carol.sharedWith(alice.agreement().publicKey(), NOTES);
    assertThat(ofCarol.key()).isNotEqualTo(ofAlice.key());
    assertThat(alice.sharedWith(bob.agreement().publicKey(), new Path("/other")).key())
        .isNotEqualTo(ofAlice.key());
  }

  @Test
  void nothing_is_shared_with_a_key_of_low_order() {
    PublicKey zero = new PublicKey(Bytes.wrap(new byte[PublicKey.LENGTH]));
    assertThatExceptionOfType(SealBrokenException.class)
        .isThrownBy(() -> alice.sharedWith(zero, NOTES));
  }

  @Test
  void paths_begin_with_a_slash_and_have_an_end() throws MalformedFrameException {
    assertThat(Path.parse("/").text()).isEqualTo("/");
    assertThat(Path.parse("/" + "x".repeat(511)).utf8().length()).isEqualTo(Path.MAX_BYTES);
    assertThat(Path.parse("/" + "ü".repeat(255)).utf8().length()).isEqualTo(511);
    for (String wrong :
        new String[] {
          "", "notes", " /", "/" + "x".repeat(512), "/" + "ü".repeat(256), "/\ud800", "/\udc00x"
        }) {
      assertThatExceptionOfType(MalformedFrameException.class).isThrownBy(() -> Path.parse(wrong));
      assertThatIllegalArgumentException().isThrownBy(() -> new Path(wrong));
    }
  }

  @Test
  void a_fingerprint_has_three_groups_and_depends_on_the_key() {
    Fingerprint fingerprint = Fingerprint.of(alice.identity().publicKey());
    assertThat(fingerprint.text()).matches("([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}");
    assertThat(Fingerprint.of(bob.identity().publicKey())).isNotEqualTo(fingerprint);
  }

  private static SealingKey seal(Place place) {
    return place.seal().orElseThrow();
  }

  private static KeyRing ring(long seed) {
    return KeyRing.of(CRYPTO, new Seeded(seed).bytes(64));
  }
}
