package vivit.dataprep.shard;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import vivit.dataprep.clip.BadKind;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.shard.Quarantine.Quarantined;

/** Hand-made shard sets: a few clips of random pixels, sizes that differ along every axis. */
final class TinyShardSet {
  static final ClipSettings CLIP = new ClipSettings(6, 5, 12.5, 11, 2, 4);
  static final LabelMap LABELS = LabelMap.of(List.of("opening", "closing", "Wave, \"big\""));

  private TinyShardSet() {}

  static ShardHeader header() {
    return new ShardHeader(
        "test 1.0",
        Purpose.EVALUATION,
        CLIP,
        LabelHeads.of(LABELS),
        new TreeMap<>(java.util.Map.of("seed", "7")));
  }

  /** Clip {@code i} of the set; its size and label depend on {@code i}. */
  static StoredClip clip(int i) {
    int height = 11 + i % 3;
    int width = 14 - i % 2;
    byte[] pixels = new byte[6 * height * width * 3];
    new Random(100 + i).nextBytes(pixels);
    return new StoredClip(
        "videos/é " + i + ".mp4:1",
        "videos/é " + i + ".mp4",
        1,
        i % 3,
        LABELS.name(i % 3),
        6,
        height,
        width,
        pixels);
  }

  static ClipOrigin origin(int i) {
    double[] timestamps = new double[6];
    for (int k = 0; k < 6; k++) {
      timestamps[k] = i + k * 0.4;
    }
    return new ClipOrigin(17 + i, 5, 12.5, timestamps, 48, 64, 29.97);
  }

  /** Writes shards of the given sizes; clips are numbered through. */
  static ShardSet write(Path folder, Compression compression, int... clips) throws IOException {
    Configuration conf = new Configuration();
    FileSystem fs = FileSystem.getLocal(conf);
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(folder.toUri());
    ShardFolder set = new ShardFolder(fs, path, header(), compression);
    List<ShardFile> shards = new ArrayList<>();
    Long[] perLabel = {0L, 0L, 0L};
    int next = 0;
    for (int shard = 0; shard < clips.length; shard++) {
      int first = next;
      int count = clips[shard];
      shards.add(
          set.writeShard(
              shard,
              writer -> {
                for (int i = first; i < first + count; i++) {
                  writer.write(clip(i), origin(i));
                }
              }));
      for (int i = first; i < first + count; i++) {
        perLabel[i % 3]++;
      }
      next += count;
    }
    set.finish(
        shards,
        List.of(perLabel),
        next,
        List.of(
            new Quarantined(
                "videos/bad.mp4",
                "closing",
                BadKind.TRUNCATED,
                "the file is empty",
                "videos/bad.mp4",
                "byte 0",
                0)));
    return ShardSet.open(path, conf);
  }
}
