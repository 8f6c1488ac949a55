package dev.p2pcp.browser.api;

import dev.p2pcp.browser.js.Binary;
import dev.p2pcp.browser.js.Blob;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.channel.Post;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.identity.DidKey;
import dev.p2pcp.identity.Path;
import dev.p2pcp.node.Agent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSArray;
import org.teavm.jso.typedarrays.Uint8Array;

/** The arguments of a call from JavaScript, each checked as it is read. */
final class Arguments {
  /** Longest text argument but for paths, in characters. */
  private static final int MAX_TEXT = 4_096;

  private static final int MAX_LIST = 64;

  private static final int MAX_RUNS = 10_000;

  private final JSArray<JSObject> all;

  Arguments(JSArray<JSObject> all) {
    this.all = all;
  }

  Path path(int index) throws AgentException {
    try {
      return Path.parse(text(index));
    } catch (MalformedFrameException e) {
      throw new AgentException("bad-path", "a path begins with / and has at most 512 bytes");
    }
  }

  String text(int index) throws AgentException {
    return checked(at(index)).orElseThrow(() -> bad(index, "a text"));
  }

  Optional<String> optionalText(int index) throws AgentException {
    return checked(at(index));
  }

  /** A text that the callee limits. */
  String longText(int index) throws AgentException {
    JSObject value = at(index);
    if (!isText(value)) {
      throw bad(index, "a text");
    }
    return asText(value);
  }

  /** The text, or empty where nothing was given. */
  private Optional<String> checked(@Nullable JSObject value) throws AgentException {
    if (!Binary.isDefined(value)) {
      return Optional.empty();
    }
    if (!isText(value)) {
      throw new AgentException("bad-argument", "a text was expected");
    }
    String text = asText(value);
    if (text.length() > MAX_TEXT) {
      throw new AgentException("bad-argument", "the text is too long");
    }
    return Optional.of(text);
  }

  Bytes bytes(int index) throws AgentException {
    JSObject value = at(index);
    if (value == null || !Binary.isUint8Array(value)) {
      throw bad(index, "a Uint8Array");
    }
    return Binary.bytes((Uint8Array) value);
  }

  /** Runs of bytes in a list. */
  List<Bytes> runs(int index) throws AgentException {
    List<Bytes> runs = new ArrayList<>();
    JSObject value = at(index);
    if (!isList(value) || asList(value).getLength() > MAX_RUNS) {
      throw bad(index, "a list of at most " + MAX_RUNS);
    }
    JSArray<JSObject> all = asList(value);
    for (int i = 0; i < all.getLength(); i++) {
      JSObject run = all.get(i);
      if (!Binary.isUint8Array(run)) {
        throw bad(index, "a list of Uint8Array");
      }
      runs.add(Binary.bytes((Uint8Array) run));
    }
    return runs;
  }

  Blob blob(int index) throws AgentException {
    JSObject value = at(index);
    if (value == null || !Blob.is(value)) {
      throw bad(index, "a Blob or File");
    }
    return (Blob) value;
  }

  int number(int index) throws AgentException {
    JSObject value = at(index);
    if (!isWhole(value)) {
      throw bad(index, "a whole number");
    }
    return (int) asNumber(value);
  }

  boolean truth(int index) throws AgentException {
    JSObject value = at(index);
    if (!isTrue(value) && !isFalse(value)) {
      throw bad(index, "true or false");
    }
    return isTrue(value);
  }

  List<String> texts(int index) throws AgentException {
    List<String> texts = new ArrayList<>();
    for (JSObject element : list(index)) {
      texts.add(checked(element).orElseThrow(() -> bad(index, "texts")));
    }
    return texts;
  }

  /** The key of a person. */
  PublicKey person(int index) throws AgentException {
    return person(text(index));
  }

  /** Files that an option names, as {@code ChannelFile}. */
  List<Post.Attached> files(int index) throws AgentException {
    List<Post.Attached> files = new ArrayList<>();
    JSObject given = property(at(index), "files");
    if (!Binary.isDefined(given)) {
      return files;
    }
    for (JSObject file : elements(index, given)) {
      JSObject size = property(file, "size");
      Optional<String> link = checked(property(file, "link"));
      if (link.isEmpty() || !isWhole(size)) {
        throw bad(index, "files with link and size");
      }
      try {
        files.add(
            new Post.Attached(
                Bytes.fromBase64Url(link.get()),
                checked(property(file, "name")).orElse(""),
                checked(property(file, "type")).orElse(""),
                (long) asNumber(size)));
      } catch (MalformedFrameException e) {
        throw bad(index, "links of files");
      }
    }
    return files;
  }

