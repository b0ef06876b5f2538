package vivit.dataprep.prepare;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.inspect.statistics.DecodeTimingsFile.DecodeTiming;
import vivit.dataprep.isolation.IsolatedDecoder;
import vivit.dataprep.job.Tasks;
import vivit.dataprep.label.ClipLabels;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.prepare.ShardResult.CutVideo;
import vivit.dataprep.prepare.UnfinishedRun.Adding;
import vivit.dataprep.prepare.WorkDone.WorkCounters;
import vivit.dataprep.shard.ClipRow;
import vivit.dataprep.shard.Quarantine.Quarantined;
import vivit.dataprep.shard.Quarantine.Remark;
import vivit.dataprep.shard.ShardFile;
import vivit.dataprep.shard.ShardFolder;
import vivit.dataprep.shard.ShardWriter;
import vivit.dataprep.source.LabelledVideo;
import vivit.dataprep.storage.OpenFileSystem;
import vivit.dataprep.text.Figures;
import vivit.dataprep.text.Visible;
import vivit.dataprep.tfrecord.RecordVideo;
import vivit.dataprep.video.ClipPlacement;
import vivit.dataprep.video.CutSettings;
import vivit.dataprep.video.CutSink.CutStatistics;
import vivit.dataprep.video.CutSink.CutTubelets;
import vivit.dataprep.video.HadoopVideoInput;
import vivit.dataprep.video.JoinedMovie;
import vivit.dataprep.video.UndecodableVideoException;
import vivit.dataprep.video.VideoCutter.CutRequest;
import vivit.dataprep.video.VideoInput;

/** Makes one shard on an executor: the shard first, then its result. */
final class PrepareTask implements Tasks.Task<ShardPlan, WorkDone> {
  /**
   * The settings that all tasks of a run share.
   *
   * @param plan fingerprint of the run
   * @param adding whether the run adds to a finished set
   */
  record TaskSettings(
      PrepareConfig config, LabelHeads heads, ReportedPaths paths, String plan, Adding adding)
      implements Serializable {}

  /** Begins the remark on a video whose chapters were joined. */
  static final String RECORDING = "a recording in ";

  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(PrepareTask.class);

  private final TaskSettings settings;
  private final WorkCounters counters;

  PrepareTask(TaskSettings settings, WorkCounters counters) {
    this.settings = settings;
    this.counters = counters;
  }

  @Override
  public WorkDone run(ShardPlan plan, Configuration hadoop) throws IOException {
    PrepareConfig config = settings.config();
    Path output = new Path(config.output());
    FileSystem fs = OpenFileSystem.of(output, hadoop);
    ShardFolder folder =
        new ShardFolder(
            fs,
            PreparingFolder.shards(output, settings.adding()),
            config.header(settings.heads()),
            config.compression());
    Shard[] shard = new Shard[1];
    ShardFile file =
        folder.writeShard(
            plan.shard(),
            writer -> {
              shard[0] = new Shard(writer, hadoop);
              for (int i = 0; i < plan.groups().size(); i++) {
                shard[0].add(plan.groups().get(i), plan.costs().get(i));
              }
            });
    PreparingFolder.write(fs, output, shard[0].result(file));
    LOG.info(
        "{}: {} of {}, {} bad",
        file.name(),
        Figures.of(file.clips(), "clip"),
        Figures.of(shard[0].videos.size(), "video"),
        shard[0].quarantined.size());
    return shard[0].work;
  }

  /** A shard that is being written. */
  private final class Shard {
    private final ShardWriter writer;
    private final Configuration hadoop;
    private final List<CutVideo> videos = new ArrayList<>();
    private final List<Quarantined> quarantined = new ArrayList<>();
    private final List<Remark> salvaged = new ArrayList<>();
    private final List<Remark> remarked = new ArrayList<>();
    private final List<DecodeTiming> timings = new ArrayList<>();
    private WorkDone work = WorkDone.NONE;

    Shard(ShardWriter writer, Configuration hadoop) {
      this.writer = writer;
      this.hadoop = hadoop;
    }

