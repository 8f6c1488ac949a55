package dev.p2pcp.server.http;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.server.admission.Settings;
import dev.p2pcp.server.tunnel.RefusedException;
import dev.p2pcp.server.tunnel.TunnelGateway;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.Refusal;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Reaching into an agent for a block. What comes from an agent is passed on, not believed. */
@RestController
@Tag(name = "Blocks", description = "Where blocks are, and reading and writing them in agents")
class BlockController {
  private static final Duration FOR_EVER = Duration.ofDays(365);

  /** Nothing that an agent sends may run as a page of this site. */
  private static final String SANDBOX = "default-src 'none'; sandbox";

  private final TunnelGateway gateway;
  private final Crypto crypto;
  private final Duration deadline;

  BlockController(TunnelGateway gateway, Crypto crypto, Settings settings) {
    this.gateway = gateway;
    this.crypto = crypto;
    this.deadline = settings.tunnelDeadline();
  }

  @GetMapping(
      path = "/peers/{peerId}/blocks/{storageKey}",
      produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
  @Operation(
      summary =
          "The exact encoded bytes of a block out of an agent; whoever uses them verifies them")
  @ApiResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
              schema = @Schema(type = "string", format = "binary")))
  Mono<ResponseEntity<byte[]>> read(@PathVariable String peerId, @PathVariable String storageKey)
      throws MalformedFrameException {
    StorageKey key = StorageKey.parse(storageKey);
    return gateway
        .ask(PeerId.parse(peerId), new PeerFrame.Get(key))
        .map(
            reply ->
                switch (reply) {
                  case PeerFrame.BlockReply block -> block(key, block.block());
                  case PeerFrame.Denied denied -> throw new RefusedException(denied.refusal());
                  default -> throw unexpected();
                });
  }

  @PutMapping(
      path = "/peers/{peerId}/blocks/{storageKey}",
      consumes = MediaType.APPLICATION_OCTET_STREAM_VALUE)
  @Operation(
      summary =
          "Hands an agent a newer version of a signed block that it keeps; it checks the signature")
  @ApiResponse(responseCode = "204", description = "The agent keeps that version now")
  Mono<ResponseEntity<Void>> write(
      @PathVariable String peerId, @PathVariable String storageKey, @RequestBody Mono<byte[]> body)
      throws MalformedFrameException {
    StorageKey key = StorageKey.parse(storageKey);
    PeerId peer = PeerId.parse(peerId);
    Mono<PeerFrame.Request> update =
        body.timeout(deadline)
            .onErrorMap(
                TimeoutException.class,
                late ->
                    new RefusedException(Refusal.of(Refusal.TOO_SLOW, "the block did not come")))
            .map(block -> new PeerFrame.Update(key, bounded(block)));
    return gateway
        .ask(peer, update)
        .map(
            reply ->
                switch (reply) {
                  case PeerFrame.Ok ok -> ResponseEntity.noContent().build();
                  case PeerFrame.Denied denied -> throw new RefusedException(denied.refusal());
                  default -> throw unexpected();
                });
  }

  private static Bytes bounded(byte[] block) {
    if (block.length == 0 || block.length > Block.MAX_LENGTH) {
      throw new RefusedException(
          Refusal.of(Refusal.OVER_LIMIT, "block", Block.MAX_LENGTH, block.length));
    }
    return Bytes.wrap(block);
  }

  /**
   * Only what hashes to its key can be kept for ever: a signed block changes, and an agent may lie.
   */
  private ResponseEntity<byte[]> block(StorageKey key, Bytes block) {
    boolean lasting =
        block.at(0) == Block.CONTENT && StorageKey.ofContent(crypto, block).equals(key);
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_OCTET_STREAM)
        .cacheControl(
            lasting
                ? CacheControl.maxAge(FOR_EVER).cachePublic().immutable()
                : CacheControl.noStore())
        .header("Content-Disposition", "attachment; filename=\"block\"")
        .header("Content-Security-Policy", SANDBOX)
        .header("X-Content-Type-Options", "nosniff")
        .header("Cross-Origin-Resource-Policy", "cross-origin")
        .body(block.toArray());
  }

  private static RefusedException unexpected() {
    return new RefusedException(Refusal.of(Refusal.OUT_OF_ORDER, "reply"));
  }
}
