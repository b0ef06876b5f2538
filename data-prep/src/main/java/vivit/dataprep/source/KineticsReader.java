package vivit.dataprep.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.storage.OpenFileSystem;
import vivit.dataprep.text.Visible;

/**
 * Reads Kinetics-400, 600 and 700: {@code label,youtube_id,time_start,time_end,split[,is_cc]}, with
 * or without a header, or text with {@code class/clip} in every line.
 *
 * <p>A video's id is its clip name, {@code <youtube_id>_<start>_<end>} with six digits each.
 */
final class KineticsReader {
  private static final Logger LOG = LoggerFactory.getLogger(KineticsReader.class);
  static final CsvTable TABLE =
      new CsvTable(
          List.of("youtube_id", "label", "time_start", "time_end"),
          List.of("label", "youtube_id", "time_start", "time_end", "split", "is_cc"),
          4,
          CsvTable.Others.IGNORED,
          ',');
  private static final Pattern CLIP = Pattern.compile("(.+)_(\\d{1,6})_(\\d{1,6})");

  private final Reading reading;
  private final AnnotatedVideos list;
  private final ClassNames classes;
  private final Map<String, List<List<String>>> labels = new HashMap<>();
  private final List<ListedClip> rows = new ArrayList<>();
  private final Map<String, Integer> splits = new LinkedHashMap<>();

  private record ListedClip(String clip, String youtubeId, String label) {}

  private KineticsReader(Reading reading) {
    this.reading = reading;
    this.list = new AnnotatedVideos(reading.input(), reading.problems());
    this.classes = new ClassNames(reading.given(0), reading.settings().labels());
  }

  static SourceVideos read(Reading reading) throws IOException {
    reading.requireHeads("Kinetics");
    return new KineticsReader(reading).read();
  }

  /** Whether a line is {@code class/clip}. */
  static boolean isClipPath(String line) {
    return line.indexOf('/') > 0 && CLIP.matcher(VideoNames.stem(VideoNames.last(line))).matches();
  }

  /** Whether a row of a file without a header belongs to this data set. */
  static boolean isRow(List<String> cells) {
    return cells.size() >= 4
        && cells.size() <= 6
        && cells.get(1).matches("[A-Za-z0-9_-]{11}")
        && cells.get(2).matches("\\d+(\\.\\d*)?")
        && cells.get(3).matches("\\d+(\\.\\d*)?");
  }

  private SourceVideos read() throws IOException {
    String text = reading.text();
    List<String> first = CsvRows.first(reading.input(), text, ',').cells();
    if (first.size() == 1) {
      int line = 0;
      for (String path : text.lines().map(String::strip).toList()) {
        line++;
        if (!path.isEmpty()) {
          addPath(line, path);
        }
      }
    } else {
      refuseWithoutLabels(first);
      TABLE.read(reading.input(), text, reading.problems(), this::add);
    }
    reading.problems().check();
    if (splits.size() > 1) {
      LOG.warn(
          "{}: has videos of several splits, all are taken: {}",
          reading.input(),
          Visible.text(splits.toString()));
    }
    VideoFiles files = reading.files(folders());
    match(KineticsFiles.index(files, replacements(files.root())));
    return list.finish(Optional.empty());
  }

  private void refuseWithoutLabels(List<String> first) throws SourceException {
    if (TABLE.isHeader(first)
        && first.stream().noneMatch(name -> name.strip().equalsIgnoreCase("label"))) {
      throw reading.wrong(
          "%s: there is no column \"label\" in %s: this is a test list without classes, of which"
                  .formatted(reading.input(), first)
              + " no shard set can be prepared; give a list with classes, or single videos to"
              + " vivit predict");
    }
  }

  private void add(CsvLine line) {
    Optional<String> label = line.needed("label");
    Optional<String> id = line.needed("youtube_id");
    OptionalInt start = line.whole("time_start");
    OptionalInt end = line.whole("time_end");
    if (label.isEmpty() || id.isEmpty() || start.isEmpty() || end.isEmpty()) {
      return;
    }
    line.span("time_start", start.getAsInt(), "time_end", end.getAsInt());
    Optional<String> known = classes.find(label.get());
    if (known.isEmpty()) {
      line.wrong(Problems.ProblemKind.CLASS, "label", classes.expected(label.get()));
      return;
    }
    String split = line.text("split");
    if (!split.isEmpty()) {
      splits.merge(split, 1, Integer::sum);
    }
    add(line.line(), clip(id.get(), start.getAsInt(), end.getAsInt()), id.get(), known.get());
  }

