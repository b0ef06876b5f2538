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
import vivit.model.network.Backbone.Recompute;

/** Networks that train concurrently in one JVM share nothing but its threads. */
@Timeout(120)
class ConcurrentTrainingTest {

  private static final int STEPS = 20;

  /** Trains another network for every seed; returns its parameters and momentum. */
  private static float[][] train(int seed) {
    try (TinyTraining training = new TinyTraining(seed, Recompute.NOTHING)) {
      for (int i = 0; i < STEPS; i++) {
        training.run(2 + seed % 2, 1000L * seed + i);
      }
      return training.state();
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
