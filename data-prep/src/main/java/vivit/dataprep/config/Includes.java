package vivit.dataprep.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigSyntax;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import vivit.dataprep.config.ConfigPlace.LocalFile;
import vivit.dataprep.config.ConfigPlace.Resource;

/**
 * Answers the include statements of one text, in the library's place: files and class-path
 * resources, which must exist; never a URL, and nothing at all in stored text.
 */
final class Includes
    implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
  private static final Map<String, ConfigSyntax> SYNTAX =
      Map.of(
          ".conf",
          ConfigSyntax.CONF,
          ".json",
          ConfigSyntax.JSON,
          ".properties",
          ConfigSyntax.PROPERTIES);
  private static final List<String> SUFFIXES = List.of(".conf", ".json", ".properties");

  private final HoconText text;
  private final Optional<ConfigPlace> place;
  private final List<ConfigPlace> above;
  private final String reason;
  private int answered;

  private Includes(
      HoconText text, Optional<ConfigPlace> place, List<ConfigPlace> above, String reason) {
    this.text = text;
    this.place = place;
    this.above = above;
    this.reason = reason;
  }

  /**
   * Reads a file or resource of the user with all that it includes; empty if it does not exist.
   *
   * @throws ConfigException if it is not HOCON, or includes what it must not or what is missing
   */
  static Optional<Config> read(ConfigPlace place) throws IOException {
    return read(place, List.of());
  }

  private static Optional<Config> read(ConfigPlace place, List<ConfigPlace> above)
      throws IOException {
    Optional<String> read = place.read();
    if (read.isEmpty()) {
      return Optional.empty();
    }
    HoconText text = HoconText.of(place.name(), read.get());
    ConfigSyntax syntax = SYNTAX.getOrDefault(suffix(place.name()), ConfigSyntax.CONF);
    return Optional.of(text.parse(syntax, new Includes(text, Optional.of(place), above, "")));
  }

  /**
   * For text in which every include statement is refused.
   *
   * @param reason end of the message's sentence
   */
  static Includes none(HoconText text, String reason) {
    return new Includes(text, Optional.empty(), List.of(), reason);
  }

  @Override
  public ConfigObject include(ConfigIncludeContext context, String what) {
    return isUrl(what)
        ? url(what)
        : find(what, name -> List.of(place.orElseThrow().beside(name), new Resource(name)));
  }

  @Override
  public ConfigObject includeFile(ConfigIncludeContext context, File what) {
    return find(what.getPath(), name -> List.of(LocalFile.of(new File(name))));
  }

  @Override
  public ConfigObject includeResources(ConfigIncludeContext context, String what) {
    return find(what, name -> List.of(new Resource(name)));
  }

  @Override
  public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
    return url(what.toString());
  }

  @Override
  public ConfigIncluder withFallback(ConfigIncluder fallback) {
    return this; // the library's own includer would fetch URLs
  }

  /** As the library decides it, and everything else that names another machine. */
  private static boolean isUrl(String what) {
    if (what.matches("[A-Za-z][A-Za-z0-9+.-]+:/.*")) {
      return true;
    }
    try {
      return !new URL(what).getProtocol().isEmpty();
    } catch (MalformedURLException file) {
      return false;
    }
  }

  private ConfigObject url(String what) {
    throw refused(
        nextLine(),
        "found an include of the URL "
            + what
            + (place.isEmpty()
                ? ", " + reason
                : "; expected a file or a resource of the class path; download it, look at it, and"
                    + " include the file"));
  }

  private ConfigObject find(String what, Function<String, List<ConfigPlace>> places) {
    String line = nextLine();
    if (place.isEmpty()) {
      throw refused(line, "found an include of " + what + ", " + reason);
    }
    List<String> names =
        SYNTAX.containsKey(suffix(what))
            ? List.of(what)
            : SUFFIXES.stream().map(suffix -> what + suffix).toList();
    Config found = null;
    for (String name : names) {
      Optional<Config> one = first(line, places.apply(name));
      if (one.isPresent()) {
        found = found == null ? one.get() : found.withFallback(one.get());
      }
    }
    if (found == null) {
      throw refused(
          line,
          "found an include of "
              + what
              + ", which does not exist; expected a file or a resource of the class path; correct"
              + " the name or remove the line");
    }
    return found.root();
  }

  private Optional<Config> first(String line, List<ConfigPlace> places) {
    List<ConfigPlace> chain = new ArrayList<>(above);
    chain.add(place.orElseThrow());
    for (ConfigPlace one : places) {
      if (chain.contains(one)) {
        throw refused(line, "found an include of " + one.name() + ", which includes this file");
      }
      try {
        Optional<Config> config = read(one, chain);
        if (config.isPresent()) {
          return config;
        }
      } catch (IOException unreadable) {
        throw refused(line, "cannot include " + one.name() + ": " + unreadable.getMessage());
      }
    }
    return Optional.empty();
  }

  /** The next statement's line as it begins a message; the library answers them in this order. */
  private String nextLine() {
    int index = answered++;
    return index < text.includes().size() ? text.includes().get(index) + ": " : "";
  }

  private ConfigException refused(String line, String what) {
    return new ConfigException(List.of(text.name() + ": " + line + what));
  }

  private static String suffix(String name) {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(dot);
  }
}
