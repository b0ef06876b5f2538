package vivit.bench.smalldata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.config.Refusal;

class ResultsFileTest {
  private static final RunResult ONE =
      new RunResult("a1", "one", 3, 0.5, 1.25, 1.5, 7, 11, 13, 17.5, 19.5, 23.5);
  private static final RunResult OTHER =
      new RunResult("b2", "other", 4, 0.25, Double.NaN, 1, 1, 1, 1, 1, 1, 1);

  @TempDir Path folder;

  @Test
  void whatWasAddedIsFoundAgain() throws Exception {
    ResultsFile results = ResultsFile.open(folder);
    assertThat(results.all()).isEmpty();
    results.add(ONE);
    results.add(OTHER);

    ResultsFile again = ResultsFile.open(folder);
    assertThat(again.all()).containsExactly(ONE, OTHER);
    assertThat(again.find("b2")).contains(OTHER);
    assertThat(again.find("c3")).isEmpty();
    assertThat(Files.readAllLines(folder.resolve("results.jsonl"))).hasSize(2);
  }

  @Test
  void aRunThatIsRepeatedReplacesItsResult() throws Exception {
    RunResult repeated = new RunResult("a1", "one", 3, 0.75, 1, 1, 7, 11, 13, 1, 1, 1);
    ResultsFile results = ResultsFile.open(folder);
    results.add(ONE);
    results.add(repeated);

    assertThat(ResultsFile.open(folder).all()).containsExactly(repeated);
  }

  @Test
  void aLineThatIsNoResultIsNamed() throws Exception {
    ResultsFile.open(folder).add(ONE);
    Files.writeString(
        folder.resolve("results.jsonl"), "{\"key\": \"b2\", \"se", StandardOpenOption.APPEND);

    assertThatThrownBy(() -> ResultsFile.open(folder))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("results.jsonl: line 2 is not the result of a run")
        .hasMessageContaining("delete the line to repeat the run");
  }
}
