package vivit.dataprep.shard;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.clip.TubeletCutter;
import vivit.dataprep.source.ClipLabels;
import vivit.dataprep.storage.AtomicFile;

/** Re-reads one shard: every checksum, every column against the manifest. */
public final class ShardVerifier {
  private static final int BUFFER_BYTES = 1 << 20;

  private final ShardSet set;
  private final FileSystem fs;

  public ShardVerifier(ShardSet set, Configuration conf) throws IOException {
    this.set = set;
    this.fs = AtomicFile.raw(set.folder().getFileSystem(conf));
  }

  /**
   * Verifies a shard.
   *
   * @return clips of each label, by id
   * @throws CorruptShardException naming the first bad clip with its row group and byte offset, or
   *     what else is wrong
   */
  public long[] verify(int shard) throws IOException {
    ShardFile file = set.manifest().shards().get(shard);
    ClipBuffer memory = new ClipBuffer();
    long[] clipsPerLabel = new long[set.manifest().heads().classes()];
    Path path;
    try (ShardReader reader = set.reader(shard)) {
      path = reader.path();
      for (int rowGroup = 0; rowGroup < reader.clips(); rowGroup++) {
        ClipCells row = reader.row(rowGroup, memory);
        String problem = problem(row);
        if (problem != null) {
          throw new CorruptShardException(
              "Cannot trust %s: clip %d (row group %d, byte %d) %s; prepare this shard again"
                  .formatted(path, rowGroup, rowGroup, reader.offset(rowGroup), problem));
        }
        count(LabelCells.read(set.manifest().heads(), row), clipsPerLabel);
      }
    }
    String found = sha256(path);
    if (!found.equals(file.sha256())) {
      throw CorruptShardException.checksum(path, "the whole file", 0, found, file.sha256());
    }
    return clipsPerLabel;
  }

  private void count(ClipLabels labels, long[] clipsPerLabel) {
    List<List<Integer>> ids = labels.ids();
    for (int head = 0; head < ids.size(); head++) {
      for (int id : ids.get(head)) {
        clipsPerLabel[set.manifest().heads().offset(head) + id]++;
      }
    }
  }

  /** What is wrong with a row, or null. */
  private String problem(ClipCells row) throws CorruptShardException {
    Manifest manifest = set.manifest();
    String labels = LabelCells.problem(manifest.heads(), LabelCells.read(manifest.heads(), row));
    if (labels != null) {
      return labels;
    }
    if (!row.text("purpose").equals(manifest.purpose().word())) {
      return "is for " + row.text("purpose") + ", the set for " + manifest.purpose().word();
    }
    String geometry = difference(row, "frames", manifest.frames());
    geometry = or(geometry, difference(row, "stride", manifest.stride()));
    geometry = or(geometry, difference(row, "tubelet_frames", manifest.tubeletFrames()));
    geometry = or(geometry, difference(row, "tubelet_height", manifest.patch()));
    geometry = or(geometry, difference(row, "tubelet_width", manifest.patch()));
    return geometry != null ? geometry : sizeProblem(row);
  }

  private String sizeProblem(ClipCells row) throws CorruptShardException {
    TubeletCutter cutter;
    try {
      cutter =
          new TubeletCutter(
              row.integer("frames"),
              row.integer("height"),
              row.integer("width"),
              row.integer("tubelet_frames"),
              row.integer("tubelet_height"));
    } catch (IllegalArgumentException e) {
      return "has impossible sizes (" + e.getMessage() + ")";
    }
    String problem = difference(row, "grid_frames", cutter.gridFrames());
    problem = or(problem, difference(row, "grid_height", cutter.gridHeight()));
    problem = or(problem, difference(row, "grid_width", cutter.gridWidth()));
    int bytes = row.binary(ShardSchema.TUBELETS).remaining();
    if (problem == null && bytes != cutter.tubeletBytes()) {
      problem = "has %d bytes of tubelets, expected %d".formatted(bytes, cutter.tubeletBytes());
    }
    int timestamps = row.reals("frame_timestamps").length;
    if (problem == null && timestamps != cutter.frames()) {
      problem = "has %d time stamps, expected %d".formatted(timestamps, cutter.frames());
    }
    return problem;
  }

  private static String difference(ClipCells row, String column, int expected)
      throws CorruptShardException {
    int found = row.integer(column);
    return found == expected ? null : "has %s %d, expected %d".formatted(column, found, expected);
  }

  private static String or(String first, String second) {
    return first != null ? first : second;
  }

  private String sha256(Path path) throws IOException {
    MessageDigest digest = Checksums.sha256();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = fs.open(path)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
    }
    return Checksums.hex(digest.digest());
  }
}
