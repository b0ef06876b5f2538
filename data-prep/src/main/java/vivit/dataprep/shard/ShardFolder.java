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
import vivit.dataprep.storage.AtomicFile;

/**
 * A folder that becomes a shard set: shards first, each whole or absent, then the manifest, then
 * {@code _SUCCESS}.
 */
public final class ShardFolder {
  private static final Pattern SHARD_NAME = Pattern.compile("part-[0-9]{5,}\\.parquet");

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

  /** Gives the clips of one shard, one after the other. */
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

  /** Writes one shard. It has its final name only when complete. */
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
   * Completes a set of nothing but shards: lists them and ends with {@link #publish}.
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
   * Completes the set: removes shards that are not listed or hold no clips, writes the list of
   * videos, the quarantine list, the manifest and {@code _SUCCESS}. Done again with the same
   * arguments, it leads to the same bytes, wherever it was interrupted.
   *
   * @param shards in any order
   * @param clipsPerLabel by label id, one head after the other
   * @param videos number of videos with clips
   * @param list of these videos, if the set is to hold it
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

  /** Deletes shards, and halves of them, whose names are not in {@code keep}. */
  public static void removeShards(FileSystem fs, Path folder, Set<String> keep) throws IOException {
    for (FileStatus status : AtomicFile.raw(fs).listStatus(folder)) {
      String name = status.getPath().getName();
      boolean shard = SHARD_NAME.matcher(name).matches() && !keep.contains(name);
      if (status.isFile() && (shard || AtomicFile.isTemporary(name))) {
        AtomicFile.raw(fs).delete(status.getPath(), false);
      }
    }
  }
}