  List<Agent.Answer> answers(int index) throws AgentException {
    List<Agent.Answer> answers = new ArrayList<>();
    for (JSObject element : list(index)) {
      JSObject position = property(element, "position");
      Optional<String> word = checked(property(element, "word"));
      if (!isWhole(position) || word.isEmpty()) {
        throw bad(index, "answers");
      }
      answers.add(new Agent.Answer((int) asNumber(position), word.get()));
    }
    return answers;
  }

  /** A truth among the options, false if absent. */
  boolean option(int index, String name) {
    return isTrue(property(at(index), name));
  }

  Optional<String> textOption(int index, String name) throws AgentException {
    return checked(property(at(index), name));
  }

  /** A whole number among the options, 0 if absent. */
  long numberOption(int index, String name) throws AgentException {
    JSObject value = property(at(index), name);
    if (!Binary.isDefined(value)) {
      return 0;
    }
    if (!isCount(value)) {
      throw bad(index, "a whole number as " + name);
    }
    return (long) asNumber(value);
  }

  /** The person whose item is meant, if not one's own. */
  Optional<PublicKey> of(int index) throws AgentException {
    Optional<String> did = textOption(index, "of");
    if (did.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(person(did.get()));
  }

  private static PublicKey person(String did) throws AgentException {
    try {
      return DidKey.parse(did).identity();
    } catch (MalformedFrameException e) {
      throw new AgentException("bad-argument", "not the did:key of a person");
    }
  }

  /** Texts of a list among options that may be absent. */
  static List<String> textsOf(@Nullable JSObject options, String name) throws AgentException {
    JSArray<JSObject> wrapped = new JSArray<>();
    JSObject value = property(options, name);
    if (!Binary.isDefined(value)) {
      return List.of();
    }
    wrapped.push(value);
    return new Arguments(wrapped).texts(0);
  }

  private List<JSObject> list(int index) throws AgentException {
    return elements(index, at(index));
  }

  private static List<JSObject> elements(int index, @Nullable JSObject value)
      throws AgentException {
    if (!isList(value)) {
      throw bad(index, "a list");
    }
    JSArray<JSObject> array = asList(value);
    if (array.getLength() > MAX_LIST) {
      throw bad(index, "a shorter list");
    }
    List<JSObject> elements = new ArrayList<>();
    for (int i = 0; i < array.getLength(); i++) {
      elements.add(array.get(i));
    }
    return elements;
  }

  private @Nullable JSObject at(int index) {
    return index < all.getLength() ? all.get(index) : null;
  }

  private static AgentException bad(int index, String expected) {
    return new AgentException("bad-argument", "argument " + (index + 1) + " must be " + expected);
  }

  @JSBody(params = "value", script = "return typeof value === 'string';")
  private static native boolean isText(@Nullable JSObject value);

  @JSBody(params = "value", script = "return value;")
  private static native String asText(@Nullable JSObject value);

  @JSBody(
      params = "value",
      script = "return Number.isSafeInteger(value) && Math.abs(value) < 2 ** 31;")
  private static native boolean isWhole(@Nullable JSObject value);

  /** Of whatever there may be more than 2³¹ of. */
  @JSBody(params = "value", script = "return Number.isSafeInteger(value) && value >= 0;")
  private static native boolean isCount(@Nullable JSObject value);

  @JSBody(params = "value", script = "return value;")
  private static native double asNumber(@Nullable JSObject value);

  @JSBody(params = "value", script = "return value === true;")
  private static native boolean isTrue(@Nullable JSObject value);

  @JSBody(params = "value", script = "return value === false;")
  private static native boolean isFalse(@Nullable JSObject value);

  @JSBody(params = "value", script = "return Array.isArray(value);")
  private static native boolean isList(@Nullable JSObject value);

  @JSBody(params = "value", script = "return value;")
  private static native JSArray<JSObject> asList(@Nullable JSObject value);

  @JSBody(
      params = {"object", "name"},
      script = "return object === null || object === undefined ? null : object[name];")
  private static native @Nullable JSObject property(@Nullable JSObject object, String name);
}
