package dev.p2pcp.browser;

import dev.p2pcp.browser.cases.RemoteExports;
import dev.p2pcp.browser.harness.Bridge;
import dev.p2pcp.browser.harness.Compiled;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.CryptoContract;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.SealBrokenException;
import dev.p2pcp.crypto.Signature;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** WebCrypto in a real Chromium keeps the contract of cryptography. */
class WebCryptoContractTest extends CryptoContract {
  private static Bridge bridge;

  @BeforeAll
  static void start() {
    bridge = new Bridge(Compiled.module(RemoteExports.class));
  }

  @AfterAll
  static void stop() {
    bridge.close();
  }

  @Override
  protected Crypto crypto() {
    return new InPage();
  }

  private static Bytes call(String verb, String... arguments) {
    try {
      return Bytes.fromHex(bridge.call("crypto." + verb, arguments).get(0));
    } catch (MalformedFrameException e) {
      throw new IllegalStateException(e);
    } catch (Bridge.RemoteException e) {
      if (String.valueOf(e.getMessage()).contains("IllegalArgumentException")) {
        throw new IllegalArgumentException(e);
      }
      throw e;
    }
  }

  private static Bytes mayBreak(String verb, String... arguments) throws SealBrokenException {
    try {
      return call(verb, arguments);
    } catch (Bridge.RemoteException e) {
      if (String.valueOf(e.getMessage()).contains("SealBrokenException")) {
        throw new SealBrokenException();
      }
      throw e;
    }
  }

  /** Forwards to the page. */
  private static final class InPage implements Crypto {
    @Override
    public Hash sha256(Bytes message) {
      return new Hash(call("sha256", message.hex()));
    }

    @Override
    public Hash hash(Domain domain, Bytes... message) {
      return new Hash(call("hash", Bytes.concat(message).hex(), domain.name()));
    }

    @Override
    public boolean verify(PublicKey key, Domain domain, Bytes message, Signature signature) {
      return Boolean.parseBoolean(
          bridge
              .call(
                  "crypto.verify",
                  key.bytes().hex(),
                  domain.name(),
                  message.hex(),
                  signature.bytes().hex())
              .get(0));
    }

    @Override
    public SigningKey signingKey(Bytes seed) {
      return new Signing(seed, new PublicKey(call("signing", seed.hex())));
    }

    @Override
    public AgreementKey agreementKey(Bytes secret) {
      return new Agreement(secret, new PublicKey(call("agreement", secret.hex())));
    }

    @Override
    public SealingKey sealingKey(Bytes key) {
      call("sealing", key.hex());
      return new Sealing(key);
    }

    @Override
    public DerivationKey derivationKey(Bytes secret) {
      return (label, context, length) ->
          call("derive", secret.hex(), label, context.hex(), String.valueOf(length));
    }

    @Override
    public Bytes pbkdf2(Prf prf, Bytes password, Bytes salt, int iterations, int length) {
      return call(
          "pbkdf2",
          password.hex(),
          prf.name(),
          salt.hex(),
          String.valueOf(iterations),
          String.valueOf(length));
    }
  }

  private record Signing(Bytes seed, PublicKey publicKey) implements Crypto.SigningKey {
    @Override
    public Signature sign(Domain domain, Bytes message) {
      return new Signature(call("sign", seed.hex(), domain.name(), message.hex()));
    }
  }

  private record Agreement(Bytes secret, PublicKey publicKey) implements Crypto.AgreementKey {
    @Override
    public Bytes agree(PublicKey other) throws SealBrokenException {
      return mayBreak("agree", secret.hex(), other.bytes().hex());
    }
  }

  private record Sealing(Bytes key) implements Crypto.SealingKey {
    @Override
    public Bytes seal(Bytes nonce, Bytes associated, Bytes plain) {
      return call("seal", key.hex(), nonce.hex(), associated.hex(), plain.hex());
    }

    @Override
    public Bytes open(Bytes nonce, Bytes associated, Bytes sealed) throws SealBrokenException {
      return mayBreak("open", key.hex(), nonce.hex(), associated.hex(), sealed.hex());
    }
  }
}
