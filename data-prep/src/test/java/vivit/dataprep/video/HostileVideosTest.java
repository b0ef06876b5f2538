package vivit.dataprep.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.fixture.HostileInput;

/** Containers whose lengths and counts are hostile give clips, or a cause, in bounded memory. */
class HostileVideosTest {
  private static final ClipSettings SETTINGS = new ClipSettings(4, 2, 10, 24, 2, 16);

  @TempDir Path folder;

  @BeforeAll
  static void little() {
    VideoCutter.limitAllocations(1 << 26);
  }

  @AfterAll
  static void asBefore() {
    VideoCutter.limitAllocations(1 << 30);
  }

  @ParameterizedTest
  @ValueSource(strings = {"h264-b-frames.mp4", "h264-444.mkv", "h264-grey.mkv"})
  void hostileContainers(String name) throws IOException {
    byte[] good = Files.readAllBytes(MadeVideos.kept(name));
    Path file = folder.resolve(name);
    HostileInput.run(
        "containers, " + name,
        12,
        UndecodableVideoException.class,
        random -> {
          Files.write(file, HostileInput.bytes(good, random));
          assertThat(Cuts.of(file, SETTINGS, 3)).isNotEmpty();
        });
  }
}
