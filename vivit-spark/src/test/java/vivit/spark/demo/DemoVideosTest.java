package vivit.spark.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoVideosTest {
  @TempDir Path folder;

  private void write(DemoVideos videos, Path into) throws Exception {
    Set<Integer> heard = java.util.concurrent.ConcurrentHashMap.newKeySet();
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
  void anotherSeedGivesOtherScenes() {
    Set<Double> starts = new HashSet<>();
    for (DemoVideos videos : List.of(new DemoVideos(20, 1), new DemoVideos(20, 2))) {
      for (int i = 0; i < 20; i++) {
        starts.add(videos.scene(EventOrder.ALL.get(0), i).events().get(0).start());
      }
    }
    assertThat(starts).hasSize(40);
  }

  private String start(String label, String name) throws Exception {
    byte[] bytes = Files.readAllBytes(folder.resolve(label).resolve(name));
    return new String(bytes, 0, Math.min(64, bytes.length), StandardCharsets.ISO_8859_1);
  }
}
