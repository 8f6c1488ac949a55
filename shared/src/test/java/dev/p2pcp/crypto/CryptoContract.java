package dev.p2pcp.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto.AgreementKey;
import dev.p2pcp.crypto.Crypto.DerivationKey;
import dev.p2pcp.crypto.Crypto.SealingKey;
import dev.p2pcp.crypto.Crypto.SigningKey;
import dev.p2pcp.testing.CoreVectors;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.testing.Vector;
import dev.p2pcp.testing.VectorFiles;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What every platform's cryptography does. */
public abstract class CryptoContract {
  /** The cryptography under test. */
  protected abstract Crypto crypto();

  @TestFactory
  Stream<DynamicTest> agrees_with_the_vectors() {
    CoreVectors vectors = new CoreVectors(crypto());
    return Stream.concat(CoreVectors.CRYPTO.stream(), CoreVectors.IDENTITY.stream())
        .flatMap(
            kind ->
                VectorFiles.texts(kind).entrySet().stream()
                    .map(
                        file ->
                            DynamicTest.dynamicTest(
                                kind + "/" + file.getKey(),
                                () -> {
                                  Vector vector = Vector.parse(file.getValue());
                                  assertThat(vector.kind()).isEqualTo(kind);
                                  assertThat(vectors.outcome(vector)).isEqualTo(vector.expected());
                                })));
  }

  @Test
  void a_signature_is_for_its_message_and_domain_only() {
    Seeded.check(
        20,
        arbitrary -> {
          SigningKey key = crypto().signingKey(arbitrary.bytes(32));
          Bytes message = arbitrary.bytes(1 + arbitrary.below(300));
          Signature signature = key.sign(Domain.PUT, message);
          assertThat(crypto().verify(key.publicKey(), Domain.PUT, message, signature)).isTrue();
          assertThat(crypto().verify(key.publicKey(), Domain.RELEASE, message, signature))
              .isFalse();
          assertThat(
                  crypto()
                      .verify(key.publicKey(), Domain.PUT, arbitrary.flipped(message), signature))
              .isFalse();
          Signature altered = new Signature(arbitrary.flipped(signature.bytes()));
          assertThat(crypto().verify(key.publicKey(), Domain.PUT, message, altered)).isFalse();
        });
  }

  @Test
  void any_32_bytes_as_a_key_are_a_verdict_and_no_error() {
    Seeded.check(
        200,
        arbitrary -> {
          PublicKey key = new PublicKey(arbitrary.bytes(32));
          Signature signature = new Signature(arbitrary.bytes(64));
          assertThat(crypto().verify(key, Domain.PUT, arbitrary.upTo(40), signature)).isFalse();
        });
  }

  @Test
  void two_sides_agree_on_one_secret() {
    Seeded.check(
        20,
        arbitrary -> {
          AgreementKey one = crypto().agreementKey(arbitrary.bytes(32));
          AgreementKey other = crypto().agreementKey(arbitrary.bytes(32));
          assertThat(one.agree(other.publicKey())).isEqualTo(other.agree(one.publicKey()));
        });
  }

  @Test
  void what_was_sealed_opens_and_nothing_else_does() {
    Seeded.check(
        40,
        arbitrary -> {
          SealingKey key = crypto().sealingKey(arbitrary.bytes(32));
          Bytes nonce = arbitrary.bytes(SealingKey.NONCE_LENGTH);
          Bytes associated = arbitrary.upTo(100);
          Bytes plain = arbitrary.upTo(1000);
          Bytes sealed = key.seal(nonce, associated, plain);
          assertThat(sealed.length()).isEqualTo(plain.length() + SealingKey.TAG_LENGTH);
          assertThat(key.open(nonce, associated, sealed)).isEqualTo(plain);
          assertThatExceptionOfType(SealBrokenException.class)
              .isThrownBy(() -> key.open(nonce, associated, arbitrary.flipped(sealed)));
        });
  }

  @Test
  void slices_of_larger_runs_are_used_as_the_bytes_they_are() throws SealBrokenException {
    Bytes run = new Seeded(1).bytes(400);
    Bytes slice = run.slice(100, 64);
    Bytes copy = Bytes.wrap(slice.toArray());
    assertThat(crypto().sha256(slice)).isEqualTo(crypto().sha256(copy));
    SealingKey key = crypto().sealingKey(run.slice(3, 32));
    Bytes sealed = key.seal(run.slice(7, 12), run.slice(20, 5), slice);
    assertThat(
            crypto()
                .sealingKey(Bytes.wrap(run.slice(3, 32).toArray()))
                .open(run.slice(7, 12), run.slice(20, 5), sealed))
        .isEqualTo(copy);
    SigningKey signing = crypto().signingKey(run.slice(40, 32));
    Signature signature = signing.sign(Domain.PUT, slice);
    assertThat(crypto().verify(signing.publicKey(), Domain.PUT, copy, signature)).isTrue();
    assertThat(crypto().derivationKey(slice).derive("a", slice, 32))
        .isEqualTo(crypto().derivationKey(copy).derive("a", copy, 32));
  }

  @Test
  void keys_of_another_length_are_a_mistake() {
    for (int length : new int[] {0, 31, 33}) {
      Bytes wrong = Bytes.wrap(new byte[length]);
      assertThatIllegalArgumentException().isThrownBy(() -> crypto().signingKey(wrong));
      assertThatIllegalArgumentException().isThrownBy(() -> crypto().agreementKey(wrong));
      assertThatIllegalArgumentException().isThrownBy(() -> crypto().sealingKey(wrong));
    }
  }

  @Test
  void a_nonce_of_another_length_is_a_mistake() {
    SealingKey key = crypto().sealingKey(Bytes.wrap(new byte[32]));
    Bytes sealed = Bytes.wrap(new byte[40]);
    for (int length : new int[] {0, 11, 13, 16}) {
      Bytes nonce = Bytes.wrap(new byte[length]);
      assertThatIllegalArgumentException().isThrownBy(() -> key.seal(nonce, Bytes.EMPTY, sealed));
      assertThatIllegalArgumentException().isThrownBy(() -> key.open(nonce, Bytes.EMPTY, sealed));
    }
  }

  @Test
  void labels_and_contexts_cannot_be_shifted_into_each_other() {
    DerivationKey key = crypto().derivationKey(Bytes.utf8("secret"));
    assertThat(key.derive("ab", Bytes.utf8("c"), 32))
        .isNotEqualTo(key.derive("a", Bytes.utf8("bc"), 32));
  }

  @Test
  void no_key_prints_its_secret() {
    Bytes secret = new Seeded(7).bytes(32);
    String hex = secret.hex();
    assertThat(crypto().signingKey(secret).toString()).doesNotContain(hex);
    assertThat(crypto().agreementKey(secret).toString()).doesNotContain(hex);
    assertThat(crypto().sealingKey(secret).toString()).doesNotContain(hex);
    assertThat(crypto().derivationKey(secret).toString()).doesNotContain(hex);
  }
}
