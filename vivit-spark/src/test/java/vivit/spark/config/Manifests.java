package vivit.spark.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.Quarantine;
import vivit.dataprep.shard.ShardFile;

/** Manifests without shards. */
final class Manifests {
  private Manifests() {}

  static Manifest training(int frames, int shortSide, int clips) {
    return training(frames, shortSide, clips, "a", "b");
  }

  static Manifest training(int frames, int shortSide, int clips, String... labels) {
    List<Long> clipsPerLabel = new ArrayList<>(Collections.nCopies(labels.length, 0L));
    clipsPerLabel.set(0, (long) clips);
    return new Manifest(
        1,
        "test",
        Purpose.TRAINING,
        new ClipSettings(frames, 1, 0, shortSide, 2, 4),
        LabelHeads.of(LabelMap.of(List.of(labels))),
        List.of(new ShardFile("part-00000.parquet", clips, 1, "", 0, "")),
        clipsPerLabel,
        clips,
        Quarantine.NONE,
        new TreeMap<>(),
        "");
  }
}
