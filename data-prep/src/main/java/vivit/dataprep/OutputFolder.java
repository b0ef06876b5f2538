package vivit.dataprep;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.shard.ManifestFile;
import vivit.dataprep.shard.ShardFolder;
import vivit.dataprep.storage.AtomicFile;
import vivit.dataprep.storage.FolderLock;

/**
 * The folder that a preparation writes into. A marker file says that what is in it belongs to an
 * unfinished preparation, so that the next one may clear it away; nothing else is ever deleted.
 */
final class OutputFolder {
  private static final String MARKER = "_preparing";

  private final FileSystem fs;
  private final Path folder;

  OutputFolder(FileSystem fs, Path folder) {
    this.fs = AtomicFile.raw(fs);
    this.folder = folder;
  }

  /**
   * Makes the folder ready, clearing away what a crashed or failed run left.
   *
   * @throws PrepareException if it holds a finished shard set or anything that is not ours
   */
  void start() throws IOException {
    if (ShardFolder.isFinished(fs, folder)) {
      throw new PrepareException(
          ("%s already holds a finished shard set; choose another prepare.output,"
                  + " or delete that folder first")
              .formatted(folder));
    }
    Path marker = new Path(folder, MARKER);
    if (!fs.exists(marker)) {
      refuseForeignFiles();
      AtomicFile.write(fs, marker, out -> {});
    }
    fs.delete(new Path(folder, ManifestFile.QUARANTINE_FILE_NAME), false);
    ShardFolder.removeShards(fs, folder, Set.of());
  }

  /** Takes the marker away: the set is complete. */
  void finish() throws IOException {
    fs.delete(new Path(folder, MARKER), false);
  }

  private void refuseForeignFiles() throws IOException {
    List<String> foreign =
        Stream.of(fs.listStatus(folder))
            .map(FileStatus::getPath)
            .map(Path::getName)
            .filter(name -> !name.equals(FolderLock.FILE_NAME) && !AtomicFile.isTemporary(name))
            .sorted()
            .toList();
    if (!foreign.isEmpty()) {
      throw new PrepareException(
          "%s is not empty (%d entries, such as %s); choose a new folder as prepare.output"
              .formatted(folder, foreign.size(), foreign.get(0)));
    }
  }
}
