package vivit.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {

  private static final List<TensorEntry> ENTRIES =
      List.of(
          TensorEntry.of("a/kernel", ElementType.F32, 2, 3),
          TensorEntry.of("b", ElementType.F64, 2),
          TensorEntry.of("empty", ElementType.F32, 0, 5),
          TensorEntry.of("c", ElementType.I64),
          TensorEntry.of("d", ElementType.I32, 2),
          TensorEntry.of("e", ElementType.U8, 3));

  private static byte[] sample() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (SafetensorsWriter writer = new SafetensorsWriter(bytes, ENTRIES, Map.of("step", "42"))) {
      writer.write(new float[] {9, 1, 2, 3, 4, 5, 6, 9}, 1, 6);
      writer.write(new double[] {0.1, Double.NaN});
      writer.write(new long[] {Long.MIN_VALUE, -7, 8, 0, 128, 255});
    }
    return bytes.toByteArray();
  }

  private static SafetensorsReader open(byte[] bytes) throws IOException {
    return SafetensorsReader.open(new ByteArrayInputStream(bytes), "x.safetensors");
  }

  private static void readAll(byte[] bytes) throws IOException {
    try (SafetensorsReader reader = open(bytes)) {
      while (reader.next()) {
        // every tensor is skipped, and with it checked for its length
      }
    }
  }

  @Test
  void everyTypeComesBack() throws IOException {
    try (SafetensorsReader reader = open(sample())) {
      assertThat(reader.metadata()).containsExactly(Map.entry("step", "42"));
      assertThat(reader.tensors())
          .extracting(TensorEntry::name)
          .containsExactly("a/kernel", "b", "empty", "c", "d", "e");
      assertThat(reader.next()).isTrue();
      assertThat(reader.current().shape()).containsExactly(2, 3);
      assertThat(reader.floats()).containsExactly(1, 2, 3, 4, 5, 6);
      assertThat(reader.next()).isTrue();
      assertThat(reader.doubles()).containsExactly(0.1, Double.NaN);
      assertThat(reader.next()).isTrue();
      assertThat(reader.floats()).isEmpty();
      assertThat(reader.next()).isTrue();
      assertThat(reader.integers()).containsExactly(Long.MIN_VALUE);
      assertThat(reader.next()).isTrue();
      assertThat(reader.integers()).containsExactly(-7, 8);
      assertThat(reader.next()).isTrue();
      assertThat(reader.integers()).containsExactly(0, 128, 255);
      assertThat(reader.next()).isFalse();
    }
  }

  @Property(tries = 50)
  void floatsSurviveToTheBitInAnyPieces(@ForAll @Size(max = 40) float[] values) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    TensorEntry entry = TensorEntry.of("x", ElementType.F32, values.length);
    try (SafetensorsWriter writer = new SafetensorsWriter(bytes, List.of(entry), Map.of())) {
      writer.write(values, 0, values.length / 2);
      writer.write(values, values.length / 2, values.length - values.length / 2);
    }
    assertThat(bytes.size() % 4).isZero();
    try (SafetensorsReader reader = open(bytes.toByteArray())) {
      reader.next();
      float[] back = new float[values.length];
      int third = values.length / 3;
      reader.read(back, 0, third);
      reader.read(back, third, values.length - third);
      assertThat(back).containsExactly(values);
    }
  }

  @Test
  void tensorsLargerThanABufferComeBack() throws IOException {
    float[] values = new float[700_001];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    TensorEntry entry = TensorEntry.of("x", ElementType.F32, values.length);
    try (SafetensorsWriter writer = new SafetensorsWriter(bytes, List.of(entry), Map.of())) {
      writer.write(values, 0, values.length);
    }
    try (SafetensorsReader reader = open(bytes.toByteArray())) {
      reader.next();
      assertThat(reader.floats()).isEqualTo(values);
    }
  }

  @Test
  void everyTruncationIsRefusedWithItsPlace() throws IOException {
    byte[] whole = sample();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> readAll(cut))
          .isInstanceOf(CorruptCheckpointException.class)
          .hasMessageContaining("Cannot read x.safetensors: truncated at byte " + length);
    }
    byte[] inB = Arrays.copyOf(whole, whole.length - 19 - 8);
    assertThatThrownBy(() -> readAll(inB))
        .hasMessageEndingWith("8 bytes into tensor b of 16 bytes");
  }

  @Test
  void bytesBehindTheLastTensorAreRefused() throws IOException {
    byte[] whole = sample();
    assertThatThrownBy(() -> readAll(Arrays.copyOf(whole, whole.length + 1)))
        .hasMessage(
            "Cannot read x.safetensors: data continues after the last tensor, at byte "
                + whole.length);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}"
            + "|tensor x of type F32 and shape [2] cannot fill bytes 0 to 4",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}"
            + "|tensor x starts at byte 4 of the data, expected 0",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}"
            + "|tensor x has the impossible shape [-1]",
        "{\"x\":{\"dtype\":\"F8_E5M2\",\"shape\":[2],\"data_offsets\":[0,2]}}"
            + "|tensor x has type 'F8_E5M2'; supported are",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[1]}}|tensor x lacks its shape or its two data_offsets",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"x\":2}"
            + "|the header is not JSON: Duplicate field 'x'",
        "[1, 2]|the header is not a JSON object",
        "{\"x\":|the header is not JSON"
      })
  void impossibleHeadersAreRefused(String json, String message) {
    byte[] header = json.getBytes(StandardCharsets.UTF_8);
    byte[] file =
        ByteBuffer.allocate(8 + header.length + 4)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .put(header)
            .array();
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(CorruptCheckpointException.class)
        .hasMessageContaining("Cannot read x.safetensors: ")
        .hasMessageContaining(message);
  }

  @Test
  void otherFilesAreRefused() {
    assertThatThrownBy(() -> open("PK\u0003\u0004 a zip file".getBytes(StandardCharsets.UTF_8)))
        .hasMessageContaining("this is not a safetensors file");
  }

  @Test
  void theWriterKeepsItsCallerHonest() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertThatThrownBy(
            () -> {
              try (SafetensorsWriter writer = new SafetensorsWriter(bytes, ENTRIES, Map.of())) {
                writer.write(new float[5], 0, 5);
              }
            })
        .hasMessage("Tensor a/kernel lacks 1 of its 6 elements");
    assertThatThrownBy(
            () -> {
              try (SafetensorsWriter writer = new SafetensorsWriter(bytes, ENTRIES, Map.of())) {
                writer.write(new double[] {1});
              }
            })
        .hasMessage("Tensor a/kernel has type F32, not F64");
  }

  @Test
  void theReaderKeepsItsCallerHonest() throws IOException {
    try (SafetensorsReader reader = open(sample())) {
      assertThatThrownBy(reader::current).hasMessage("No current tensor; call next() first");
      reader.next();
      assertThatThrownBy(reader::integers)
          .hasMessageContaining("Tensor a/kernel of x.safetensors has type F32");
      assertThatThrownBy(() -> reader.read(new float[7], 0, 7))
          .hasMessage("Tensor a/kernel of x.safetensors has only 6 elements");
    }
  }
}
