package vivit.model.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Location of golden files: the module's own, or the folder {@code -Dvivit.golden=DIR}. */
final class GoldenFolder {

  /** The module's own copies. */
  static final Path OWN = Path.of("src/test/resources/golden/v1");

  private GoldenFolder() {}

  /** The folder to test with. */
  static Path chosen() {
    String given = System.getProperty("vivit.golden", "");
    if (given.isBlank()) {
      return OWN;
    }
    Path folder = Path.of(given);
    if (!Files.isDirectory(folder) && Files.isDirectory(Path.of("..").resolve(folder))) {
      folder = Path.of("..").resolve(folder); // relative to the root of the build
    }
    assertThat(folder).as("-Dvivit.golden").isDirectory();
    return folder;
  }

  /** All cases of a kind below a folder, by name. */
  static List<Path> cases(Path folder, String kind) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .filter(file -> kind(file).equals(kind))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String kind(Path file) {
    try {
      JsonNode json = new ObjectMapper().readTree(file.toFile());
      return json.path("kind").asText();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
