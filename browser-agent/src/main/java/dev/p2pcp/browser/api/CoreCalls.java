package dev.p2pcp.browser.api;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.browser.store.IndexedDbBlockStore;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.channel.ChannelException;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.feed.FeedException;
import dev.p2pcp.identity.Path;
import dev.p2pcp.node.Agent;
import dev.p2pcp.node.Content;
import dev.p2pcp.node.ItemException;
import dev.p2pcp.node.ItemView;
import dev.p2pcp.node.Node;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Platform;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSArray;

/** The methods of {@code agent.d.ts}, done by the core. */
final class CoreCalls implements AgentCalls {
  /** Said again and again by each tab that a person sees; not for a page's script. */
  static final String WATCH = "watch";

  private final Platform platform;
  private final Agent agent;
  private final CoreEvents events;
  private final FileCalls files;
  private final FeedCalls feeds;
  private final BucketCalls buckets;
  private final ChannelCalls channels;

  CoreCalls(Platform platform, Agent agent, CoreEvents events, FileCalls.Guests guests) {
    this.files = new FileCalls(agent, guests);
    this.feeds = new FeedCalls(platform, agent);
    this.buckets = new BucketCalls(agent);
    this.channels = new ChannelCalls(platform, agent);
    this.platform = platform;
    this.agent = agent;
    this.events = events;
    events.connect(agent);
    channels.begin();
  }

  @Override
  public void close() {
    events.disconnect();
    files.close();
    agent.close();
  }

  @Override
  public @Nullable JSObject call(String method, JSArray<JSObject> given, CallContext context)
      throws AgentException {
    Arguments arguments = new Arguments(given);
    try {
      if (method.startsWith("identity.")) {
        return identity(method, arguments);
      }
      if (method.startsWith("feed.")) {
        return feeds.call(method, arguments, context);
      }
      if (method.startsWith("bucket.")) {
        return buckets.call(method, arguments);
      }
      if (method.startsWith("channel.")) {
        return channels.call(method, arguments, context);
      }
      return method.startsWith("files.")
          ? files.call(method, arguments, context)
          : item(method, arguments, context);
    } catch (dev.p2pcp.node.AgentException e) {
      throw new AgentException(Shapes.code(e.reason()), message(e), Shapes.figures(e));
    } catch (FeedException e) {
      throw new AgentException(Shapes.code(e.reason()), message(e));
    } catch (ChannelException e) {
      throw new AgentException(Shapes.code(e.reason()), message(e));
    } catch (ItemException e) {
      throw refusalOf(e);
    } catch (StoreException e) {
      throw new AgentException(
          e.reason() == StoreException.Reason.FULL ? "storage-full" : "storage-failed", message(e));
    }
  }

  private @Nullable JSObject identity(String method, Arguments arguments)
      throws AgentException, dev.p2pcp.node.AgentException {
    switch (method) {
      case "identity.create" -> {
        agent.relayOnly(arguments.option(0, "relaysOnly"));
        agent.create();
        askToPersist();
      }
      case "identity.login" -> {
        agent.relayOnly(arguments.option(1, "relaysOnly"));
        agent.login(arguments.text(0));
        askToPersist();
      }
      case "identity.unlock" -> agent.unlock(arguments.text(0));
      case "identity.lock" -> {
        agent.lock();
        return null;
      }
      case "identity.setPassphrase" -> {
        agent.setPassphrase(arguments.text(0), arguments.optionalText(1));
        return null;
      }
      case "identity.words" -> {
        return Shapes.texts(agent.words(arguments.optionalText(0)));
      }
      case "identity.quiz" -> {
        return Shapes.numbers(agent.quiz());
      }
      case "identity.confirm" -> {
        return Shapes.truth(agent.confirm(arguments.answers(0), arguments.optionalText(1)));
      }
      case "identity.logout" -> {
        agent.logout(arguments.option(0, "handOver"));
        return null;
      }
      default -> throw unknown(method);
    }
    channels.begin();
    return Shapes.me(agent.keys(), agent.node(), agent);
  }

  /** Beside the call: some browsers ask the person, who may take their time. */
  private void askToPersist() {
    platform
        .tasks()
        .spawn(
            "persist",
            () -> {
              if (IndexedDbBlockStore.askToPersist()) {
                events.statusChanged();
              }
            });
  }

