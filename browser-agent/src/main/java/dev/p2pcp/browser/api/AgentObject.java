package dev.p2pcp.browser.api;

import dev.p2pcp.browser.js.Callback;
import dev.p2pcp.browser.js.Consumer;
import dev.p2pcp.node.Files;
import dev.p2pcp.platform.Platform;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSFunctor;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSArray;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.core.JSString;

/**
 * The {@code Agent} object that a page's script gets; the same in the leading and in a following
 * tab.
 */
public final class AgentObject implements Tab.Listener {
  /** Listeners of one event. */
  private static final int LISTENERS_LIMIT = 1_000;

  // What is answered by a promise, as in agent.d.ts; the rest is written out below.
  private static final String METHODS =
      "put get list remove urls blocks status lend wantCopies useIndexServers useRelaysOnly"
          + " conflicts dismissConflict";
  private static final String IDENTITY_METHODS =
      "create login unlock lock setPassphrase words quiz confirm logout";

  private static final String FILE_METHODS = "put unfinished cancel stat share";
  private static final String FEED_METHODS =
      "open append truncate keep prove verify forkProof verifyFork";
  private static final String BUCKET_METHODS = "check lend state end allow allowed";
  private static final String CHANNEL_METHODS =
      "found open list leave post search appoint mute muted seen draft";

  /** Between two words that somebody watches, in milliseconds; each is good for twice as long. */
  private static final int WATCH_MILLIS = 15_000;

  private final Map<String, List<Consumer<JSObject>>> listeners = new HashMap<>();
  private final Consumer<@Nullable JSObject> resolve;
  private final Consumer<JSObject> reject;
  private final Tab tab;
  private final JSObject agent;
  private boolean watching;
  private Callback unwatch = () -> {};

  private AgentObject(
      Platform platform,
      AgentCalls.Factory factory,
      Completion completion,
      @Nullable JSObject options,
      Consumer<@Nullable JSObject> resolve,
      Consumer<JSObject> reject) {
    this.resolve = resolve;
    this.reject = reject;
    this.tab = new Tab(platform, factory, options, this);
    this.agent =
        build(
            METHODS,
            IDENTITY_METHODS,
            FILE_METHODS,
            FEED_METHODS,
            BUCKET_METHODS,
            CHANNEL_METHODS,
            Files.PART,
            (method, arguments) ->
                promise(
                    (Consumer<@Nullable JSObject> done, Consumer<JSObject> failed) ->
                        tab.call(method, arguments, done, failed)),
            () -> JSString.valueOf(tab.snapshot().getState()),
            () -> tab.snapshot().getMe(),
            prefix -> texts(completion.complete(prefix)),
            this::listen,
            () -> {
              unwatch.call();
              tab.close();
            });
  }

  /** Completes a word of the phrase; it needs neither leader nor state. */
  @FunctionalInterface
  public interface Completion {
    List<String> complete(String prefix);
  }

  /** Starts or joins the agent of this profile; resolves to the agent. */
  public static JSPromise<JSObject> open(
      Platform platform,
      AgentCalls.Factory factory,
      Completion completion,
      @Nullable JSObject options) {
    return promise(
        (Consumer<@Nullable JSObject> resolve, Consumer<JSObject> reject) ->
            new AgentObject(platform, factory, completion, options, resolve, reject).tab.start());
  }

  @Override
  public void opened() {
    unwatch = whileVisible(this::watch, WATCH_MILLIS);
    resolve.accept(agent);
  }

  /** What comes of it does not matter, but one at a time is enough. */
  private void watch() {
    if (!watching) {
      watching = true;
      tab.call(CoreCalls.WATCH, new JSArray<>(), done -> watching = false, e -> watching = false);
    }
  }

  @Override
  public void failed(JSObject error) {
    reject.accept(error);
  }

  @Override
  public void event(String name, JSObject detail) {
    List<Consumer<JSObject>> hearing = listeners.get(name);
    if (hearing != null) {
      for (Consumer<JSObject> listener : List.copyOf(hearing)) {
        tell(listener, detail);
      }
    }
  }

  private Callback listen(String name, Consumer<JSObject> listener) {
    List<Consumer<JSObject>> hearing = listeners.computeIfAbsent(name, any -> new ArrayList<>());
    if (hearing.size() >= LISTENERS_LIMIT) {
      throw new IllegalStateException("too many listeners of " + name);
    }
    hearing.add(listener);
    return () -> hearing.remove(listener);
  }

  private static JSArray<JSObject> texts(List<String> all) {
    JSArray<JSObject> texts = new JSArray<>();
    for (String text : all) {
      texts.push(JSString.valueOf(text));
    }
    return texts;
  }

  @JSFunctor
  private interface Invoke extends JSObject {
    JSPromise<JSObject> invoke(String method, JSArray<JSObject> arguments);
  }

  @JSFunctor
  private interface Read extends JSObject {
    @Nullable JSObject read();
  }

  @JSFunctor
  private interface Complete extends JSObject {
    JSArray<JSObject> complete(String prefix);
  }

  @JSFunctor
  private interface Listen extends JSObject {
    Callback listen(String event, Consumer<JSObject> listener);
  }

  @JSFunctor
  private interface Executor extends JSObject {
    void execute(Consumer<@Nullable JSObject> resolve, Consumer<JSObject> reject);
  }