    ShardResult result(ShardFile file) {
      return new ShardResult(
          settings.plan(), file, videos, quarantined, salvaged, remarked, timings);
    }

    private void count(WorkDone more) {
      work = work.plus(more);
      counters.add(more);
    }

    /** Adds the videos of a group. */
    void add(List<LabelledVideo> group, long cost) throws IOException {
      PrepareConfig config = settings.config();
      LabelledVideo first = group.get(0);
      ClipPlacement placement =
          new ClipPlacement(config.purpose(), config.clipsOfAVideo(), config.seed());
      List<CutRequest> requests =
          group.stream().map(one -> new CutRequest(one.id(), one.span(), placement)).toList();
      boolean whole = first.record() == LabelledVideo.WHOLE_FILE;
      CutSettings cut = whole ? config.cut() : config.cut().withoutMadeUp();
      IsolatedDecoder.cut(
          () -> open(first),
          requests,
          cut,
          config.limits(),
          new GroupResults(group, cost / group.size()));
    }

    /** Opens the file of a video, or its record, or all files of its recording. */
    private VideoInput open(LabelledVideo video) throws IOException {
      Path path = new Path(video.path());
      FileSystem fs = OpenFileSystem.of(path, hadoop);
      if (video.record() != LabelledVideo.WHOLE_FILE) {
        return RecordVideo.open(fs, path, video.record());
      }
      if (video.chapters().isEmpty()) {
        return HadoopVideoInput.open(fs, path);
      }
      return JoinedMovie.open(fs, video.files().stream().map(Path::new).toList());
    }

    private final class GroupResults implements IsolatedDecoder.Results {
      private final List<LabelledVideo> group;
      private final long cost;

      GroupResults(List<LabelledVideo> group, long cost) {
        this.group = group;
        this.cost = cost;
      }

      @Override
      public void video(int request, Iterable<CutTubelets> cut, CutStatistics statistics)
          throws IOException {
        LabelledVideo video = group.get(request);
        ClipLabels labels = settings.heads().labels(video.labels());
        int before = writer.clips();
        SortedMap<Integer, Integer> madeUp = new TreeMap<>();
        for (CutTubelets one : cut) {
          if (one.madeUp() > 0) {
            madeUp.put(one.view(), one.madeUp());
          }
          writer.write(ClipRow.of(video.id(), one.view(), labels, one.origin()), one.tubelets());
        }
        videos.add(new CutVideo(video.id(), writer.clips() - before, madeUp));
        if (!statistics.salvaged().isEmpty()) {
          LOG.warn(
              "Salvaged {}: {}", Visible.text(video.id()), Visible.text(statistics.salvaged()));
          salvaged.add(new Remark(video.id(), video.label(), statistics.salvaged()));
        }
        if (!video.chapters().isEmpty()) {
          String files = Figures.of(1 + video.chapters().size(), "file");
          remarked.add(new Remark(video.id(), video.label(), RECORDING + files));
        }
        for (String remark : statistics.remarks()) {
          LOG.warn("{}: {}", Visible.text(video.id()), Visible.text(remark));
          remarked.add(new Remark(video.id(), video.label(), remark));
        }
        timings.add(
            new DecodeTiming(
                video.id(),
                statistics.seconds(),
                statistics.framesDecoded(),
                statistics.bytesRead()));
        count(new WorkDone(1, 0, statistics.framesDecoded(), statistics.bytesRead(), cost));
      }

      @Override
      public void bad(int request, UndecodableVideoException cause) {
        LabelledVideo video = group.get(request);
        LOG.warn("Left out {}: {}", Visible.text(video.id()), Visible.text(cause.getMessage()));
        quarantined.add(
            new Quarantined(
                video.id(),
                video.label(),
                cause.kind(),
                cause.getMessage(),
                settings.paths().of(video.path()),
                cause.position(),
                video.size()));
        count(new WorkDone(1, 1, 0, 0, cost));
      }
    }
  }
}
