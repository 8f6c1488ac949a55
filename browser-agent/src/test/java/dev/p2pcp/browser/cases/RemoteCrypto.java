package dev.p2pcp.browser.cases;

import dev.p2pcp.browser.crypto.WebCrypto;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.SealBrokenException;
import dev.p2pcp.crypto.Signature;
import java.util.List;

/** WebCrypto by calls of text; keys are made anew for each, and bytes are hex. */
final class RemoteCrypto {
  private final Crypto crypto = new WebCrypto();

  List<String> call(String verb, String[] arguments)
      throws MalformedFrameException, SealBrokenException {
    Bytes first = Bytes.fromHex(arguments[0]);
    return switch (verb) {
      case "sha256" -> hex(crypto.sha256(first).bytes());
      case "hash" -> hex(crypto.hash(Domain.valueOf(arguments[1]), first).bytes());
      case "signing" -> hex(crypto.signingKey(first).publicKey().bytes());
      case "sign" ->
          hex(
              crypto
                  .signingKey(first)
                  .sign(Domain.valueOf(arguments[1]), Bytes.fromHex(arguments[2]))
                  .bytes());
      case "verify" ->
          List.of(
              String.valueOf(
                  crypto.verify(
                      new PublicKey(first),
                      Domain.valueOf(arguments[1]),
                      Bytes.fromHex(arguments[2]),
                      new Signature(Bytes.fromHex(arguments[3])))));
      case "agreement" -> hex(crypto.agreementKey(first).publicKey().bytes());
      case "agree" ->
          hex(crypto.agreementKey(first).agree(new PublicKey(Bytes.fromHex(arguments[1]))));
      case "sealing" -> hex(crypto.sealingKey(first) == null ? first : Bytes.EMPTY);
      case "seal" ->
          hex(
              crypto
                  .sealingKey(first)
                  .seal(
                      Bytes.fromHex(arguments[1]),
                      Bytes.fromHex(arguments[2]),
                      Bytes.fromHex(arguments[3])));
      case "open" ->
          hex(
              crypto
                  .sealingKey(first)
                  .open(
                      Bytes.fromHex(arguments[1]),
                      Bytes.fromHex(arguments[2]),
                      Bytes.fromHex(arguments[3])));
      case "derive" ->
          hex(
              crypto
                  .derivationKey(first)
                  .derive(
                      arguments[1], Bytes.fromHex(arguments[2]), Integer.parseInt(arguments[3])));
      case "pbkdf2" ->
          hex(
              crypto.pbkdf2(
                  Crypto.Prf.valueOf(arguments[1]),
                  first,
                  Bytes.fromHex(arguments[2]),
                  Integer.parseInt(arguments[3]),
                  Integer.parseInt(arguments[4])));
      default -> throw new IllegalArgumentException(verb);
    };
  }

  private static List<String> hex(Bytes bytes) {
    return List.of(bytes.hex());
  }
}
