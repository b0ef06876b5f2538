package vivit.dataprep.shard;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.shard.Quarantine.Quarantined;
import vivit.dataprep.shard.VideoList.ListedVideo;
import vivit.dataprep.storage.AtomicFile;
import vivit.dataprep.storage.FolderLock;

/**
 * A folder that becomes a shard set: first the shards, each whole or absent, then the manifest,
 * then {@code _SUCCESS}.
 */
public final class ShardFolder {
  /** Folder inside it that holds the state of an unfinished preparation. */
  public static final String PREPARING = "_preparing";

  private static final Pattern SHARD_NAME = Pattern.compile("part-[0-9]{5,}\\.parquet");
  private static final Set<String> FILES =
      Set.of(
          Manifest.FILE_NAME,
          VideoList.FILE_NAME,
          ManifestFile.QUARANTINE_FILE_NAME,
          ShardSet.SUCCESS_FILE_NAME,
          FolderLock.FILE_NAME);

  private final FileSystem fs;
  private final Path folder;
  private final ShardHeader header;
  private final Compression compression;

  public ShardFolder(FileSystem fs, Path folder, ShardHeader header, Compression compression) {
    this.fs = AtomicFile.raw(fs);
    this.folder = folder;
    this.header = header;
    this.compression = compression;
  }

  /** Writes the clips of one shard. */
  @FunctionalInterface
  public interface Clips {
    void writeTo(ShardWriter writer) throws IOException;
  }

  /** File name of a shard. */
  public static String shardName(int shard) {
    return "part-%05d.parquet".formatted(shard);
  }

  /** Whether the folder already holds a finished set. */
  public static boolean isFinished(FileSystem fs, Path folder) throws IOException {
    return fs.exists(new Path(folder, ShardSet.SUCCESS_FILE_NAME))
        || fs.exists(new Path(folder, Manifest.FILE_NAME));
  }

  /** Writes one shard; the file gets its final name when it is complete. */
  public ShardFile writeShard(int shard, Clips clips) throws IOException {
    String name = shardName(shard);
    List<ShardFile> written = new ArrayList<>();
    AtomicFile.write(
        fs,
        new Path(folder, name),
        out -> {
          try (ShardWriter writer = new ShardWriter(out, header, compression)) {
            clips.writeTo(writer);
            written.add(writer.finish(name));
          }
        });
    return written.get(0);
  }

  /**
   * Completes a set that has no list of videos.
   *
   * @param shards in any order
   * @param clipsPerLabel by label id, one head after the other
   * @param videos number of videos with clips
   */
  public Manifest finish(
      List<ShardFile> shards, List<Long> clipsPerLabel, long videos, List<Quarantined> quarantined)
      throws IOException {
    return publish(shards, clipsPerLabel, videos, Quarantine.of(quarantined), Optional.empty());
  }

  /**
   * Completes the set: removes shards that are not listed or hold no clips, then writes the list of
   * videos, the quarantine list, the manifest and {@code _SUCCESS}. After an interruption, a second
   * call with the same arguments produces the same bytes.
   *
   * @param shards in any order
   * @param clipsPerLabel by label id, one head after the other
   * @param videos number of videos with clips
   * @param list of these videos, if the set is to include it
   */
  public Manifest publish(
      List<ShardFile> shards,
      List<Long> clipsPerLabel,
      long videos,
      Quarantine quarantine,
      Optional<List<ListedVideo>> list)
      throws IOException {
    List<ShardFile> kept =
        shards.stream()
            .filter(shard -> shard.clips() > 0)
            .sorted(Comparator.comparingInt(ShardFile::number))
            .toList();
    removeShards(fs, folder, Set.copyOf(kept.stream().map(ShardFile::name).toList()));
    String videosSha256 = "";
    if (list.isPresent()) {
      videosSha256 = VideoList.write(fs, new Path(folder, VideoList.FILE_NAME), list.get());
    }
    Manifest manifest =
        new Manifest(
            ShardSchema.version(header.heads()),
            header.producer(),
            header.purpose(),
            header.clip(),
            header.heads(),
            kept,
            clipsPerLabel,
            videos,
            quarantine,
            header.config(),
            videosSha256);
    ManifestFile.writeQuarantine(fs, folder, quarantine, header.heads(), videos);
    ManifestFile.write(fs, folder, manifest);
    AtomicFile.write(fs, new Path(folder, ShardSet.SUCCESS_FILE_NAME), out -> {});
    return manifest;
  }

  /** Whether this is the name of a shard. */
  public static boolean isShard(String name) {
    return SHARD_NAME.matcher(name).matches();
  }

  /** Whether this is the temporary name of a file of a shard set, which a crashed run leaves. */
  public static boolean isTemporary(String name) {
    return AtomicFile.finalName(name)
        .filter(file -> FILES.contains(file) || isShard(file))
        .isPresent();
  }

  /** Deletes shards whose names are not in {@code keep}, and incomplete files of the set. */
  public static void removeShards(FileSystem fs, Path folder, Set<String> keep) throws IOException {
    for (FileStatus status : AtomicFile.raw(fs).listStatus(folder)) {
      String name = status.getPath().getName();
      boolean shard = isShard(name) && !keep.contains(name);
      if (status.isFile() && (shard || isTemporary(name))) {
        AtomicFile.raw(fs).delete(status.getPath(), false);
      }
    }
  }
}
