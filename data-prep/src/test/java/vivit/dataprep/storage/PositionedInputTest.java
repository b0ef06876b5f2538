package vivit.dataprep.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PositionedInputTest {
  @TempDir java.nio.file.Path folder;

  /** A local one, and one that is known as a Hadoop file system only. */
  static Stream<FileSystem> fileSystems() throws IOException {
    FileSystem local = FileSystem.getLocal(new Configuration());
    return Stream.of(local, new FilterFileSystem(AtomicFile.raw(local)));
  }

  @ParameterizedTest
  @MethodSource("fileSystems")
  void readsAnyStretchAndSumsItUp(FileSystem fs) throws IOException {
    byte[] bytes = new byte[700_001];
    new Random(5).nextBytes(bytes);
    java.nio.file.Path file = Files.write(folder.resolve("file"), bytes);
    try (PositionedInput in = PositionedInput.open(fs, new Path(file.toUri()))) {
      for (int start : new int[] {0, 3, 600_000}) {
        ByteBuffer to = ByteBuffer.allocateDirect(700_100).position(11).limit(700_012 - start);
        CRC32C found = new CRC32C();
        in.readFully(start, to, found);

        CRC32C expected = new CRC32C();
        expected.update(bytes, start, bytes.length - start);
        assertThat(found.getValue()).isEqualTo(expected.getValue());
        assertThat(to.hasRemaining()).isFalse();
        assertThat(to.position(11))
            .isEqualTo(ByteBuffer.wrap(Arrays.copyOfRange(bytes, start, bytes.length)));
      }
      assertThatThrownBy(() -> in.readFully(700_000, ByteBuffer.allocate(2), new CRC32C()))
          .isInstanceOf(EOFException.class);
    }
  }
}
