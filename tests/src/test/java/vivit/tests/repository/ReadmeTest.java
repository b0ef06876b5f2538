package vivit.tests.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** The README is one read; what is longer is a page of docs. */
class ReadmeTest {
  @Test
  void hasAtMost150Lines() throws IOException {
    assertThat(Files.readAllLines(Repository.ROOT.resolve("README.md")))
        .hasSizeLessThanOrEqualTo(150);
  }
}
