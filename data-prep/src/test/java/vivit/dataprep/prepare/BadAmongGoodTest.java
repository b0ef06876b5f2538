package vivit.dataprep.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static vivit.dataprep.prepare.TestVideoFolders.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.fixture.LocalSpark;
import vivit.dataprep.shard.Quarantine.Quarantined;
import vivit.dataprep.shard.ShardReader;
import vivit.dataprep.shard.ShardSet;
import vivit.dataprep.shard.StoredClip;
import vivit.dataprep.verify.VerifyJob;
import vivit.dataprep.video.MadeVideos;

/** Whole preparations where most is broken: each bad video is named, no good one is touched. */
class BadAmongGoodTest {
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

  private Map<String, byte[]> clips(Path input, String name) throws IOException {
    PrepareReport report =
        PrepareJob.run(
            sc,
            config(
                input,
                folder.resolve(name),
                Purpose.EVALUATION,
                "prepare.max-bad-share=1",
                "prepare.clips-per-shard=20"));
    Map<String, byte[]> clips = new TreeMap<>();
    ShardSet set = ShardSet.open(report.folder(), new Configuration());
    for (int shard = 0; shard < set.shards(); shard++) {
      try (ShardReader reader = set.reader(shard)) {
        for (int i = 0; i < reader.clips(); i++) {
          StoredClip clip = reader.read(i);
          clips.put(clip.clipId(), clip.pixels());
        }
      }
    }
    for (Quarantined bad : report.manifest().quarantined()) {
      assertThat(bad.cause()).as(bad.video()).isNotBlank();
      clips.put("bad " + bad.video(), new byte[0]);
    }
    assertThat(VerifyJob.run(sc, report.folder()).problems()).isEmpty();
    return clips;
  }

  @Test
  @Timeout(120)
  void everyKindOfBadVideo() throws IOException {
    Path input = TestVideoFolders.write(folder);
    Map<String, byte[]> good = clips(input, "good");
    assertThat(good).hasSize(6 * 3);

    Path open = input.resolve("open");
    byte[] video = Files.readAllBytes(open.resolve("c.mp4"));
    Files.write(open.resolve("0 bytes.mp4"), new byte[0]);
    Files.write(open.resolve("stub.mp4"), Arrays.copyOf(video, 1024));
    Files.write(open.resolve("half.mp4"), Arrays.copyOf(video, video.length / 2));
    Files.write(
        open.resolve("page.mp4"), "<!DOCTYPE html><html></html>".getBytes(StandardCharsets.UTF_8));
    byte[] random = new byte[9000];
    new Random(3).nextBytes(random);
    Files.write(open.resolve("random.mp4"), random);
    Files.createSymbolicLink(open.resolve("gone.mp4"), open.resolve("nothing"));
    Files.createSymbolicLink(open.resolve("loop.mp4"), open.resolve("loop.mp4"));
    Files.copy(
        MadeVideos.made("audio.mp4", "-f lavfi -i sine=duration=1 -c:a aac -ac 1 -ar 16000"),
        open.resolve("audio.mp4"));
    Files.createDirectory(open.resolve("folder.mp4"));
    Map<String, byte[]> all = clips(input, "all");

    assertThat(all.keySet())
        .filteredOn(id -> id.startsWith("bad"))
        .contains(
            "bad open/0 bytes.mp4",
            "bad open/stub.mp4",
            "bad open/half.mp4",
            "bad open/page.mp4",
            "bad open/random.mp4",
            "bad open/audio.mp4");
    good.forEach((id, pixels) -> assertThat(all.get(id)).as(id).isEqualTo(pixels));
    all.keySet().removeAll(good.keySet());
    assertThat(all.keySet()).allMatch(id -> id.startsWith("bad open/"));
  }

  @Test
  @Timeout(240)
  void damagedBits() throws IOException {
    Path input = TestVideoFolders.write(folder);
    Map<String, byte[]> good = clips(input, "good");
    for (String name : new String[] {"close/b.webm", "open/a.avi", "open/c.mp4"}) {
      byte[] video = Files.readAllBytes(input.resolve(name));
      for (int seed = 0; seed < 20; seed++) {
        Random random = new Random(seed);
        byte[] bad = video.clone();
        for (int flip = 1 << random.nextInt(6); flip > 0; flip--) {
          bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
        }
        Files.write(input.resolve(name.replace(".", "-damaged-" + seed + ".")), bad);
      }
    }
    Map<String, byte[]> all = clips(input, "all");

    good.forEach((id, pixels) -> assertThat(all.get(id)).as(id).isEqualTo(pixels));
    long bad = all.keySet().stream().filter(id -> id.startsWith("bad ")).count();
    long videos =
        all.keySet().stream().map(id -> id.replaceFirst("^bad |:\\d$", "")).distinct().count();
    assertThat(videos).isEqualTo(66);
    assertThat(bad).isBetween(1L, 59L);
  }

  @Test
  @Timeout(60)
  void linksInCircles() throws IOException {
    Path input = TestVideoFolders.write(folder);
    Files.createSymbolicLink(input.resolve("open/again"), input.resolve("open"));

    Map<String, byte[]> clips = clips(input, "out");

    assertThat(clips).hasSize(6 * 3);
  }
}
