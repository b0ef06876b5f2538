package vivit.dataprep.prepare;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.ManifestFile;
import vivit.dataprep.shard.ShardFile;
import vivit.dataprep.shard.VideoList;
import vivit.dataprep.shard.VideoList.ListedVideo;

/**
 * A finished set that can take more videos.
 *
 * @param manifest its manifest
 * @param videos those with clips in the set; empty for sets of older releases
 */
public record FinishedSet(Manifest manifest, List<ListedVideo> videos) {

  public FinishedSet {
    videos = List.copyOf(videos);
  }

  /**
   * Reads the manifest and the list of videos.
   *
   * @throws vivit.dataprep.shard.CorruptShardException if one of them is missing or damaged
   */
  public static FinishedSet read(FileSystem fs, Path folder) throws IOException {
    Manifest manifest = ManifestFile.read(fs, folder);
    return new FinishedSet(
        manifest,
        manifest.videosSha256().isEmpty()
            ? List.of()
            : VideoList.read(fs, new Path(folder, VideoList.FILE_NAME), manifest.videosSha256()));
  }

  /** Whether the set lists its videos. */
  public boolean listsVideos() {
    return !manifest.videosSha256().isEmpty();
  }

  /** Number of the next shard. */
  public int nextShard() {
    return manifest.shards().stream().mapToInt(ShardFile::number).max().orElse(-1) + 1;
  }
}
