package dev.p2pcp.browser.api;

import dev.p2pcp.browser.js.Binary;
import dev.p2pcp.browser.js.Blob;
import dev.p2pcp.browser.js.JsFailure;
import dev.p2pcp.browser.js.Promises;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.identity.Path;
import dev.p2pcp.node.Agent;
import dev.p2pcp.node.FileAccess;
import dev.p2pcp.node.FileInfo;
import dev.p2pcp.node.FileLink;
import dev.p2pcp.node.FileSource;
import dev.p2pcp.node.Files;
import dev.p2pcp.node.Guest;
import dev.p2pcp.node.ItemException;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSArray;
import org.teavm.jso.core.JSString;

/** The methods of {@code FilesApi} in {@code agent.d.ts}; reading needs no identity. */
final class FileCalls {
  private final Agent agent;
  private final Guests guests;
  private @Nullable Guest guest;

  FileCalls(Agent agent, Guests guests) {
    this.agent = agent;
    this.guests = guests;
  }

  /** Logs in without an identity. Suspends. */
  interface Guests {
    Guest start();
  }

  void close() {
    if (guest != null) {
      guest.stop();
      guest = null;
    }
  }

  /** Suspends. */
  @Nullable JSObject call(String method, Arguments arguments, AgentCalls.CallContext context)
      throws AgentException, dev.p2pcp.node.AgentException, ItemException {
    switch (method) {
      case "files.put" -> {
        return put(arguments, context);
      }
      case "files.unfinished" -> {
        JSArray<JSObject> all = new JSArray<>();
        agent.node().files().unfinished().stream().map(Shapes::unfinished).forEach(all::push);
        return all;
      }
      case "files.cancel" -> {
        agent.node().files().cancel(arguments.path(0));
        return null;
      }
      case "files.share" -> {
        return JSString.valueOf(link(arguments).text());
      }
      case "files.stat" -> {
        FileLink link = link(arguments);
        return Shapes.file(access().info(link), link.text());
      }
      case "files.part" -> {
        int from = arguments.number(1);
        return Binary.view(access().part(link(arguments), from, arguments.number(2)));
      }
      default -> throw new AgentException("bad-argument", "there is no method " + method);
    }
  }

  private JSObject put(Arguments arguments, AgentCalls.CallContext context)
      throws AgentException, dev.p2pcp.node.AgentException, ItemException {
    Path path = arguments.path(0);
    Blob blob = arguments.blob(1);
    String named = Blob.nameOf(blob);
    String text = path.text();
    String name = named.isEmpty() ? text.substring(text.lastIndexOf('/') + 1) : named;
    FileInfo info =
        new FileInfo(
            (long) blob.getSize(),
            (long) Blob.timeOf(blob),
            arguments.textOption(2, "name").orElse(name),
            arguments.textOption(2, "type").orElse(blob.getType()));
    agent.node().files().put(path, new BlobSource(blob), info, new Watched(context, info.size()));
    return agent.node().view(path).map(Shapes::item).orElseThrow();
  }

  /** The file that is meant: by a path of one's own or by its link. */
  private FileLink link(Arguments arguments)
      throws AgentException, dev.p2pcp.node.AgentException, ItemException {
    String text = arguments.text(0);
    try {
      if (!text.startsWith("/")) {
        return FileLink.parse(text);
      }
    } catch (MalformedFrameException e) {
      throw new AgentException("bad-argument", "not the link of a file");
    }
    return agent
        .node()
        .files()
        .link(arguments.path(0))
        .orElseThrow(() -> new ItemException(ItemException.Reason.OFFLINE, "no such file"));
  }

  private FileAccess access() throws dev.p2pcp.node.AgentException {
    if (agent.state() == Agent.State.OPEN) {
      close();
      return agent.node().files();
    }
    Guest reading = guest;
    if (reading == null) {
      reading = guests.start();
      if (guest != null) {
        // Another call was faster.
        reading.stop();
        reading = guest;
      }
      guest = reading;
    }
    return reading;
  }

  /** Tells the caller, and hears whether it gave up. */
  private record Watched(AgentCalls.CallContext context, long size) implements Files.Watch {
    @Override
    public void done(long bytes) {
      context.progress((double) bytes, (double) size);
    }

    @Override
    public boolean isStopped() {
      return context.aborted();
    }
  }

  /** Reads a blob; what it was made of may be gone by then. */
  private record BlobSource(Blob blob) implements FileSource {
    @Override
    public long size() {
      return (long) blob.getSize();
    }

    @Override
    public Bytes read(long from, int length) throws ItemException {
      try {
        Blob part = blob.slice((double) from, (double) (from + length));
        return Binary.bytes(Promises.await(part.arrayBuffer()));
      } catch (JsFailure e) {
        throw new ItemException(ItemException.Reason.UNREADABLE, String.valueOf(e.getMessage()));
      }
    }
  }
}
