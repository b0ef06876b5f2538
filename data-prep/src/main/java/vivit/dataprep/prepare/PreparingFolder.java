package vivit.dataprep.prepare;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.prepare.UnfinishedRun.Adding;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.ManifestFile;
import vivit.dataprep.shard.ShardFile;
import vivit.dataprep.shard.ShardFolder;
import vivit.dataprep.shard.ShardHeader;
import vivit.dataprep.shard.VideoList;
import vivit.dataprep.shard.VideoList.ListedVideo;
import vivit.dataprep.storage.AtomicFile;
import vivit.dataprep.storage.Links;
import vivit.dataprep.storage.Sha256;
import vivit.dataprep.storage.WholeFile;
import vivit.dataprep.storage.WholeFile.OversizedFileException;
import vivit.dataprep.text.Visible;

/**
 * The folder {@code _preparing} of an unfinished preparation.
 *
 * <pre>
 * plan.json            settings and labels, as a manifest without shards; written last, so its
 *                      presence marks the folder as complete
 * videos.jsonl         the videos, with the lengths of their files at the start
 * base/                manifest and list of the finished set that videos are being added to
 * part-00012.json      result of shard 12; written after the shard has its final name
 * part-00012.parquet   only when videos are being added: new shards move into the set when all
 *                      of them are finished
 * </pre>
 */
public final class PreparingFolder {
  /** Name of the folder. */
  public static final String NAME = ShardFolder.PREPARING;

  private static final Logger LOG = LoggerFactory.getLogger(PreparingFolder.class);
  private static final String PLAN = "plan.json";
  private static final String VIDEOS = "videos.jsonl";
  static final String BASE = "base";

  private final FileSystem fs;
  private final Path output;
  private final Path folder;

  /** The folder inside the output folder of a preparation. */
  public PreparingFolder(FileSystem fs, Path output) {
    this.fs = AtomicFile.raw(fs);
    this.output = output;
    this.folder = new Path(output, NAME);
  }

  /**
   * Refuses a link in the place of the folder.
   *
   * @throws IOException naming it
   */
  void refuseLink() throws IOException {
    Links.refuse(fs, folder, "a folder that prepare wrote");
  }

  /** Whether an entry of the folder is one that {@link #begin} writes before the plan. */
  static boolean isBeforePlan(FileStatus entry) {
    String name = entry.getPath().getName();
    return entry.isDirectory()
        ? name.equals(BASE)
        : name.equals(VIDEOS)
            || AtomicFile.finalName(name).filter(List.of(VIDEOS, PLAN)::contains).isPresent();
  }

  /** Whether an entry of {@code base/} is one that {@link #begin} writes. */
  static boolean isOfBase(FileStatus entry) {
    String name = entry.getPath().getName();
    return entry.isFile()
        && List.of(Manifest.FILE_NAME, VideoList.FILE_NAME)
            .contains(AtomicFile.finalName(name).orElse(name));
  }

  /** Whether the folder holds a preparation that can be resumed. */
  public boolean hasPlan() throws IOException {
    refuseLink();
    return fs.exists(new Path(folder, PLAN));
  }

  /**
   * Starts a preparation; other processes see all of it or nothing.
   *
   * @param header settings and labels of the set
   * @param videos all videos of the run, including those whose files are missing
   * @param adding whether the run adds to the finished set in the output folder
   */
  public UnfinishedRun begin(ShardHeader header, List<ListedVideo> videos, Adding adding)
      throws IOException {
    discard();
    fs.mkdirs(folder);
    String sha256 = VideoList.write(fs, new Path(folder, VIDEOS), videos);
    if (adding == Adding.TO_A_SET) {
      Path base = new Path(folder, BASE);
      fs.mkdirs(base);
      for (String name : List.of(Manifest.FILE_NAME, VideoList.FILE_NAME)) {
        copy(new Path(output, name), new Path(base, name));
      }
    }
    ManifestFile.writeTo(
        fs, new Path(folder, PLAN), Manifest.planned(header, videos.size(), sha256));
    return read();
  }

