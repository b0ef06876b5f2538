package vivit.spark.input;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.label.ClipLabels;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.label.Labelling;
import vivit.dataprep.shard.ClipBuffer;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.Quarantine;
import vivit.dataprep.shard.ShardFile;
import vivit.dataprep.shard.StoredClip;
import vivit.model.Head;
import vivit.model.ViViTConfig;
import vivit.model.shape.ClipShape;

/** Clips of noise in a model's size, to measure training without a shard set. All look the same. */
public final class RandomClips implements ClipReader {
  private final ClipShape shape;
  private final List<Head> heads;
  private final byte[] pixels;

  /** Draws the pixels. */
  public RandomClips(ViViTConfig model) {
    shape = model.clip();
    heads = model.heads();
    pixels = new byte[shape.frames() * shape.height() * shape.width() * 3];
    new Random(0).nextBytes(pixels);
  }

  @Override
  public StoredClip read(int position, ClipBuffer memory) {
    List<List<ClipLabels.Label>> labels = new ArrayList<>();
    for (Head head : heads) {
      int id = position % head.classes();
      labels.add(List.of(new ClipLabels.Label(id, String.valueOf(id))));
    }
    String id = "random-" + position;
    return new StoredClip(
        id, id, 0, new ClipLabels(labels), shape.frames(), shape.height(), shape.width(), pixels);
  }

  @Override
  public void close() {}

  /** Describes a set of such clips as if it were stored. */
  public static Manifest manifest(ClipShape shape, List<Head> heads, int clips) {
    LabelHeads labels = new LabelHeads(heads.stream().map(RandomClips::head).toList());
    return new Manifest(
        1,
        "random clips",
        Purpose.TRAINING,
        new ClipSettings(shape.frames(), 1, 0, 0, 1, 1),
        labels,
        List.of(new ShardFile("part-00000.parquet", clips, 0, "", 0, "")),
        Collections.nCopies(labels.classes(), 0L),
        clips,
        Quarantine.NONE,
        new TreeMap<>(),
        "");
  }

  private static LabelHead head(Head head) {
    List<String> names = IntStream.range(0, head.classes()).mapToObj(String::valueOf).toList();
    return new LabelHead(head.name(), Labelling.SINGLE_LABEL, LabelMap.of(names));
  }
}
