package vivit.dataprep.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.clip.TimeSpan;

/**
 * Reads Something-Something v2: {@code train.json}, {@code validation.json}, {@code test.json} with
 * {@code test-answers.csv}, of either package; {@code labels.json} next to them has the class ids.
 *
 * <p>A video's id is its number; its class is the template without brackets.
 */
final class SomethingReader {
  private static final Logger LOG = LoggerFactory.getLogger(SomethingReader.class);
  private static final String PREFIX = "something-something-v2-";
  private static final Set<String> FIELDS = Set.of("id", "template");
  private static final CsvTable ANSWERS =
      new CsvTable(
          List.of("id", "template"), List.of("id", "template"), 2, CsvTable.Others.IGNORED, ';');

  private final Reading reading;
  private final AnnotatedVideos list;
  private Map<String, String> answers = Map.of();
  private ClassNames classes;
  private VideoFiles files;

  private SomethingReader(Reading reading) {
    this.reading = reading;
    this.list = new AnnotatedVideos(reading.input(), reading.problems());
  }

  static SourceVideos read(Reading reading) throws IOException {
    reading.requireHeads("Something-Something");
    return new SomethingReader(reading).read();
  }

  /** Whether a file has a name of this data set. */
  static boolean isName(String name) {
    return plainName(name).matches("(train|validation|test)\\.json|test-answers\\.csv");
  }

  private static String plainName(String name) {
    return name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
  }

  private SourceVideos read() throws IOException {
    Path input = reading.input();
    Reading.Classes known = reading.classes(nextToInput("labels.json"));
    classes = known.names();
    if (known.map().isEmpty() && reading.given().isEmpty()) {
      LOG.warn("{}: there is no labels.json next to it; classes are numbered by name", input);
    }
    files = reading.files(folders());
    if (plainName(input.getName()).endsWith(".csv")) {
      readAnswers(input).forEach((id, template) -> add(1, id, template));
    } else {
      if (plainName(input.getName()).equals("test.json")) {
        Optional<Path> file = reading.firstOf(nextToInput("test-answers.csv"));
        answers = file.isPresent() ? readAnswers(file.get()) : Map.of();
      }
      readJson(reading.text());
    }
    return list.finish(known.map().map(List::of));
  }

  private Map<String, String> readAnswers(Path file) throws IOException {
    Map<String, String> templates = new LinkedHashMap<>();
    String text = AnnotationText.read(reading.fs(), file);
    ANSWERS.read(
        file,
        text,
        reading.problems(),
        line -> {
          Optional<String> id = line.needed("id");
          Optional<String> template = line.needed("template");
          if (id.isPresent() && template.isPresent()) {
            templates.put(id.get(), template.get());
          }
        });
    return templates;
  }

  private void readJson(String text) throws IOException {
    try (JsonParser json = new JsonFactory().createParser(text)) {
      if (json.nextToken() != JsonToken.START_ARRAY) {
        throw reading.wrong(
            reading.input()
                + ": expected a JSON array of objects with id and template, found "
                + json.currentToken());
      }
      while (json.nextToken() == JsonToken.START_OBJECT) {
        object(json);
      }
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      reading
          .problems()
          .add(
              Problems.ProblemKind.SYNTAX,
              reading.input(),
              at == null ? 1 : at.getLineNr(),
              "column %d: not JSON: %s"
                  .formatted(at == null ? 1 : at.getColumnNr(), e.getOriginalMessage()));
    } catch (IllegalStateException e) { // names made to collide in the parser's table
      throw reading.wrong(reading.input() + ": not JSON: " + e.getMessage());
    }
  }

  private void object(JsonParser json) throws IOException {
    int line = json.getTokenLocation().getLineNr();
    Map<String, String> fields = new HashMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      if (json.nextToken().isScalarValue() && FIELDS.contains(name)) {
        fields.put(name, json.getText());
      } else {
        json.skipChildren();
      }
    }
    String id = fields.getOrDefault("id", "");
    String template = fields.getOrDefault("template", answers.getOrDefault(id, ""));
    if (id.isEmpty()) {
      empty(line, "id");
    } else if (template.isEmpty()) {
      if (plainName(reading.input().getName()).equals("test.json") && answers.isEmpty()) {
        throw reading.wrong(
            reading.input()
                + ": the test list has no classes; put test-answers.csv next to it, take"
                + " validation.json to evaluate, or give single videos to vivit predict");
      }
      empty(line, "template");
    } else {
      add(line, id, template);
    }
  }

  private void empty(int line, String field) {
    reading
        .problems()
        .add(
            Problems.ProblemKind.EMPTY,
            reading.input(),
            line,
            "an object without \"%s\"".formatted(field));
  }

  private void add(int line, String id, String template) {
    String name = template.replace("[", "").replace("]", "");
    Optional<String> known = classes.find(name).or(() -> classes.find(template));
    if (known.isEmpty()) {
      reading
          .problems()
          .add(
              Problems.ProblemKind.CLASS,
              reading.input(),
              line,
              "template of video " + id,
              template,
              classes.expected(name));
      return;
    }
    LabelledVideo video =
        new LabelledVideo(
            id,
            VideoNames.under(files.root(), id + ".webm").toString(),
            known.get(),
            TimeSpan.WHOLE);
    if (list.isNew(line, video)) {
      list.add(video, files, id + ".webm", "");
    }
  }

  private List<Path> nextToInput(String name) {
    Path folder = reading.input().getParent();
    return Stream.of(name, PREFIX + name).map(one -> new Path(folder, one)).toList();
  }

  private List<Path> folders() {
    Path folder = reading.input().getParent();
    Path above = folder.getParent() == null ? folder : folder.getParent();
    return Stream.concat(
            Stream.of("20bn-something-something-v2", "videos")
                .flatMap(name -> Stream.of(new Path(folder, name), new Path(above, name))),
            Stream.of(folder))
        .toList();
  }
}