  /**
   * Reads the preparation.
   *
   * @throws vivit.dataprep.shard.CorruptShardException if it cannot be trusted
   */
  public UnfinishedRun read() throws IOException {
    refuseLink();
    Path plan = new Path(folder, PLAN);
    Manifest settings = ManifestFile.readFrom(fs, plan);
    List<ListedVideo> videos =
        VideoList.read(fs, new Path(folder, VIDEOS), settings.videosSha256());
    Path base = new Path(folder, BASE);
    Links.refuse(fs, base, "a folder that prepare wrote");
    return new UnfinishedRun(
        sha256(plan),
        settings,
        videos,
        fs.exists(base) ? Optional.of(FinishedSet.read(fs, base)) : Optional.empty());
  }

  /** The folder that the shards of a run are written to: hidden until a manifest lists them. */
  public static Path shards(Path output, Adding adding) {
    return adding == Adding.TO_A_SET ? new Path(output, NAME) : output;
  }

  /** Records the result of a shard that already has its final name. */
  public static void write(FileSystem fs, Path output, ShardResult result) throws IOException {
    String name = resultName(result.file().number());
    AtomicFile.write(
        fs, new Path(new Path(output, NAME), name), out -> out.write(result.toBytes()));
  }

  /**
   * The finished shards by number. A result counts if it is complete, belongs to this plan and its
   * videos, is called after its shard, and the shard exists with the stated length.
   */
  public SortedMap<Integer, ShardResult> results(UnfinishedRun run) throws IOException {
    SortedMap<Integer, ShardResult> results = new TreeMap<>();
    Set<String> listed = new HashSet<>();
    run.videos().forEach(video -> listed.add(video.video()));
    for (FileStatus status : fs.listStatus(folder)) {
      String name = status.getPath().getName();
      if (name.startsWith("part-") && name.endsWith(".json")) {
        result(status.getPath())
            .filter(result -> result.plan().equals(run.id()))
            .filter(result -> resultName(result.file().number()).equals(name))
            .filter(
                result ->
                    listed.containsAll(
                        result.videos().stream().map(ShardResult.CutVideo::video).toList()))
            .ifPresent(result -> results.put(result.file().number(), result));
      }
    }
    for (ShardResult result : List.copyOf(results.values())) {
      ShardFile file = result.file();
      if (file.clips() > 0 && !isThere(file)) {
        results.remove(file.number());
      }
    }
    return results;
  }

  /** Moves finished shards into the output folder; shards that have been moved before stay. */
  public void showShards(List<ShardFile> files) throws IOException {
    for (ShardFile file : files) {
      Path hidden = new Path(folder, file.name());
      if (file.clips() > 0 && fs.exists(hidden)) {
        AtomicFile.rename(fs, hidden, new Path(output, file.name()));
      }
    }
  }

  /** Removes the folder in one step. */
  public void discard() throws IOException {
    refuseLink();
    if (fs.exists(folder)) {
      Path aside = AtomicFile.temporaryName(folder);
      AtomicFile.rename(fs, folder, aside);
      fs.delete(aside, true);
    }
  }

  private boolean isThere(ShardFile file) throws IOException {
    for (Path place : List.of(folder, output)) {
      Path shard = new Path(place, file.name());
      Links.refuse(fs, shard, "a shard that prepare wrote");
      try {
        if (fs.getFileStatus(shard).getLen() == file.bytes()) {
          return true;
        }
      } catch (FileNotFoundException e) {
        continue;
      }
    }
    return false;
  }

  private Optional<ShardResult> result(Path file) throws IOException {
    Links.refuse(fs, file, "a file that prepare wrote");
    String problem;
    try {
      return Optional.of(ShardResult.of(WholeFile.read(fs, file)));
    } catch (JsonProcessingException e) {
      problem = e.getOriginalMessage();
    } catch (OversizedFileException | IllegalArgumentException e) {
      problem = e.getMessage();
    }
    LOG.warn(
        "{} is not a valid shard result; the shard is made again: {}",
        Visible.text(file.toString()),
        Visible.text(problem));
    return Optional.empty();
  }

  private void copy(Path from, Path to) throws IOException {
    try (InputStream in = fs.open(from)) {
      AtomicFile.write(fs, to, in::transferTo);
    }
  }

  private String sha256(Path file) throws IOException {
    try (InputStream in = fs.open(file)) {
      return Sha256.of(in);
    }
  }

  private static String resultName(int shard) {
    return ShardFolder.shardName(shard).replace(".parquet", ".json");
  }
}
