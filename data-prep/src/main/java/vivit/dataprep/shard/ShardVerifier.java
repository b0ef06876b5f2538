package vivit.dataprep.shard;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.clip.TubeletCutter;
import vivit.dataprep.label.ClipLabels;

/** Verifies shards: compares every checksum, and every column with the manifest. */
public final class ShardVerifier {
  private final ShardSet set;

  public ShardVerifier(ShardSet set) {
    this.set = set;
  }

  /**
   * Verifies a shard.
   *
   * @return number of clips of each label, by id, one head after the other
   * @throws CorruptShardException naming the first bad clip with its row group and byte offset, or
   *     another defect of the file
   */
  public long[] verify(int shard) throws IOException {
    ClipBuffer memory = new ClipBuffer();
    long[] clipsPerLabel = new long[set.manifest().heads().classes()];
    try (ShardReader reader = set.reader(shard)) {
      Path path = reader.path();
      reader.checkStart();
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

  /** Describes a defect of a row; null if there is none. */
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
      cutter = row.cutter();
    } catch (CorruptShardException e) {
      return "has impossible sizes (" + e.getCause().getMessage() + ")";
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
}
