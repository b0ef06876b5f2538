package vivit.dataprep.prepare;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.shard.ListedVideo;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.ManifestFile;
import vivit.dataprep.shard.ShardFile;
import vivit.dataprep.shard.ShardFolder;
import vivit.dataprep.shard.ShardHeader;
import vivit.dataprep.shard.Unfinished;
import vivit.dataprep.shard.VideoList;
import vivit.dataprep.storage.AtomicFile;
import vivit.dataprep.storage.Sha256;

/**
 * The folder {@code _preparing} of an unfinished preparation.
 *
 * <pre>
 * plan.json            settings and labels, as a manifest without shards; its presence says that the rest is whole
 * videos.jsonl         the videos, with the lengths their files had
 * base/                manifest and list of the finished set that videos are being added to
 * part-00012.json      what became of shard 12; written after the shard has its name
 * part-00012.parquet   only where videos are being added: the set shows its new shards when all are there
 * </pre>
 */
public final class PreparingFolder {
  /** Its name. */
  public static final String NAME = Unfinished.PREPARING;

  private static final Logger LOG = LoggerFactory.getLogger(PreparingFolder.class);
  private static final String PLAN = "plan.json";
  private static final String VIDEOS = "videos.jsonl";
  private static final String BASE = "base";

  private final FileSystem fs;
  private final Path output;
  private final Path folder;

  /** In the output folder of a preparation. */
  public PreparingFolder(FileSystem fs, Path output) {
    this.fs = AtomicFile.raw(fs);
    this.output = output;
    this.folder = new Path(output, NAME);
  }

  /** Whether there is an unfinished preparation to go on with. */
  public boolean hasPlan() throws IOException {
    return fs.exists(new Path(folder, PLAN));
  }

  /**
   * Begins a preparation, in one step for whoever finds the folder.
   *
   * @param header settings and labels of the set
   * @param videos all of it, also those whose files are missing
   * @param adding to the set that is finished in the output folder
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
   * Reads what was begun.
   *
   * @throws vivit.dataprep.shard.CorruptShardException if it cannot be trusted
   */
  public UnfinishedRun read() throws IOException {
    Path plan = new Path(folder, PLAN);
    Manifest settings = ManifestFile.readFrom(fs, plan);
    List<ListedVideo> videos =
        VideoList.read(fs, new Path(folder, VIDEOS), settings.videosSha256());
    Path base = new Path(folder, BASE);
    return new UnfinishedRun(
        sha256(plan),
        settings,
        videos,
        fs.exists(base) ? Optional.of(FinishedSet.read(fs, base)) : Optional.empty());
  }

  /** Where the shards of a run are written: hidden as long as they belong to no manifest. */
  public static Path shards(Path output, Adding adding) {
    return adding == Adding.TO_A_SET ? new Path(output, NAME) : output;
  }

  /** Notes what became of a shard, which has its name by now. */
  public static void write(FileSystem fs, Path output, ShardResult result) throws IOException {
    String name = resultName(result.file().number());
    AtomicFile.write(
        fs, new Path(new Path(output, NAME), name), out -> out.write(result.toBytes()));
  }

  /**
   * The shards that are finished, by number. A result counts if it is whole, of this plan, and its
   * shard is there with the length it says.
   */
  public SortedMap<Integer, ShardResult> results(UnfinishedRun run) throws IOException {
    SortedMap<Integer, ShardResult> results = new TreeMap<>();
    for (FileStatus status : fs.listStatus(folder)) {
      String name = status.getPath().getName();
      if (name.startsWith("part-") && name.endsWith(".json")) {
        result(status.getPath())
            .filter(result -> result.plan().equals(run.id()))
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

  /** Shows finished shards in the output folder; those that were shown already stay. */
  public void showShards(List<ShardFile> files) throws IOException {
    for (ShardFile file : files) {
      Path hidden = new Path(folder, file.name());
      if (file.clips() > 0 && fs.exists(hidden)) {
        AtomicFile.rename(fs, hidden, new Path(output, file.name()));
      }
    }
  }

  /** Takes the folder away, in one step for whoever looks. */
  public void discard() throws IOException {
    if (fs.exists(folder)) {
      Path aside = AtomicFile.temporaryName(folder);
      AtomicFile.rename(fs, folder, aside);
      fs.delete(aside, true);
    }
  }

  private boolean isThere(ShardFile file) throws IOException {
    for (Path place : List.of(folder, output)) {
      try {
        if (fs.getFileStatus(new Path(place, file.name())).getLen() == file.bytes()) {
          return true;
        }
      } catch (FileNotFoundException e) {
        continue;
      }
    }
    return false;
  }

  private Optional<ShardResult> result(Path file) throws IOException {
    try (InputStream in = fs.open(file)) {
      return Optional.of(ShardResult.of(in.readAllBytes()));
    } catch (JsonProcessingException e) {
      LOG.warn("{} is no result of a shard, which is made again: {}", file, e.getOriginalMessage());
      return Optional.empty();
    }
  }

  private void copy(Path from, Path to) throws IOException {
    try (InputStream in = fs.open(from)) {
      AtomicFile.write(fs, to, in::transferTo);
    }
  }

  private String sha256(Path file) throws IOException {
    try (InputStream in = fs.open(file)) {
      return Sha256.of(in.readAllBytes());
    }
  }

  private static String resultName(int shard) {
    return ShardFolder.shardName(shard).replace(".parquet", ".json");
  }
}
