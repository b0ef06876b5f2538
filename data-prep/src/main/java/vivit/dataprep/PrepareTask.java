package vivit.dataprep;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.shard.Purpose;
import vivit.dataprep.shard.Quarantined;
import vivit.dataprep.shard.ShardFile;
import vivit.dataprep.shard.ShardFolder;
import vivit.dataprep.shard.ShardHeader;
import vivit.dataprep.shard.ShardWriter;
import vivit.dataprep.source.LabelMap;
import vivit.dataprep.source.LabelledVideo;
import vivit.dataprep.video.CutClip;
import vivit.dataprep.video.UndecodableVideoException;
import vivit.dataprep.video.VideoClips;

/** Makes one shard on an executor: from the parcel of a plan to the parcel of its result. */
final class PrepareTask implements Function<byte[], byte[]> {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(PrepareTask.class);

  private final PrepareConfig config;
  private final ArrayList<String> labelNames;
  private final SerializableConfiguration hadoop;
  private final LongAccumulator done;
  private final LongAccumulator bad;

  PrepareTask(
      PrepareConfig config,
      LabelMap labels,
      Configuration hadoop,
      LongAccumulator done,
      LongAccumulator bad) {
    this.config = config;
    this.labelNames = new ArrayList<>(labels.names());
    this.hadoop = new SerializableConfiguration(hadoop);
    this.done = done;
    this.bad = bad;
  }

  /** What all shards of the set have in common. */
  static ShardHeader header(PrepareConfig config, LabelMap labels) {
    return new ShardHeader(
        Product.nameAndVersion(), config.purpose(), config.clip(), labels, config.content());
  }

  @Override
  public byte[] call(byte[] parcel) throws IOException {
    ShardPlan plan = Parcel.unpack(parcel, ShardPlan.class);
    LabelMap labels = LabelMap.of(labelNames);
    Path output = new Path(config.output());
    FileSystem fs = output.getFileSystem(hadoop.value());
    ShardFolder folder = new ShardFolder(fs, output, header(config, labels), config.compression());
    Work work = new Work(labels);
    ShardFile file =
        folder.writeShard(
            plan.shard(),
            writer -> {
              for (LabelledVideo video : plan.videos()) {
                work.add(writer, video);
              }
            });
    LOG.info(
        "{}: {} clips of {} videos, {} bad",
        file.name(),
        file.clips(),
        work.videos,
        work.quarantined.size());
    return Parcel.pack(new ShardResult(file, work.clipsPerLabel, work.videos, work.quarantined));
  }

  private final class Work {
    private final LabelMap labels;
    private final long[] clipsPerLabel;
    private final ArrayList<Quarantined> quarantined = new ArrayList<>();
    private int videos;

    Work(LabelMap labels) {
      this.labels = labels;
      this.clipsPerLabel = new long[labels.size()];
    }

    void add(ShardWriter writer, LabelledVideo video) throws IOException {
      int label = labels.id(video.label()).orElseThrow();
      List<CutClip> clips;
      try {
        clips = cut(video, label);
      } catch (UndecodableVideoException e) {
        LOG.warn("Left out {}: {}", video.id(), e.getMessage());
        quarantined.add(new Quarantined(video.id(), video.label(), e.getMessage()));
        bad.add(1);
        return;
      }
      for (CutClip clip : clips) {
        writer.write(clip.clip(), clip.origin());
        clipsPerLabel[label]++;
      }
      videos++;
      done.add(1);
    }

    private List<CutClip> cut(LabelledVideo video, int label) throws IOException {
      Path path = new Path(video.path());
      VideoClips.Placement placement =
          config.purpose() == Purpose.TRAINING
              ? VideoClips.training(
                  config.clip(), config.clipsPerVideo(), config.seed(), video.id())
              : VideoClips.evaluation(config.clip(), config.views());
      return VideoClips.cut(
          path.getFileSystem(hadoop.value()),
          path,
          video.id(),
          label,
          video.label(),
          video.span(),
          config.clip(),
          placement);
    }
  }
}
