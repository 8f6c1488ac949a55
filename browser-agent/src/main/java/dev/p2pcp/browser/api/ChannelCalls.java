package dev.p2pcp.browser.api;

import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.channel.Channel;
import dev.p2pcp.channel.ChannelException;
import dev.p2pcp.channel.ChannelLink;
import dev.p2pcp.channel.Channels;
import dev.p2pcp.channel.Post;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.graph.Roles;
import dev.p2pcp.identity.DidKey;
import dev.p2pcp.node.Agent;
import dev.p2pcp.node.Node;
import dev.p2pcp.node.NodeChannels;
import dev.p2pcp.platform.Platform;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSArray;

/** The methods of {@code ChannelApi} in {@code agent.d.ts}. */
final class ChannelCalls {
  /** How long a call waits for a change before it is asked again, in milliseconds. */
  private static final long WAIT = 10_000;

  /** Messages in one answer, and if nobody says how many. */
  private static final int MOST = 10_000;

  private static final int DEFAULT = 100;

  /** Latest time of a {@code Date}; what was stored once may say more. */
  private static final double LAST = 8.64e15;

  private final Platform platform;
  private final Agent agent;
  private @Nullable Node node;
  private @Nullable Channels channels;

  ChannelCalls(Platform platform, Agent agent) {
    this.platform = platform;
    this.agent = agent;
  }

  /** Takes part in channels as soon as the identity is unlocked. Never suspends. */
  void begin() {
    if (agent.state() == Agent.State.OPEN) {
      try {
        channels();
      } catch (dev.p2pcp.node.AgentException e) {
        // Locked again meanwhile.
        return;
      }
    }
  }

  private Channels channels() throws dev.p2pcp.node.AgentException {
    Node running = agent.node();
    Channels known = channels;
    if (known == null || running != node) {
      known = NodeChannels.start(platform, agent.keys(), running);
      channels = known;
      node = running;
    }
    return known;
  }

  /** Suspends. */
  @Nullable JSObject call(String method, Arguments arguments, AgentCalls.CallContext context)
      throws AgentException, dev.p2pcp.node.AgentException, StoreException, ChannelException {
    Channels all = channels();
    switch (method) {
      case "channel.found" -> {
        String name = arguments.text(0);
        if (!ChannelLink.isName(name)) {
          throw new AgentException("bad-argument", "not the name of a channel");
        }
        return stat(all.open(all.own(name)));
      }
      case "channel.open" -> {
        return stat(all.open(link(arguments)));
      }
      case "channel.list" -> {
        JSArray<JSObject> list = new JSArray<>();
        for (Channel channel : all.all()) {
          list.push(stat(channel));
        }
        return list;
      }
      case "channel.leave" -> all.leave(link(arguments));
      case "channel.mute" -> all.mute(arguments.person(0), arguments.truth(1));
      case "channel.muted" -> {
        return dids(all.muted());
      }
      default -> {
        return inChannel(method, all.channel(link(arguments)), arguments, context);
      }
    }
    return null;
  }

  private @Nullable JSObject inChannel(
      String method, Channel channel, Arguments arguments, AgentCalls.CallContext context)
      throws AgentException, dev.p2pcp.node.AgentException, StoreException, ChannelException {
    switch (method) {
      case "channel.post" -> {
        Optional<String> reply = arguments.textOption(2, "reply");
        Optional<Hash> to = reply.isEmpty() ? Optional.empty() : Optional.of(message(reply.get()));
        return message(channel.post(new Post(to, arguments.longText(1), arguments.files(2))));
      }
      case "channel.next" -> {
        return next(channel, arguments, context);
      }
      case "channel.search" -> {
        return messages(channel.found(arguments.text(1), DEFAULT, channels().muted()));
      }
      case "channel.appoint" -> channel.appoint(arguments.person(1), role(arguments.text(2)));
      case "channel.seen" -> channel.read();
      case "channel.draft" -> channel.draft(arguments.longText(1));
      default -> throw new AgentException("bad-argument", "there is no method " + method);
    }
    return null;
  }

