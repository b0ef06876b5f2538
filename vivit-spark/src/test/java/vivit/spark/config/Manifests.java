package vivit.spark.config;

import java.util.List;
import java.util.TreeMap;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.Purpose;
import vivit.dataprep.shard.ShardFile;
import vivit.dataprep.source.LabelHeads;
import vivit.dataprep.source.LabelMap;

/** Manifests without shards. */
final class Manifests {
  private Manifests() {}

  static Manifest training(int frames, int shortSide, int clips) {
    return new Manifest(
        1,
        "test",
        Purpose.TRAINING,
        new ClipSettings(frames, 1, 0, shortSide, 2, 4),
        LabelHeads.of(LabelMap.of(List.of("a", "b"))),
        List.of(new ShardFile("part-00000.parquet", clips, 1, "", 0, "")),
        List.of((long) clips, 0L),
        clips,
        List.of(),
        new TreeMap<>());
  }
}
