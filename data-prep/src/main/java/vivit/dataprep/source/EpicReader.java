package vivit.dataprep.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.label.LabelMap;

/**
 * Reads EPIC-Kitchens-100: {@code EPIC_100_train.csv} and similar lists. Parts are cut out of long
 * videos by their time stamps; the frame columns, which assume a nominal rate, are not read.
 *
 * <p>A video's id is its {@code narration_id}. Classes have the names, and ids, of {@code
 * EPIC_100_noun_classes.csv} and {@code EPIC_100_verb_classes.csv}, which are next to the file or
 * given by {@code prepare.labels}.
 */
final class EpicReader {
  static final CsvTable TABLE =
      new CsvTable(
          List.of("narration_id", "video_id", "start_timestamp", "stop_timestamp"),
          List.of(),
          0,
          CsvTable.Others.IGNORED,
          ',');
  private static final List<String> HEADS = List.of("noun", "verb");

  private final Reading reading;
  private final AnnotatedVideos list;
  private final List<ClassNames> classes = new ArrayList<>();
  private VideoFiles files;

  private EpicReader(Reading reading) {
    this.reading = reading;
    this.list = new AnnotatedVideos(reading.input(), reading.problems());
  }

  static SourceVideos read(Reading reading) throws IOException {
    return new EpicReader(reading).read();
  }

  private SourceVideos read() throws IOException {
    List<String> heads = reading.columns().heads();
    if (!HEADS.containsAll(heads)) {
      throw reading.wrong(
          "%s: EPIC-Kitchens has nouns and verbs, but prepare.heads is %s; give prepare.heads=%s"
              .formatted(reading.input(), heads, HEADS));
    }
    String text = reading.text();
    refuseWithoutClasses(CsvRows.first(reading.input(), text, ',').cells(), heads);
    Optional<List<LabelMap>> official = official(heads);
    files = reading.files(folders());
    TABLE.read(reading.input(), text, reading.problems(), this::add);
    return list.finish(official);
  }

  private void refuseWithoutClasses(List<String> header, List<String> heads)
      throws SourceException {
    List<String> missing =
        heads.stream()
            .map(head -> head + "_class")
            .filter(column -> header.stream().noneMatch(column::equalsIgnoreCase))
            .toList();
    if (TABLE.isHeader(header) && !missing.isEmpty()) {
      throw reading.wrong(
          "%s: there are no columns %s: this is a test list without classes, of which no shard set"
                  .formatted(reading.input(), missing)
              + " can be prepared; take EPIC_100_validation.csv to evaluate");
    }
  }

  private Optional<List<LabelMap>> official(List<String> heads) throws IOException {
    List<LabelMap> maps = new ArrayList<>();
    Path folder = reading.input().getParent();
    for (int i = 0; i < heads.size(); i++) {
      String head = heads.get(i);
      Optional<Path> file =
          reading.firstOf(
              ClassList.fileNames(head).stream()
                  .skip(1)
                  .flatMap(name -> Stream.of(name, "../" + name))
                  .map(name -> new Path(folder, name))
                  .toList());
      if (file.isPresent()) {
        LabelMap map = ClassList.read(reading.fs(), file.get());
        maps.add(map);
        classes.add(new ClassNames(Optional.of(map), file.get().toString()));
      } else if (reading.given().isPresent()) {
        classes.add(new ClassNames(reading.given(i), reading.settings().labels()));
      } else {
        throw reading.wrong(
            "%s: its classes are numbers, whose names are in %s; put this file next to it, or give its folder as prepare.labels"
                .formatted(reading.input(), ClassList.fileNames(head).get(1)));
      }
    }
    return maps.size() == heads.size() ? Optional.of(maps) : Optional.empty();
  }

  private void add(CsvLine line) {
    Optional<String> id = line.needed("narration_id");
    Optional<String> videoId = line.needed("video_id");
    Optional<TimeSpan> span = line.span("start_timestamp", "stop_timestamp");
    List<List<String>> names = new ArrayList<>();
    for (int i = 0; i < classes.size(); i++) {
      String column = reading.columns().heads().get(i) + "_class";
      OptionalInt number = line.whole(column);
      if (number.isPresent()) {
        classes
            .get(i)
            .of(number.getAsInt())
            .ifPresentOrElse(
                name -> names.add(List.of(name)), () -> unknown(line, column, names.size()));
      }
    }
    if (id.isEmpty() || videoId.isEmpty() || span.isEmpty() || names.size() < classes.size()) {
      return;
    }
    String participant =
        Optional.of(line.text("participant_id"))
            .filter(text -> !text.isEmpty())
            .orElseGet(() -> videoId.get().split("_", -1)[0]);
    String usual = participant + "/videos/" + videoId.get() + ".MP4";
    LabelledVideo video =
        new LabelledVideo(
            id.get(), VideoNames.under(files.root(), usual).toString(), names, span.get());
    if (list.isNew(line.line(), video)) {
      list.add(video, files, videoId.get() + ".MP4", participant);
    }
  }

  private void unknown(CsvLine line, String column, int head) {
    line.wrong(Problems.ProblemKind.CLASS, column, classes.get(head).expected(line.text(column)));
  }

  private List<Path> folders() {
    Path folder = reading.input().getParent();
    Path above = folder.getParent() == null ? folder : folder.getParent();
    return Stream.of(
            new Path(folder, "EPIC-KITCHENS"),
            new Path(above, "EPIC-KITCHENS"),
            new Path(folder, "videos"),
            new Path(above, "videos"),
            folder)
        .toList();
  }
}
