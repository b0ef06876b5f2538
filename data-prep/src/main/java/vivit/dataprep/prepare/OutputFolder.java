package vivit.dataprep.prepare;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
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

  private static final Set<String> OURS =
      Set.of(FolderLock.FILE_NAME, ManifestFile.QUARANTINE_FILE_NAME, PreparingFolder.NAME);

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
   * @throws PrepareException if the folder holds foreign files; then nothing has changed
   */
  State clean() throws IOException {
    preparing.refuseLink();
    Path mark = new Path(folder, PreparingFolder.NAME);
    boolean marked = fs.exists(mark) && fs.getFileStatus(mark).isFile();
    State state =
        !marked && preparing.hasPlan()
            ? State.UNFINISHED
            : isFinished() ? State.FINISHED : State.EMPTY;
    if (state == State.EMPTY) {
      refuse(
          folder, entry -> isOurs(entry) || (marked && isOfOldRelease(entry.getPath().getName())));
    }
    if (state != State.UNFINISHED && !marked && fs.exists(mark)) {
      refuse(mark, PreparingFolder::isBeforePlan);
      Path base = new Path(mark, PreparingFolder.BASE);
      if (fs.exists(base)) {
        refuse(base, PreparingFolder::isOfBase);
      }
    }
    for (FileStatus entry : fs.listStatus(folder)) {
      if (isTemporary(entry)) {
        fs.delete(entry.getPath(), entry.isDirectory());
      }
    }
    if (marked) {
      clearAfterOldRelease(mark);
    } else if (state != State.UNFINISHED) {
      preparing.discard(); // interrupted before the plan was written
    }
    return state;
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

  private static boolean isOfOldRelease(String name) {
    return ShardFolder.isShard(name) || name.equals(Manifest.FILE_NAME);
  }

  private static boolean isOurs(FileStatus entry) {
    return OURS.contains(entry.getPath().getName()) || isTemporary(entry);
  }

  /** Whether a crashed run left it: an incomplete file, or a discarded {@code _preparing}. */
  private static boolean isTemporary(FileStatus entry) {
    String name = entry.getPath().getName();
    return entry.isDirectory()
        ? AtomicFile.finalName(name).filter(PreparingFolder.NAME::equals).isPresent()
        : ShardFolder.isTemporary(name);
  }

  private void refuse(Path place, Predicate<FileStatus> ours) throws IOException {
    List<String> foreign =
        Stream.of(fs.listStatus(place))
            .filter(entry -> !ours.test(entry))
            .map(entry -> entry.getPath().getName())
            .sorted()
            .toList();
    if (!foreign.isEmpty()) {
      throw new PrepareException(
          "%s is not empty (%d entries, such as %s); choose a new folder as prepare.output"
              .formatted(place, foreign.size(), foreign.get(0)));
    }
  }
}
