package vivit.dataprep.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static vivit.dataprep.prepare.TestVideoFolders.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import vivit.dataprep.shard.Quarantine.Remark;
import vivit.dataprep.shard.ShardSet;
import vivit.dataprep.shard.StoredClip;
import vivit.dataprep.shard.VideoList.ListedVideo;
import vivit.dataprep.verify.VerifyJob;
import vivit.dataprep.video.NumberedVideos;

/** Videos that are used although something is odd about them: what is said and stored. */
class RemarkedVideosTest {
  private static final String MPEG2 = "-c:v mpeg2video -q:v 2 -bf 2 -g 10";
  private static JavaSparkContext sc;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    sc = LocalSpark.start(2);
  }

  @AfterAll
  static void stop() {
    sc.close();
  }

  private Path input() throws IOException {
    Path input = Files.createDirectories(folder.resolve("videos"));
    Files.createDirectories(input.resolve("odd"));
    Files.createDirectories(input.resolve("plain"));
    NumberedVideos.joined(
        input.resolve("odd/joined.ts"),
        NumberedVideos.made("join-a.ts", 0, 20, MPEG2),
        NumberedVideos.made("join-b.ts", 20, 20, MPEG2));
    Path whole =
        NumberedVideos.made(
            "to-damage.webm",
            0,
            60,
            "-c:v libvpx-vp9 -b:v 1M -cpu-used 8 -deadline realtime -g 45");
    Path damaged =
        NumberedVideos.filtered(
            "to-damage-damaged.webm", whole, "noise=amount='if(between(n\\,20\\,30)\\,2\\,0)'");
    Files.copy(damaged, input.resolve("odd/damaged.webm"));
    Files.copy(whole, input.resolve("plain/whole.webm"));
    return input;
  }

  private PrepareReport prepare(Path input, String output, String... more) throws IOException {
    List<String> keys =
        new ArrayList<>(
            List.of(
                "prepare.frames=10",
                "prepare.stride=1",
                "prepare.frames-per-second=25",
                "prepare.views=6",
                "prepare.clips-per-shard=6"));
    keys.addAll(List.of(more));
    return PrepareJob.run(
        sc, config(input, folder.resolve(output), Purpose.EVALUATION, keys.toArray(String[]::new)));
  }

  @Test
  void remarksAndMadeUpFramesAreStored() throws IOException {
    Path input = input();
    PrepareReport report = prepare(input, "shards");

    assertThat(report.summary()).contains("0 videos left out, 2 with remarks");
    assertThat(report.manifest().quarantined()).isEmpty();
    assertThat(report.manifest().quarantine().remarked())
        .extracting(Remark::video)
        .containsExactly("odd/damaged.webm", "odd/damaged.webm", "odd/joined.ts");
    assertThat(report.manifest().quarantine().remarked().get(2).what())
        .startsWith("its time stamps jump at 1 place, first from ");
    assertThat(SetFiles.clips(report))
        .filteredOn(clip -> clip.videoId().equals("odd/damaged.webm"))
        .extracting(StoredClip::view)
        .containsExactly(0, 1, 3, 4, 5);
    ShardSet set = ShardSet.open(report.folder(), new Configuration());
    assertThat(set.manifest()).isEqualTo(report.manifest());
    List<ListedVideo> videos = SetFiles.videos(report);
    assertThat(videos.get(0).madeUp()).containsExactly(entry(3, 1));
    assertThat(videos.get(0).clips()).isEqualTo(5);
    assertThat(videos.get(1).madeUp()).isEmpty();
    Path shards = folder.resolve("shards");
    assertThat(Files.readString(shards.resolve("_videos.jsonl"), StandardCharsets.UTF_8))
        .contains("\"clips\":5,\"made_up\":{\"3\":1}}");
    assertThat(Files.readString(shards.resolve("_quarantine.json"), StandardCharsets.UTF_8))
        .contains("\"remarks\"", "left out, since too many of their frames");
    assertThat(VerifyJob.run(sc, report.folder()).problems()).isEmpty();
  }

  @Test
  void helpersSayTheSame() throws IOException {
    Path input = input();
    PrepareReport inside = prepare(input, "inside");
    prepare(input, "helpers", "prepare.isolation=process");
    for (String file : new String[] {"_manifest.json", "_videos.jsonl", "_quarantine.json"}) {
      assertThat(folder.resolve("helpers").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("inside").resolve(file));
    }
    assertThat(inside.manifest().clips()).isEqualTo(17);
  }

  @Test
  void aStricterLimitLeavesMoreOut() throws IOException {
    PrepareReport report = prepare(input(), "strict", "prepare.max-made-up=0");
    assertThat(SetFiles.clips(report))
        .filteredOn(clip -> clip.videoId().equals("odd/damaged.webm"))
        .extracting(StoredClip::view)
        .containsExactly(0, 1, 4, 5);
    assertThat(report.manifest().config()).containsEntry("max-made-up", "0.0");
  }

  @Test
  void aSetWithoutAUsableVideoIsRefusedWhateverTheLimit() throws IOException {
    Path only = Files.createDirectories(folder.resolve("only/odd"));
    Files.writeString(only.resolve("page.mp4"), "<html>not found</html>");
    assertThatThrownBy(
            () ->
                prepare(
                    folder.resolve("only"),
                    "none",
                    "prepare.max-bad-share=1",
                    "prepare.max-bad-share-per-class=1"))
        .isInstanceOf(PrepareException.class)
        .hasMessageStartingWith("no video can be used, all of 1 are bad. All causes are in ");
  }
}
