package vivit.spark.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PackingTest {
  private static float[] values(int count, double scale) {
    Random random = new Random(count);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextGaussian() * scale * Math.pow(10, i / 300 % 4));
    }
    return values;
  }

  /** What arrives, after a check that the sender knows it. */
  private static float[] send(Packing packing, float[] values) {
    SliceStore store = new SliceStore();
    float[] kept = values.clone();
    float[] arrived = new float[values.length];
    try (Slice packed = store.allocate(packing.packedLength(values.length))) {
      packing.pack(kept, packed);
      packing.unpack(packed, arrived);
    }
    assertThat(arrived).isEqualTo(kept);
    return arrived;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 255, 256, 257, 1000, 4099})
  void float32LosesNothing(int count) {
    float[] values = values(count, 1e-3);
    assertThat(send(Packing.FLOAT32, values)).isEqualTo(values);
  }

  /** 8 bits of mantissa, one of them implied. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 255, 256, 257, 1000, 4099})
  void bfloat16IsTheNearest(int count) {
    float[] values = values(count, 1e-3);
    float[] arrived = send(Packing.BFLOAT16, values);
    for (int i = 0; i < count; i++) {
      assertThat(Math.abs(arrived[i] - values[i])).isLessThanOrEqualTo(Math.abs(values[i]) / 256);
      assertThat(Float.floatToIntBits(arrived[i]) & 0xffff).isZero();
    }
  }

  /** Half a step of the largest value of each block of 256. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 255, 256, 257, 1000, 4099})
  void int8IsWithinHalfAStep(int count) {
    float[] values = values(count, 1e-3);
    float[] arrived = send(Packing.INT8, values);
    for (int block = 0; block < count; block += 256) {
      float largest = 0;
      int end = Math.min(count, block + 256);
      for (int i = block; i < end; i++) {
        largest = Math.max(largest, Math.abs(values[i]));
      }
      for (int i = block; i < end; i++) {
        assertThat(Math.abs(arrived[i] - values[i])).isLessThanOrEqualTo(largest / 127 * 0.5001f);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Packing.class)
  void zerosStayZeros(Packing packing) {
    assertThat(send(packing, new float[300])).containsOnly(0);
  }
}
