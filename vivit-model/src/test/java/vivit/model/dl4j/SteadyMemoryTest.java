package vivit.model.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import vivit.model.NativeMemory;
import vivit.model.TinyModels;
import vivit.model.ViViTConfig;
import vivit.model.engine.Engine;
import vivit.model.engine.OneDnnEngine;
import vivit.model.network.Backbone;
import vivit.model.network.Backbone.Recompute;
import vivit.model.parameter.ParameterIndex;
import vivit.model.regularise.Randomness;

/** Training allocates no native memory after its first steps, and frees all of it when closed. */
@Timeout(120)
class SteadyMemoryTest {

  /** Twice the measured allocation of a step with dropout: objects, no arrays of numbers. */
  private static final long HEAP_BYTES_PER_STEP = 200_000;

  @ParameterizedTest
  @EnumSource(Recompute.class)
  void stepsTakeNoNativeMemoryAndLittleHeap(Recompute recompute) throws InterruptedException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().getId();
    try (TinyTraining training = new TinyTraining(7, recompute)) {
      for (int i = 0; i < 20; i++) {
        training.run(2, i);
      }
      NativeMemory before = NativeMemory.settled();
      long heap = threads.getThreadAllocatedBytes(self);
      for (int i = 0; i < 50; i++) {
        training.run(2, 20 + i);
        assertThat(NativeMemory.now()).as("after step %d", i).isEqualTo(before);
      }
      long perStep = (threads.getThreadAllocatedBytes(self) - heap) / 50;
      assertThat(perStep).as("heap bytes per step").isLessThan(HEAP_BYTES_PER_STEP);
    }
  }

  @Test
  void batchesOfOtherSizesTakeNoMoreOnceSeen() throws InterruptedException {
    try (TinyTraining training = new TinyTraining(7, Recompute.NOTHING)) {
      for (int clips : new int[] {2, 4, 1, 3, 2, 4, 1, 3}) {
        training.run(clips, clips);
      }
      NativeMemory before = NativeMemory.settled();
      for (int i = 0; i < 20; i++) {
        training.run(1 + i * 7 % 4, i);
      }
      assertThat(NativeMemory.settled()).isEqualTo(before);
    }
  }

  @Test
  void closingGivesEverythingBack() throws InterruptedException {
    ViViTConfig config = TinyTraining.config();
    long length = ParameterIndex.backbone(config).length();
    INDArray parameters = Nd4j.valueArrayOf(new long[] {length}, 0.1, DataType.FLOAT);
    INDArray gradients = Nd4j.create(DataType.FLOAT, length);
    INDArray tokens = TinyModels.tokens(config, 2, DataType.FLOAT);
    INDArray out = Nd4j.create(DataType.FLOAT, 2, config.representation());
    NativeMemory before = NativeMemory.settled();
    for (int i = 0; i < 20; i++) {
      try (Engine engine = new OneDnnEngine(1 + i % 3)) {
        Backbone backbone =
            new Backbone(engine, config, Recompute.NOTHING, engine.adopt(parameters));
        backbone.bindGradients(engine.adopt(gradients));
        backbone.infer(engine.adopt(tokens), engine.adopt(out));
        backbone.train(engine.adopt(tokens), Randomness.none(2), engine.adopt(out));
        backbone.backward(engine.adopt(out));
        assertThat(NativeMemory.now().bytes()).isGreaterThan(before.bytes());
        assertThat(NativeMemory.now().arrays()).isGreaterThan(before.arrays());
      }
      assertThat(NativeMemory.now().arrays()).as("after engine %d", i).isEqualTo(before.arrays());
    }
    assertThat(NativeMemory.settled()).isEqualTo(before);
    assertThat(parameters.getDouble(0)).isEqualTo((float) 0.1);
  }
}