  private void addPath(int line, String path) {
    String[] parts = path.split("/", -1);
    Matcher clip = CLIP.matcher(VideoNames.stem(parts[parts.length - 1]));
    if (parts.length < 2 || !clip.matches()) {
      reading
          .problems()
          .add(
              Problems.ProblemKind.SYNTAX,
              reading.input(),
              line,
              "found \""
                  + path
                  + "\", expected class/clip, such as abseiling/0347ZoDXyP0_000095_000105");
      return;
    }
    String folder = parts[parts.length - 2];
    Optional<String> known = classes.ofFolder(folder);
    if (known.isEmpty()) {
      String expected = classes.expected(folder);
      reading
          .problems()
          .add(Problems.ProblemKind.CLASS, reading.input(), line, "class", folder, expected);
      return;
    }
    String name = clip(clip.group(1), number(clip.group(2)), number(clip.group(3)));
    add(line, name, clip.group(1), known.get());
  }

  private void add(int line, String clip, String youtubeId, String label) {
    List<List<String>> same = labels.computeIfAbsent(label, name -> List.of(List.of(name)));
    if (list.isNew(line, new LabelledVideo(clip, "", same, TimeSpan.WHOLE))) {
      rows.add(new ListedClip(clip, youtubeId, label));
    }
  }

  private Optional<VideoFiles> replacements(Path root) throws IOException {
    Path folder = new Path(root.getParent() == null ? root : root.getParent(), "replacement");
    FileSystem fs = OpenFileSystem.of(root, reading.conf());
    return fs.exists(folder) ? Optional.of(VideoFiles.list(fs, folder)) : Optional.empty();
  }

  private void match(KineticsFiles files) {
    Map<String, Integer> clips = new HashMap<>();
    rows.forEach(row -> clips.merge(row.youtubeId, 1, Integer::sum));
    for (ListedClip row : rows) {
      List<List<String>> label = labels.get(row.label);
      files
          .find(row.clip, row.youtubeId, row.label, clips.get(row.youtubeId) == 1)
          .ifPresentOrElse(
              place ->
                  list.add(
                      new LabelledVideo(row.clip, "", label, TimeSpan.WHOLE)
                          .in(place.path().toString(), place.size())),
              () ->
                  list.addMissing(
                      new LabelledVideo(
                          row.clip,
                          VideoNames.under(files.root(), row.clip + ".mp4").toString(),
                          label,
                          TimeSpan.WHOLE),
                      "no file " + row.clip + " of any video format under " + files.root()));
    }
    files.log();
  }

  /** Formats a clip name, {@code <youtube_id>_<start>_<end>}, with six digits per time. */
  static String clip(String youtubeId, int start, int end) {
    return "%s_%06d_%06d".formatted(youtubeId, start, end);
  }

  /**
   * The clip name of a file, whose times may have any number of digits; empty if it has no times.
   */
  static Optional<String> clip(String stem) {
    Matcher clip = CLIP.matcher(stem);
    return clip.matches()
        ? Optional.of(clip(clip.group(1), number(clip.group(2)), number(clip.group(3))))
        : Optional.empty();
  }

  private static int number(String digits) {
    return Integer.parseInt(digits);
  }

  private List<Path> folders() {
    Path folder = reading.input().getParent();
    Path above = folder.getParent() == null ? folder : folder.getParent();
    String name = reading.input().getName().toLowerCase(Locale.ROOT);
    List<String> splits =
        name.contains("train")
            ? List.of("train", "training")
            : name.contains("val")
                ? List.of("val", "validate", "validation")
                : name.contains("holdout")
                    ? List.of("holdout_test", "holdout", "test")
                    : List.of("test");
    return Stream.concat(
            splits.stream()
                .flatMap(
                    split ->
                        Stream.of(
                                folder,
                                above,
                                new Path(folder, "videos"),
                                new Path(above, "videos"))
                            .map(parent -> new Path(parent, split))),
            Stream.of(new Path(folder, "videos"), new Path(above, "videos"), folder))
        .toList();
  }
}
