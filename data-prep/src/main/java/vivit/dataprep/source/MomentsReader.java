package vivit.dataprep.source;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.clip.TimeSpan;

/**
 * Reads Moments in Time: {@code trainingSet.csv} and {@code validationSet.csv}, {@code
 * filename,label,positive,negative} without a header; {@code moments_categories.txt} next to them
 * has the class ids.
 *
 * <p>A video's id is its file name in the list, {@code class/file}.
 */
final class MomentsReader {
  static final String CATEGORIES = "moments_categories.txt";
  private static final CsvTable TABLE =
      new CsvTable(
          List.of("filename", "label"),
          List.of("filename", "label", "positive_responses", "negative_responses"),
          2,
          CsvTable.Others.IGNORED,
          ',');

  private final Reading reading;
  private final AnnotatedVideos list;
  private final Map<String, List<List<String>>> labels = new HashMap<>();
  private ClassNames classes;
  private VideoFiles files;

  private MomentsReader(Reading reading) {
    this.reading = reading;
    this.list = new AnnotatedVideos(reading.input(), reading.problems());
  }

  static SourceVideos read(Reading reading) throws IOException {
    reading.requireHeads("Moments in Time");
    return new MomentsReader(reading).read();
  }

  /** Whether a file has a name of this data set. */
  static boolean isName(String name) {
    return name.toLowerCase(Locale.ROOT).matches("(training|validation)set\\.(csv|txt)");
  }

  /** Whether a row may belong to this data set: a file in its class's folder, and two counts. */
  static boolean isRow(List<String> cells) {
    return cells.size() == 4
        && cells.get(0).startsWith(cells.get(1) + "/")
        && cells.get(2).matches("\\d+")
        && cells.get(3).matches("\\d+");
  }

  private SourceVideos read() throws IOException {
    Reading.Classes known =
        reading.classes(List.of(new Path(reading.input().getParent(), CATEGORIES)));
    classes = known.names();
    files = reading.files(folders());
    TABLE.read(reading.input(), reading.text(), reading.problems(), this::add);
    return list.finish(known.map().map(List::of));
  }

  private void add(CsvLine line) {
    Optional<String> name = line.needed("filename");
    Optional<String> label = line.needed("label");
    if (name.isEmpty() || label.isEmpty()) {
      return;
    }
    Optional<String> known = classes.find(label.get());
    if (known.isEmpty()) {
      line.wrong(Problems.ProblemKind.CLASS, "label", classes.expected(label.get()));
      return;
    }
    List<List<String>> same = labels.computeIfAbsent(known.get(), one -> List.of(List.of(one)));
    LabelledVideo video =
        new LabelledVideo(
            name.get(),
            VideoNames.under(files.root(), name.get()).toString(),
            same,
            TimeSpan.WHOLE);
    if (list.isNew(line.line(), video)) {
      list.add(video, files, name.get(), split());
    }
  }

  private String split() {
    String name = reading.input().getName().toLowerCase(Locale.ROOT);
    return name.startsWith("train") ? "training" : name.startsWith("val") ? "validation" : "";
  }

  private List<Path> folders() {
    Path folder = reading.input().getParent();
    Path above = folder.getParent() == null ? folder : folder.getParent();
    return split().isEmpty()
        ? List.of(folder)
        : Stream.of(folder, above, new Path(folder, "videos"))
            .map(parent -> new Path(parent, split()))
            .toList();
  }
}
