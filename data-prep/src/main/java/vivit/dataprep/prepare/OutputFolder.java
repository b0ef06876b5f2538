package vivit.dataprep.prepare;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.ManifestFile;
import vivit.dataprep.shard.ShardFolder;
import vivit.dataprep.shard.ShardSet;
import vivit.dataprep.storage.AtomicFile;
import vivit.dataprep.storage.FolderLock;

/** The output folder of a preparation, as it is before the run. */
final class OutputFolder {
  /** The content of the folder. */
  enum State {
    /** No preparation and no set. */
    EMPTY,
    /** An interrupted preparation. */
    UNFINISHED,
    /** A shard set. */
    FINISHED
  }

  private final FileSystem fs;
  private final Path folder;
  private final PreparingFolder preparing;

  OutputFolder(FileSystem fs, Path folder) {
    this.fs = AtomicFile.raw(fs);
    this.folder = folder;
    this.preparing = new PreparingFolder(fs, folder);
  }

  PreparingFolder preparing() {
    return preparing;
  }

  /**
   * Removes incomplete files of a crashed run; returns the state of the folder.
   *
   * @throws PrepareException if the folder holds foreign files
   */
  State clean() throws IOException {
    for (FileStatus status : fs.listStatus(folder)) {
      if (AtomicFile.isTemporary(status.getPath().getName())) {
        fs.delete(status.getPath(), true);
      }
    }
    Path mark = new Path(folder, PreparingFolder.NAME);
    if (fs.exists(mark) && fs.getFileStatus(mark).isFile()) {
      clearAfterOldRelease(mark);
    }
    if (preparing.hasPlan()) {
      return State.UNFINISHED;
    }
    preparing.discard(); // interrupted before the plan was written
    if (isFinished()) {
      return State.FINISHED;
    }
    refuseForeignFiles();
    return State.EMPTY;
  }

  private boolean isFinished() throws IOException {
    return fs.exists(new Path(folder, ShardSet.SUCCESS_FILE_NAME))
        && fs.exists(new Path(folder, Manifest.FILE_NAME));
  }

  /**
   * Clears a folder that an older release marked with a file; such a preparation cannot be resumed.
   */
  private void clearAfterOldRelease(Path mark) throws IOException {
    if (!isFinished()) {
      ShardFolder.removeShards(fs, folder, Set.of());
      fs.delete(new Path(folder, Manifest.FILE_NAME), false);
    }
    fs.delete(mark, false);
  }

  private void refuseForeignFiles() throws IOException {
    Set<String> ours = Set.of(FolderLock.FILE_NAME, ManifestFile.QUARANTINE_FILE_NAME);
    List<String> foreign =
        Stream.of(fs.listStatus(folder))
            .map(FileStatus::getPath)
            .map(Path::getName)
            .filter(name -> !ours.contains(name))
            .sorted()
            .toList();
    if (!foreign.isEmpty()) {
      throw new PrepareException(
          "%s is not empty (%d entries, such as %s); choose a new folder as prepare.output"
              .formatted(folder, foreign.size(), foreign.get(0)));
    }
  }
}
