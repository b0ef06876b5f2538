package vivit.model.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

class EnginesTest {

  private static final Optional<String> NONE = Optional.empty();

  @AfterEach
  void allCores() {
    Threads.perTask(Threads.cores());
  }

  @Test
  void singlePrecisionOnCpusIsOneDnns() {
    assertThat(Engines.choice(false, DataType.FLOAT, NONE))
        .isEqualTo(Engines.Implementation.ONE_DNN);
    assertThat(Engines.choice(false, DataType.DOUBLE, NONE)).isEqualTo(Engines.Implementation.ND4J);
    assertThat(Engines.choice(true, DataType.FLOAT, NONE)).isEqualTo(Engines.Implementation.ND4J);
  }

  @Test
  void withoutItsLibraryNd4jComputes() {
    Optional<String> missing =
        Engines.problem(
            () -> {
              throw new UnsatisfiedLinkError("no jnidnnl in java.library.path");
            });
    assertThat(missing.orElseThrow())
        .contains(
            System.getProperty("os.arch"),
            "no jnidnnl in java.library.path",
            "computing with ND4J instead",
            "org.bytedeco:dnnl");
    assertThat(Engines.choice(false, DataType.FLOAT, missing))
        .isEqualTo(Engines.Implementation.ND4J);
  }

  @Test
  void withoutItsClassesToo() {
    assertThat(
            Engines.problem(
                () -> {
                  throw new NoClassDefFoundError("org/bytedeco/dnnl/global/dnnl");
                }))
        .isPresent();
    assertThat(Engines.problem(() -> {})).isEmpty();
  }

  @Test
  void nd4jKeepsToOneThreadWhereAnotherEngineComputes() {
    Engines.boundThreads(2);
    try (Engine engine = Engines.create(DataType.FLOAT)) {
      assertThat(Threads.perTask()).isEqualTo(Math.min(2, Threads.cores()));
      assertThat(Nd4j.getEnvironment().maxThreads())
          .isEqualTo(engine instanceof OneDnnEngine ? 1 : Threads.perTask());
    }
  }
}