  @JSBody(params = "executor", script = "return new Promise(executor);")
  private static native JSPromise<JSObject> promise(Executor executor);

  @JSBody(
      params = {"look", "millis"},
      script =
          "var d = document, type = 'visibilitychange';"
              + "var see = function() { if (!d.hidden) look(); };"
              + "var timer = setInterval(see, millis);"
              + "d.addEventListener(type, see);"
              + "see();"
              + "return function() { clearInterval(timer); d.removeEventListener(type, see); };")
  private static native Callback whileVisible(Callback look, int millis);

  // A listener that throws is the page's concern and must not keep the others from hearing.
  @JSBody(
      params = {"listener", "detail"},
      script = "try { listener(detail); } catch (e) { reportError(e); }")
  private static native void tell(Consumer<JSObject> listener, JSObject detail);

  @JSBody(
      params = {
        "methods",
        "identityMethods",
        "fileMethods",
        "feedMethods",
        "bucketMethods",
        "channelMethods",
        "part",
        "invoke",
        "state",
        "me",
        "complete",
        "on",
        "close"
      },
      script =
          "function add(object, names, prefix) {"
              + "  names.split(' ').forEach(function(name) {"
              + "    object[name] = function() {"
              + "      return invoke(prefix + name, Array.prototype.slice.call(arguments));"
              + "    };"
              + "  });"
              + "  return object;"
              + "}"
              + "var identity = add({}, identityMethods, 'identity.');"
              + "identity.me = function() { return me(); };"
              + "identity.complete = function(prefix) { return complete(String(prefix)); };"
              + "var agent = add({}, methods, '');"
              + "agent.identity = identity;"
              + "var files = agent.files = add({}, fileMethods, 'files.');"
              // Reads ahead by parts that are whole chunks; who reads slowly slows it down.
              + "files.read = function(file, options) {"
              + "  var o = options || {}, at = o.from || 0, end, ahead = [];"
              + "  return new ReadableStream({"
              + "    start: function() {"
              + "      return files.stat(file).then(function(stat) {"
              + "        end = Math.min(stat.size, o.to === undefined ? stat.size : o.to);"
              + "      });"
              + "    },"
              + "    pull: function(to) {"
              + "      while (ahead.length < 8 && at < end) {"
              + "        var count = Math.min(end - at, part - at % part);"
              + "        var next = invoke('files.part', [file, at, count, {signal: o.signal}]);"
              + "        next.catch(function() {});"
              + "        ahead.push(next);"
              + "        at += count;"
              + "      }"
              + "      if (!ahead.length) { to.close(); return; }"
              + "      return ahead.shift().then(function(bytes) { to.enqueue(bytes); });"
              + "    },"
              + "    cancel: function() { at = end; ahead = []; }"
              + "  }, {highWaterMark: 0});"
              + "};"
              + "agent.bucket = add({}, bucketMethods, 'bucket.');"
              + "var feed = agent.feed = add({}, feedMethods, 'feed.');"
              + "feed.read = function(which, options) {"
              + "  var given = options || {}, next = given.from || 0, waiting = [], over = false;"
              + "  var to = given.to === undefined ? 2147483647 : given.to;"
              + "  var entries = {"
              + "    next: function() {"
              + "      if (waiting.length) {"
              + "        var value = {index: next, bytes: waiting.shift()};"
              + "        next++;"
              + "        return Promise.resolve({done: false, value: value});"
              + "      }"
              + "      if (over || next >= to) return entries.return();"
              + "      return invoke('feed.entries',"
              + "          [which, next, to, {live: !!given.live, signal: given.signal}])"
              + "        .then(function(list) {"
              + "          waiting = list;"
              + "          over = over || !list.length && !given.live;"
              + "          return entries.next();"
              + "        });"
              + "    },"
              + "    return: function() {"
              + "      over = true;"
              + "      waiting = [];"
              + "      return Promise.resolve({done: true, value: undefined});"
              + "    }"
              + "  };"
              + "  entries[Symbol.asyncIterator] = function() { return entries; };"
              + "  return entries;"
              + "};"
              + "var channel = agent.channel = add({}, channelMethods, 'channel.');"
              + "channel.read = function(which, options) {"
              + "  var given = options || {}, version = -1, over = false;"
              + "  var views = {"
              + "    next: function() {"
              + "      if (over) return views.return();"
              + "      return invoke('channel.next', [which, version,"
              + "          {live: !!given.live, last: given.last, signal: given.signal}])"
              + "        .then(function(view) {"
              + "          if (!view) return views.next();"
              + "          version = view.version;"
              + "          over = over || !given.live;"
              + "          return {done: false, value: view};"
              + "        });"
              + "    },"
              + "    return: function() {"
              + "      over = true;"
              + "      return Promise.resolve({done: true, value: undefined});"
              + "    }"
              + "  };"
              + "  views[Symbol.asyncIterator] = function() { return views; };"
              + "  return views;"
              + "};"
              + "agent.state = function() { return state(); };"
              + "agent.on = function(event, listener) { return on(String(event), listener); };"
              + "agent.close = function() { close(); return Promise.resolve(); };"
              + "return agent;")
  private static native JSObject build(
      String methods,
      String identityMethods,
      String fileMethods,
      String feedMethods,
      String bucketMethods,
      String channelMethods,
      int part,
      Invoke invoke,
      Read state,
      Read me,
      Complete complete,
      Listen on,
      Callback close);
}
