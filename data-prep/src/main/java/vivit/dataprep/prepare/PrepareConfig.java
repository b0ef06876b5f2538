package vivit.dataprep.prepare;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.config.Section;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.isolation.DecodeLimits;
import vivit.dataprep.isolation.DecodeLimits.Isolation;
import vivit.dataprep.isolation.DecodeLimits.SandboxChoice;
import vivit.dataprep.label.LabelColumns;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.Labelling;
import vivit.dataprep.shard.Compression;
import vivit.dataprep.shard.ShardHeader;
import vivit.dataprep.source.Chapters.ChapterRule;
import vivit.dataprep.source.ListedFileSystems;
import vivit.dataprep.source.SourceFormat;
import vivit.dataprep.source.SourceSettings;
import vivit.dataprep.text.Kebab;
import vivit.dataprep.tfrecord.RecordSettings;
import vivit.dataprep.tfrecord.RecordSettings.RecordClasses;
import vivit.dataprep.video.Codecs;
import vivit.dataprep.video.CutSettings;
import vivit.dataprep.video.CutSettings.Truncated;
import vivit.dataprep.video.PictureSettings;
import vivit.dataprep.video.PictureSettings.Aspect;
import vivit.dataprep.video.PictureSettings.Deinterlace;
import vivit.dataprep.video.PictureSettings.Scaler;
import vivit.dataprep.video.PictureSettings.ToneMap;
import vivit.dataprep.video.StreamChoice;

/**
 * The videos to prepare and the settings for it: the group {@code prepare} of the configuration.
 *
 * @param input annotation file, or folder; empty if the command prepares nothing
 * @param format how videos are listed
 * @param videos folder of the video files; empty for the usual places next to the annotation file
 * @param output folder for the shard set; empty if the command prepares nothing
 * @param labels file of class names, folder with one per head, or shard set whose names are used;
 *     empty for the input's own
 * @param otherFileSystems that the list may name files on
 * @param columns of the CSV file that hold class names
 * @param chapters what becomes of recordings that a camera has split into files
 * @param records how labels of TFRecords are read
 * @param purpose training or evaluation
 * @param cut how clips are cut
 * @param clipsPerVideo clips of each training video
 * @param views clips of each evaluation video
 * @param shardBytes approximate size of a shard before compression
 * @param clipsPerShard clips of a shard whose videos can all be decoded; 0 to derive the number
 *     from {@code shardBytes}
 * @param compression of the shards
 * @param maxBadShare share of the videos that may be unusable, 0 to 1
 * @param maxBadSharePerClass share of the videos of each class that may be unusable, 0 to 1
 * @param limits of the decoder's time and memory, and where it runs
 * @param seed of the order of videos and the positions of training clips
 */
