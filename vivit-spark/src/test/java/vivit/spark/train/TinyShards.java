package vivit.spark.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.shard.ClipOrigin;
import vivit.dataprep.shard.Compression;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.ShardFile;
import vivit.dataprep.shard.ShardFolder;
import vivit.dataprep.shard.ShardHeader;
import vivit.dataprep.shard.StoredClip;

/** Small shard sets of random pixels: 4 frames of 10 x 12, three labels, shards of 5 clips. */
public final class TinyShards {
  public static final int FRAMES = 4;
  public static final int HEIGHT = 10;
  public static final int WIDTH = 12;
  private static final int SHARD = 5;

  private TinyShards() {}

  /** Writes a set of {@code clips} clips into a folder. */
  public static Manifest write(java.nio.file.Path folder, int clips) throws IOException {
    return write(folder, clips, List.of("left", "right", "up"));
  }

  /** Writes a set with three other classes. */
  public static Manifest write(java.nio.file.Path folder, int clips, List<String> labels)
      throws IOException {
    Configuration conf = new Configuration();
    Path path = new Path(folder.toUri());
    FileSystem fs = path.getFileSystem(conf);
    fs.mkdirs(path);
    ShardHeader header =
        new ShardHeader(
            "test",
            Purpose.TRAINING,
            new ClipSettings(FRAMES, 1, 0, HEIGHT, 2, 4),
            LabelHeads.of(LabelMap.of(labels)),
            new TreeMap<>());
    ShardFolder shards = new ShardFolder(fs, path, header, Compression.NONE);
    Random random = new Random(42);
    List<ShardFile> files = new ArrayList<>();
    long[] perLabel = new long[3];
    for (int first = 0; first < clips; first += SHARD) {
      int from = first;
      int to = Math.min(first + SHARD, clips);
      files.add(
          shards.writeShard(
              first / SHARD,
              writer -> {
                for (int i = from; i < to; i++) {
                  StoredClip clip = clip(i, labels, random);
                  perLabel[clip.label()]++;
                  writer.write(
                      clip, new ClipOrigin(0, 1, 0, new double[FRAMES], HEIGHT, WIDTH, 25));
                }
              }));
    }
    return shards.finish(files, List.of(perLabel[0], perLabel[1], perLabel[2]), clips, List.of());
  }

  private static StoredClip clip(int i, List<String> labels, Random random) {
    byte[] pixels = new byte[FRAMES * HEIGHT * WIDTH * 3];
    random.nextBytes(pixels);
    int label = i % 3;
    for (int at = 0; at < pixels.length; at++) {
      pixels[at] = (byte) ((pixels[at] & 0x3f) + 64 * label);
    }
    return new StoredClip(
        "clip-" + i, "video-" + i, 0, label, labels.get(label), FRAMES, HEIGHT, WIDTH, pixels);
  }
}
