package vivit.dataprep.tfrecord;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.source.ListedFileSystems;
import vivit.dataprep.source.SourceException;
import vivit.dataprep.source.SourceSettings;
import vivit.dataprep.storage.MissingPath;
import vivit.dataprep.storage.OpenFileSystem;
import vivit.dataprep.storage.WholeFile;
import vivit.dataprep.storage.WholeFile.OversizedFileException;

/**
 * Shard files of an input: {@code name@N} or {@code name@N.ext} stands for {@code
 * name-00000-of-0000N.ext} and so on; a folder stands for its shards; a text file for the shards
 * that it lists, one per line, relative to its folder.
 */
public final class ShardNames {
  private static final Pattern SPEC = Pattern.compile("(.+)@(\\d{1,6})((?:\\.[^/@]*)?)");
  private static final Pattern SHARD =
      Pattern.compile(".*(-\\d{5,}-of-\\d{5,}.*|\\.tfrecords?(\\.gz)?)");
  private static final int DIGITS = 5;
  private static final int MOST_NAMED = 1000;
  private static final int MOST_SHARDS = 200_000;

  private final Configuration conf;
  private final ListedFileSystems fileSystems;
  private final List<String> problems = new ArrayList<>();
  private final List<Path> shards = new ArrayList<>();

  private ShardNames(Configuration conf, ListedFileSystems fileSystems) {
    this.conf = conf;
    this.fileSystems = fileSystems;
  }

  /**
   * Lists the files of an input, in the order of their numbers or names.
   *
   * @throws SourceException listing the files that do not exist
   */
  public static List<Path> expand(Configuration conf, SourceSettings settings) throws IOException {
    String input = settings.input();
    ShardNames names = new ShardNames(conf, new ListedFileSystems(conf, settings));
    names.add(new Path(input));
    Set<String> seen = new HashSet<>();
    for (Path shard : names.shards) {
      if (!seen.add(shard.getName())) {
        names.problems.add(
            input
                + ": two shards are called "
                + shard.getName()
                + "; records are named after them");
      }
    }
    if (!names.problems.isEmpty()) {
      throw new SourceException(names.problems);
    }
    return names.shards;
  }

  /** Whether an input can only be TFRecords, by its name or by the names in the folder. */
  public static boolean areShards(Configuration conf, String input) throws IOException {
    Path path = new Path(input);
    if (SPEC.matcher(path.getName()).matches() || isShard(path)) {
      return true;
    }
    FileSystem fs = OpenFileSystem.of(path, conf);
    return fs.exists(path)
        && fs.getFileStatus(path).isDirectory()
        && Arrays.stream(fs.listStatus(path))
            .map(FileStatus::getPath)
            .anyMatch(ShardNames::isShard);
  }

  private static boolean isShard(Path file) {
    return SHARD.matcher(file.getName()).matches();
  }

  private void add(Path input) throws IOException {
    FileSystem fs = OpenFileSystem.of(input, conf);
    Matcher spec = SPEC.matcher(input.getName());
    if (!fs.exists(input)) {
      if (spec.matches()) {
        addAll(fs, input, numbered(spec));
      } else {
        problems.add(
            "%s: no such file or folder; %s"
                .formatted(
                    MissingPath.name(fs, input),
                    MissingPath.advice(
                        fs,
                        input,
                        "expected a shard, a folder of shards, a text file that lists them, or"
                            + " name@N for name-00000-of-0000N and so on")));
      }
    } else if (fs.getFileStatus(input).isDirectory()) {
      addFolder(fs, input);
    } else if (input.getName().endsWith(".txt")) {
      addListed(fs, input);
    } else {
      shards.add(input);
    }
  }

  private static List<String> numbered(Matcher spec) {
    int count = Integer.parseInt(spec.group(2));
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                "%s-%0{d}d-of-%0{d}d%s"
                    .replace("{d}", Integer.toString(DIGITS))
                    .formatted(spec.group(1), i, count, spec.group(3)))
        .toList();
  }

  private void addAll(FileSystem fs, Path spec, List<String> names) throws IOException {
    Path folder = spec.getParent();
    Set<String> there = new HashSet<>();
    if (fs.exists(folder)) {
      for (FileStatus status : fs.listStatus(folder)) {
        there.add(status.getPath().getName());
      }
    }
    List<String> missing = names.stream().filter(name -> !there.contains(name)).toList();
    if (names.isEmpty()) {
      problems.add(spec + ": found 0 shards, expected at least one, such as name@128");
    } else if (!missing.isEmpty()) {
      problems.add(
          "%s: %d of %d shards are missing in %s; copy them, or give the number of shards there are"
              .formatted(spec, missing.size(), names.size(), folder));
      missing.stream()
          .limit(MOST_NAMED)
          .forEach(name -> problems.add("missing: " + new Path(folder, name)));
    }
    names.forEach(name -> shards.add(new Path(folder, name)));
  }

  private void addFolder(FileSystem fs, Path folder) throws IOException {
    List<Path> found =
        Arrays.stream(fs.listStatus(folder))
            .filter(status -> !status.isDirectory())
            .map(FileStatus::getPath)
            .filter(ShardNames::isShard)
            .sorted()
            .toList();
    if (found.isEmpty()) {
      problems.add(
          folder
              + ": found no shards; expected files such as train.tfrecord-00000-of-00128 or"
              + " train.tfrecord");
    }
    shards.addAll(found);
  }

  private void addListed(FileSystem fs, Path list) throws IOException {
    List<String> lines;
    try {
      lines =
          new String(WholeFile.read(fs, list), StandardCharsets.UTF_8)
              .replace("\ufeff", "")
              .lines()
              .map(String::strip)
              .limit(MOST_SHARDS + 1L)
              .toList();
    } catch (OversizedFileException e) {
      throw new SourceException(List.of(list + ": " + e.getMessage()));
    }
    if (lines.size() > MOST_SHARDS) {
      throw new SourceException(
          List.of(
              "%s: lists more than %d shards, expected one per line; give a part of them"
                  .formatted(list, MOST_SHARDS)));
    }
    if (lines.stream().allMatch(String::isEmpty)) {
      problems.add(list + ": lists no shards; expected one per line");
    }
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isEmpty()) {
        addLine(list, i + 1, lines.get(i));
      }
    }
  }

  private void addLine(Path list, int number, String line) {
    String where = list + ": " + number + ": ";
    if (line.endsWith(".txt")) {
      problems.add(where + "lists another list, " + line + "; expected shards");
      return;
    }
    try {
      Path shard = new Path(list.getParent(), line);
      Optional<String> expected = fileSystems.expectedInsteadOf(shard);
      if (expected.isPresent()) {
        problems.add("%sfound \"%s\", expected %s".formatted(where, line, expected.get()));
      } else {
        add(shard);
      }
    } catch (IOException | IllegalArgumentException e) {
      problems.add("%sfound \"%s\", expected a shard: %s".formatted(where, line, e.getMessage()));
    }
  }
}
