package vivit.spark.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.shard.StoredClip;
import vivit.dataprep.video.VideoClips;

class DemoVideosTest {
  @TempDir Path folder;

  private void write(DemoVideos videos, Path into) throws Exception {
    Set<Integer> heard = ConcurrentHashMap.newKeySet();
    videos.write(
        FileSystem.getLocal(new Configuration()),
        new org.apache.hadoop.fs.Path(into.toUri()),
        heard::add);
    assertThat(heard).hasSize(videos.count());
  }

  @Test
  void everyClassHasTheSameNumberOfEveryContainer() throws Exception {
    write(new DemoVideos(3, 5), folder);
    List<String> classes;
    try (Stream<Path> list = Files.list(folder)) {
      classes = list.map(path -> path.getFileName().toString()).sorted().toList();
    }
    assertThat(classes).isEqualTo(EventOrder.ALL.stream().map(EventOrder::label).sorted().toList());
    for (String label : classes) {
      assertThat(folder.resolve(label).toFile().list())
          .containsExactlyInAnyOrder("0000.mp4", "0001.webm", "0002.avi");
      assertThat(start(label, "0000.mp4")).contains("ftyp");
      assertThat(start(label, "0001.webm")).contains("webm");
      assertThat(start(label, "0002.avi")).startsWith("RIFF").contains("AVI ");
    }
  }

  @Test
  void everyClassOfMotionsHasTheSameNumberOfVideos() throws Exception {
    write(new DemoVideos(DemoTask.MOTION, 3, 5), folder);

    assertThat(folder.toFile().list())
        .containsExactlyInAnyOrder("left", "right", "up", "down", "shrink", "grow");
    for (String label : DemoTask.MOTION.labels()) {
      assertThat(folder.resolve(label).toFile().list())
          .containsExactlyInAnyOrder("0000.mp4", "0001.webm", "0002.avi");
    }
  }

  @Test
  void everyContainerDecodesToWhatWasDrawn() throws Exception {
    DemoVideos videos = new DemoVideos(3, 5);
    write(videos, folder);
    ClipSettings settings = new ClipSettings(8, 1, 2, 0, 2, 8);
    EventOrder order = EventOrder.ALL.get(6);
    for (int number = 0; number < 3; number++) {
      String name = "%04d.%s".formatted(number, videos.format(number).extension());
      org.apache.hadoop.fs.Path file =
          new org.apache.hadoop.fs.Path(folder.resolve(order.label()).resolve(name).toUri());
      List<StoredClip> views = VideoClips.evaluation(new Configuration(), file, settings, 1);
      VideoScene scene = videos.scene(6, number);
      assertThat(views).hasSize(1);
      for (int moment = 0; moment < 8; moment++) {
        byte[] drawn = scene.frame((int) Math.floor(moment / 2.0 * scene.framesPerSecond() + 1e-6));
        byte[] decoded = views.get(0).pixels();
        long difference = 0;
        for (int i = 0; i < drawn.length; i++) {
          difference += Math.abs((drawn[i] & 255) - (decoded[moment * drawn.length + i] & 255));
        }
        assertThat((double) difference / drawn.length)
            .as("%s, moment %d: mean difference in grey levels", name, moment)
            .isLessThan(15); // lossy, and the noise is lost first
      }
    }
  }

  @Test
  void anotherSeedGivesOtherScenes() {
    Set<Double> ends = new HashSet<>();
    for (DemoVideos videos : List.of(new DemoVideos(20, 1), new DemoVideos(20, 2))) {
      for (int i = 0; i < 20; i++) {
        ends.add(((DemoScene) videos.scene(0, i)).events().get(0).end());
      }
    }
    assertThat(ends).hasSize(40);
  }

  private String start(String label, String name) throws Exception {
    byte[] bytes = Files.readAllBytes(folder.resolve(label).resolve(name));
    return new String(bytes, 0, Math.min(64, bytes.length), StandardCharsets.ISO_8859_1);
  }
}
