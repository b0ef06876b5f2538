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
import vivit.dataprep.source.ClipLabels;
import vivit.dataprep.source.LabelHeads;
import vivit.dataprep.source.LabelledVideo;
import vivit.dataprep.video.CutClip;
import vivit.dataprep.video.UndecodableVideoException;
import vivit.dataprep.video.VideoClips;

/** Makes one shard on an executor: from the parcel of a plan to the parcel of its result. */
final class PrepareTask implements Function<byte[], byte[]> {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(PrepareTask.class);

  private final PrepareConfig config;
  private final LabelHeads heads;
  private final SerializableConfiguration hadoop;
  private final LongAccumulator done;
  private final LongAccumulator bad;

  PrepareTask(
      PrepareConfig config,
      LabelHeads heads,
      Configuration hadoop,
      LongAccumulator done,
      LongAccumulator bad) {
    this.config = config;
    this.heads = heads;
    this.hadoop = new SerializableConfiguration(hadoop);
    this.done = done;
    this.bad = bad;
  }

  /** What all shards of the set have in common. */
  static ShardHeader header(PrepareConfig config, LabelHeads heads) {
    return new ShardHeader(
        Product.nameAndVersion(), config.purpose(), config.clip(), heads, config.content());
  }

  @Override
  public byte[] call(byte[] parcel) throws IOException {
    ShardPlan plan = Parcel.unpack(parcel, ShardPlan.class);
    Path output = new Path(config.output());
    FileSystem fs = output.getFileSystem(hadoop.value());
    ShardFolder folder = new ShardFolder(fs, output, header(config, heads), config.compression());
    Work work = new Work();
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
    private final long[] clipsPerLabel = new long[heads.classes()];
    private final ArrayList<Quarantined> quarantined = new ArrayList<>();
    private int videos;

    void add(ShardWriter writer, LabelledVideo video) throws IOException {
      ClipLabels labels = heads.labels(video.labels());
      List<CutClip> clips;
      try {
        clips = cut(video, labels);
      } catch (UndecodableVideoException e) {
        LOG.warn("Left out {}: {}", video.id(), e.getMessage());
        quarantined.add(new Quarantined(video.id(), video.label(), e.getMessage()));
        bad.add(1);
        return;
      }
      for (CutClip clip : clips) {
        writer.write(clip.clip(), clip.origin());
        count(labels);
      }
      videos++;
      done.add(1);
    }

    private void count(ClipLabels labels) {
      for (int head = 0; head < labels.heads().size(); head++) {
        for (ClipLabels.Label label : labels.heads().get(head)) {
          clipsPerLabel[heads.offset(head) + label.id()]++;
        }
      }
    }

    private List<CutClip> cut(LabelledVideo video, ClipLabels labels) throws IOException {
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
          labels,
          video.span(),
          config.clip(),
          placement);
    }
  }
}