  private @Nullable JSObject item(String method, Arguments arguments, CallContext context)
      throws AgentException, dev.p2pcp.node.AgentException, ItemException, StoreException {
    return switch (method) {
      case "put" -> put(arguments, context);
      case "get" -> get(arguments, context);
      case "list" -> list(arguments.optionalText(0).orElse(""));
      case "remove" -> {
        agent.node().remove(arguments.path(0));
        yield null;
      }
      case "urls" -> urls(arguments.path(0), arguments.of(1));
      case "blocks" -> blocks();
      case "status" -> events.status();
      case WATCH -> {
        agent.watch();
        yield null;
      }
      case "conflicts" -> conflicts();
      case "dismissConflict" -> {
        agent.node().conflicts().dismiss(id(arguments.text(0)));
        yield null;
      }
      case "lend" -> {
        agent.lend(arguments.number(0));
        yield events.status();
      }
      case "wantCopies" -> {
        agent.wantCopies(arguments.number(0));
        yield events.status();
      }
      case "useRelaysOnly" -> {
        agent.node();
        agent.relayOnly(arguments.truth(0));
        yield events.status();
      }
      case "useIndexServers" -> {
        agent.useOrigins(arguments.texts(0));
        yield events.status();
      }
      default -> throw unknown(method);
    };
  }

  private JSObject put(Arguments arguments, CallContext context)
      throws AgentException, dev.p2pcp.node.AgentException, ItemException {
    Path path = arguments.path(0);
    Bytes bytes = arguments.bytes(1);
    Node node = agent.node();
    long base = arguments.numberOption(2, "base");
    ItemView item = node.put(path, bytes, arguments.option(2, "public"), base);
    boolean all = arguments.textOption(2, "wait").filter("copies"::equals).isPresent();
    while (all && item.placement() != ItemView.Placement.DONE && !context.aborted()) {
      long ready = Math.min(item.stored(), item.wanted()) * (long) bytes.length();
      context.progress((double) ready, (double) bytes.length() * item.wanted());
      Pending<Boolean> change = events.nextChange(path);
      context.onAbort(() -> change.complete(true));
      item = node.view(path).orElse(item);
      if (item.placement() != ItemView.Placement.DONE) {
        change.await(platform.deadline(1_000));
        item = node.view(path).orElse(item);
      }
    }
    return Shapes.item(item);
  }

  private @Nullable JSObject get(Arguments arguments, CallContext context)
      throws AgentException, dev.p2pcp.node.AgentException, ItemException {
    Path path = arguments.path(0);
    Optional<PublicKey> of = arguments.of(1);
    Node node = agent.node();
    double total = node.view(path).filter(v -> of.isEmpty()).map(ItemView::size).orElse(0L);
    Optional<Content> content =
        of.isPresent()
            ? node.getOf(of.get(), path, done -> context.progress((double) done, total))
            : node.get(path, done -> context.progress((double) done, total));
    return content.map(Shapes::content).orElse(null);
  }

  private JSObject list(String prefix) throws dev.p2pcp.node.AgentException {
    JSArray<JSObject> items = new JSArray<>();
    agent.node().list(prefix).stream().map(Shapes::item).forEach(items::push);
    return items;
  }

  private JSObject urls(Path path, Optional<PublicKey> of)
      throws dev.p2pcp.node.AgentException, ItemException {
    JSArray<JSObject> blocks = new JSArray<>();
    for (Map.Entry<StorageKey, List<String>> entry : agent.node().urls(path, of).entrySet()) {
      blocks.push(Shapes.urls(entry.getKey().toString(), entry.getValue()));
    }
    return blocks;
  }

  private JSObject blocks() throws dev.p2pcp.node.AgentException {
    JSArray<JSObject> blocks = new JSArray<>();
    agent.node().blocks().stream().map(Shapes::block).forEach(blocks::push);
    return blocks;
  }

  private JSObject conflicts() throws dev.p2pcp.node.AgentException, StoreException {
    JSArray<JSObject> conflicts = new JSArray<>();
    agent.node().conflicts().all().stream().map(Shapes::conflict).forEach(conflicts::push);
    return conflicts;
  }

  private static Bytes id(String text) throws AgentException {
    try {
      return Bytes.fromBase64Url(text);
    } catch (MalformedFrameException e) {
      throw new AgentException("bad-argument", "not the id of a conflict");
    }
  }

  private static AgentException refusalOf(ItemException e) {
    if (e.figures().isPresent()) {
      var figures = e.figures().get();
      return new AgentException(
          "over-allowance",
          message(e),
          Shapes.allowance(figures.blocks(), figures.needed(), figures.lent()));
    }
    String code =
        switch (e.reason()) {
          case TOO_MANY -> "too-large";
          default -> Shapes.code(e.reason());
        };
    return new AgentException(code, message(e));
  }

  private static String message(Exception e) {
    return String.valueOf(e.getMessage());
  }

  private static AgentException unknown(String method) {
    return new AgentException("bad-argument", "there is no method " + method);
  }
}
