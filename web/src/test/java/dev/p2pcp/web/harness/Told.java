package dev.p2pcp.web.harness;

import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the agent tells, as {@code agent.d.ts} describes it. */
public final class Told {
  private Told() {}

  public record Me(String did, String account, String peer, boolean wordsSaved) {}

  public record Copies(int wanted, int stored, int online) {}

  public record Item(
      String path,
      long version,
      int size,
      int blocks,
      Copies copies,
      String placement,
      @Nullable String why,
      String storageKey) {}

  public record Content(String path, String bytes, long version) {
    public byte[] decoded() {
      return Base64.getDecoder().decode(bytes);
    }
  }

  public record Conflict(String id, String path, String bytes, long version) {
    public byte[] decoded() {
      return Base64.getDecoder().decode(bytes);
    }
  }

  public record Lending(int slots, int own, int forOthers) {}

  public record Account(int blocks, int copies, int needed, int lent) {}

  public record Items(int total, int done, int placing, int waiting) {}

  public record Server(String origin, String state) {}

  public record Status(Lending lending, Account account, Items items, List<Server> servers) {}

  public record BlockUrls(String storageKey, List<String> urls) {}

  public record KeptBlock(
      String storageKey, String kind, int size, boolean own, @Nullable String path) {}
}
