package vivit.dataprep.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir java.nio.file.Path folder;
  private FileSystem fs;
  private Path file;

  @BeforeEach
  void open() throws IOException {
    fs = FileSystem.getLocal(new Configuration());
    file = new Path(folder.toUri().toString(), "state.json");
  }

  @Test
  void writesAndReplaces() throws IOException {
    write("one");
    write("two");

    assertThat(folder.resolve("state.json")).hasContent("two");
    assertThat(folder.toFile().list()).containsExactly("state.json");
  }

  @Test
  void aFailureLeavesWhatWasThere() throws IOException {
    write("one");

    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    fs,
                    file,
                    out -> {
                      out.write(65);
                      throw new IOException("the disk is full");
                    }))
        .hasMessage("the disk is full");

    assertThat(folder.resolve("state.json")).hasContent("one");
    assertThat(folder.toFile().list()).containsExactly("state.json");
  }

  @Test
  void theFinalNameIsAbsentUntilTheFileIsComplete() throws IOException {
    AtomicFile.write(
        fs,
        file,
        out -> {
          out.write(65);
          out.flush();
          assertThat(folder.resolve("state.json")).doesNotExist();
          String[] names = folder.toFile().list();
          assertThat(names).hasSize(1);
          assertThat(AtomicFile.finalName(names[0])).contains("state.json");
        });
    assertThat(folder.resolve("state.json")).exists();
  }

  @Test
  void otherNamesAreNotTemporary() {
    String uuid = "123e4567-e89b-12d3-a456-426614174000";
    assertThat(AtomicFile.finalName(".a.b." + uuid + ".tmp")).contains("a.b");
    for (String name :
        List.of(".notes.tmp", ".tmp", ".x.1.tmp", "x." + uuid + ".tmp", "." + uuid + ".tmp")) {
      assertThat(AtomicFile.finalName(name)).as(name).isEmpty();
    }
  }

  @Test
  void renameReplacesAFile() throws IOException {
    Files.writeString(folder.resolve("new"), "new");
    write("old");

    AtomicFile.rename(fs, new Path(folder.toUri().toString(), "new"), file);

    assertThat(folder.resolve("state.json")).hasContent("new");
    assertThat(folder.resolve("new")).doesNotExist();
  }

  private void write(String text) throws IOException {
    AtomicFile.write(fs, file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }
}
