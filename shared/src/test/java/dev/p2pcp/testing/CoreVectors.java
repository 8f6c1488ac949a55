package dev.p2pcp.testing;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Crypto.AgreementKey;
import dev.p2pcp.crypto.Crypto.Prf;
import dev.p2pcp.crypto.Crypto.SealingKey;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.SealBrokenException;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.crypto.Signature;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.DidKey;
import dev.p2pcp.identity.Fingerprint;
import dev.p2pcp.identity.KeyRing;
import dev.p2pcp.identity.Path;
import dev.p2pcp.identity.Place;
import dev.p2pcp.identity.SeedPhrase;
import dev.p2pcp.identity.WrappedSeed;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs the scenarios of cryptography and identity against any platform's {@link Crypto}. */
public final class CoreVectors {
  /** The kinds that test a platform's cryptography. */
  public static final List<String> CRYPTO =
      List.of("sha256", "ed25519-key", "ed25519", "x25519", "hkdf", "pbkdf2", "aes-gcm");

  /** The kinds that test identity, with keys of that platform. */
  public static final List<String> IDENTITY =
      List.of(
          "bip39",
          "key-ring",
          "public-place",
          "private-place",
          "shared-place",
          "did-key",
          "device-certificate",
          "wrapped-seed");

  private static final Bytes ZERO_NONCE = Bytes.wrap(new byte[SealingKey.NONCE_LENGTH]);

  private final Crypto crypto;

  /** A runner for that platform. */
  public CoreVectors(Crypto crypto) {
    this.crypto = crypto;
  }

  /** What comes of the scenario; to be compared with {@link Vector#expected}. */
  public String outcome(Vector vector) {
    try {
      return switch (vector.kind()) {
        case "sha256" -> sha256(vector);
        case "ed25519-key" -> signingKey(vector);
        case "ed25519" -> signature(vector);
        case "x25519" -> agreement(vector);
        case "hkdf" -> derivation(vector);
        case "pbkdf2" -> stretching(vector);
        case "aes-gcm" -> sealing(vector);
        case "bip39" -> phrase(vector);
        case "key-ring" -> keyRing(vector);
        case "public-place" -> place(vector, ring(vector).publicAt(path(vector)));
        case "private-place" -> place(vector, ring(vector).privateAt(path(vector)));
        case "shared-place" ->
            place(
                vector,
                ring(vector).sharedWith(new PublicKey(vector.bytes("other")), path(vector)));
        case "did-key" -> didKey(vector);
        case "device-certificate" -> certificate(vector);
        case "wrapped-seed" -> wrappedSeed(vector);
        default -> throw new IllegalArgumentException("no such kind: " + vector.kind());
      };
    } catch (MalformedFrameException e) {
      return "malformed";
    } catch (SealBrokenException e) {
      return "seal-broken";
    }
  }

  private String sha256(Vector vector) {
    Bytes message = vector.bytes("message");
    if (!crypto.sha256(message).equals(Sha256.hash(message))) {
      return "platform and plain Java differ";
    }
    return vector.match(Map.of("hash", Sha256.hash(message).bytes().hex()));
  }

  private String signingKey(Vector vector) {
    PublicKey key = crypto.signingKey(vector.bytes("seed")).publicKey();
    return vector.match(Map.of("public-key", key.bytes().hex()));
  }

  private String signature(Vector vector) {
    boolean valid =
        crypto.verify(
            new PublicKey(vector.bytes("public-key")),
            Domain.valueOf(vector.text("domain")),
            vector.bytes("message"),
            new Signature(vector.bytes("signature")));
    return valid ? "valid" : "invalid";
  }

  private String agreement(Vector vector) throws SealBrokenException {
    AgreementKey key = crypto.agreementKey(vector.bytes("secret"));
    Bytes shared = key.agree(new PublicKey(vector.bytes("other")));
    return vector.match(
        Map.of("shared", shared.hex(), "public-key", key.publicKey().bytes().hex()));
  }

  private String derivation(Vector vector) {
    Bytes expected = vector.bytes("derived");
    Bytes derived =
        crypto
            .derivationKey(vector.bytes("secret"))
            .derive(vector.text("label"), vector.bytes("context"), expected.length());
    return vector.match(Map.of("derived", derived.hex()));
  }

