package dev.p2pcp.server.site;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/**
 * The one page of the site. When the server starts, every address of an own file in it, in
 * attributes and in the import map, gets the file's version, so that browsers may keep the file for
 * ever; and the policy allows exactly this import map and no other inline script.
 */
@Component
class SitePage {
  private static final String INDEX = "/index.html";

  private static final Pattern ATTRIBUTE = Pattern.compile("\\b(?:href|src)=\"(/[^\"?#]+)\"");
  private static final Pattern IMPORT_MAP =
      Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL);
  private static final Pattern IMPORT = Pattern.compile(":\\s*\"(/[^\"?#]+)\"");

  private final SiteFiles files;
  private final Optional<Asset> page;
  private final String policy;
  private final List<String> addresses = new ArrayList<>();

  SitePage(SiteFiles files) {
    this.files = files;
    Optional<String> html =
        files.find(INDEX).map(index -> rewrite(new String(index.plain(), StandardCharsets.UTF_8)));
    this.page =
        html.map(
            text -> new Asset("text/html;charset=utf-8", text.getBytes(StandardCharsets.UTF_8)));
    this.policy = policy(html.orElse(""));
  }

  /** The page; empty if this server was built without the site. */
  Optional<Asset> page() {
    return page;
  }

  /** What the page may do. */
  String policy() {
    return policy;
  }

  /** Own files that the page names, all of which a first visit may fetch. */
  List<String> addresses() {
    return List.copyOf(addresses);
  }

  private String rewrite(String html) {
    String withMap =
        IMPORT_MAP
            .matcher(html)
            .replaceAll(match -> Matcher.quoteReplacement(version(match.group(), IMPORT)));
    return version(withMap, ATTRIBUTE);
  }

  /** Appends versions to the addresses that the pattern finds as its group. */
  private String version(String text, Pattern pattern) {
    return pattern
        .matcher(text)
        .replaceAll(
            match -> {
              String path = match.group(1);
              Optional<Asset> asset = files.find(path);
              if (asset.isEmpty()) {
                return Matcher.quoteReplacement(match.group());
              }
              addresses.add(path);
              String versioned = path + "?v=" + asset.get().version();
              return Matcher.quoteReplacement(match.group().replace(path, versioned));
            });
  }

  private static String policy(String html) {
    StringBuilder scripts = new StringBuilder("'self'");
    Matcher map = IMPORT_MAP.matcher(html);
    while (map.find()) {
      byte[] hash = Asset.sha256(map.group(1).getBytes(StandardCharsets.UTF_8));
      scripts.append(" 'sha256-").append(Base64.getEncoder().encodeToString(hash)).append('\'');
    }
    return "default-src 'self'; script-src "
        + scripts
        + "; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; frame-src 'self' blob:; "
        + "connect-src 'self' http: https: ws: wss:; worker-src 'self'; object-src 'none'; base-uri 'none'; "
        + "frame-ancestors 'none'; form-action 'none'";
  }
}
