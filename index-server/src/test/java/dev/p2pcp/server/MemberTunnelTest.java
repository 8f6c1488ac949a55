package dev.p2pcp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.server.member.MemberLinks;
import dev.p2pcp.server.tunnel.Tunnels;
import dev.p2pcp.wire.FrameCodec;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import dev.p2pcp.wire.TunnelFrame;
import java.io.DataInputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Agents of two members reach each other. */
class MemberTunnelTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static TestCluster cluster;

  @BeforeAll
  static void start() {
    cluster = TestCluster.start(2);
    for (int i = 0; i < 2; i++) {
      MemberLinks links = cluster.member(i).part(MemberLinks.class);
      Await.until("a link", () -> links.size() == 1);
    }
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void a_block_of_full_length_comes_whole_through_two_members() throws Exception {
    StorageKey key = anyKey();
    try (RawAgent ann = RawAgent.login(cluster.member(0).port());
        RawAgent bob = RawAgent.login(cluster.member(1).port())) {
      know(0, bob);
      ann.send(new TunnelFrame.Open(2, bob.peer()));
      ann.send(new TunnelFrame.Data(2, true, FrameCodec.encode(new PeerFrame.Get(key))));
      RawAgent.Asked asked = bob.awaitRequest();
      assertThat(asked.from()).isEqualTo(ann.peer());
      Bytes block = block();
      Bytes reply = FrameCodec.encode(new PeerFrame.BlockReply(block));
      CompletableFuture<Void> sending =
          CompletableFuture.runAsync(() -> bob.reply(asked, new PeerFrame.BlockReply(block)));
      assertThat(whole(ann, 2)).isEqualTo(reply);
      sending.join();
    }
  }

  @Test
  void any_member_reaches_into_an_agent_of_another_over_http() throws Exception {
    StorageKey key = anyKey();
    try (RawAgent bob = RawAgent.login(cluster.member(1).port())) {
      know(0, bob);
      URI uri = URI.create(cluster.member(0).origin() + "/peers/" + bob.peer() + "/blocks/" + key);
      CompletableFuture<HttpResponse<byte[]>> read =
          HTTP.sendAsync(
              HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray());
      RawAgent.Asked asked = bob.awaitRequest();
      assertThat(asked.request()).isEqualTo(new PeerFrame.Get(key));
      Bytes block = block();
      bob.reply(asked, new PeerFrame.BlockReply(block));
      assertThat(read.join().statusCode()).isEqualTo(200);
      assertThat(Bytes.wrap(read.join().body())).isEqualTo(block);

      HttpRequest put =
          HttpRequest.newBuilder(uri)
              .PUT(HttpRequest.BodyPublishers.ofByteArray(block.toArray()))
              .header("Content-Type", "application/octet-stream")
              .build();
      CompletableFuture<HttpResponse<Void>> written =
          HTTP.sendAsync(put, HttpResponse.BodyHandlers.discarding());
      RawAgent.Asked update = bob.awaitRequest();
      assertThat(update.request()).isEqualTo(new PeerFrame.Update(key, block));
      bob.reply(update, new PeerFrame.Ok());
      assertThat(written.join().statusCode()).isEqualTo(204);
    }
  }

  @Test
  void who_leaves_another_member_is_soon_unknown_here() {
    try (RawAgent ann = RawAgent.login(cluster.member(0).port())) {
      RawAgent bob = RawAgent.login(cluster.member(1).port());
      know(0, bob);
      ann.send(new TunnelFrame.Open(2, bob.peer()));
      bob.await(TunnelFrame.Open.class);
      bob.close();
      assertThat(ann.await(TunnelFrame.Close.class))
          .isEqualTo(new TunnelFrame.Close(2, Refusal.UNKNOWN_PEER));
      ann.send(new TunnelFrame.Open(4, bob.peer()));
      assertThat(ann.await(TunnelFrame.Close.class))
          .isEqualTo(new TunnelFrame.Close(4, Refusal.UNKNOWN_PEER));
    }
  }

  @Test
  void a_lost_link_ends_its_streams_and_comes_back_by_itself() {
    try (RawAgent ann = RawAgent.login(cluster.member(0).port());
        RawAgent bob = RawAgent.login(cluster.member(1).port())) {
      know(0, bob);
      ann.send(new TunnelFrame.Open(2, bob.peer()));
      bob.await(TunnelFrame.Open.class);
      cluster.member(0).part(MemberLinks.class).cut();
      assertThat(ann.await(TunnelFrame.Close.class))
          .isEqualTo(new TunnelFrame.Close(2, Refusal.UNKNOWN_PEER));
      assertThat(bob.await(TunnelFrame.Close.class).code()).isEqualTo(Refusal.UNKNOWN_PEER);
      know(0, bob);
      ann.send(new TunnelFrame.Open(4, bob.peer()));
      assertThat(bob.await(TunnelFrame.Open.class).peer()).isEqualTo(ann.peer());
    }
  }

  @Test
  void who_knows_no_secret_gets_no_frame_in_over_the_link_port() throws Exception {
    InetSocketAddress address = cluster.member(0).part(MemberLinks.class).address().orElseThrow();
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      socket.setSoTimeout(20_000);
      OutputStream out = socket.getOutputStream();
      out.write(new byte[] {0, 0, 0, 49, 1});
      out.write(new byte[48]);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      in.readNBytes(in.readInt());
      out.write(new byte[] {0, 0, 0, 32});
      out.write(new byte[32]);
      assertThat(in.read()).as("the connection is closed").isEqualTo(-1);
    }
  }

  @Test
  void who_reads_nothing_slows_only_its_sender_on_the_other_member_and_is_dropped()
      throws InterruptedException {
    try (RawAgent deaf = RawAgent.login(cluster.member(1).port());
        RawAgent reader = RawAgent.login(cluster.member(1).port());
        RawAgent sender = RawAgent.login(cluster.member(0).port());
        RawAgent other = RawAgent.login(cluster.member(0).port())) {
      know(0, deaf);
      know(0, reader);
      deaf.stopReading();
      Bytes piece = Bytes.wrap(new byte[Limits.DATA]);
      Thread sending =
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (long stream = 0; stream < 2L * Limits.STREAMS; stream += 2) {
                      sender.send(new TunnelFrame.Open(stream, deaf.peer()));
                      sender.send(new TunnelFrame.Data(stream, false, piece));
                      sender.send(new TunnelFrame.Data(stream, false, piece));
                    }
                    sender.send(new SessionFrame.Ping(77));
                  });
      for (long stream = 0; stream < 100; stream += 2) {
        other.send(new TunnelFrame.Open(stream, reader.peer()));
        other.send(new TunnelFrame.Data(stream, true, piece));
        assertThat(reader.await(TunnelFrame.Data.class).bytes()).isEqualTo(piece);
      }
      assertThat(sender.await(TunnelFrame.Close.class).code()).isEqualTo(Refusal.UNKNOWN_PEER);
      assertThat(sender.await(SessionFrame.Pong.class).token()).isEqualTo(77);
      sending.join();
    }
  }

  /** Members tell each other of their peers a moment later. */
  private static void know(int member, RawAgent peer) {
    Tunnels tunnels = cluster.member(member).part(Tunnels.class);
    Await.until("the peer is known there", () -> tunnels.reaches(peer.peer()));
  }

  private static Bytes whole(RawAgent agent, long stream) {
    Bytes whole = Bytes.EMPTY;
    while (true) {
      TunnelFrame.Data data = agent.await(TunnelFrame.Data.class);
      whole = Bytes.concat(whole, data.bytes());
      if (data.last()) {
        return whole;
      }
      agent.send(new TunnelFrame.Credit(stream, data.bytes().length()));
    }
  }

  private static Bytes block() {
    byte[] bytes = new byte[Block.MAX_LENGTH];
    new Random(7).nextBytes(bytes);
    bytes[0] = Block.CONTENT;
    return Bytes.wrap(bytes);
  }

  private static StorageKey anyKey() {
    return new StorageKey(RawAgent.newKey().publicKey().bytes());
  }
}
