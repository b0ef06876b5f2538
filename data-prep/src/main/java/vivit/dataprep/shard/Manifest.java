package vivit.dataprep.shard;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.label.LabelHeads;

/**
 * What a finished shard set contains and vouches for: the file {@code _manifest.json}.
 *
 * @param formatVersion of the set and its files
 * @param producer name and version of the program that wrote it
 * @param purpose of all clips
 * @param clip how the clips were cut
 * @param heads what the clips are classified by, with all class names
 * @param shards the files, by name
 * @param clipsPerLabel number of clips of each class, by label id, one head after the other
 * @param videos number of videos that have clips here
 * @param quarantine videos that could not be used, or not wholly
 * @param config the settings that shaped the content
 * @param videosSha256 of the file {@code _videos.jsonl}; empty in sets of older releases, which
 *     have none
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
    if (clipsPerLabel.size() != heads.classes()) {
      throw new IllegalArgumentException(
          "Found clip counts of %d labels, expected %d"
              .formatted(clipsPerLabel.size(), heads.classes()));
    }
  }

  /**
   * What a set is to become: settings and labels, and no shards yet.
   *
   * @param videos to be prepared
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

  /** Grid frames between neighbouring frames of a clip. */
  public int stride() {
    return clip.stride();
  }

  /** Rate of the sampling grid; 0 when it is the source's own frames. */
  public double framesPerSecond() {
    return clip.framesPerSecond();
  }

  /** Pixels of the shorter side; 0 when the source's size was kept. */
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
   * SHA-256, in hexadecimal, of what training depends on: format, purpose, geometry, labels, and
   * name and checksum of every shard. Two sets with the same hash train the same model.
   */
  public String hash() {
    StringBuilder text = new StringBuilder();
    text.append(formatVersion).append('\n').append(purpose.word()).append('\n');
    text.append(clip).append('\n').append(labelsHash()).append('\n');
    for (ShardFile shard : shards) {
      text.append(shard.name()).append(' ').append(shard.checksum()).append('\n');
    }
    return Checksums.sha256(text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
