package vivit.dataprep.shard;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.shard.Quarantine.Quarantined;
import vivit.dataprep.storage.Sha256;

/**
 * The content of a finished shard set, as recorded in the file {@code _manifest.json}.
 *
 * @param formatVersion of the set and its files
 * @param producer name and version of the program that wrote it
 * @param purpose of all clips
 * @param clip geometry and sampling of the clips
 * @param heads the classification heads, with all class names
 * @param shards the files, by name
 * @param clipsPerLabel number of clips of each class, by label id, one head after the other
 * @param videos number of videos that have clips in the set
 * @param quarantine videos that could not be used, or only in part
 * @param config the settings that determined the content
 * @param videosSha256 of the file {@code _videos.jsonl}; empty in sets of older releases, which
 *     have no such file
 */
public record Manifest(
    int formatVersion,
    String producer,
    Purpose purpose,
    ClipSettings clip,
    LabelHeads heads,
    List<ShardFile> shards,
    List<Long> clipsPerLabel,
    long videos,
    Quarantine quarantine,
    SortedMap<String, String> config,
    String videosSha256) {
  /** Name of the file. */
  public static final String FILE_NAME = "_manifest.json";

  public Manifest {
    shards = List.copyOf(shards);
    clipsPerLabel = List.copyOf(clipsPerLabel);
    requireDifferentNames(shards);
    Quarantine.requireCounts("clips", clipsPerLabel);
    if (videos < 0) {
      throw new IllegalArgumentException("found %d videos, expected 0 or more".formatted(videos));
    }
    if (clipsPerLabel.size() != heads.classes()) {
      throw new IllegalArgumentException(
          "Found clip counts of %d labels, expected %d"
              .formatted(clipsPerLabel.size(), heads.classes()));
    }
  }

  private static void requireDifferentNames(List<ShardFile> shards) {
    Set<String> names = new HashSet<>();
    for (ShardFile shard : shards) {
      if (!names.add(shard.name())) {
        throw new IllegalArgumentException(
            "found the shard %s twice, expected different names".formatted(shard.name()));
      }
    }
  }

  /**
   * The manifest of a set to be prepared: settings and labels, and no shards yet.
   *
   * @param videos number of videos to prepare
   * @param videosSha256 of their list
   */
  public static Manifest planned(ShardHeader header, long videos, String videosSha256) {
    return new Manifest(
        ShardSchema.version(header.heads()),
        header.producer(),
        header.purpose(),
        header.clip(),
        header.heads(),
        List.of(),
        Collections.nCopies(header.heads().classes(), 0L),
        videos,
        Quarantine.NONE,
        header.config(),
        videosSha256);
  }

  /** Videos that could not be used, by id. */
  public List<Quarantined> quarantined() {
    return quarantine.videos();
  }

  /** Frames per clip. */
  public int frames() {
    return clip.frames();
  }

  /** Distance between consecutive frames of a clip, in frames of the sampling grid. */
  public int stride() {
    return clip.stride();
  }

  /** Rate of the sampling grid in frames per second; 0 for the source's own frames. */
  public double framesPerSecond() {
    return clip.framesPerSecond();
  }

  /** Shorter side in pixels; 0 if the source's size was kept. */
  public int shortSide() {
    return clip.shortSide();
  }

  /** Frames per tubelet on disk. */
  public int tubeletFrames() {
    return clip.tubeletFrames();
  }

  /** Height and width of a tubelet on disk. */
  public int patch() {
    return clip.patch();
  }

  /** Clips in all shards. */
  public long clips() {
    return shards.stream().mapToLong(ShardFile::clips).sum();
  }

  /** Class names of all heads, one head after the other. */
  public List<String> labels() {
    return heads.classNames();
  }

  /** {@link LabelHeads#hash}. */
  public String labelsHash() {
    return heads.hash();
  }

  /**
   * SHA-256, hexadecimal, of everything that training depends on: format version, purpose,
   * geometry, labels, and the name and checksum of every shard. Sets with the same hash train the
   * same model.
   */
  public String hash() {
    StringBuilder text = new StringBuilder();
    text.append(formatVersion).append('\n').append(purpose.word()).append('\n');
    text.append(clip).append('\n').append(labelsHash()).append('\n');
    for (ShardFile shard : shards) {
      text.append(shard.name()).append(' ').append(shard.checksum()).append('\n');
    }
    return Sha256.of(text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
