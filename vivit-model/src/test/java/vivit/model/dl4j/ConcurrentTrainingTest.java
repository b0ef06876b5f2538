package vivit.model.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import vivit.model.Readout;
import vivit.model.TinyModels;
import vivit.model.ViViTConfig;
import vivit.model.regularise.DropPath;
import vivit.model.regularise.Dropout;
import vivit.model.regularise.Randomness;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.FactorisedEncoder;

/** Networks that train at once in one JVM share its threads, and nothing else. */
@Timeout(120)
class ConcurrentTrainingTest {

  private static final int STEPS = 20;

  /** Large enough that several threads share most operations. */
  private static ViViTConfig config() {
    return new ViViTConfig(
        new ClipShape(8, 28, 28),
        new Tubelet(2, 4, 4),
        64,
        4,
        128,
        new FactorisedEncoder(1, 1),
        Readout.TOKEN,
        0.2,
        List.of(TinyModels.NOUN, TinyModels.VERB));
  }

  /** Trains another network for every seed; gives its parameters and momentum. */
  private static float[][] train(int seed) {
    ViViTConfig config = config();
    int clips = 2 + seed % 2;
    INDArray tokens = TinyModels.tokens(config, clips, DataType.FLOAT);
    INDArray[] labels = TinyModels.labels(config, clips, DataType.FLOAT);
    try (TrainingStep step =
        new TrainingStep(ViViTGraph.create(config, seed), new Optimiser(0.9, 1))) {
      for (int i = 0; i < STEPS; i++) {
        long[] seeds = new long[clips];
        Arrays.fill(seeds, 1000L * seed + i);
        step.step(
            tokens,
            labels,
            0.1,
            new Randomness(new DropPath(0.2, seeds), new Dropout(0.1, 0.1, seeds)));
      }
      return new float[][] {step.parameters().toFloatVector(), step.momentum().toFloatVector()};
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void resultsAreThoseOfNetworksThatTrainAlone(int networks)
      throws InterruptedException, ExecutionException {
    List<float[][]> alone = new ArrayList<>();
    for (int seed = 0; seed < networks; seed++) {
      alone.add(train(seed));
    }
    ExecutorService pool = Executors.newFixedThreadPool(networks);
    CyclicBarrier start = new CyclicBarrier(networks);
    List<Future<float[][]>> together = new ArrayList<>();
    for (int seed = 0; seed < networks; seed++) {
      int own = seed;
      together.add(
          pool.submit(
              () -> {
                start.await();
                return train(own);
              }));
    }
    pool.shutdown();
    for (int seed = 0; seed < networks; seed++) {
      assertThat(Arrays.deepEquals(together.get(seed).get(), alone.get(seed)))
          .as("network %d has the bits it has alone", seed)
          .isTrue();
    }
    assertThat(Arrays.deepEquals(alone.get(0), alone.get(1))).isFalse();
  }

  @Test
  void repeatedRunsAreEqualToTheBit() {
    float[][] first = train(5);
    assertThat(first[0]).doesNotContain(Float.NaN);
    for (int run = 0; run < 2; run++) {
      assertThat(Arrays.deepEquals(train(5), first)).isTrue();
    }
  }
}
