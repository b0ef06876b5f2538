package vivit.dataprep.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;
import org.junit.jupiter.api.Test;

/** Files that exist but are not readable are bad videos; failing storage is not a video's fault. */
class UnreadableFilesTest {
  /** A local file system whose files cannot be opened, or not read. */
  private static final class Failing extends FilterFileSystem {
    private final IOException failure;

    Failing(IOException failure) throws IOException {
      super(FileSystem.getLocal(new Configuration()).getRawFileSystem());
      this.failure = failure;
    }

    @Override
    public URI getUri() {
      return URI.create("file:///");
    }

    @Override
    public FSDataInputStream open(Path file, int bufferSize) throws IOException {
      throw failure;
    }
  }

  private static void open(IOException failure) throws IOException {
    HadoopVideoInput.open(new Failing(failure), new Path(Encoding.H264.file().toUri())).close();
  }

  @Test
  void noPermission() {
    List<IOException> failures = new ArrayList<>();
    failures.add(new AccessControlException("Permission denied: user=spark, access=READ"));
    failures.add(new java.nio.file.AccessDeniedException("/videos/a.mp4"));
    failures.add(new FileNotFoundException("/videos/a.mp4 (Permission denied)"));
    for (IOException failure : failures) {
      assertThatThrownBy(() -> open(failure))
          .as("%s", failure)
          .isInstanceOf(UndecodableVideoException.class)
          .hasMessageContaining("may not be read");
    }
  }

  @Test
  void aFileThatWentAway() {
    assertThatThrownBy(() -> open(new FileNotFoundException("File does not exist: /videos/a.mp4")))
        .isInstanceOf(UndecodableVideoException.class)
        .hasMessage("the file does not exist");
  }

  @Test
  void storageThatFails() {
    IOException failure = new IOException("Could not obtain block: blk_1073741825");
    assertThatThrownBy(() -> open(failure)).isSameAs(failure);
  }

  @Test
  void aFileWithoutPermissions() throws IOException {
    java.nio.file.Path file = Files.createTempFile("locked", ".mp4");
    try {
      Files.copy(Encoding.H264.file(), file, StandardCopyOption.REPLACE_EXISTING);
      Files.setPosixFilePermissions(file, Set.of());
      boolean almighty = Files.isReadable(file); // the administrator may read all
      try (VideoInput in =
          HadoopVideoInput.open(FileSystem.getLocal(new Configuration()), new Path(file.toUri()))) {
        assertThat(almighty).isTrue();
        assertThat(in.length()).isPositive();
      } catch (UndecodableVideoException e) {
        assertThat(almighty).isFalse();
        assertThat(e).hasMessageContaining("may not be read");
      }
    } finally {
      Files.delete(file);
    }
  }
}
