package vivit.dataprep.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.isolation.DecodeLimits;
import vivit.dataprep.isolation.DecodeLimits.Isolation;
import vivit.dataprep.isolation.DecodeLimits.SandboxChoice;
import vivit.dataprep.label.LabelColumns;
import vivit.dataprep.label.Labelling;
import vivit.dataprep.shard.Compression;
import vivit.dataprep.source.SourceFormat;
import vivit.dataprep.video.Codecs;

class PrepareConfigTest {
  private static PrepareConfig read(String... arguments) {
    StrictConfig config = StrictConfig.load(arguments);
    PrepareConfig prepare = PrepareConfig.read(config);
    config.require("prepare.input", "prepare.output");
    config.check();
    return prepare;
  }

  @Test
  void readsTheDefaults() {
    PrepareConfig config = read("prepare.input=/videos", "prepare.output=/shards");

    assertThat(config.input()).isEqualTo("/videos");
    assertThat(config.format()).isEqualTo(SourceFormat.AUTO);
    assertThat(config.videos()).isEmpty();
    assertThat(config.output()).isEqualTo("/shards");
    assertThat(config.labels()).isEmpty();
    assertThat(config.columns()).isEqualTo(LabelColumns.DEFAULT);
    assertThat(config.purpose()).isEqualTo(Purpose.TRAINING);
    assertThat(config.clip()).isEqualTo(new ClipSettings(32, 2, 25, 256, 2, 16));
    assertThat(config.clipsPerVideo()).isEqualTo(1);
    assertThat(config.views()).isEqualTo(4);
    assertThat(config.shardBytes()).isEqualTo(512L << 20);
    assertThat(config.clipsPerShard()).isZero();
    assertThat(config.compression()).isEqualTo(Compression.NONE);
    assertThat(config.maxBadShare()).isEqualTo(0.05);
    assertThat(config.maxBadSharePerClass()).isEqualTo(0.99);
    assertThat(config.limits())
        .isEqualTo(
            new DecodeLimits(
                Isolation.PROCESS, SandboxChoice.AUTO, Duration.ofMinutes(2), 1L << 30));
    assertThat(config.cut().codecs()).isEqualTo(Codecs.USUAL);
    assertThat(config.seed()).isZero();
  }

  @Test
  void readsEveryKey() {
    PrepareConfig config =
        read(
            "prepare.input=hdfs://host/list.csv",
            "prepare.output=hdfs://host/shards",
            "prepare.format=epic-kitchens",
            "prepare.videos=/videos",
            "prepare.labels=labels.txt",
            "prepare.heads=[noun, verb]",
            "prepare.multi-label=true",
            "prepare.purpose=evaluation",
            "prepare.frames=12",
            "prepare.stride=3",
            "prepare.frames-per-second=0",
            "prepare.short-side=0",
            "prepare.tubelet-frames=4",
            "prepare.patch=8",
            "prepare.clips-per-video=5",
            "prepare.views=10",
            "prepare.shard-size=1 GiB",
            "prepare.clips-per-shard=100",
            "prepare.compression=zstd",
            "prepare.max-bad-share=0.5",
            "prepare.max-bad-share-per-class=0.25",
            "prepare.isolation=none",
            "prepare.sandbox=unshare",
            "prepare.codecs=[h264, vp9]",
            "prepare.time-limit=30 s",
            "prepare.memory-limit=256 MiB",
            "seed=-3");

    assertThat(config.input()).isEqualTo("hdfs://host/list.csv");
    assertThat(config.format()).isEqualTo(SourceFormat.EPIC_KITCHENS);
    assertThat(config.videos()).isEqualTo("/videos");
    assertThat(config.output()).isEqualTo("hdfs://host/shards");
    assertThat(config.labels()).isEqualTo("labels.txt");
    assertThat(config.columns())
        .isEqualTo(new LabelColumns(List.of("noun", "verb"), Labelling.MULTI_LABEL));
    assertThat(config.purpose()).isEqualTo(Purpose.EVALUATION);
    assertThat(config.clip()).isEqualTo(new ClipSettings(12, 3, 0, 0, 4, 8));
    assertThat(config.clipsPerVideo()).isEqualTo(5);
    assertThat(config.views()).isEqualTo(10);
    assertThat(config.shardBytes()).isEqualTo(1L << 30);
    assertThat(config.clipsPerShard()).isEqualTo(100);
    assertThat(config.compression()).isEqualTo(Compression.ZSTD);
    assertThat(config.maxBadShare()).isEqualTo(0.5);
    assertThat(config.maxBadSharePerClass()).isEqualTo(0.25);
    assertThat(config.limits())
        .isEqualTo(
            new DecodeLimits(
                Isolation.NONE, SandboxChoice.UNSHARE, Duration.ofSeconds(30), 256L << 20));
    assertThat(config.cut().codecs().names()).containsExactly("h264", "vp9");
    assertThat(config.seed()).isEqualTo(-3);
    assertThat(config.videosPerShard()).isEqualTo(10);
    assertThat(config.content())
        .containsEntry("views", "10")
        .containsEntry("clips-per-shard", "100")
        .doesNotContainKeys("clips-per-video", "shard-size");
  }

  @Test
  void aShardHoldsTheClipsOfItsSize() {
    // 32 frames of 256 x 341 pixels, which are 256 x 352 with the last patch: 8.65 MB
    PrepareConfig config = read("prepare.input=a", "prepare.output=b", "prepare.clips-per-video=2");
    assertThat(config.clipBytes()).isEqualTo(32 * 256 * 352 * 3);
    assertThat(config.videosPerShard()).isEqualTo(62 / 2);
    assertThat(config.content())
        .containsEntry("shard-size", "536870912")
        .doesNotContainKey("clips-per-shard");

    assertThat(
            read("prepare.input=a", "prepare.output=b", "prepare.shard-size=1 MB").videosPerShard())
        .isEqualTo(1);
  }

  @Test
  void reportsEverythingThatIsWrong() {
    assertThatThrownBy(
            () ->
                read(
                    "prepare.frames=9",
                    "prepare.max-bad-share=2",
                    "prepare.purpose=test",
                    "prepare.codecs=[H.264]",
                    "prepare.shard-size=9"))
        .hasMessageContaining("prepare.input: missing")
        .hasMessageContaining("prepare.output: missing")
        .hasMessageContaining("found 9, expected a multiple of the 2 frames of a tubelet")
        .hasMessageContaining("prepare.codecs: found \"H.264\"; expected the name of a codec")
        .hasMessageContaining("prepare.max-bad-share")
        .hasMessageContaining("expected a number of bytes with a unit, such as 512 MiB")
        .hasMessageContaining("one of training, evaluation");
  }
}