  private @Nullable JSObject next(
      Channel channel, Arguments arguments, AgentCalls.CallContext context)
      throws AgentException, dev.p2pcp.node.AgentException {
    int since = arguments.number(1);
    if (arguments.option(2, "live")) {
      channel.watch();
      for (long waited = 0;
          waited < WAIT && channel.version() == since && !context.aborted();
          waited += WAIT / 10) {
        channel.awaitChange(since, platform.deadline(WAIT / 10));
      }
    }
    long version = channel.version();
    if (version == since) {
      return null;
    }
    long last = arguments.numberOption(2, "last");
    int most = last <= 0 ? DEFAULT : (int) Math.min(last, MOST);
    List<Channel.Message> messages = channel.last(most, channels().muted());
    return Shapes.object()
        .with("version", (double) version)
        .with("channel", stat(channel))
        .with("messages", messages(messages))
        .with("earlier", messages.size() == most);
  }

  private static ChannelLink link(Arguments arguments) throws AgentException {
    try {
      return ChannelLink.parse(arguments.text(0));
    } catch (MalformedFrameException e) {
      throw new AgentException("bad-argument", "not the link of a channel");
    }
  }

  private static Hash message(String id) throws AgentException {
    try {
      Bytes bytes = Bytes.fromBase64Url(id);
      if (bytes.length() == Hash.LENGTH) {
        return new Hash(bytes);
      }
    } catch (MalformedFrameException e) {
      throw new AgentException("bad-argument", "not the id of a message");
    }
    throw new AgentException("bad-argument", "not the id of a message");
  }

  private static Roles.Role role(String name) throws AgentException {
    for (Roles.Role role : Roles.Role.values()) {
      if (Shapes.code(role).equals(name)) {
        return role;
      }
    }
    throw new AgentException("bad-argument", "there is no role " + name);
  }

  private JSObject stat(Channel channel) throws dev.p2pcp.node.AgentException {
    PublicKey founder = channel.link().founder();
    PublicKey me = agent.keys().identity().publicKey();
    Map<PublicKey, Roles.Role> roles = channel.roles();
    String role =
        founder.equals(me) ? "founder" : Shapes.code(roles.getOrDefault(me, Roles.Role.MEMBER));
    return Shapes.object()
        .with("link", channel.link().text())
        .with("name", channel.link().name())
        .with("founder", did(founder))
        .with("role", role)
        .with("unread", (double) channel.unread())
        .with("draft", channel.draft())
        .with("neighbours", channel.neighbours())
        .with("present", dids(channel.present()))
        .with("moderators", dids(with(roles, Roles.Role.MODERATOR)))
        .with("banned", dids(with(roles, Roles.Role.BANNED)));
  }

  private static List<PublicKey> with(Map<PublicKey, Roles.Role> roles, Roles.Role role) {
    List<PublicKey> people = new ArrayList<>();
    roles.forEach(
        (person, is) -> {
          if (is == role) {
            people.add(person);
          }
        });
    return people;
  }

  private JSObject messages(List<Channel.Message> all) throws dev.p2pcp.node.AgentException {
    JSArray<JSObject> list = new JSArray<>();
    for (Channel.Message message : all) {
      list.push(message(message));
    }
    return list;
  }

  private JSObject message(Channel.Message message) throws dev.p2pcp.node.AgentException {
    JSArray<JSObject> files = new JSArray<>();
    for (Post.Attached file : message.post().files()) {
      files.push(
          Shapes.object()
              .with("link", file.link().base64Url())
              .with("name", file.name())
              .with("type", file.type())
              .with("size", (double) file.size()));
    }
    Shapes.Shape shape =
        Shapes.object()
            .with("id", message.node().name().bytes().base64Url())
            .with("author", did(message.node().author()))
            .with("time", Math.min(LAST, (double) message.node().time()))
            .with("text", message.post().text())
            .with("files", files)
            .with("waiting", message.waiting())
            .with("own", message.node().author().equals(agent.keys().identity().publicKey()));
    message.post().reply().ifPresent(reply -> shape.with("reply", reply.bytes().base64Url()));
    return shape;
  }

  private static JSArray<JSObject> dids(Collection<PublicKey> people) {
    List<String> dids = new ArrayList<>();
    for (PublicKey person : people) {
      dids.add(did(person));
    }
    return Shapes.texts(dids);
  }

  private static String did(PublicKey person) {
    return new DidKey(person).toString();
  }
}
