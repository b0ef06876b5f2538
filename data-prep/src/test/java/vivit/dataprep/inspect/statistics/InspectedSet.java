package vivit.dataprep.inspect.statistics;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import vivit.dataprep.clip.BadKind;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.fixture.ShardSetBuilder;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.label.Labelling;
import vivit.dataprep.shard.ClipOrigin;
import vivit.dataprep.shard.Compression;
import vivit.dataprep.shard.Quarantine.Quarantined;
import vivit.dataprep.shard.ShardHeader;
import vivit.dataprep.shard.ShardSet;
import vivit.dataprep.shard.StoredClip;

/**
 * Hand-made sets of two heads, one of them multi-label, with the names that people and attackers
 * give; clips of random pixels, two of each video, sizes that differ along every axis.
 */
public final class InspectedSet {
  public static final List<String> NAMES =
      List.of(
          "<script>alert(1)</script>",
          "\"quoted\" & 'single' <b>",
          "\u05e9\u05dc\u05d5\u05dd",
          "turned\u202eeman",
          "two\nlines\u0000",
          "x".repeat(255),
          "never",
          "]]></style><img src=x onerror=alert(2)>");
  static final List<String> TAGS = List.of("rain", "night", "indoors");
  public static final ClipSettings CLIP = new ClipSettings(6, 5, 12.5, 11, 2, 4);
  static final int USED = 6;

  private InspectedSet() {}

  static LabelHeads heads() {
    return new LabelHeads(
        List.of(
            new LabelHead("noun", Labelling.SINGLE_LABEL, LabelMap.of(NAMES)),
            new LabelHead("tag", Labelling.MULTI_LABEL, LabelMap.of(TAGS))));
  }

  static String video(int i) {
    String name = "dir/" + NAMES.get(i / 2 % USED) + i / 2 + ".mp4";
    return i / 2 % 3 == 1 ? name + "#t=1.500,4.250" : name;
  }

  static List<String> tags(int i) {
    return i % 3 == 0 ? List.of() : i % 3 == 1 ? List.of("rain") : List.of("rain", "indoors");
  }

  public static StoredClip clip(int i) {
    int height = 11 + i % 3;
    int width = 14 - i % 2;
    byte[] pixels = new byte[6 * height * width * 3];
    new Random(100 + i).nextBytes(pixels);
    return new StoredClip(
        video(i) + ":" + i % 2,
        video(i),
        i % 2,
        heads().labels(List.of(List.of(NAMES.get(i / 2 % USED)), tags(i))),
        6,
        height,
        width,
        pixels);
  }

  public static ClipOrigin origin(int i) {
    double[] timestamps = new double[6];
    for (int k = 0; k < 6; k++) {
      timestamps[k] = i == 4 && k > 3 ? k * 0.4 : i + k * 0.4; // the fifth begins again
    }
    return new ClipOrigin(17 + i, 5, 12.5, timestamps, 48 + i % 2, 64, i == 3 ? 0 : 29.97);
  }

  /** Writes shards of the given sizes; clips are numbered through. */
  public static ShardSet write(Path folder, Compression compression, int... clips)
      throws IOException {
    ShardSetBuilder set =
        ShardSetBuilder.of(
                new ShardHeader(
                    "test 1.0",
                    Purpose.TRAINING,
                    CLIP,
                    heads(),
                    new TreeMap<>(Map.of("seed", "7", "input", "<hostile>&"))))
            .quarantine(quarantined());
    for (int i = 0; i < IntStream.of(clips).sum(); i++) {
      set.add(clip(i), origin(i));
    }
    return set.write(folder, compression, clips);
  }

  public static List<Quarantined> quarantined() {
    return List.of(
        bad("bad/<1>.mp4", NAMES.get(0) + ",rain", BadKind.TRUNCATED, "it ends at byte 17 of 300"),
        bad("bad/2.mp4", NAMES.get(0) + ",rain|night", BadKind.TRUNCATED, "it ends at byte 4 of 5"),
        bad("bad/3.mp4", "never,", BadKind.UNDECODABLE, "its box \"moov\" is missing"));
  }

  public static Quarantined bad(String video, String label, BadKind kind, String cause) {
    return new Quarantined(video, label, kind, cause, "<" + video, "byte 17", 1234);
  }
}
