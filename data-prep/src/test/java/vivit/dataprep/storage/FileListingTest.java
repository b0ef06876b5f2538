package vivit.dataprep.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileListingTest {
  @TempDir Path folder;

  @Test
  void knowsFilesOfManyFolders() throws IOException {
    Files.createDirectories(folder.resolve("a/folder.mp4"));
    Files.createDirectories(folder.resolve("b c"));
    Files.write(folder.resolve("a/1.mp4"), new byte[3]);
    Files.write(folder.resolve("a/other.mp4"), new byte[9]);
    Files.write(folder.resolve("b c/-2 é.mp4"), new byte[0]);
    List<String> paths =
        List.of(
            folder + "/a/1.mp4",
            folder + "/a/gone.mp4",
            folder + "/a/folder.mp4",
            "file:" + folder + "/b c/-2 é.mp4",
            folder + "/nowhere/3.mp4");

    FileListing listing = FileListing.of(new Configuration(), paths);

    assertThat(paths)
        .extracting(listing::bytes)
        .containsExactly(3L, FileListing.MISSING, FileListing.MISSING, 0L, FileListing.MISSING);
    assertThat(listing.modified(paths.get(0)))
        .isEqualTo(Files.getLastModifiedTime(folder.resolve("a/1.mp4")).toMillis());
    assertThat(listing.modified(paths.get(1))).isZero();
  }
}
