package dev.p2pcp.web.harness;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Somebody with a tab open: either on the site, as people have it, or on an empty page of the site
 * where a test talks to the agent alone.
 */
public final class Person implements AutoCloseable {
  /** How long to wait for what depends on others; far more than a quiet machine takes. */
  public static final int PATIENCE_MILLIS = 90_000;

  private static final Gson GSON = new Gson();

  /** A page of the site's origin without any script of the site. */
  private static final String EMPTY_PAGE = "/config.json";

  private final Page page;

  private Person(Page page) {
    this.page = page;
    page.setDefaultTimeout(PATIENCE_MILLIS);
    page.setDefaultNavigationTimeout(PATIENCE_MILLIS);
  }

  /** A tab of that profile with an agent and nothing else; the agent's state is as it is left. */
  static Person withAgent(BrowserContext profile, String origin, List<String> indexServers) {
    Person person = new Person(profile.newPage());
    person.page.navigate(origin + EMPTY_PAGE);
    person.ask(
        """
        const { open } = await import(argument.origin + '/agent/agent.js');
        trial.agent = await open(argument.servers.length ? { indexServers: argument.servers } : undefined);
        """,
        Map.of("origin", origin, "servers", indexServers));
    return person;
  }

  /** A tab of that profile on the site. */
  static Person onSite(BrowserContext profile, String address) {
    Person person = new Person(profile.newPage());
    person.page.navigate(address);
    return person;
  }

  public Page page() {
    return page;
  }

  /** A further tab of the same profile with an agent and nothing else. */
  public Person anotherTab(String origin) {
    return withAgent(page.context(), origin, List.of());
  }

  /** A further tab of the same profile on the site. */
  public Person anotherTabOnSite(String address) {
    return onSite(page.context(), address);
  }

  /** Lets a test talk to the agent that the site opened in this tab. */
  public Person withSitesAgent() {
    ask(
        "const { store } = await import('p2pcp/agent'); await store.opened; trial.agent = store.agent;",
        null);
    return this;
  }

  /** Makes a new identity. */
  public Told.Me begin() {
    return ask("return agent.identity.create()", null, Told.Me.class);
  }

  public Told.Me login(String words) {
    return ask("return agent.identity.login(argument)", words, Told.Me.class);
  }

  public Told.Me me() {
    return ask("return agent.identity.me()", null, Told.Me.class);
  }

  public String words() {
    return ask("return (await agent.identity.words()).join(' ')", null, String.class);
  }

  public Told.Item put(String path, byte[] bytes) {
    return put(path, bytes, Map.of());
  }

  public Told.Item put(String path, String text) {
    return put(path, text.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  /** Stores bytes with the options of {@code PutOptions}. */
  public Told.Item put(String path, byte[] bytes, Map<String, Object> options) {
    return ask(
        "return agent.put(argument.path, trial.bytes(argument.bytes), argument.options)",
        Map.of(
            "path", path, "bytes", Base64.getEncoder().encodeToString(bytes), "options", options),
        Told.Item.class);
  }

  /** What is stored there, or null. */
  public byte @Nullable [] get(String path) {
    Told.@Nullable Content content =
        askOrNull("return agent.get(argument)", path, Told.Content.class);
    return content == null ? null : content.decoded();
  }

  /** What is stored there, as text; empty if nothing is. */
  public String text(String path) {
    byte[] bytes = get(path);
    return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
  }

  public Told.Item item(String path) {
    return ask(
        "return (await agent.list(argument)).find(item => item.path === argument)",
        path,
        Told.Item.class);
  }

  public List<Told.Item> list(String prefix) {
    return Arrays.asList(ask("return agent.list(argument)", prefix, Told.Item[].class));
  }

  public void remove(String path) {
    ask("await agent.remove(argument)", path);
  }

  public List<Told.BlockUrls> urls(String path) {
    return Arrays.asList(ask("return agent.urls(argument)", path, Told.BlockUrls[].class));
  }

  public List<Told.KeptBlock> blocks() {
    return Arrays.asList(ask("return agent.blocks()", null, Told.KeptBlock[].class));
  }

  public List<Told.Conflict> conflicts() {
    return Arrays.asList(ask("return agent.conflicts()", null, Told.Conflict[].class));
  }

  public Told.Status status() {
    return ask("return agent.status()", null, Told.Status.class);
  }

  public Told.Status lend(int slots) {
    return ask("return agent.lend(argument)", slots, Told.Status.class);
  }

  /** Waits until at least one index server is connected. */
  public Person connected() {
    until("(await agent.status()).servers.some(server => server.state === 'connected')");
    return this;
  }

  /** Waits until every item has all its copies. */
  public void allPlaced(int items) {
    until(
        "await agent.status().then(s => s.items.total === %1$d && s.items.done === %1$d || agent.list('').then(list => ({ not: [s.items, list.filter(item => item.placement !== 'done')] })))"
            .formatted(items));
  }

  /** Waits until an item has all its copies. */
  public Told.Item placed(String path) {
    return until(
        "(await agent.list(%1$s)).map(i => i.path === %1$s && i.placement === 'done' ? i : { not: i })[0]"
            .formatted(GSON.toJson(path)),
        Told.Item.class);
  }

  /** Waits until an expression, looked at after every event of the agent, is true. */
  public void until(String expression) {
    until(expression, JsonElement.class);
  }

  /** Waits until an expression is a value; null, false and {@code {not: …}} are none yet. */
  public <T> T until(String expression, Class<T> type) {
    return ask(
        "return trial.until(async agent => " + expression + ", argument)", PATIENCE_MILLIS, type);
  }

  /** Runs the body of an async function with {@code agent} and {@code argument} in the page. */
  public void ask(String body, @Nullable Object argument) {
    answer(body, argument);
  }

  /** Runs the body of an async function in the page, which returns a value of that type. */
  public <T> T ask(String body, @Nullable Object argument, Class<T> type) {
    T value = askOrNull(body, argument, type);
    if (value == null) {
      throw new AssertionError("nothing was returned by " + body);
    }
    return value;
  }

  /** Closes the tab, as a person does in the middle of things. */
  @Override
  public void close() {
    page.close();
  }

  private <T> @Nullable T askOrNull(String body, @Nullable Object argument, Type type) {
    return GSON.fromJson(answer(body, argument), type);
  }

  private @Nullable JsonElement answer(String body, @Nullable Object argument) {
    String script =
        "given => trial.ask(async (agent, argument) => {" + body + "\n}, JSON.parse(given))";
    String text = (String) page.evaluate(script, GSON.toJson(argument));
    JsonObject answer = JsonParser.parseString(text).getAsJsonObject();
    if (!answer.has("refused")) {
      return answer.get("value");
    }
    JsonObject refused = answer.getAsJsonObject("refused");
    JsonElement code = refused.get("code");
    JsonElement figures = refused.get("figures");
    throw new Refused(
        code == null || code.isJsonNull() ? null : code.getAsString(),
        figures instanceof JsonObject object ? object : new JsonObject(),
        String.valueOf(refused.get("message")));
  }
}
