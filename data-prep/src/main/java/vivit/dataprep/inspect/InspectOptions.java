package vivit.dataprep.inspect;

import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.config.Arguments;
import vivit.dataprep.config.UsageException;

/**
 * The command line of {@code inspect}.
 *
 * @param folder of the shard set
 * @param out folder to write into
 * @param json file for the figures
 * @param clips drawn at random for pixel statistics, some of which are shown
 * @param classes shown at most
 * @param perClass clips shown of each
 * @param seed of the draw
 */
public record InspectOptions(
    Path folder, Path out, Optional<Path> json, int clips, int classes, int perClass, long seed) {
  private static final Map<String, String> DEFAULTS =
      new TreeMap<>(
          Map.of(
              "out",
              "",
              "json",
              "",
              "clips",
              "64",
              "classes",
              "40",
              "per-class",
              "2",
              "seed",
              "0"));

  /**
   * Parses the command line.
   *
   * @throws UsageException if an option is unknown, has no value or is not a valid number
   */
  public static InspectOptions parse(String... args) {
    Arguments arguments = Arguments.parse(DEFAULTS.keySet(), args);
    Map<String, String> options = new HashMap<>(arguments.options());
    List<String> places = new ArrayList<>(arguments.places());
    places.addAll(arguments.config());
    if (places.size() != 1) {
      throw new UsageException("found %d arguments, expected one folder".formatted(places.size()));
    }
    DEFAULTS.forEach(options::putIfAbsent);
    Path folder = Arguments.place(places.get(0));
    String out = options.get("out");
    String json = options.get("json");
    return new InspectOptions(
        folder,
        out.isEmpty() ? inWorkingDirectory(folder) : Arguments.place(out),
        json.isEmpty() ? Optional.empty() : Optional.of(Arguments.place(json)),
        (int) number(options, "clips", 0, 10_000),
        (int) number(options, "classes", 0, 200),
        (int) number(options, "per-class", 0, 20),
        number(options, "seed", Long.MIN_VALUE, Long.MAX_VALUE));
  }

  /** Default output folder: in the working directory, regardless of where the set is. */
  private static Path inWorkingDirectory(Path folder) {
    String name = folder.getName().isEmpty() ? "shards" : folder.getName();
    return new Path(Paths.get(name + "-inspection").toAbsolutePath().toUri());
  }

  private static long number(Map<String, String> options, String name, long least, long most) {
    try {
      long value = Long.parseLong(options.get(name));
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // reported below
    }
    throw new UsageException(
        "found --%s %s, expected a number from %d to %d"
            .formatted(name, options.get(name), least, most));
  }
}
