package dev.p2pcp.browser.api;

import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSClass;
import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** What tabs tell each other; the package says which fields each type has. */
@JSClass(transparent = true)
abstract class TabMessage implements JSObject {
  static final String HELLO = "hello";
  static final String LEADER = "leader";
  static final String STARTING = "starting";
  static final String WELCOME = "welcome";
  static final String CALL = "call";
  static final String ABORT = "abort";
  static final String BYE = "bye";
  static final String PROGRESS = "progress";
  static final String RESULT = "result";
  static final String ERROR = "error";
  static final String EVENT = "event";
  static final String SNAPSHOT = "snapshot";
  static final String KEYS = "keys";

  private TabMessage() {}

  @JSBody(params = "type", script = "return {type: type};")
  static native TabMessage of(String type);

  @JSBody(
      params = {"type", "id"},
      script = "return {type: type, id: id};")
  static native TabMessage of(String type, int id);

  @JSProperty
  abstract String getType();

  @JSProperty
  abstract int getId();

  @JSProperty
  abstract String getTab();

  @JSProperty
  abstract void setTab(String tab);

  @JSProperty
  abstract String getMethod();

  @JSProperty
  abstract void setMethod(String method);

  @JSProperty
  abstract @Nullable JSObject getValue();

  @JSProperty
  abstract void setValue(@Nullable JSObject value);

  @JSProperty
  abstract Snapshot getSnapshot();

  @JSProperty
  abstract void setSnapshot(Snapshot snapshot);

  @JSProperty
  abstract @Nullable JSObject getKeys();

  @JSProperty
  abstract void setKeys(@Nullable JSObject keys);

  @JSProperty
  abstract double getDone();

  @JSProperty
  abstract void setDone(double done);

  @JSProperty
  abstract double getTotal();

  @JSProperty
  abstract void setTotal(double total);
}
