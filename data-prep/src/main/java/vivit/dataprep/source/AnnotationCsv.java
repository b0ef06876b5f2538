package vivit.dataprep.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.label.LabelColumns;
import vivit.dataprep.label.Labelling;

/**
 * A CSV file with a video per row: {@code path,label[,start,end]}, in UTF-8. Each head has a column
 * in place of {@code label}.
 *
 * <p>A header row with these column names allows another order; without a header the order is as
 * above. Paths are relative to the file's folder or to {@code prepare.videos}, or absolute, or full
 * with a scheme, if it is that of an allowed file system. Start and end are seconds or {@code
 * hh:mm:ss.s}. If videos are multi-label, a cell holds class names separated by {@code |}; an empty
 * cell means none of the classes. If {@code prepare.labels} lists the classes, cells may hold their
 * ids instead of names. Lists with blanks instead of commas are also read.
 */
final class AnnotationCsv {
  private final Reading reading;
  private final LabelColumns labels;
  private final AnnotatedVideos list;
  private final List<ClassNames> classes = new ArrayList<>();
  private final List<LabelledVideo> rows = new ArrayList<>();
  private final Path folder;
  private final ListedFileSystems fileSystems;

  private AnnotationCsv(Reading reading) {
    this.reading = reading;
    this.labels = reading.columns();
    this.list = new AnnotatedVideos(reading.input(), reading.problems());
    this.fileSystems = new ListedFileSystems(reading.conf(), reading.settings());
    for (int head = 0; head < labels.heads().size(); head++) {
      classes.add(new ClassNames(reading.given(head), reading.settings().labels()));
    }
    this.folder =
        reading.settings().videos().isEmpty()
            ? reading.input().getParent()
            : new Path(reading.settings().videos());
  }

  static SourceVideos read(Reading reading) throws IOException {
    return new AnnotationCsv(reading).read();
  }

  /** Creates the table for these heads. */
  static CsvTable table(List<String> heads) {
    List<String> needed = new ArrayList<>(List.of("path"));
    needed.addAll(heads);
    List<String> all = new ArrayList<>(needed);
    all.addAll(List.of("start", "end"));
    return new CsvTable(needed, all, needed.size(), CsvTable.Others.REFUSED, ',');
  }

  private SourceVideos read() throws IOException {
    CsvTable table = table(labels.heads());
    String text = SpacedList.toCsv(reading.input(), reading.text(), labels);
    boolean any = table.read(reading.input(), text, reading.problems(), this::add);
    if (!any && reading.problems().isEmpty()) {
      throw reading.wrong(
          reading.input()
              + ": no rows; expected path,"
              + String.join(",", labels.heads())
              + "[,start,end]");
    }
    refuseUnknownHeader();
    reading.problems().check();
    FolderListings listings = new FolderListings(reading.conf());
    for (LabelledVideo video : rows) {
      Optional<FileStatus> file = listings.find(new Path(video.path()));
      if (file.isPresent()) {
        list.add(video.in(file.get().getPath().toString(), file.get().getLen()));
      } else {
        list.addMissing(video, "no such file: " + video.path() + separators(video.path()));
      }
    }
    return list.finish(Optional.empty());
  }

  private static String separators(String path) {
    return path.indexOf('\\') < 0
        ? ""
        : " (backslashes are part of a name here; write / between folders)";
  }

  /**
   * Refuses a first row that must be a header with unknown names: it has no extension, and all
   * other rows name videos.
   */
  private void refuseUnknownHeader() {
    if (rows.size() > 1
        && !VideoNames.last(rows.get(0).path()).contains(".")
        && rows.stream().skip(1).allMatch(row -> VideoNames.isVideo(row.path()))) {
      reading
          .problems()
          .add(
              Problems.ProblemKind.COLUMNS,
              reading.input(),
              "its first row begins with \"%s\", which is not a video; if it names the columns, call them path,%s"
                  .formatted(rows.get(0).id(), String.join(",", labels.heads())));
    }
  }

  private void add(CsvLine line) {
    Optional<String> path = line.needed("path");
    List<List<String>> names = new ArrayList<>();
    for (int head = 0; head < labels.heads().size(); head++) {
      names(line, head).ifPresent(names::add);
    }
    Optional<TimeSpan> span = span(line);
    if (path.isEmpty() || names.size() < labels.heads().size() || span.isEmpty()) {
      return;
    }
    String id =
        span.get().isWhole()
            ? path.get()
            : path.get() + "#t=" + line.text("start") + "," + line.text("end");
    try {
      Path file = VideoNames.listed(folder, path.get());
      Optional<String> expected = fileSystems.expectedInsteadOf(file);
      if (expected.isPresent()) {
        line.wrong(Problems.ProblemKind.FILE, "path", expected.get());
        return;
      }
      LabelledVideo video = new LabelledVideo(id, file.toString(), names, span.get());
      if (list.isNew(line.line(), video)) {
        rows.add(video);
      }
    } catch (IllegalArgumentException e) {
      line.wrong(Problems.ProblemKind.FILE, "path", "a path: " + e.getMessage());
    }
  }

  private static Optional<TimeSpan> span(CsvLine line) {
    String end = line.text("end");
    if (line.text("start").isEmpty() && end.isEmpty()) {
      return Optional.of(TimeSpan.WHOLE);
    }
    OptionalDouble from =
        line.text("start").isEmpty() ? OptionalDouble.of(0) : line.seconds("start");
    OptionalDouble to =
        end.isEmpty() ? OptionalDouble.of(Double.POSITIVE_INFINITY) : line.seconds("end");
    return from.isEmpty() || to.isEmpty()
        ? Optional.empty()
        : line.span("start", from.getAsDouble(), "end", to.getAsDouble());
  }

  private Optional<List<String>> names(CsvLine line, int head) {
    String column = labels.heads().get(head);
    List<String> found;
    if (labels.labelling() == Labelling.SINGLE_LABEL) {
      Optional<String> name = line.needed(column);
      if (name.isEmpty()) {
        return Optional.empty();
      }
      found = List.of(name.get());
    } else {
      found =
          Arrays.stream(line.text(column).split("\\|", -1))
              .map(String::strip)
              .filter(name -> !name.isEmpty())
              .toList();
      if (found.stream().distinct().count() < found.size()) {
        line.wrong(Problems.ProblemKind.DUPLICATE, column, "each class once");
      }
    }
    List<String> known = new ArrayList<>();
    for (String name : found) {
      classes
          .get(head)
          .ofNameOrId(name)
          .ifPresentOrElse(
              known::add,
              () ->
                  line.wrong(Problems.ProblemKind.CLASS, column, classes.get(head).expected(name)));
    }
    return known.size() == found.size() ? Optional.of(known) : Optional.empty();
  }
}
