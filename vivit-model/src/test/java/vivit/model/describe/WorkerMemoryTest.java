package vivit.model.describe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.data.Percentage;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import vivit.model.NativeMemory;
import vivit.model.Preset;
import vivit.model.Readout;
import vivit.model.TinyModels;
import vivit.model.ViViTConfig;
import vivit.model.dl4j.Optimiser;
import vivit.model.dl4j.TrainingStep;
import vivit.model.dl4j.ViViTGraph;
import vivit.model.engine.Threads;
import vivit.model.network.Backbone.Recompute;
import vivit.model.parameter.ParameterRates;
import vivit.model.regularise.Randomness;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.FactorisedSelfAttention.AttentionOrder;
import vivit.model.variant.Variant;

@Timeout(120)
class WorkerMemoryTest {

  private static final int CLIPS = 2;
  private static final int THREADS = 2;

  @AfterEach
  void allCores() {
    Threads.perTask(Threads.cores());
  }

  /** 576 tokens: attention over long sequences in one variant, over short ones in the other. */
  private static ViViTConfig config(Variant.Kind kind) {
    return new ViViTConfig(
        new ClipShape(8, 96, 96),
        new Tubelet(2, 8, 8),
        192,
        3,
        768,
        kind.of(3, 1, AttentionOrder.SPACE_TIME),
        Readout.TOKEN,
        0,
        List.of(TinyModels.NOUN, TinyModels.VERB));
  }

  @ParameterizedTest
  @CsvSource({
    "SPACE_TIME, NOTHING",
    "SPACE_TIME, BLOCKS",
    "FACTORISED_ENCODER, NOTHING",
    "FACTORISED_ENCODER, BLOCKS"
  })
  void isWhatStepsReallyTake(Variant.Kind kind, Recompute recompute) throws InterruptedException {
    ViViTConfig config = config(kind);
    Threads.perTask(THREADS);
    WorkerMemory predicted = WorkerMemory.of(config, CLIPS, recompute, Threads.perTask());
    long before = NativeMemory.settled().total();
    ComputationGraph graph = ViViTGraph.create(config, 7);
    ParameterRates rates = ParameterRates.uniform(ViViTGraph.index(graph));
    INDArray tokens = TinyModels.tokens(config, CLIPS, DataType.FLOAT);
    INDArray[] labels = TinyModels.labels(config, CLIPS, DataType.FLOAT);
    try (TrainingStep step = new TrainingStep(graph, new Optimiser(0.9, 1), rates, recompute)) {
      for (int i = 0; i < 3; i++) {
        step.step(tokens, labels, 0.1, Randomness.none(CLIPS));
      }
      long found = NativeMemory.settled().total() - before;
      assertThat(predicted.bytes()).isGreaterThan(20_000_000);
      assertThat(found).isCloseTo(predicted.bytes(), Percentage.withPercentage(10));
    }
    graph.close();
    tokens.close();
    for (INDArray rows : labels) {
      rows.close();
    }
  }

  @Test
  void growsWithClipsAndThreadsOnly() {
    ViViTConfig config =
        TinyModels.published(Variant.Kind.FACTORISED_ENCODER, Preset.B, 4, 16, 32, 224, 400);
    WorkerMemory one = WorkerMemory.of(config, 1, Recompute.NOTHING, 1);
    WorkerMemory four = WorkerMemory.of(config, 4, Recompute.NOTHING, 16);
    ModelSummary summary = ModelSummary.of(config);
    assertThat(one.vectors()).isEqualTo(3 * one.vector()).isEqualTo(12 * summary.parameters());
    assertThat(four.vectors()).isEqualTo(one.vectors());
    assertThat((double) four.activations() / one.activations()).isCloseTo(4, within(0.01));
    assertThat((double) one.activations() / summary.activations()).isCloseTo(1, within(0.01));
    assertThat(four.batch()).isEqualTo(4 * one.batch()).isEqualTo(4L * 32 * 224 * 224 * 3 * 4);
    assertThat(four.scratch()).isGreaterThan(one.scratch());
  }
}
