package vivit.dataprep.shard;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.config.Section;
import vivit.dataprep.storage.AtomicFile;
import vivit.dataprep.storage.OpenFileSystem;

/** A finished set of shards with its manifest. Clips are addressed by (shard, row group). */
public final class ShardSet {
  /** Empty file that marks the folder as complete. */
  public static final String SUCCESS_FILE_NAME = "_SUCCESS";

  private final FileSystem fs;
  private final Path folder;
  private final Manifest manifest;

  private ShardSet(FileSystem fs, Path folder, Manifest manifest) {
    this.fs = fs;
    this.folder = folder;
    this.manifest = manifest;
  }

  /**
   * Opens a set and reads its manifest; the shards are checked when they are read.
   *
   * @throws CorruptShardException if the set is unfinished, damaged or too new
   */
  public static ShardSet open(Path folder, Configuration conf) throws IOException {
    FileSystem fs = AtomicFile.raw(OpenFileSystem.of(folder, conf));
    Manifest manifest = ManifestFile.read(fs, folder);
    if (!fs.exists(new Path(folder, SUCCESS_FILE_NAME))) {
      throw CorruptShardException.unfinished(fs, folder, SUCCESS_FILE_NAME);
    }
    return new ShardSet(fs, folder, manifest);
  }

  /**
   * Records a problem if the folder that a key names for results is a shard set, whose readers
   * would take all files without a leading {@code _} for shards.
   */
  public static void checkOutput(Section section, String key, Configuration conf)
      throws IOException {
    String place = section.place(key);
    if (place.isEmpty()) {
      return;
    }
    Path folder = new Path(place);
    if (OpenFileSystem.of(folder, conf).exists(new Path(folder, Manifest.FILE_NAME))) {
      section.problem(
          key,
          "found %s, which is a shard set; choose a folder of its own for what is written"
              .formatted(place));
    }
  }

  /** Path of the set. */
  public Path folder() {
    return folder;
  }

  public Manifest manifest() {
    return manifest;
  }

  /** Checks the lists of videos against the manifest; returns one sentence per problem. */
  public List<String> listProblems() throws IOException {
    List<String> problems = new ArrayList<>();
    if (!manifest.videosSha256().isEmpty()) {
      try {
        Path list = new Path(folder, VideoList.FILE_NAME);
        int listed = VideoList.read(fs, list, manifest.videosSha256()).size();
        if (listed != manifest.videos()) {
          problems.add(
              "Cannot trust %s: it lists %d videos, the manifest says %d; restore it or prepare again"
                  .formatted(list, listed, manifest.videos()));
        }
      } catch (CorruptShardException e) {
        problems.add(e.getMessage());
      }
    }
    Quarantine stated = manifest.quarantine();
    boolean same =
        ManifestFile.readQuarantine(fs, folder)
            .filter(list -> list.videos().equals(stated.videos()))
            .filter(list -> list.salvaged().equals(stated.salvaged()))
            .filter(list -> list.remarked().equals(stated.remarked()))
            .isPresent();
    if (!same) {
      problems.add(
          "Cannot trust %s: it is missing or damaged, the manifest has other videos left out; restore it or prepare again"
              .formatted(new Path(folder, ManifestFile.QUARANTINE_FILE_NAME)));
    }
    return problems;
  }

  /** Number of shards. */
  public int shards() {
    return manifest.shards().size();
  }

  /** Number of clips in a shard. */
  public int clips(int shard) {
    return manifest.shards().get(shard).clips();
  }

  /** Number of clips in all shards. */
  public long clips() {
    return manifest.clips();
  }

  /**
   * Opens a shard.
   *
   * @throws CorruptShardException if it is missing, truncated, corrupt or too new
   */
  public ShardReader reader(int shard) throws IOException {
    ShardFile file = manifest.shards().get(shard);
    return new ShardReader(fs, new Path(folder, file.name()), file, manifest.heads());
  }

  /**
   * Opens a shard whose footer has been checked before, at the cost of opening a file.
   *
   * @param index of this shard, from an earlier reader
   * @throws CorruptShardException if it is missing
   */
  public ShardReader reader(int shard, ShardIndex index) throws IOException {
    ShardFile file = manifest.shards().get(shard);
    return new ShardReader(fs, new Path(folder, file.name()), file, manifest.heads(), index);
  }
}
