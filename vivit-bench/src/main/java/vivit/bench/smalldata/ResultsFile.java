package vivit.bench.smalldata;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import vivit.dataprep.config.Refusal;

/**
 * The results so far: {@code results.jsonl}, a line for each run that is finished. The file is
 * whole at any moment.
 */
final class ResultsFile {
  static final String NAME = "results.jsonl";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final Map<String, RunResult> results = new LinkedHashMap<>();

  private ResultsFile(Path file) {
    this.file = file;
  }

  /**
   * Opens the file of a folder, which need not have one.
   *
   * @throws Refusal if a line is not a result
   */
  static ResultsFile open(Path folder) throws IOException {
    ResultsFile results = new ResultsFile(folder.resolve(NAME));
    if (Files.exists(results.file)) {
      List<String> lines = Files.readAllLines(results.file);
      for (int i = 0; i < lines.size(); i++) {
        try {
          RunResult result = JSON.readValue(lines.get(i), RunResult.class);
          results.results.put(result.key(), result);
        } catch (JsonProcessingException wrong) {
          throw new Refusal(
              "Cannot read %s: line %d is not the result of a run: %s; delete the line to repeat the run"
                  .formatted(results.file, i + 1, wrong.getOriginalMessage()),
              wrong);
        }
      }
    }
    return results;
  }

  /** The result of the run with this key. */
  Optional<RunResult> find(String key) {
    return Optional.ofNullable(results.get(key));
  }

  /** All results, in the order in which they came. */
  List<RunResult> all() {
    return List.copyOf(results.values());
  }

  /** Adds a result. */
  void add(RunResult result) throws IOException {
    results.put(result.key(), result);
    List<String> lines = new ArrayList<>();
    for (RunResult one : results.values()) {
      lines.add(JSON.writeValueAsString(one) + "\n");
    }
    Path unfinished = file.resolveSibling("." + NAME + ".tmp");
    Files.write(unfinished, String.join("", lines).getBytes(StandardCharsets.UTF_8));
    Files.move(
        unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
