package vivit.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CheckpointsTest {

  static Stream<Arguments> strangers() {
    return Stream.of(
        arguments("<!DOCTYPE html><html>", "a web page or XML, not a file"),
        arguments(" \n<HTML lang=en>", "a web page or XML, not a file"),
        arguments("<?xml version='1.0'?><Error>", "a web page or XML"),
        arguments(
            "version https://git-lfs.github.com/spec/v1",
            "a pointer of Git LFS, not the file itself"),
        arguments("\u0089HDF\r\n\u001a\n", "an HDF5 file"),
        arguments("\u0080\u0002}q", "a Python pickle"),
        arguments("\u0080\u0005\u0095", "a Python pickle"),
        arguments("\u001f\u008b\b", "packed by gzip"),
        arguments("BZh91AY", "packed by bzip2"),
        arguments("(\u00b5/\u00fd", "packed by Zstandard"),
        arguments("\u0093NUMPY\u0001", "a single NumPy array"),
        arguments("PAR1", "a Parquet file"),
        arguments("GGUF", "a GGUF file"),
        arguments("", "the file is empty"),
        arguments("{\"a\": 1}", "this is a JSON file"),
        arguments("{\"a\": ", "this is not JSON"),
        arguments("Hello, world!", "it begins with 48 65 6c 6c 6f 2c 20 77"),
        arguments("x", "it begins with 78"),
        arguments("PK\u0003\u0004 and no more", "the zip's directory is not at the end"),
        arguments(
            "\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000", "begins with zeros only"));
  }

  @ParameterizedTest
  @MethodSource("strangers")
  void whatIsNoCheckpointIsNamed(String start, String message) {
    byte[] bytes = start.getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> Checkpoints.open(MemoryBytes.of("download", bytes)))
        .isInstanceOf(CorruptCheckpointException.class)
        .hasMessageStartingWith("Cannot read download: ")
        .hasMessageContaining(message)
        .hasMessageContaining("(byte ");
  }

  @Test
  void aDl4jModelIsTold() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (String name : List.of("configuration.json", "coefficients.bin")) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(1);
      }
    }
    MemoryBytes file = MemoryBytes.of("m.zip", out.toByteArray());
    assertThat(Checkpoints.isDl4j(file)).isTrue();
    assertThatThrownBy(() -> Checkpoints.open(file)).hasMessageContaining("this is a DL4J model");
    try (Bytes npz = Bytes.of(Fixtures.path(Fixtures.IMAGE))) {
      assertThat(Checkpoints.isDl4j(npz)).isFalse();
    }
  }

  @Test
  void aFolderIsSearchedForItsFile(@TempDir Path folder) throws IOException {
    assertThatThrownBy(() -> Checkpoints.open(folder))
        .hasMessageContaining("the folder holds none of model.safetensors, ");
    Path inside = folder.resolve("parameters.safetensors");
    try (TensorSource source = Checkpoints.open(Fixtures.path(Fixtures.SCENIC))) {
      ScenicWriter.write(source, Files.newOutputStream(inside));
    }
    try (TensorSource source = Checkpoints.open(folder)) {
      assertThat(source.name()).isEqualTo(inside.toString());
      assertThat(source.tensors()).extracting(TensorEntry::name).contains("embedding/bias");
      assertThatThrownBy(() -> source.floats("embedding/kernal"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("is called embedding/kernal");
    }
  }

  @Test
  void aLocalFileIsReadAnywhere(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("f");
    Files.write(file, new byte[] {0, 1, 2, 3, 4});
    try (Bytes bytes = Bytes.of(file)) {
      byte[] into = new byte[4];
      bytes.read(2, into, 1, 3);
      assertThat(into).containsExactly(0, 2, 3, 4);
      assertThat(bytes.size()).isEqualTo(5);
      assertThatThrownBy(() -> bytes.read(3, into, 0, 3))
          .isInstanceOf(EOFException.class)
          .hasMessageContaining("it ends at byte 5, expected 1 bytes more");
      assertThat(bytes.sibling("g")).isEmpty();
      try (Bytes same = bytes.sibling("f").orElseThrow()) {
        assertThat(same.name()).isEqualTo(bytes.name());
      }
    }
    assertThatThrownBy(() -> Bytes.of(folder)).hasMessageContaining("is a folder");
    assertThatThrownBy(() -> Bytes.of(folder.resolve("none")))
        .hasMessageContaining("there is no such file");
  }

  @Test
  void positionsBeyondTwoGibibytesWork() throws IOException {
    // a file of 5 GiB of which only a few bytes exist
    byte[] json =
        ("{\"embedding/zero\":{\"dtype\":\"U8\",\"shape\":[5368709120],"
                + "\"data_offsets\":[0,5368709120]},\"embedding/kernel\":{\"dtype\":\"F32\","
                + "\"shape\":[2],\"data_offsets\":[5368709120,5368709128]}}")
            .getBytes(StandardCharsets.UTF_8);
    long data = 8 + json.length + 5368709120L;
    Bytes sparse = new SparseBytes(data + 8, Map.of(0L, head(json), data, floats(1.5f, -2)));
    SafetensorsIndex index = SafetensorsIndex.read(sparse);
    assertThat(index.floats(index.tensors().get("embedding/kernel"))).containsExactly(1.5f, -2);
    assertThatThrownBy(() -> Checkpoints.open(sparse))
        .hasMessageContaining("tensor embedding/zero has type U8, expected a floating type");
  }

  private static byte[] head(byte[] json) {
    return ByteBuffer.allocate(8 + json.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  private static byte[] floats(float... values) {
    ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      buffer.putFloat(value);
    }
    return buffer.array();
  }

  /** Zeros, but for some pieces. */
  private record SparseBytes(long size, Map<Long, byte[]> pieces) implements Bytes {
    @Override
    public String name() {
      return "sparse";
    }

    @Override
    public void read(long position, byte[] into, int from, int count) {
      for (int i = 0; i < count; i++) {
        into[from + i] = at(position + i);
      }
    }

    private byte at(long position) {
      for (Map.Entry<Long, byte[]> piece : pieces.entrySet()) {
        long within = position - piece.getKey();
        if (within >= 0 && within < piece.getValue().length) {
          return piece.getValue()[(int) within];
        }
      }
      return 0;
    }

    @Override
    public Optional<Bytes> sibling(String fileName) {
      return Optional.empty();
    }

    @Override
    public void close() {
      // nothing is open
    }
  }
}
