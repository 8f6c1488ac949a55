package dev.p2pcp.browser.api;

import dev.p2pcp.browser.js.Binary;
import dev.p2pcp.identity.Fingerprint;
import dev.p2pcp.identity.KeyRing;
import dev.p2pcp.node.Agent;
import dev.p2pcp.node.AgentException;
import dev.p2pcp.node.Conflicts;
import dev.p2pcp.node.Content;
import dev.p2pcp.node.FileInfo;
import dev.p2pcp.node.Files;
import dev.p2pcp.node.ItemView;
import dev.p2pcp.node.Node;
import dev.p2pcp.node.NodeStatus;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSArray;
import org.teavm.jso.core.JSNumber;
import org.teavm.jso.core.JSString;

/** The plain objects of {@code agent.d.ts}, made of what the core tells. */
final class Shapes {
  private Shapes() {}

  /** The core's names, as the interface writes them: {@code NO_HOLDERS} is {@code no-holders}. */
  static String code(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static JSObject me(KeyRing keys, Node node, Agent agent) {
    return object()
        .with("did", keys.did().toString())
        .with("fingerprint", Fingerprint.of(keys.identity().publicKey()).text())
        .with("account", keys.account().toString())
        .with("peer", node.device().peer().toString())
        .with("hasPassphrase", agent.hasPassphrase())
        .with("wordsSaved", agent.wordsSaved());
  }

  static JSObject item(ItemView item) {
    Shape copies =
        object()
            .with("wanted", item.wanted())
            .with("stored", item.stored())
            .with("online", item.online())
            .with("absent", item.copies().absent())
            .with("lost", item.copies().lost())
            .with("repairing", item.copies().repairing())
            .with("paidUntil", (double) item.copies().paidUntil());
    Shape shape =
        object()
            .with("path", item.path().text())
            .with("public", item.isPublic())
            .with("version", (double) item.version())
            .with("time", (double) item.time())
            .with("size", (double) item.size())
            .with("blocks", item.blocks())
            .with("copies", copies)
            .with("placement", code(item.placement()))
            .with("storageKey", item.key().toString());
    return item.why() == ItemView.Why.NOTHING ? shape : shape.with("why", code(item.why()));
  }

  static JSObject content(Content content) {
    return object()
        .with("path", content.path().text())
        .with("bytes", Binary.view(content.value()))
        .with("version", (double) content.version())
        .with("time", (double) content.time())
        .with("storageKey", content.key().toString());
  }

  static JSObject file(FileInfo file, String link) {
    return info(file).with("link", link);
  }

  static JSObject unfinished(Files.Unfinished file) {
    return info(file.info())
        .with("path", file.path().text())
        .with("doneBytes", (double) file.done());
  }

  private static Shape info(FileInfo file) {
    return object()
        .with("name", file.name())
        .with("type", file.type())
        .with("size", (double) file.size())
        .with("time", (double) file.time());
  }

  static JSObject conflict(Conflicts.Conflict conflict) {
    return object()
        .with("id", conflict.id().base64Url())
        .with("path", conflict.path().text())
        .with("bytes", Binary.view(conflict.value()))
        .with("version", (double) conflict.version())
        .with("time", (double) conflict.time());
  }

  static JSObject block(Node.KeptBlock block) {
    Shape shape =
        object()
            .with("storageKey", block.key().toString())
            .with("kind", block.signed() ? "signed" : "content")
            .with("size", block.size())
            .with("own", block.own());
    block.path().ifPresent(path -> shape.with("path", path.text()));
    return block.keptUntil() == 0 ? shape : shape.with("keptUntil", (double) block.keptUntil());
  }

  static JSObject urls(String storageKey, List<String> urls) {
    return object().with("storageKey", storageKey).with("urls", texts(urls));
  }

  /** While there is no node there is nothing to tell but the state. */
  static JSObject status(Agent.State state, @Nullable NodeStatus status) {
    if (status == null) {
      return emptyStatus(code(state));
    }
    NodeStatus.Lending lending = status.lending();
    NodeStatus.Account account = status.account();
    NodeStatus.Counts counts = status.items();
    JSArray<JSObject> servers = new JSArray<>();
    status.servers().forEach(server -> servers.push(server(server)));
    JSArray<JSObject> known = new JSArray<>();
    status
        .knownServers()
        .forEach(
            one ->
                known.push(
                    object()
                        .with("origin", one.origin())
                        .with("operator", one.operator())
                        .with("agents", one.agents())));
    return object()
        .with("state", code(state))
        .with(
            "lending",
            object()
                .with("slots", lending.slots())
                .with("own", lending.own())
                .with("forOthers", lending.forOthers())
                .with("room", lending.room())
                .with("bytes", (double) lending.bytes())
                .with("persisted", lending.persisted())
                .with("accounts", lending.accounts())
                .with("bytesForOthers", (double) lending.bytesForOthers()))
        .with(
            "account",
            object()
                .with("blocks", account.blocks())
                .with("copies", account.copies())
                .with("needed", account.needed())
                .with("lent", account.lent())
                .with("paidUntil", (double) account.paidUntil()))
        .with("servers", servers)
        .with("knownServers", known)
        .with("links", links(status.links()))
        .with(
            "items",
            object()
                .with("total", counts.total())
                .with("done", counts.done())
                .with("placing", counts.placing())
                .with("waiting", counts.waiting())
                .with("repairing", counts.repairing()));
  }

  private static JSObject links(NodeStatus.Links links) {
    return object()
        .with("direct", links.direct())
        .with("relayed", links.relayed())
        .with("tunnel", links.tunnel())
        .with("left", links.left())
        .with("relaysOnly", links.relayOnly());
  }

  private static JSObject server(NodeStatus.Server server) {
    Shape shape =
        object()
            .with("origin", server.origin())
            .with("state", server.state().toLowerCase(Locale.ROOT))
            .with("retryIn", (double) server.retryIn())
            .with("awaySince", (double) server.awaySince())
            .with("omits", server.omits())
            .with("forges", server.forges())
            .with("standIn", server.standIn());
    return server.why().isEmpty() ? shape : shape.with("why", server.why());
  }

  static JSObject itemEvent(String path, @Nullable JSObject item, boolean remote) {
    return object().with("path", path).with("item", item).with("remote", remote);
  }

  static JSObject figures(AgentException refusal) {
    Shape shape = object();
    refusal.figures().forEach(figure -> shape.with(figure.name(), figure.value()));
    if (!refusal.positions().isEmpty()) {
      shape.with("positions", numbers(refusal.positions()));
    }
    return shape;
  }

  static JSObject allowance(int blocks, int needed, int lent) {
    return object()
        .with("blocks", blocks)
        .with("needed", needed)
        .with("lent", lent)
        .with("more", needed - lent);
  }

  static JSArray<JSObject> texts(List<String> all) {
    JSArray<JSObject> texts = new JSArray<>();
    all.forEach(text -> texts.push(JSString.valueOf(text)));
    return texts;
  }

  static JSArray<JSObject> numbers(List<Integer> all) {
    JSArray<JSObject> numbers = new JSArray<>();
    all.forEach(number -> numbers.push(JSNumber.valueOf(number)));
    return numbers;
  }

  @JSBody(params = "value", script = "return value;")
  static native JSObject truth(boolean value);

  static Shape object() {
    return emptyObject();
  }

  /** A plain object under construction. */
  abstract static class Shape implements JSObject {
    @JSBody(
        params = {"name", "value"},
        script = "this[name] = value; return this;")
    native Shape with(String name, @Nullable JSObject value);

    @JSBody(
        params = {"name", "value"},
        script = "this[name] = value; return this;")
    native Shape with(String name, String value);

    @JSBody(
        params = {"name", "value"},
        script = "this[name] = value; return this;")
    native Shape with(String name, boolean value);

    @JSBody(
        params = {"name", "value"},
        script = "this[name] = value; return this;")
    native Shape with(String name, double value);
  }

  @JSBody(script = "return {};")
  private static native Shape emptyObject();

  @JSBody(
      params = "state",
      script =
          "return {state: state, lending: {slots: 0, own: 0, forOthers: 0, room: 0, bytes: 0,"
              + " persisted: false, accounts: 0, bytesForOthers: 0},"
              + " account: {blocks: 0, copies: 0, needed: 0, lent: 0, paidUntil: 0},"
              + " servers: [], knownServers: [], links: {direct: 0, relayed: 0, tunnel: 0, left: 0, relaysOnly: false},"
              + " items: {total: 0, done: 0, placing: 0, waiting: 0, repairing: 0}};")
  private static native JSObject emptyStatus(String state);
}
