package vivit.model.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import vivit.model.Readout;
import vivit.model.TinyModels;
import vivit.model.ViViTConfig;
import vivit.model.engine.Engine;
import vivit.model.engine.OneDnnEngine;
import vivit.model.network.Backbone;
import vivit.model.network.Backbone.Recompute;
import vivit.model.parameter.ParameterIndex;
import vivit.model.parameter.ParameterRates;
import vivit.model.regularise.DropPath;
import vivit.model.regularise.Dropout;
import vivit.model.regularise.Randomness;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.FactorisedEncoder;

/** A training that has warmed up takes no more memory, and gives all of it back in the end. */
class SteadyMemoryTest {

  /** Twice what was measured for a step of this model with dropout: objects, no numbers. */
  private static final long HEAP_BYTES_PER_STEP = 200_000;

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

  /** Native memory: objects and bytes of JavaCPP, bytes of ND4J. */
  private record Native(long objects, long bytes, long arrays) {
    static Native now() {
      return new Native(
          Pointer.totalCount(), Pointer.totalBytes(), Nd4j.getEnvironment().getDeviceCouner(0));
    }

    /** When what earlier tests have left is collected. */
    static Native settled() throws InterruptedException {
      Native before = now();
      for (int same = 0; same < 3; ) {
        System.gc();
        Thread.sleep(20);
        Native after = now();
        same = after.equals(before) ? same + 1 : 0;
        before = after;
      }
      return before;
    }
  }

  /** Batches of every size up to four clips, and a step on them. */
  private static final class Training implements AutoCloseable {
    private final ViViTConfig config = config();
    private final INDArray[] tokens = new INDArray[5];
    private final INDArray[][] labels = new INDArray[5][];
    private final TrainingStep step;
    private int steps;

    Training(Recompute recompute) {
      for (int clips = 1; clips <= 4; clips++) {
        tokens[clips] = TinyModels.tokens(config, clips, DataType.FLOAT);
        labels[clips] = TinyModels.labels(config, clips, DataType.FLOAT);
      }
      var graph = ViViTGraph.create(config, 7);
      ParameterRates rates = ParameterRates.uniform(ViViTGraph.index(graph));
      step = new TrainingStep(graph, new Optimiser(0.9, 1), rates, recompute);
    }

    void run(int clips) {
      long[] seeds = new long[clips];
      seeds[0] = steps++;
      Randomness chance = new Randomness(new DropPath(0.2, seeds), new Dropout(0.1, 0.1, seeds));
      step.step(tokens[clips], labels[clips], 0.1, chance);
    }

    @Override
    public void close() {
      step.close();
    }
  }

  @ParameterizedTest
  @EnumSource(Recompute.class)
  void stepsTakeNoNativeMemoryAndLittleHeap(Recompute recompute) throws InterruptedException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().getId();
    try (Training training = new Training(recompute)) {
      for (int i = 0; i < 20; i++) {
        training.run(2);
      }
      Native before = Native.settled();
      long heap = threads.getThreadAllocatedBytes(self);
      for (int i = 0; i < 50; i++) {
        training.run(2);
        assertThat(Native.now()).as("after step %d", i).isEqualTo(before);
      }
      long perStep = (threads.getThreadAllocatedBytes(self) - heap) / 50;
      assertThat(perStep).as("heap bytes per step").isLessThan(HEAP_BYTES_PER_STEP);
    }
  }

  @Test
  void batchesOfOtherSizesTakeNoMoreOnceSeen() throws InterruptedException {
    try (Training training = new Training(Recompute.NOTHING)) {
      for (int clips : new int[] {2, 4, 1, 3, 2, 4, 1, 3}) {
        training.run(clips);
      }
      Native before = Native.settled();
      for (int i = 0; i < 20; i++) {
        training.run(1 + i * 7 % 4);
      }
      assertThat(Native.settled()).isEqualTo(before);
    }
  }

  @Test
  void closingGivesEverythingBack() throws InterruptedException {
    ViViTConfig config = config();
    long length = ParameterIndex.backbone(config).length();
    INDArray parameters = Nd4j.valueArrayOf(new long[] {length}, 0.1, DataType.FLOAT);
    INDArray gradients = Nd4j.create(DataType.FLOAT, length);
    INDArray tokens = TinyModels.tokens(config, 2, DataType.FLOAT);
    INDArray out = Nd4j.create(DataType.FLOAT, 2, config.representation());
    Native before = Native.settled();
    for (int i = 0; i < 20; i++) {
      try (Engine engine = new OneDnnEngine(1 + i % 3)) {
        Backbone backbone =
            new Backbone(engine, config, Recompute.NOTHING, engine.adopt(parameters));
        backbone.bindGradients(engine.adopt(gradients));
        backbone.infer(engine.adopt(tokens), engine.adopt(out));
        backbone.train(engine.adopt(tokens), Randomness.none(2), engine.adopt(out));
        backbone.backward(engine.adopt(out));
        assertThat(Native.now().bytes()).isGreaterThan(before.bytes());
        assertThat(Native.now().arrays()).isGreaterThan(before.arrays());
      }
      assertThat(Native.now().arrays()).as("after engine %d", i).isEqualTo(before.arrays());
    }
    assertThat(Native.settled()).isEqualTo(before);
    assertThat(parameters.getDouble(0)).isEqualTo((float) 0.1);
  }
}
