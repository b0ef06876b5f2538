package vivit.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {

  @ParameterizedTest
  @CsvSource({
    "0x0000, 0",
    "0x8000, -0.0",
    "0x3C00, 1",
    "0xC000, -2",
    "0x7BFF, 65504",
    "0x0400, 6.103515625e-05",
    "0x0001, 5.9604644775390625e-08",
    "0x83FF, -6.097555160522461e-05",
    "0x7C00, Infinity",
    "0xFC00, -Infinity",
    "0x7E00, NaN",
    "0x3555, 0.333251953125"
  })
  void halfPrecisionIsExact(String bits, float value) {
    assertThat((Float) ElementType.half(Integer.decode(bits).shortValue()))
        .isEqualTo((Float) value);
  }

  @Test
  void brainFloatsAreTheUpperHalfOfFloats() {
    ByteBuffer buffer = ByteBuffer.allocate(4).putShort((short) 0x3F80).putShort((short) 0xC049);
    buffer.flip();
    assertThat(ElementType.BF16.next(buffer)).isEqualTo(1);
    assertThat(ElementType.BF16.next(buffer)).isEqualTo(-3.140625);
  }

  @Property(tries = 100)
  void axesMoveAsInPlainLoops(
      @ForAll @IntRange(min = 1, max = 4) int a,
      @ForAll @IntRange(min = 1, max = 4) int b,
      @ForAll @IntRange(min = 1, max = 4) int c) {
    float[] values = new float[a * b * c];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    long[] shape = {a, b, c};
    float[] permuted = Axes.permute(values, shape, 2, 0, 1);
    float[] reversed = new float[values.length];
    for (int i = 0; i < a; i++) {
      for (int j = 0; j < b; j++) {
        for (int k = 0; k < c; k++) {
          assertThat(permuted[(k * a + i) * b + j]).isEqualTo(values[(i * b + j) * c + k]);
          reversed[(k * b + j) * a + i] = values[(i * b + j) * c + k];
        }
      }
    }
    assertThat(Axes.permute(permuted, Axes.permuted(shape, 2, 0, 1), Axes.inverse(2, 0, 1)))
        .isEqualTo(values);
    assertThat(Axes.fromColumnMajor(reversed, shape)).isEqualTo(values);
  }
}
