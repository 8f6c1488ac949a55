package dev.p2pcp.testing;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.channel.Exchange;
import dev.p2pcp.channel.Post;
import dev.p2pcp.channel.Presence;
import dev.p2pcp.crypto.Crypto;
import java.util.LinkedHashMap;
import java.util.Map;

/** The scenarios about channels. */
final class ChannelVectors {
  private final Crypto crypto;

  ChannelVectors(Crypto crypto) {
    this.crypto = crypto;
  }

  String outcome(Vector vector) throws MalformedFrameException {
    return switch (vector.kind()) {
      case "channel-post" -> post(vector);
      case "channel-presence" -> presence(vector);
      default -> exchange(vector);
    };
  }

  private static String post(Vector vector) throws MalformedFrameException {
    Bytes value = ProtocolVectors.bytes(vector, "value");
    Post post = Post.decode(value);
    if (!post.value().equals(value)) {
      return "other encoding";
    }
    Map<String, String> computed = new LinkedHashMap<>();
    computed.put("text", post.text());
    post.reply().ifPresent(reply -> computed.put("reply", reply.bytes().hex()));
    for (Post.Attached file : post.files()) {
      computed.put("link", file.link().hex());
      computed.put("file-name", file.name());
      computed.put("type", file.type());
      computed.put("size", Long.toString(file.size()));
    }
    return ProtocolVectors.match(vector, computed);
  }

  private String presence(Vector vector) throws MalformedFrameException {
    Bytes encoded = ProtocolVectors.bytes(vector, "presence");
    Presence presence = Presence.decode(encoded);
    if (!presence.isGenuine(crypto)) {
      return "bad-signature";
    }
    Map<String, String> computed = new LinkedHashMap<>();
    computed.put("graph", presence.graph().bytes().hex());
    computed.put("person", presence.person().bytes().hex());
    computed.put("time", Long.toString(presence.time()));
    computed.put("here", presence.here() ? "1" : "0");
    return ProtocolVectors.match(vector, computed);
  }

  private static String exchange(Vector vector) throws MalformedFrameException {
    Bytes encoded = ProtocolVectors.bytes(vector, "exchange");
    Exchange exchange = Exchange.decode(encoded);
    if (!exchange.encoded().equals(encoded)) {
      return "other encoding";
    }
    Map<String, String> computed = new LinkedHashMap<>();
    computed.put("step", exchange.step().hex());
    computed.put("nodes", Integer.toString(exchange.nodes().size()));
    return ProtocolVectors.match(vector, computed);
  }
}