public record PrepareConfig(
    String input,
    SourceFormat format,
    String videos,
    String output,
    String labels,
    List<String> otherFileSystems,
    LabelColumns columns,
    ChapterRule chapters,
    RecordSettings records,
    Purpose purpose,
    CutSettings cut,
    int clipsPerVideo,
    int views,
    long shardBytes,
    int clipsPerShard,
    Compression compression,
    double maxBadShare,
    double maxBadSharePerClass,
    DecodeLimits limits,
    long seed)
    implements Serializable {
  /** Name and version of this program, as written into shards and manifests. */
  static final String PRODUCER = producer();

  /**
   * Reads the group; problems are recorded in the configuration and thrown by its check. A command
   * that prepares also requires the keys {@code prepare.input} and {@code prepare.output}.
   */
  public static PrepareConfig read(StrictConfig config) {
    Section prepare = config.section("prepare");
    int tubeletFrames = prepare.integer("tubelet-frames", 1, 1024);
    int frames = prepare.integer("frames", 1, 100_000);
    if (tubeletFrames > 0 && frames % tubeletFrames != 0) {
      prepare.problem(
          "frames",
          "found %d, expected a multiple of the %d frames of a tubelet (prepare.tubelet-frames)"
              .formatted(frames, tubeletFrames));
      frames = tubeletFrames;
    }
    ClipSettings clip =
        new ClipSettings(
            Math.max(1, frames),
            Math.max(1, prepare.integer("stride", 1, 100_000)),
            prepare.number("frames-per-second", 0, 1000),
            prepare.integer("short-side", 0, 8192),
            Math.max(1, tubeletFrames),
            Math.max(1, prepare.integer("patch", 1, 1024)));
    return new PrepareConfig(
        prepare.place("input"),
        prepare.choice("format", SourceFormat.class),
        prepare.place("videos"),
        prepare.place("output"),
        prepare.place("labels"),
        otherFileSystems(prepare),
        columns(prepare),
        prepare.choice("chapters", ChapterRule.class),
        new RecordSettings(
            prepare.section("tfrecord").choice("classes", RecordClasses.class),
            prepare.section("tfrecord").integer("label-offset", 0, 1_000_000),
            prepare.section("tfrecord").integer("max-records", 1, 100_000_000)),
        prepare.choice("purpose", Purpose.class),
        new CutSettings(
            clip,
            new PictureSettings(
                prepare.choice("scaler", Scaler.class),
                prepare.choice("aspect", Aspect.class),
                prepare.choice("tone-map", ToneMap.class),
                prepare.choice("deinterlace", Deinterlace.class)),
            stream(prepare),
            prepare.flag("salvage") ? Truncated.SALVAGE : Truncated.REFUSE,
            prepare.number("max-made-up", 0, 1),
            Math.max(1, prepare.integer("decode-threads", 1, CutSettings.MOST_THREADS)),
            codecs(prepare)),
        prepare.integer("clips-per-video", 1, 10_000),
        prepare.integer("views", 1, 10_000),
        prepare.bytes("shard-size", 1),
        prepare.optionalInteger("clips-per-shard", 1, 1_000_000).orElse(0),
        prepare.choice("compression", Compression.class),
        prepare.number("max-bad-share", 0, 1),
        prepare.number("max-bad-share-per-class", 0, 1),
        new DecodeLimits(
            prepare.choice("isolation", Isolation.class),
            prepare.choice("sandbox", SandboxChoice.class),
            prepare.duration("time-limit"),
            prepare.bytes("memory-limit", DecodeLimits.LEAST_MEMORY_BYTES)),
        config.section("").whole("seed", Long.MIN_VALUE, Long.MAX_VALUE));
  }

  private static List<String> otherFileSystems(Section prepare) {
    List<String> names = prepare.texts("other-file-systems");
    for (String name : names) {
      if (!ListedFileSystems.isName(name)) {
        prepare.problem(
            "other-file-systems",
            "found \"%s\"; expected a scheme and a host or bucket, such as hdfs://namenode:8020"
                .formatted(name));
        return List.of();
      }
    }
    return names;
  }

  private static Codecs codecs(Section prepare) {
    try {
      return new Codecs(prepare.texts("codecs"));
    } catch (IllegalArgumentException wrong) {
      prepare.problem("codecs", wrong.getMessage());
      return Codecs.USUAL;
    }
  }

  private static StreamChoice stream(Section prepare) {
    try {
      return StreamChoice.of(prepare.text("stream"));
    } catch (IllegalArgumentException wrong) {
      prepare.problem("stream", wrong.getMessage());
      return StreamChoice.BEST;
    }
  }

  private static LabelColumns columns(Section prepare) {
    Labelling labelling =
        prepare.flag("multi-label") ? Labelling.MULTI_LABEL : Labelling.SINGLE_LABEL;
    try {
      return new LabelColumns(prepare.texts("heads"), labelling);
    } catch (IllegalArgumentException wrong) {
      prepare.problem("heads", wrong.getMessage());
      return LabelColumns.DEFAULT;
    }
  }

  /** Sampling and geometry of the clips. */
  public ClipSettings clip() {
    return cut.clip();
  }

  /** Clips of a video that can be decoded. */
  public int clipsOfAVideo() {
    return purpose == Purpose.TRAINING ? clipsPerVideo : views;
  }

  /** Videos that share a shard, at least one. */
  public int videosPerShard() {
    long clips = clipsPerShard > 0 ? clipsPerShard : shardBytes / clipBytes();
    return (int) Math.min(Math.max(1, clips / clipsOfAVideo()), 1_000_000);
  }

  /**
   * Approximate bytes of a clip before compression, assuming an aspect ratio of 4 : 3, or 360 x 640
   * pixels if the source's size is kept.
   */
  long clipBytes() {
    int height = clip().shortSide() == 0 ? 360 : clip().shortSide();
    int width = clip().shortSide() == 0 ? 640 : clip().shortSide() * 4 / 3;
    return (long) clip().frames() * whole(height) * whole(width) * 3;
  }

  /** Rounds up to whole patches. */
  private long whole(int pixels) {
    return (pixels + clip().patch() - 1L) / clip().patch() * clip().patch();
  }

  /** The settings of the annotation readers. */
  public SourceSettings source() {
    return new SourceSettings(format, input, videos, labels, columns, chapters, otherFileSystems);
  }

  Optional<String> labelSource() {
    return Optional.of(labels).filter(source -> !source.isEmpty());
  }

  /** The header that all shards of the set share. */
  ShardHeader header(LabelHeads heads) {
    return new ShardHeader(PRODUCER, purpose, clip(), heads, content());
  }

  private static String producer() {
    Properties properties = new Properties();
    try (InputStream in = PrepareConfig.class.getResourceAsStream("product.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "ViViT on Spark " + properties.getProperty("version");
  }

  /**
   * The settings that determine the content of the shards; excludes paths and everything else that
   * differs between runs.
   */
  SortedMap<String, String> content() {
    SortedMap<String, String> content = new TreeMap<>();
    content.put("purpose", purpose.word());
    content.put("frames", Integer.toString(clip().frames()));
    content.put("stride", Integer.toString(clip().stride()));
    content.put("frames-per-second", Double.toString(clip().framesPerSecond()));
    content.put("short-side", Integer.toString(clip().shortSide()));
    content.put("tubelet-frames", Integer.toString(clip().tubeletFrames()));
    content.put("patch", Integer.toString(clip().patch()));
    content.put(
        purpose == Purpose.TRAINING ? "clips-per-video" : "views",
        Integer.toString(clipsOfAVideo()));
    if (clipsPerShard > 0) {
      content.put("clips-per-shard", Integer.toString(clipsPerShard));
    } else {
      content.put("shard-size", Long.toString(shardBytes));
    }
    content.put("compression", Kebab.of(compression));
    content.put("seed", Long.toString(seed));
    PictureSettings picture = cut.picture();
    putUnless(PictureSettings.REFERENCE.scaler(), "scaler", picture.scaler(), content);
    putUnless(PictureSettings.REFERENCE.aspect(), "aspect", picture.aspect(), content);
    putUnless(PictureSettings.REFERENCE.toneMap(), "tone-map", picture.toneMap(), content);
    putUnless(
        PictureSettings.REFERENCE.deinterlace(), "deinterlace", picture.deinterlace(), content);
    if (cut.truncated() == Truncated.SALVAGE) {
      content.put("salvage", "true");
    }
    if (!cut.stream().equals(StreamChoice.BEST)) {
      content.put("stream", cut.stream().word());
    }
    if (cut.mostMadeUp() != CutSettings.USUAL_MADE_UP) {
      content.put("max-made-up", Double.toString(cut.mostMadeUp()));
    }
    if (!columns.equals(LabelColumns.DEFAULT)) {
      content.put("heads", String.join(",", columns.heads()));
      content.put("labelling", columns.labelling().word());
    }
    return content;
  }

  /** Adds a setting that differs from the one that sets of all releases have. */
  private static void putUnless(
      Enum<?> usual, String key, Enum<?> value, SortedMap<String, String> content) {
    if (value != usual) {
      content.put(key, Kebab.of(value));
    }
  }
}
