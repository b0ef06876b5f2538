package vivit.dataprep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.shard.Compression;
import vivit.dataprep.shard.Purpose;
import vivit.dataprep.source.LabelColumns;
import vivit.dataprep.source.Labelling;

class PrepareConfigTest {
  private static PrepareConfig read(String... arguments) {
    StrictConfig config = StrictConfig.load(arguments);
    PrepareConfig prepare = PrepareConfig.read(config);
    config.check();
    return prepare;
  }

  @Test
  void readsTheDefaults() {
    assertThat(read("prepare.input=/videos", "prepare.output=/shards"))
        .isEqualTo(
            new PrepareConfig(
                "/videos",
                "/shards",
                "",
                LabelColumns.DEFAULT,
                Purpose.TRAINING,
                new ClipSettings(32, 2, 25, 256, 2, 16),
                1,
                4,
                64,
                Compression.NONE,
                0.05,
                0));
  }

  @Test
  void readsEveryKey() {
    PrepareConfig config =
        read(
            "prepare.input=hdfs://host/list.csv",
            "prepare.output=hdfs://host/shards",
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
            "prepare.clips-per-shard=100",
            "prepare.compression=zstd",
            "prepare.max-bad-share=0.5",
            "seed=-3");
    assertThat(config)
        .isEqualTo(
            new PrepareConfig(
                "hdfs://host/list.csv",
                "hdfs://host/shards",
                "labels.txt",
                new LabelColumns(List.of("noun", "verb"), Labelling.MULTI_LABEL),
                Purpose.EVALUATION,
                new ClipSettings(12, 3, 0, 0, 4, 8),
                5,
                10,
                100,
                Compression.ZSTD,
                0.5,
                -3));
    assertThat(config.videosPerShard()).isEqualTo(10);
    assertThat(config.content()).containsEntry("views", "10").doesNotContainKey("clips-per-video");
  }

  @Test
  void reportsEverythingThatIsWrong() {
    assertThatThrownBy(
            () -> read("prepare.frames=9", "prepare.max-bad-share=2", "prepare.purpose=test"))
        .hasMessageContaining("prepare.input: missing")
        .hasMessageContaining("prepare.output: missing")
        .hasMessageContaining("found 9, expected a multiple of the 2 frames of a tubelet")
        .hasMessageContaining("prepare.max-bad-share")
        .hasMessageContaining("one of training, evaluation");
  }
}
