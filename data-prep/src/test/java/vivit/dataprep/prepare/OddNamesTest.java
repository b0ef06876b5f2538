package vivit.dataprep.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static vivit.dataprep.prepare.TestVideoFolders.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.fixture.LocalSpark;
import vivit.dataprep.fixture.TestVideos;
import vivit.dataprep.shard.ShardReader;
import vivit.dataprep.shard.ShardSet;
import vivit.dataprep.shard.StoredClip;
import vivit.dataprep.verify.VerifyJob;
import vivit.dataprep.video.VideoWriter.VideoFormat;

/** Whole preparations of videos whose names are legal and inconvenient; none may be lost. */
class OddNamesTest {
  private static final String CLASS = "shaking hands, \"firmly\" (100% #1?)";
  private static final List<String> NAMES =
      List.of(
          "plain.mp4",
          "with a space.mp4",
          " leading and trailing .mp4",
          "it's \"quoted\".mp4",
          "one,two;three.mp4",
          "a%20b %41 100%.mp4",
          "a#b?c&d=e+f.mp4",
          "a[b]{c,d}*!~^$@`|<>.mp4",
          "back\\slash.mp4",
          "-leading-dash.mp4",
          "--output=x.mp4",
          "_gCk5AK0_ak_000010_000020.mp4",
          "$HOME ${seed} %(x)s.mp4",
          "two.dots..mp4",
          "UPPER.MP4",
          "12:34:56.mp4",
          "file:name.mp4",
          "\u00e4\u00f6\u00fc \u65e5\u672c\u8a9e \ud83c\udfac.mp4",
          "e\u0301 decomposed.mp4",
          "right\u202eleft.mp4",
          "x".repeat(251) + ".mp4");

  @TempDir Path folder;
  private static JavaSparkContext sc;

  @BeforeAll
  static void start() {
    sc = LocalSpark.start(2);
  }

  @AfterAll
  static void stop() {
    sc.close();
  }

  private Path videos() throws IOException {
    byte[] video = TestVideos.encode(VideoFormat.MPEG4_AVI, 32, 32, 10, 14);
    Path input = Files.createDirectories(folder.resolve("in put, 100% #1?/" + CLASS));
    for (String name : NAMES) {
      Files.write(input.resolve(name), video);
    }
    return input.getParent();
  }

  private static List<String> ids(PrepareReport report) throws IOException {
    assertThat(report.manifest().quarantined()).isEmpty();
    List<String> ids = new ArrayList<>();
    ShardSet set = ShardSet.open(report.folder(), new Configuration());
    for (int shard = 0; shard < set.shards(); shard++) {
      try (ShardReader reader = set.reader(shard)) {
        for (int i = 0; i < reader.clips(); i++) {
          StoredClip clip = reader.read(i);
          assertThat(clip.labelName()).isEqualTo(CLASS);
          ids.add(clip.videoId());
        }
      }
    }
    return ids;
  }

  private PrepareConfig config1(Path input) {
    return config(
        input,
        folder.resolve("out put, 100% #1?"),
        Purpose.EVALUATION,
        "prepare.views=1",
        "prepare.clips-per-shard=8");
  }

  @Test
  void inFolders() throws IOException {
    PrepareReport report = PrepareJob.run(sc, config1(videos()));

    assertThat(ids(report))
        .containsExactlyInAnyOrderElementsOf(NAMES.stream().map(n -> CLASS + "/" + n).toList());
    assertThat(VerifyJob.run(sc, report.folder()).problems()).isEmpty();
  }

  @Test
  void inCsv() throws IOException {
    Path input = videos();
    StringBuilder rows = new StringBuilder("path,label\n");
    for (String name : NAMES) {
      rows.append(quoted(CLASS + "/" + name)).append(',').append(quoted(CLASS)).append('\n');
    }
    Path csv = Files.writeString(input.resolve("list of videos, 100% #1.csv"), rows);

    assertThat(ids(PrepareJob.run(sc, config1(csv))))
        .containsExactlyInAnyOrderElementsOf(NAMES.stream().map(n -> CLASS + "/" + n).toList());
  }

  private static String quoted(String cell) {
    return '"' + cell.replace("\"", "\"\"") + '"';
  }
}
