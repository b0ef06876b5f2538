package vivit.spark.checkpoint;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.storage.AtomicFile;
import vivit.dataprep.storage.Links;
import vivit.dataprep.storage.MissingPath;
import vivit.dataprep.storage.OpenFileSystem;
import vivit.dataprep.text.Visible;
import vivit.model.checkpoint.CorruptCheckpointException;

/**
 * The checkpoints of a run: folders {@code <run>/checkpoints/step-00000042/}.
 *
 * <p>A checkpoint is written under a temporary name and then renamed, so a folder of that form is
 * complete. The caller holds the run folder's lock while writing.
 */
public final class CheckpointStore {
  /** Folder of the checkpoints inside the run folder. */
  public static final String FOLDER = "checkpoints";

  private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);
  private static final Pattern NAME = Pattern.compile("step-[0-9]{8,18}");

  private static final Pattern TEMPORARY = Pattern.compile("\\." + NAME + "\\.[0-9a-f-]+\\.tmp");

  private final FileSystem fs;
  private final Path folder;

  /** The steps of those that could not be read when this process tried. */
  private final Set<Long> damaged = new HashSet<>();

  /** Creates the store of a run folder, which need not exist. */
  public CheckpointStore(FileSystem fs, Path run) {
    this.fs = AtomicFile.raw(fs);
    this.folder = new Path(run, FOLDER);
  }

  /**
   * Opens a checkpoint folder, or the newest intact checkpoint of a run folder; empty if the path
   * is neither. All commands choose checkpoints by this rule.
   *
   * @throws IOException if a run has no intact checkpoint
   */
  public static Optional<Checkpoint> find(Configuration conf, Path path) throws IOException {
    FileSystem fs = AtomicFile.raw(OpenFileSystem.of(path, conf));
    // HDFS throws when asked for a path below a file
    if (!fs.exists(path) || !fs.getFileStatus(path).isDirectory()) {
      return Optional.empty();
    }
    if (fs.exists(new Path(path, StateFile.NAME))) {
      return Optional.of(Checkpoint.open(fs, path));
    }
    if (!fs.exists(new Path(path, FOLDER))) {
      return Optional.empty();
    }
    Optional<Checkpoint> latest = new CheckpointStore(fs, path).latest();
    if (latest.isEmpty()) {
      throw new IOException("The run in " + path + " has no checkpoint yet");
    }
    return latest;
  }

  /** Whether there is a checkpoint in a run folder, be it damaged or not. */
  public static boolean isBegun(Configuration conf, Path run) throws IOException {
    return !new CheckpointStore(OpenFileSystem.of(run, conf), run).folders().isEmpty();
  }

  /**
   * Opens the checkpoint that {@link #find} finds.
   *
   * @throws IOException if there is no checkpoint, or it is damaged
   */
  public static Checkpoint open(Configuration conf, Path path) throws IOException {
    Optional<Checkpoint> found = find(conf, path);
    if (found.isPresent()) {
      return found.get();
    }
    FileSystem fs = OpenFileSystem.of(path, conf);
    String expected =
        "expected a run folder that train wrote, or one of its " + FOLDER + "/step-...";
    throw new IOException(
        "No checkpoint in %s; %s"
            .formatted(
                MissingPath.name(fs, path),
                fs.exists(path) ? expected : MissingPath.advice(fs, path, expected)));
  }

  /** Begins a checkpoint: a folder for the files of the vectors. */
  public Path begin(long step) throws IOException {
    refuseLink(folder);
    Path unfinished = AtomicFile.temporaryName(finalName(step));
    if (!fs.mkdirs(unfinished)) {
      throw new IOException("Cannot make the folder " + unfinished);
    }
    return unfinished;
  }

  /**
   * Completes a checkpoint; a damaged one of the same step is replaced.
   *
   * @param unfinished from {@link #begin}
   * @param files sizes and checksums of the vectors' files in it
   */
  public Checkpoint commit(
      Path unfinished, CheckpointState state, Map<String, CheckpointState.Proof> files)
      throws IOException {
    refuseLink(folder);
    try (FSDataOutputStream out = fs.create(new Path(unfinished, StateFile.NAME), false)) {
      StateFile.write(state.with(files), out);
      out.hsync();
    }
    StateFile.read(fs, unfinished); // fails if it is not what was written
    Path finalName = finalName(state.step());
    if (fs.exists(finalName)) {
      discard(finalName);
    }
    AtomicFile.rename(fs, unfinished, finalName);
    damaged.remove(state.step());
    return Checkpoint.open(fs, finalName);
  }

  /** Deletes a checkpoint; it loses its name first, so that no half of it is left under that. */
  private void discard(Path checkpoint) throws IOException {
    Path nameless = AtomicFile.temporaryName(checkpoint);
    AtomicFile.rename(fs, checkpoint, nameless);
    fs.delete(nameless, true);
  }

  private Path finalName(long step) {
    return new Path(folder, String.format("step-%08d", step));
  }

  /** The first use of a checkpoint, which reads all of it. */
  @FunctionalInterface
  public interface FirstUse<T> {
    /**
     * Uses a checkpoint.
     *
     * @throws CorruptCheckpointException if it is damaged or cannot be read
     */
    T of(Checkpoint checkpoint) throws IOException;
  }

  /** The newest intact checkpoint; skips damaged newer ones with a warning. */
  public Optional<Checkpoint> latest() throws IOException {
    return latest(
        checkpoint -> {
          checkpoint.verify();
          return checkpoint;
        });
  }

  /**
   * Uses the newest checkpoint that can be read; skips damaged newer ones with a warning. Empty if
   * there is no checkpoint.
   *
   * @throws CorruptCheckpointException if there are checkpoints and none can be read
   * @throws IOException if the storage does not answer, or the use has another problem
   */
  public <T> Optional<T> latest(FirstUse<T> use) throws IOException {
    List<Path> newestFirst = folders();
    Collections.reverse(newestFirst);
    for (Path candidate : newestFirst) {
      try {
        return Optional.of(use.of(Checkpoint.open(fs, candidate)));
      } catch (CorruptCheckpointException problem) {
        requireStorage(problem);
        damaged.add(step(candidate));
        LOG.warn(
            "{}; falling back to the checkpoint before it", Visible.text(problem.getMessage()));
      }
    }
    if (!newestFirst.isEmpty()) {
      throw new CorruptCheckpointException(
          "None of the "
              + newestFirst.size()
              + " checkpoints in "
              + folder
              + " is intact; see the warnings above. Repair the storage or restore one from a copy;"
              + " delete the folder only to start the run again");
    }
    return Optional.empty();
  }

  /** Refuses to take a storage for a damaged checkpoint that does not answer, or not yet. */
  private void requireStorage(CorruptCheckpointException problem) throws IOException {
    String answer = "";
    try {
      fs.listStatus(folder);
      if (fs instanceof DistributedFileSystem hdfs && hdfs.isInSafeMode()) {
        answer = "HDFS is in safe mode";
      }
    } catch (IOException failed) {
      answer = String.valueOf(failed.getMessage());
    }
    if (!answer.isEmpty()) {
      throw new IOException(
          "%s; this may be no damage, as the storage is not available: %s; try again when it is"
              .formatted(problem.getMessage(), answer),
          problem);
    }
  }

  /** Deletes unfinished checkpoints of an interrupted write. */
  public void clean() throws IOException {
    for (FileStatus status : list()) {
      if (TEMPORARY.matcher(status.getPath().getName()).matches()) {
        LOG.info(
            "Deleting the unfinished checkpoint {}", Visible.text(status.getPath().toString()));
        fs.delete(status.getPath(), true);
      }
    }
  }

  /**
   * Deletes checkpoints older than the newest, except for the {@code last} newest and the {@code
   * best} with the lowest loss; or, if the run is validated, the one of its best validation. One
   * that was found damaged is not counted. What cannot be deleted stays, with a warning.
   *
   * @param newest written and verified just now; those of later steps could not be read and stay
   */
  public void prune(Checkpoint newest, int last, int best) throws IOException {
    List<Path> old = new ArrayList<>();
    for (Path path : folders()) {
      if (step(path) <= newest.state().step()) {
        old.add(path);
      }
    }
    List<Path> sound = new ArrayList<>(old);
    sound.removeIf(path -> damaged.contains(step(path)));
    old.removeAll(sound.subList(Math.max(0, sound.size() - last), sound.size()));
    if (best > 0 && newest.state().validation() != null) {
      old.removeIf(path -> step(path) == newest.state().validation().step());
    } else if (best > 0) {
      old.removeAll(best(sound, best));
    }
    for (Path path : old) {
      try {
        discard(path);
        damaged.remove(step(path));
      } catch (IOException failed) {
        LOG.warn(
            "Cannot delete the old checkpoint {}: {}",
            Visible.text(path.toString()),
            Visible.text(String.valueOf(failed.getMessage())));
      }
    }
  }

  private List<Path> best(List<Path> sound, int count) throws IOException {
    List<Checkpoint> readable = new ArrayList<>();
    for (Path path : sound) {
      try {
        readable.add(Checkpoint.open(fs, path));
      } catch (CorruptCheckpointException problem) {
        LOG.warn("{}", Visible.text(problem.getMessage()));
      }
    }
    return readable.stream()
        .sorted(Comparator.comparingDouble(checkpoint -> checkpoint.state().loss()))
        .limit(count)
        .map(Checkpoint::folder)
        .toList();
  }

  /** All finished checkpoints, oldest first. */
  public List<Path> folders() throws IOException {
    List<Path> folders = new ArrayList<>();
    for (FileStatus status : list()) {
      if (status.isDirectory() && NAME.matcher(status.getPath().getName()).matches()) {
        folders.add(status.getPath());
      }
    }
    folders.sort(Comparator.comparingLong(CheckpointStore::step));
    return folders;
  }

  private static long step(Path checkpoint) {
    return Long.parseLong(checkpoint.getName().substring("step-".length()));
  }

  /** All entries; a link in the place of a checkpoint is refused. */
  private List<FileStatus> list() throws IOException {
    refuseLink(folder);
    try {
      List<FileStatus> entries = Arrays.asList(fs.listStatus(folder));
      for (FileStatus entry : entries) {
        String name = entry.getPath().getName();
        if (NAME.matcher(name).matches() || TEMPORARY.matcher(name).matches()) {
          refuseLink(entry.getPath());
        }
      }
      return entries;
    } catch (FileNotFoundException none) {
      return List.of();
    }
  }

  private void refuseLink(Path path) throws IOException {
    Links.refuse(fs, path, "a folder that train wrote");
  }
}
