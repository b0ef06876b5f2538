package vivit.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.fixture.TinyTrainingSet;

/** Finite gradients with a rate that makes infinite parameters of them. */
class NonFiniteAverageTest {
  @TempDir Path folder;

  @Test
  void theOwnerOfASliceRefusesIt() throws IOException {
    TinyTrainingSet.write(folder.resolve("shards"), 12);
    TinyRun run =
        new TinyRun(
            folder.resolve("shards"),
            folder.resolve("run"),
            2,
            "train.averaging.every=1",
            "train.learning-rate.base=1e6",
            // All factors apply.
            "train.learning-rate.multipliers="
                + "{\"**\"=1e6,\"*/**\"=1e6,\"**/*\"=1e6,\"**/**\"=1e6,\"*/*/**\"=1e6,\"**/*/*\"=1e6,"
                + "\"*/**/*\"=1e6}");

    assertThatThrownBy(run::train)
        .isInstanceOf(NonFiniteException.class)
        .hasMessageStartingWith(
            "Training stopped, nothing of this round was kept: the averaged parameters or the optimiser's states"
                + " are not finite after the clips [");
    assertThat(folder.resolve("run/checkpoints")).doesNotExist();
  }
}