  private String stretching(Vector vector) {
    Bytes derived =
        crypto.pbkdf2(
            Prf.valueOf(vector.text("prf")),
            vector.bytes("password"),
            vector.bytes("salt"),
            (int) vector.number("iterations"),
            vector.bytes("derived").length());
    return vector.match(Map.of("derived", derived.hex()));
  }

  private String sealing(Vector vector) throws SealBrokenException {
    SealingKey key = crypto.sealingKey(vector.bytes("key"));
    Bytes nonce = vector.bytes("nonce");
    Bytes associated = vector.bytes("associated");
    Bytes plain = key.open(nonce, associated, vector.bytes("sealed"));
    Bytes sealed = key.seal(nonce, associated, plain);
    return vector.match(Map.of("plain", plain.hex(), "sealed", sealed.hex()));
  }

  private String phrase(Vector vector) {
    return switch (SeedPhrase.parse(vector.text("text"))) {
      case SeedPhrase.Valid(SeedPhrase phrase) -> {
        Map<String, String> computed = new LinkedHashMap<>();
        computed.put("entropy", phrase.entropy().hex());
        computed.put("words", phrase.text());
        computed.put("seed", phrase.seed(crypto, vector.text("passphrase")).hex());
        String match = vector.match(computed);
        yield match.equals("match") ? "valid" : match;
      }
      case SeedPhrase.WrongCount(int count) -> "wrong-count " + count;
      case SeedPhrase.WrongWords(List<Integer> positions) -> {
        StringBuilder text = new StringBuilder("wrong-words");
        positions.forEach(position -> text.append(' ').append(position));
        yield text.toString();
      }
      case SeedPhrase.WrongChecksum() -> "wrong-checksum";
    };
  }

  private String keyRing(Vector vector) {
    KeyRing ring = ring(vector);
    Map<String, String> computed = new LinkedHashMap<>();
    computed.put("identity", ring.identity().publicKey().bytes().hex());
    computed.put("agreement", ring.agreement().publicKey().bytes().hex());
    computed.put("vault", ring.account().bytes().hex());
    computed.put("did", ring.did().toString());
    computed.put("fingerprint", Fingerprint.of(ring.identity().publicKey()).text());
    return vector.match(computed);
  }

  private static String place(Vector vector, Place place) {
    Map<String, String> computed = new LinkedHashMap<>();
    computed.put("path-hash", place.pathHash().bytes().hex());
    computed.put("write-key", place.writeKey().publicKey().bytes().hex());
    computed.put("storage-key", place.key().toString());
    if (vector.has("probe") != place.seal().isPresent()) {
      return "sealed or not";
    }
    // Not a lambda of java.util.function: sealing suspends in the browser.
    if (place.seal().isPresent()) {
      Bytes sealed = place.seal().get().seal(ZERO_NONCE, Bytes.EMPTY, Bytes.wrap(new byte[16]));
      computed.put("probe", sealed.hex());
    }
    return vector.match(computed);
  }

  private static String didKey(Vector vector) throws MalformedFrameException {
    DidKey did = DidKey.parse(vector.text("text"));
    String match =
        vector.match(Map.of("public-key", did.identity().bytes().hex(), "text", did.toString()));
    return match.equals("match") ? "valid" : match;
  }

  private String certificate(Vector vector) throws MalformedFrameException {
    ByteReader reader = new ByteReader(vector.bytes("encoded"));
    DeviceCertificate certificate = DeviceCertificate.read(reader);
    reader.end();
    String match = vector.match(Map.of("encoded", certificate.encode().hex()));
    return match.equals("match") ? certificate.verify(crypto, vector.number("now")).name() : match;
  }

  private String wrappedSeed(Vector vector) throws MalformedFrameException, SealBrokenException {
    WrappedSeed wrapped = WrappedSeed.decode(vector.bytes("encoded"));
    SeedPhrase phrase =
        vector.has("passphrase")
            ? wrapped.open(crypto, vector.text("passphrase"))
            : wrapped.open(crypto.sealingKey(vector.bytes("device-key")));
    return vector.match(
        Map.of("entropy", phrase.entropy().hex(), "encoded", wrapped.encode().hex()));
  }

  private KeyRing ring(Vector vector) {
    return KeyRing.of(crypto, vector.bytes("seed"));
  }

  private static Path path(Vector vector) throws MalformedFrameException {
    return Path.parse(vector.text("path"));
  }
}
