package vivit.dataprep.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.label.LabelColumns;

class ClassFoldersTest {
  @TempDir Path folder;

  private void file(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "");
  }

  private static List<LabelledVideo> read(String input) throws IOException {
    return VideoSource.read(
            new Configuration(), SourceSettings.of(input, LabelColumns.DEFAULT), Optional.empty())
        .videos();
  }

  private List<LabelledVideo> read() throws IOException {
    return read(folder.toUri().toString());
  }

  @Test
  void linksThatLeadToNothingAreMissingVideos() throws IOException {
    file("run/a.mp4");
    file("walk/notes.txt");
    Files.createSymbolicLink(folder.resolve("run/b.mp4"), Path.of("gone/b.mp4"));

    SourceVideos videos =
        VideoSource.read(
            new Configuration(),
            SourceSettings.of(folder.toUri().toString(), LabelColumns.DEFAULT),
            Optional.empty());

    assertThat(videos.videos()).extracting(LabelledVideo::id).containsExactly("run/a.mp4");
    assertThat(videos.missing())
        .singleElement()
        .satisfies(
            missing -> {
              assertThat(missing.video().id()).isEqualTo("run/b.mp4");
              assertThat(missing.video().labels()).isEqualTo(List.of(List.of("run")));
              assertThat(missing.cause()).isEqualTo("a link to gone/b.mp4, which does not exist");
            });

    Files.createSymbolicLink(folder.resolve("jump"), Path.of("/not/mounted"));
    assertThatThrownBy(this::read)
        .hasMessageContaining(
            "the link \"jump\" leads to /not/mounted, which does not exist, so that what is in it"
                + " is unknown; mend it or remove it");
  }

  @Test
  void theFolderUnderTheRootIsTheClass() throws IOException {
    file("opening/b.MP4");
    file("opening/a.webm");
    file("closing a door/part 1/c.avi");
    file("closing a door/notes.txt");
    file(".hidden/d.mp4");
    file("_temporary/e.mp4");
    file("opening/._a.webm");
    file("opening/_c.mp4");
    file("stray.mp4");

    assertThat(read())
        .containsExactly(
            new LabelledVideo(
                "closing a door/part 1/c.avi",
                "file:" + folder.resolve("closing a door/part 1/c.avi"),
                "closing a door",
                TimeSpan.WHOLE),
            new LabelledVideo(
                "opening/_c.mp4",
                "file:" + folder.resolve("opening/_c.mp4"),
                "opening",
                TimeSpan.WHOLE),
            new LabelledVideo(
                "opening/a.webm",
                "file:" + folder.resolve("opening/a.webm"),
                "opening",
                TimeSpan.WHOLE),
            new LabelledVideo(
                "opening/b.MP4",
                "file:" + folder.resolve("opening/b.MP4"),
                "opening",
                TimeSpan.WHOLE));
  }

  @Test
  void refusesAFolderWithoutVideos() throws IOException {
    file("opening/readme.txt");
    assertThatThrownBy(this::read)
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("found no videos; expected a folder per class");
  }

  @Test
  void refusesAPathThatIsNotThere() {
    assertThatThrownBy(() -> read("/no/such/folder"))
        .hasMessage("/no/such/folder: no such file or folder; give prepare.input=...");
  }
}
