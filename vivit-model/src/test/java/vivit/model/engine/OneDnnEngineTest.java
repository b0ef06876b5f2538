package vivit.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Arrays of callers, memory, and refusals. */
class OneDnnEngineTest {

  private final OneDnnEngine engine = new OneDnnEngine(2);

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void isTheEngineForFloatsOnCpus() {
    try (Engine floats = Engines.create(DataType.FLOAT);
        Engine doubles = Engines.create(DataType.DOUBLE)) {
      assertThat(floats).isInstanceOf(OneDnnEngine.class);
      assertThat(doubles).isInstanceOf(Nd4jEngine.class);
    }
    assertThat(engine.description()).isEqualTo("oneDNN FLOAT, 2 threads");
  }

  @Test
  void refusesArraysOfOtherTypes() {
    assertThatThrownBy(() -> engine.adopt(Nd4j.create(DataType.DOUBLE, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Array of type DOUBLE in an engine of type FLOAT; convert it with castTo");
  }

  @Test
  void givesBackOnlyWhatItMade() {
    Tensor whole = engine.allocate(6);
    String message = "The tensor does not belong to this engine or is a view";
    assertThatThrownBy(() -> engine.release(whole.rowMajor(0, 2, 3))).hasMessage(message);
    assertThatThrownBy(() -> engine.release(engine.adopt(Nd4j.create(3)))).hasMessage(message);
    engine.release(whole);
    assertThatThrownBy(() -> engine.release(whole)).hasMessage(message);
  }

  @Test
  void refusesToCopyBetweenDifferentLengths() {
    Tensor six = engine.allocate(2, 3);
    assertThatThrownBy(() -> engine.copy(six, engine.allocate(7)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot copy [2, 3] to [7]");
    assertThatThrownBy(() -> engine.load(new double[7], six))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot load 7 numbers into [2, 3]");
  }

  /** Through strides, row-major order needs both shapes; flat memory has one order. */
  @Test
  void copiesOtherShapesOfEqualLengthOnlyWithoutGaps() {
    Tensor six = engine.allocate(2, 3);
    engine.load(new double[] {1, 2, 3, 4, 5, 6}, six);
    INDArray flat = Nd4j.create(DataType.FLOAT, 6);
    engine.copy(six, engine.adopt(flat));
    assertThat(flat.toFloatVector()).containsExactly(1, 2, 3, 4, 5, 6);
    Tensor turned = six.view(0, new long[] {3, 2}, new long[] {1, 3});
    assertThatThrownBy(() -> engine.copy(turned, engine.adopt(flat)))
        .hasMessage("Cannot copy [3, 2] to [6]");
  }

  @Test
  void seesArraysWhereTheyLie() {
    INDArray all = Nd4j.linspace(DataType.FLOAT, 0, 60, 1);
    INDArray part = all.get(NDArrayIndex.interval(7, 55)).reshape(6, 8);
    INDArray inner = part.get(NDArrayIndex.interval(1, 4), NDArrayIndex.interval(2, 6));
    INDArray into = Nd4j.create(DataType.FLOAT, 3, 4);
    engine.copy(engine.adopt(inner), engine.adopt(into));
    assertThat(into).isEqualTo(inner.dup());
    engine.fill(engine.adopt(part.getRow(5)), -1);
    assertThat(all.getFloat(7 + 39)).isEqualTo(46);
    assertThat(all.getFloat(7 + 40)).isEqualTo(-1);
    assertThat(all.getFloat(7 + 47)).isEqualTo(-1);
    assertThat(all.getFloat(7 + 48)).isEqualTo(55);
  }

  @Test
  void seesColumnMajorArrays() {
    INDArray turned = Nd4j.createFromArray(new float[] {1, 2, 3, 4, 5, 6}).reshape(2, 3).dup('f');
    INDArray into = Nd4j.create(DataType.FLOAT, 2, 3);
    engine.copy(engine.adopt(turned), engine.adopt(into));
    assertThat(into.data().asFloat()).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void canBeClosedTwice() {
    CpuTensor tensor = (CpuTensor) engine.allocate(5);
    engine.close();
    assertThat(tensor.owner().wasClosed()).isTrue();
    assertThatCode(engine::close).doesNotThrowAnyException();
    assertThatThrownBy(() -> engine.release(tensor))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The tensor does not belong to this engine or is a view");
  }

  @Test
  void theArenaReusesItsMemoryAndGrowsOnDemand() {
    Arena arena = new Arena(engine);
    engine.fill(arena.take(4, 5), 3);
    arena.rewind();
    INDArray kept = Nd4j.create(DataType.FLOAT, 2, 5);
    engine.copy(arena.take(2, 5), engine.adopt(kept));
    assertThat(kept.data().asFloat()).containsOnly(3);
    arena.rewind();
    assertThat(arena.take(6, 5).shape()).containsExactly(6, 5);
  }
}
