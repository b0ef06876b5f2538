package vivit.dataprep.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.label.LabelColumns;

/**
 * The format of an input, and the reason for the guess.
 *
 * @param format the format
 * @param reason the file name or first line that it was guessed from
 */
record FormatGuess(SourceFormat format, String reason) {
  private static final String CHOICES =
      "prepare.format=folders, csv, kinetics, something-something, epic-kitchens, moments or"
          + " tfrecord";

  /** Advice for a list without classes; continues a sentence. */
  static final String NO_CLASSES =
      ", and no classes, without which no shard set can be prepared; add the class to each line,"
          + " path,label, or ask a trained model for the classes of single videos with vivit"
          + " predict";

  /**
   * Guesses the format from the names and first lines of files.
   *
   * @throws SourceException if no format fits, or several, listing them
   */
  static FormatGuess of(FileSystem fs, Path input, LabelColumns columns) throws IOException {
    return fs.getFileStatus(input).isDirectory()
        ? ofFolder(fs, input, columns)
        : ofFile(fs, input, columns);
  }

  private static FormatGuess ofFolder(FileSystem fs, Path folder, LabelColumns columns)
      throws IOException {
    List<String> lists = new ArrayList<>();
    boolean folders = false;
    for (FileStatus status : VideoFiles.sorted(fs, folder)) {
      folders |= status.isDirectory();
      if (!status.isDirectory() && mayAnnotate(status.getPath().getName())) {
        List<FormatGuess> guesses = guesses(fs, status.getPath(), columns);
        if (!guesses.isEmpty()) {
          lists.add(
              "prepare.input=%s (%s)".formatted(status.getPath(), guesses.get(0).format.word()));
        }
      }
    }
    if (lists.isEmpty()) {
      return new FormatGuess(SourceFormat.FOLDERS, "it is a folder without annotation files");
    }
    throw new SourceException(
        List.of(
            "%s: the folder has annotation files; give one of them, %s%s"
                .formatted(
                    folder,
                    String.join(", ", lists),
                    folders ? ", or prepare.format=folders to take its folders as classes" : "")));
  }

  private static boolean mayAnnotate(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".csv")
        || lower.endsWith(".json")
        || lower.matches("(train|val|validate|test)\\.txt");
  }

  private static FormatGuess ofFile(FileSystem fs, Path file, LabelColumns columns)
      throws IOException {
    List<FormatGuess> guesses = guesses(fs, file, columns);
    if (guesses.size() == 1) {
      return guesses.get(0);
    }
    if (guesses.isEmpty()) {
      String text = AnnotationText.read(fs, file);
      List<String> cells = CsvRows.first(file, text, ',').cells();
      if (cells.size() == 1 && VideoNames.isVideo(cells.get(0))) {
        throw new SourceException(
            List.of(file + ": its lines name videos, such as " + cells.get(0) + NO_CLASSES));
      }
      throw new SourceException(
          List.of(
              "%s: cannot tell what format this is: %s; expected rows such as path,label, or say %s"
                  .formatted(file, firstLine(text), CHOICES)));
    }
    throw new SourceException(
        List.of(
            "%s: this could be %s; say which with prepare.format"
                .formatted(
                    file,
                    String.join(
                        " or ",
                        guesses.stream()
                            .map(guess -> guess.format.word() + " (" + guess.reason + ")")
                            .toList()))));
  }

  private static List<FormatGuess> guesses(FileSystem fs, Path file, LabelColumns columns)
      throws IOException {
    String name = file.getName();
    if (SomethingReader.isName(name)) {
      return List.of(
          new FormatGuess(SourceFormat.SOMETHING_SOMETHING, "the file is called " + name));
    }
    if (MomentsReader.isName(name)) {
      return List.of(new FormatGuess(SourceFormat.MOMENTS, "the file is called " + name));
    }
    String text = AnnotationText.read(fs, file);
    if (text.startsWith("[") || text.startsWith("{")) {
      return text.substring(0, Math.min(2000, text.length())).contains("\"template\"")
          ? List.of(
              new FormatGuess(
                  SourceFormat.SOMETHING_SOMETHING, "it is JSON whose objects have a template"))
          : List.of();
    }
    return ofRow(fs, file, CsvRows.first(file, text, ',').cells(), columns);
  }

  private static List<FormatGuess> ofRow(
      FileSystem fs, Path file, List<String> cells, LabelColumns columns) throws IOException {
    List<FormatGuess> guesses = new ArrayList<>();
    if (KineticsReader.TABLE.isHeader(cells)) {
      guesses.add(new FormatGuess(SourceFormat.KINETICS, "it has a column youtube_id"));
    } else if (EpicReader.TABLE.isHeader(cells)) {
      guesses.add(new FormatGuess(SourceFormat.EPIC_KITCHENS, "it has a column narration_id"));
    } else if (AnnotationCsv.table(columns.heads()).isHeader(cells)) {
      guesses.add(new FormatGuess(SourceFormat.CSV, "it has a column path"));
    } else if (KineticsReader.isRow(cells)) {
      guesses.add(
          new FormatGuess(
              SourceFormat.KINETICS, "its rows have a class, a YouTube id and two times"));
    } else if (cells.size() == 1 && KineticsReader.isClipPath(cells.get(0))) {
      guesses.add(new FormatGuess(SourceFormat.KINETICS, "its lines are class/clip"));
    } else if (SpacedList.isRow(cells)) {
      guesses.add(new FormatGuess(SourceFormat.CSV, "its lines have a video, a blank and a class"));
    } else if (cells.size() > columns.heads().size()
        && cells.size() <= columns.heads().size() + 3
        && VideoNames.isVideo(cells.get(0))) {
      boolean moments = MomentsReader.isRow(cells);
      if (moments) {
        guesses.add(
            new FormatGuess(
                SourceFormat.MOMENTS, "its rows have a file in its class's folder and two counts"));
      }
      if (!moments || !fs.exists(new Path(file.getParent(), MomentsReader.CATEGORIES))) {
        guesses.add(new FormatGuess(SourceFormat.CSV, "its rows begin with a video and a class"));
      }
    } else if (cells.size() > columns.heads().size()
        && cells.size() <= columns.heads().size() + 3) {
      guesses.add(
          new FormatGuess(
              SourceFormat.CSV, "its rows have as many cells as path and classes of a CSV file"));
    }
    return guesses;
  }

  private static String firstLine(String text) {
    String line = text.strip().lines().findFirst().orElse("");
    return "its first line is \"" + line.substring(0, Math.min(100, line.length())) + "\"";
  }
}
